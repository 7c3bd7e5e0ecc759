//! The tests of significance behind the lines of a fidelity report.
#include "fidelity_tests.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

namespace persona {

namespace {

constexpr double least_expected = 5;

double stephens_factor(double n) {
  return std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n);
}

double chi_square_p_value(double statistic, double freedom) {
  return freedom > 0 ? boost::math::gamma_q(freedom / 2, statistic / 2) : 1;
}

//! Mean and spread of half the sum of |cell deviations|, the deviations being nearly normal.
double total_variation_band(std::span<const double> shares, double n) {
  std::vector<double> sds, used;
  for (const double p : shares)
    if (p > 0 && p < 1) {
      sds.push_back(std::sqrt(p * (1 - p) / n));
      used.push_back(p);
    }
  if (sds.size() == 2) return 1.96 * sds[0];
  const double mean = std::sqrt(2 / std::numbers::pi) / 2 * std::accumulate(sds.begin(), sds.end(), 0.0);
  double variance = 0;
  for (std::size_t i = 0; i < sds.size(); ++i) {
    variance += (1 - 2 / std::numbers::pi) * sds[i] * sds[i];
    if (sds.size() > 64) continue;  // then the cells are nearly independent
    for (std::size_t j = 0; j < i; ++j) {
      const double r = -std::min(1.0, std::sqrt(used[i] * used[j] / ((1 - used[i]) * (1 - used[j]))));
      const double covariance = std::sqrt(1 - r * r) + r * std::asin(r) - 1;
      variance += 4 / std::numbers::pi * covariance * sds[i] * sds[j];
    }
  }
  return mean + 1.645 * std::sqrt(variance) / 2;
}

struct ExpectedCell {
  double expected, counted;
};

//! Joins the cells in which fewer than 5 are expected.
std::vector<ExpectedCell> pool_small_cells(std::vector<ExpectedCell> cells) {
  std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.expected < b.expected; });
  std::vector<ExpectedCell> pooled;
  ExpectedCell open{0, 0};
  for (const ExpectedCell& cell : cells) {
    open.expected += cell.expected;
    open.counted += cell.counted;
    if (open.expected < least_expected) continue;
    pooled.push_back(open);
    open = {0, 0};
  }
  if (open.expected > 0 && !pooled.empty()) {
    pooled.back().expected += open.expected;
    pooled.back().counted += open.counted;
  }
  return pooled;
}

}  // namespace

double kolmogorov_p_value(double distance, double n) {
  if (!(n > 0)) return 1;
  const double x = stephens_factor(n) * distance;
  if (x < 0.3) return 1;  // exact to 1e-5
  double sum = 0;
  for (int j = 1; j <= 40; ++j) sum += (j % 2 == 1 ? 2 : -2) * std::exp(-2.0 * j * j * x * x);
  return std::clamp(sum, 0.0, 1.0);
}

double kolmogorov_band(double n) {
  return n > 0 ? 1.3581 / stephens_factor(n) : 1;
}

double normal_p_value(double z) {
  return std::isnan(z) ? 1 : std::erfc(std::fabs(z) / std::numbers::sqrt2);
}

double binomial_p_value(std::int64_t successes, std::int64_t trials, double probability) {
  if (trials <= 0) return 1;
  if (probability <= 0) return successes == 0 ? 1 : 0;
  if (probability >= 1) return successes == trials ? 1 : 0;
  const boost::math::binomial law(static_cast<double>(trials), probability);
  const double count = static_cast<double>(successes);
  const double half = boost::math::pdf(law, count) / 2;
  const double below = successes > 0 ? boost::math::cdf(law, count - 1) : 0;
  const double above = boost::math::cdf(boost::math::complement(law, count));
  return std::min(1.0, 2 * (half + std::min(below, above)));
}

TableTest multinomial_test(std::span<const std::int64_t> counts, std::span<const double> shares) {
  TableTest test;
  const double n = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  if (!(n > 0)) return test;
  bool impossible = false;
  std::vector<ExpectedCell> cells;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double counted = static_cast<double>(counts[i]);
    test.distance += std::fabs(counted / n - shares[i]) / 2;
    impossible = impossible || (shares[i] <= 0 && counted > 0);
    if (shares[i] > 0) cells.push_back({n * shares[i], counted});
  }
  test.band = total_variation_band(shares, n);
  cells = pool_small_cells(std::move(cells));
  const double k = static_cast<double>(cells.size());
  double statistic = 0, inverse_shares = 0;
  for (const auto& [expected, counted] : cells) {
    statistic += (counted - expected) * (counted - expected) / expected;
    inverse_shares += n / expected;
  }
  const double variance = 2 * (k - 1) + (inverse_shares - k * k - 2 * k + 2) / n;
  const double scale = k > 1 ? variance / (2 * (k - 1)) : 1;
  test.p_value = impossible ? 0 : k > 1 ? chi_square_p_value(statistic / scale, (k - 1) / scale) : 1;
  return test;
}

TableTest two_sample_test(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  TableTest test;
  const double n = static_cast<double>(std::accumulate(a.begin(), a.end(), std::int64_t{0}));
  const double m = static_cast<double>(std::accumulate(b.begin(), b.end(), std::int64_t{0}));
  if (!(n > 0) || !(m > 0)) return test;
  const double effective = n * m / (n + m);
  std::vector<double> shares;
  std::vector<ExpectedCell> cells;  // of the smaller sample, given the pooled shares
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    test.distance += std::fabs(x / n - y / m) / 2;
    shares.push_back((x + y) / (n + m));
    if (x + y > 0) cells.push_back({std::min(n, m) * shares.back(), n < m ? x : y});
  }
  test.band = total_variation_band(shares, effective);
  cells = pool_small_cells(std::move(cells));
  double statistic = 0;
  for (const auto& [expected, counted] : cells)
    statistic += (counted - expected) * (counted - expected) / expected * (n + m) / std::max(n, m);
  if (cells.size() > 1) test.p_value = chi_square_p_value(statistic, static_cast<double>(cells.size() - 1));
  return test;
}

std::vector<bool> holm_rejections(std::span<const double> p_values, double level) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto i, auto j) { return p_values[i] < p_values[j]; });
  std::vector<bool> rejected(p_values.size(), false);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    if (p_values[order[rank]] > level / static_cast<double>(order.size() - rank)) break;
    rejected[order[rank]] = true;
  }
  return rejected;
}

}  // namespace persona
