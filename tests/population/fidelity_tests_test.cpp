//! Known answers of the tests of significance.
#include "population/fidelity_tests.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace persona;

TEST_CASE("Kolmogorov's distribution has its tabled quantiles") {
  const double n = 1e6;  // where Stephens' correction is 1e-4 of the value
  CHECK(kolmogorov_p_value(1.2239 / std::sqrt(n), n) == doctest::Approx(0.10).epsilon(2e-3));
  CHECK(kolmogorov_p_value(1.3581 / std::sqrt(n), n) == doctest::Approx(0.05).epsilon(2e-3));
  CHECK(kolmogorov_p_value(1.6276 / std::sqrt(n), n) == doctest::Approx(0.01).epsilon(2e-3));
  CHECK(kolmogorov_band(n) == doctest::Approx(1.36e-3).epsilon(2e-3));
  CHECK(kolmogorov_p_value(0, n) == 1);
  CHECK(kolmogorov_p_value(1, n) < 1e-100);
}

TEST_CASE("the band of n and its p-value agree for small samples too") {
  // Stephens 1970: exact to about one unit in the third decimal for n >= 5.
  for (const double n : {5.0, 20.0, 100.0})
    CHECK(kolmogorov_p_value(kolmogorov_band(n), n) == doctest::Approx(0.05).epsilon(1e-3));
  CHECK(kolmogorov_band(10) == doctest::Approx(0.409).epsilon(0.01));  // tabled: 0.40925
}

TEST_CASE("normal and binomial tails are those of the tables") {
  CHECK(normal_p_value(1.959964) == doctest::Approx(0.05).epsilon(1e-5));
  CHECK(normal_p_value(-1.959964) == normal_p_value(1.959964));
  // Ten coins, nine heads: mid-p is 2 * (P(10) + P(9) / 2) = 2 * (1 + 5) / 1024.
  CHECK(binomial_p_value(9, 10, 0.5) == doctest::Approx(12.0 / 1024));
  CHECK(binomial_p_value(5, 10, 0.5) == doctest::Approx(1));
  CHECK(binomial_p_value(1, 10, 0) == 0);
  CHECK(binomial_p_value(0, 10, 0) == 1);
  CHECK(binomial_p_value(9, 10, 1) == 0);
}

TEST_CASE("chi-square judges a table of counts") {
  // A die: sum (count - 100)^2 / 100 = 11.0705 is the 95 % quantile of chi-square with 5 degrees of freedom.
  const std::vector<double> die(6, 1.0 / 6);
  const std::vector<std::int64_t> counts = {100, 100, 100, 100, 123, 77};  // statistic 10.58, p = 0.0603
  const TableTest test = multinomial_test(counts, die);
  CHECK(test.distance == doctest::Approx(23.0 / 600));
  CHECK(test.p_value == doctest::Approx(0.0603).epsilon(0.02));
}

TEST_CASE("a count where nothing is expected is impossible, nothing there is no evidence") {
  CHECK(multinomial_test(std::vector<std::int64_t>{50, 50, 1}, std::vector<double>{0.5, 0.5, 0}).p_value == 0);
  CHECK(multinomial_test(std::vector<std::int64_t>{50, 50, 0}, std::vector<double>{0.5, 0.5, 0}).p_value > 0.9);
  CHECK(multinomial_test(std::vector<std::int64_t>{100}, std::vector<double>{1}).p_value == 1);
  CHECK(multinomial_test(std::vector<std::int64_t>{0, 0}, std::vector<double>{0.5, 0.5}).p_value == 1);
}

TEST_CASE("p-values of right tables are uniform and one in twenty exceeds its band, small cells included") {
  std::mt19937_64 random(11);
  std::vector<double> weights = {0.4, 0.3, 0.2, 0.05, 0.03, 0.01, 0.004, 0.003, 0.002, 0.001};
  std::discrete_distribution<int> draw(weights.begin(), weights.end());
  const int samples = 2000;
  int below_five = 0, below_one = 0, beyond = 0;
  for (int s = 0; s < samples; ++s) {
    std::vector<std::int64_t> counts(weights.size(), 0);
    for (int i = 0; i < 1000; ++i) ++counts[static_cast<std::size_t>(draw(random))];
    const TableTest test = multinomial_test(counts, weights);
    below_five += test.p_value < 0.05;
    below_one += test.p_value < 0.01;
    beyond += test.distance > test.band;
  }
  // Binomial(2000, 0.05): 100 +- 4 * 9.7; Binomial(2000, 0.01): 20 +- 4 * 4.4. The band is approximate.
  CHECK(std::abs(below_five - 100) < 39);
  CHECK(std::abs(below_one - 20) < 18);
  CHECK(beyond > 50);
  CHECK(beyond < 160);
}

TEST_CASE("two samples of one law agree, of two laws do not") {
  std::mt19937_64 random(12);
  std::discrete_distribution<int> draw({3, 2, 1, 1}), other({3, 2, 1.2, 0.8});
  int below_five = 0;
  const int samples = 1000;
  std::vector<std::int64_t> large(4), small(4), wrong(4);
  for (int s = 0; s < samples; ++s) {
    large.assign(4, 0), small.assign(4, 0);
    for (int i = 0; i < 3000; ++i) ++large[static_cast<std::size_t>(draw(random))];
    for (int i = 0; i < 1000; ++i) ++small[static_cast<std::size_t>(draw(random))];
    below_five += two_sample_test(large, small).p_value < 0.05;
  }
  CHECK(std::abs(below_five - 50) < 4 * 6.9);  // Binomial(1000, 0.05)
  large.assign(4, 0);
  for (int i = 0; i < 100'000; ++i) ++large[static_cast<std::size_t>(draw(random))];
  for (int i = 0; i < 100'000; ++i) ++wrong[static_cast<std::size_t>(other(random))];
  CHECK(two_sample_test(large, wrong).p_value < 1e-6);
}

TEST_CASE("Holm's method rejects step by step and stops at the first that stands") {
  const std::vector<double> p = {0.04, 0.001, 0.02, 0.005};
  // 0.001 <= 0.05 / 4, 0.005 <= 0.05 / 3, 0.02 <= 0.05 / 2, 0.04 <= 0.05 / 1: all fall at 5 %.
  CHECK(holm_rejections(p, 0.05) == std::vector<bool>{true, true, true, true});
  // At 2 %: 0.001 <= 0.005, 0.005 <= 0.00667, 0.02 > 0.01: the rest stands, though 0.02 alone would not.
  CHECK(holm_rejections(p, 0.02) == std::vector<bool>{false, true, false, true});
  CHECK(holm_rejections({}, 0.05).empty());
}
