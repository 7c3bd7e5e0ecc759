//! The tests of significance behind the lines of a fidelity report.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace persona {

//! P(D >= distance) for a sample of n against a continuous law, Stephens' correction for finite n.
//! Of a discrete law it is an upper bound.
//! @source{Kolmogorov 1933; Stephens 1970}
double kolmogorov_p_value(double distance, double n);

//! The distance that one right sample of n in twenty exceeds: 1.36 / sqrt(n) for large n.
double kolmogorov_band(double n);

//! Both tails of the standard normal.
double normal_p_value(double z);

//! Both tails of the binomial, mid-p: uniform but for the steps of the count.
double binomial_p_value(std::int64_t successes, std::int64_t trials, double probability);

//! Counts against shares.
struct TableTest {
  double distance = 0;  //!< total variation
  double band = 0;      //!< that one right sample in twenty exceeds
  double p_value = 1;   //!< Pearson's chi-square; 0 where something impossible was counted
};

//! One sample against a law. Cells where fewer than 5 are expected are judged together, and the
//! chi-square law is fitted to the exact mean and variance of the statistic.
//! @source{Haldane 1937}
TableTest multinomial_test(std::span<const std::int64_t> counts, std::span<const double> shares);

//! Two samples of the same, unknown law.
TableTest two_sample_test(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

//! Which of the p-values are rejected when the chance of any wrong rejection is at most `level`.
//! @source{Holm 1979}
std::vector<bool> holm_rejections(std::span<const double> p_values, double level);

}  // namespace persona
