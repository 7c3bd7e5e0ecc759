//! Rank correlations: exact ones against counting, sketched ones against exact.
#include "population/fidelity_pairs.hpp"
#include "population/sample_correlation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace persona;

namespace {

double sign(double x) {
  return (x > 0) - (x < 0);
}

//! Tau-b by the definition.
double counted_kendall(const std::vector<double>& a, const std::vector<double>& b) {
  double balance = 0, in_a = 0, in_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      balance += sign(a[i] - a[j]) * sign(b[i] - b[j]);
      in_a += a[i] != a[j];
      in_b += b[i] != b[j];
    }
  return balance / std::sqrt(in_a * in_b);
}

struct Pairs {
  std::vector<double> a, b;
};

Pairs draw_pairs(std::size_t n, double r, bool coarse) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  Pairs pairs;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = normal(random), y = r * x + std::sqrt(1 - r * r) * normal(random);
    pairs.a.push_back(coarse ? std::floor(2 * x) : x);
    pairs.b.push_back(coarse ? std::floor(1.5 * y) : std::exp(y));
  }
  return pairs;
}

//! What the check reports for a pair of columns, by bins or exactly.
FidelityLine measured(const Pairs& pairs, CorrelationKind kind, bool exact) {
  Compiled model;
  for (const char* name : {"a", "b"}) model.attributes.emplace_back().field.name = name;
  CorrelationFinding finding;
  finding.asked = {"a", "b", 0, kind};
  auto measure = measure_ranks(model, finding, exact);
  for (std::size_t first = 0; first < pairs.a.size(); first += fidelity_block_rows) {
    const std::size_t rows = std::min(fidelity_block_rows, pairs.a.size() - first);
    const FidelityBlock block{first, rows, {pairs.a.data() + first, pairs.b.data() + first}};
    if (first == 0) measure->calibrate(block);
    measure->add(block);
  }
  FidelityReport report;
  measure->report(report);
  return report.lines.front();
}

}  // namespace

TEST_CASE("Knight's algorithm gives what counting all pairs gives, ties included") {
  for (const bool coarse : {false, true}) {
    const Pairs pairs = draw_pairs(500, -0.4, coarse);
    CHECK(sample_kendall(pairs.a, pairs.b) == doctest::Approx(counted_kendall(pairs.a, pairs.b)).epsilon(1e-12));
  }
}

TEST_CASE("Spearman's correlation is that of mid-ranks") {
  const auto spearman = [](const std::vector<double>& x, const std::vector<double>& y) {
    return sample_spearman(x, y);
  };
  CHECK(spearman({1, 2, 3, 4}, {10, 20, 30, 400}) == doctest::Approx(1));
  // Ranks 1.5 1.5 3 and 1 2 3: covariance 1.5, sums of squares 1.5 and 2.
  CHECK(spearman({5, 5, 9}, {1, 2, 3}) == doctest::Approx(1.5 / std::sqrt(3.0)));
}

TEST_CASE("512 bins tell rank correlations within a twentieth of their error at 200,000 people" *
          doctest::test_suite("long")) {
  for (const bool coarse : {false, true})
    for (const double r : {0.2, 0.9})
      for (const CorrelationKind kind : {CorrelationKind::spearman, CorrelationKind::kendall}) {
        const Pairs pairs = draw_pairs(200'000, r, coarse);
        const FidelityLine sketch = measured(pairs, kind, false), exact = measured(pairs, kind, true);
        CAPTURE(coarse);
        CAPTURE(r);
        CAPTURE(exact.measure);
        CAPTURE(exact.achieved);
        CHECK(std::fabs(sketch.achieved - exact.achieved) < exact.band / 1.96 / (coarse ? 1000 : 20));
      }
}

TEST_CASE("standard errors of rank correlations are those of independent normals") {
  // Of independent pairs: 1 / sqrt(n) for Spearman, 2 / 3 / sqrt(n) for Kendall.
  const Pairs pairs = draw_pairs(40'000, 0, false);
  CHECK(measured(pairs, CorrelationKind::spearman, false).band / 1.96 == doctest::Approx(1 / 200.0).epsilon(0.02));
  CHECK(measured(pairs, CorrelationKind::kendall, false).band / 1.96 == doctest::Approx(2 / 600.0).epsilon(0.02));
}
