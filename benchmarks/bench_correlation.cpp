//! Matching 190 correlations of 20 attributes: how long, and how near a million people come to what was asked.
#include "reference_model.hpp"
#include "report.hpp"

#include "population/sample_correlation.hpp"

#include <cmath>
#include <cstdio>

using namespace persona;
using namespace persona::bench;

namespace {

constexpr int d = 20;

// Twenty marginals of ten kinds; a correlation from five common factors, shrunk into every pair's reach.
PopulationSpec correlated_spec(bool correlated) {
  SpecBuilder builder("twenty");
  const Distribution laws[] = {LogNormal{0, 0.6},
                               Gamma{2.5, 1},
                               Beta{2, 5},
                               Normal{0, 1},
                               Uniform{0, 1},
                               Exponential{1},
                               Bernoulli{0.3},
                               Ordinal{{"1", "2", "3", "4", "5"}, {1, 2, 4, 2, 1}, {}},
                               Ordinal{{"a", "b", "c", "d"}, {60, 25, 10, 5}, {}},
                               Poisson{1.8}};
  for (int i = 0; i < d; ++i) builder.attribute("x" + std::to_string(i), laws[i % 10]);
  for (int i = 0; correlated && i < d; ++i)
    for (int j = 0; j < i; ++j) {
      double shared = 0, a = 1.5, b = 1.5;
      for (int k = 0; k < 5; ++k) {
        const double u = std::sin(3.7 * i + 1.3 * k * i + k), v = std::sin(3.7 * j + 1.3 * k * j + k);
        shared += u * v, a += u * u, b += v * v;
      }
      builder.correlate("x" + std::to_string(j), "x" + std::to_string(i), 0.6 * shared / std::sqrt(a * b));
    }
  return *builder.build();
}

}  // namespace

int main() {
  const PopulationSpec with = correlated_spec(true), without = correlated_spec(false);
  double matched = 1e300, plain = 1e300;
  for (int round = 0; round < 5; ++round) {
    matched = std::min(matched, cpu_ms([&] { static_cast<void>(PopulationModel::compile(with)); }));
    plain = std::min(plain, cpu_ms([&] { static_cast<void>(PopulationModel::compile(without)); }));
  }
  const bool fast = report({"correlation_matching_d20", matched - plain, "ms", "25 ms allowed", 25.0, 1});

  const auto model = *PopulationModel::compile(with);
  const auto people = *model.generate({.count = 1'000'000, .seed = 1});
  std::vector<std::vector<double>> columns(d, std::vector<double>(1'000'000));
  for (std::size_t i = 0; i < d; ++i) people.columns()[i].numbers(0, columns[i]);
  double largest = 0, squares = 0;
  int moved = 0;
  for (const auto& finding : model.report().correlations) {
    const auto& x = columns[static_cast<std::size_t>(std::stoi(finding.asked.a.substr(1)))];
    const auto& y = columns[static_cast<std::size_t>(std::stoi(finding.asked.b.substr(1)))];
    const double z = (sample_pearson(x, y) - finding.used) / pearson_standard_error(x, y);
    largest = std::max(largest, std::abs(z));
    squares += z * z;
    moved += finding.moved;
  }
  std::printf("  rms %.3f standard errors over 190 pairs, %d moved\n", std::sqrt(squares / 190), moved);
  const bool near = report({"correlation_worst_of_190", largest, "standard errors", "4 allowed", 4.0, 1});
  return fast && near ? 0 : 1;
}
