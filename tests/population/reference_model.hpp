//! The specifications that several tests draw from.
#pragma once

#include <persona.hpp>

#include <doctest/doctest.h>

#include <string>

namespace persona::testing {

//! Four correlated numbers, two counts, three categories and a table given one of them: ten columns.
inline PopulationSpec reference_spec() {
  Categorical region, occupation;
  for (int i = 0; i < 10; ++i) {
    region.categories.push_back("region " + std::to_string(i));
    region.weights.push_back(1 + i % 4);
  }
  for (int i = 0; i < 100; ++i) {
    occupation.categories.push_back("occupation " + std::to_string(i));
    occupation.weights.push_back(1.0 / (1 + i));
  }
  SpecBuilder builder("reference");
  builder.attribute("age", Normal{45, 18}).truncate(18, 95);
  builder.attribute("income", LogNormal{10.3, 0.6});
  builder.attribute("height", Normal{170, 9});
  builder.attribute("score", Beta{2, 5});
  builder.attribute("children", Poisson{1.8});
  builder.attribute("day", UniformInteger{1, 365});
  builder.attribute("sex", Categorical{{"female", "male"}, {0.49, 0.51}});
  builder.attribute("region", region);
  builder.attribute("occupation", occupation);
  builder.attribute("education");
  for (int i = 0; i < 10; ++i) {
    Categorical education;
    for (int j = 0; j < 6; ++j) {
      education.categories.push_back("level " + std::to_string(j));
      education.weights.push_back(1 + (i * 7 + j * 3) % 5);
    }
    builder.when("region", region.categories[static_cast<std::size_t>(i)], education);
  }
  builder.correlate("age", "income", 0.5).correlate("age", "height", -0.2).correlate("age", "score", 0.3);
  builder.correlate("income", "height", 0.1).correlate("income", "score", 0.4).correlate("height", "score", 0.05);
  return *builder.build();
}

//! One of everything: every way an attribute can be drawn, segments, missing values, a constraint.
inline PopulationSpec everything_spec() {
  SpecBuilder builder("everything");
  builder.year(2019);
  builder.attribute("age", Normal{46, 19}).truncate(18, 95).integer();
  builder.attribute("sex", Categorical{{"female", "male"}, {51, 49}});
  builder.attribute("origin", Categorical{{"White", "Black", "Hispanic", "Asian"}, {70, 8, 12, 10}});
  builder.attribute("education", Ordinal{{"school", "college", "degree"}, {40, 30, 30}, {}});
  builder.when({Condition{"age", {}, 65}}, Ordinal{{"school", "college", "degree"}, {50, 30, 20}, {}});
  builder.attribute("employed", Bernoulli{"0.8 - 0.5 * (age >= 65)"});
  builder.attribute("hours", Constant{std::int64_t{0}}).when("employed", "true", Normal{38, 9}).truncate(0, 90).round(0.5);
  builder.attribute("income", LogNormal{"9.8 + 0.4 * (education == 'degree')", 0.6}).truncate(100, 5e5).round(100).missing(0.05);
  builder.attribute("visits", Poisson{"1 + age / 20"});
  builder.attribute("wealth", ZeroInflated{0.2, {{1, Pareto{1000, 1.5}}}});
  builder.attribute("commute", Mixture{{{0.6, Gamma{2, 8}}, {0.4, Normal{45, 6}}}}).truncate(0, 120);
  builder.attribute("rent", Quantiles{{0, 0.25, 0.5, 0.75, 1}, {300, 900, 1400, 2100, 6000}});
  builder.attribute("hobbies", MultiSelect{{"music", "sport", "books"}, {0.4, 0.5, 0.3}}).missing(0.1);
  builder.attribute("joined", DateRange{Date{14'000}, Date{18'000}});
  builder.attribute("retired", Derived{"age >= 65 and not employed", {}});
  builder.attribute("stage", Derived{"if(age < 35, 'young', if(age < 65, 'middle', 'old'))", {"young", "middle", "old"}});
  builder.attribute("first_name", Identity{IdentityPart::given_name, "sex", "age", "origin", ""});
  builder.attribute("full_name", Identity{IdentityPart::full_name, "sex", "age", "origin", ""});
  builder.attribute("email", Identity{IdentityPart::email, "sex", "age", "origin", ""});
  builder.segment("city", 0.6).segment("country", 0.4).replace("rent", Gamma{4, 200});
  builder.correlate("age", "wealth", 0.3, CorrelationKind::spearman).correlate("education", "income", 0.4);
  builder.require("hours <= 60 or age < 70", "nobody works so much at that age");
  auto spec = builder.build();
  REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
  return *spec;
}

inline PersonaGenerator compiled(const PopulationSpec& spec) {
  auto generator = PersonaGenerator::compile(spec);
  REQUIRE_MESSAGE(generator.has_value(), to_string(generator.error()));
  return *generator;
}

}  // namespace persona::testing
