//! The reference model of docs/design/decisions.md: 1e6 people x 10 attributes, the same in every benchmark.
#pragma once

#include <persona.hpp>

#include <string>

namespace persona::bench {

inline constexpr double reference_correlations[4][4] = {
    {1, 0.5, -0.2, 0.3}, {0.5, 1, 0.1, 0.4}, {-0.2, 0.1, 1, 0.05}, {0.3, 0.4, 0.05, 1}};

inline Categorical weighted_labels(const std::string& prefix, int count, double (*weight)(int)) {
  Categorical labels;
  for (int i = 0; i < count; ++i) {
    labels.categories.push_back(prefix + std::to_string(i));
    labels.weights.push_back(weight(i));
  }
  return labels;
}

//! Pearson correlations of the normals are asked through Spearman's closed form, so that the peers, which
//! correlate normals directly, do the same work.
inline PopulationSpec reference_spec() {
  SpecBuilder builder("reference model");
  builder.attribute("age", Normal{45, 18}).truncate(18, 95);
  builder.attribute("income", LogNormal{10.3, 0.6});
  builder.attribute("height", Normal{170, 9});
  builder.attribute("score", Beta{2, 5});
  builder.attribute("children", Poisson{1.8});
  builder.attribute("day", UniformInteger{1, 365});
  builder.attribute("sex", Categorical{{"female", "male"}, {0.49, 0.51}});
  builder.attribute("region", weighted_labels("region ", 10, [](int i) { return 1.0 + i % 4; }));
  builder.attribute("occupation", weighted_labels("occupation ", 100, [](int i) { return 1.0 / (1 + i); }));
  builder.attribute("education");
  for (int i = 0; i < 10; ++i) {
    Categorical education;
    for (int j = 0; j < 6; ++j) {
      education.categories.push_back("level " + std::to_string(j));
      education.weights.push_back(1 + (i * 7 + j * 3) % 5);
    }
    builder.when("region", "region " + std::to_string(i), education);
  }
  const char* correlated[] = {"age", "income", "height", "score"};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < i; ++j)
      builder.correlate(correlated[j], correlated[i], reference_correlations[i][j], CorrelationKind::spearman);
  return *builder.build();
}

}  // namespace persona::bench
