//! Correlations of a sample: moments, ranks, and counts of discordant pairs.
#include "sample_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace persona {
namespace {

struct SampleMoments {
  double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
};

SampleMoments sample_moments(std::span<const double> x, std::span<const double> y) {
  SampleMoments m;
  const double n = static_cast<double>(x.size());
  m.mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  m.mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - m.mean_x, dy = y[i] - m.mean_y;
    m.xx += dx * dx, m.yy += dy * dy, m.xy += dx * dy;
  }
  return m;
}

// Pairs of equal neighbours in a sorted range.
template <class Equal>
double tied_pairs(std::size_t n, Equal equal) {
  double pairs = 0, run = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    if (i < n && equal(i - 1, i)) {
      ++run;
      continue;
    }
    pairs += run * (run - 1) / 2;
    run = 1;
  }
  return pairs;
}

// Sorts and counts the exchanges a bubble sort would need.
double count_exchanges(std::vector<double>& values) {
  std::vector<double> merged(values.size());
  double exchanges = 0;
  for (std::size_t width = 1; width < values.size(); width *= 2) {
    for (std::size_t from = 0; from < values.size(); from += 2 * width) {
      const std::size_t middle = std::min(from + width, values.size()), end = std::min(from + 2 * width, values.size());
      std::size_t left = from, right = middle;
      for (std::size_t k = from; k < end; ++k) {
        if (left < middle && (right == end || values[left] <= values[right])) {
          merged[k] = values[left++];
        } else {
          exchanges += static_cast<double>(middle - left);
          merged[k] = values[right++];
        }
      }
    }
    values.swap(merged);
  }
  return exchanges;
}

}  // namespace

double sample_pearson(std::span<const double> x, std::span<const double> y) {
  const SampleMoments m = sample_moments(x, y);
  return m.xx > 0 && m.yy > 0 ? m.xy / std::sqrt(m.xx * m.yy) : 0;
}

std::vector<double> mid_ranks(std::span<const double> x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> ranks(x.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t end = from + 1;
    while (end < order.size() && x[order[end]] == x[order[from]]) ++end;
    for (std::size_t k = from; k < end; ++k) ranks[order[k]] = 0.5 * static_cast<double>(from + 1 + end);
    from = end;
  }
  return ranks;
}

double sample_spearman(std::span<const double> x, std::span<const double> y) {
  return sample_pearson(mid_ranks(x), mid_ranks(y));
}

double sample_kendall(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b]; });
  const auto same_x = [&](std::size_t i, std::size_t j) { return x[order[i]] == x[order[j]]; };
  const double ties_x = tied_pairs(n, same_x);
  const double ties_both =
      tied_pairs(n, [&](std::size_t i, std::size_t j) { return same_x(i, j) && y[order[i]] == y[order[j]]; });
  std::vector<double> by_x(n);
  for (std::size_t i = 0; i < n; ++i) by_x[i] = y[order[i]];
  const double discordant = count_exchanges(by_x);
  const double ties_y = tied_pairs(n, [&](std::size_t i, std::size_t j) { return by_x[i] == by_x[j]; });
  const double pairs = static_cast<double>(n) * static_cast<double>(n - 1) / 2;
  const double concordant_less_discordant = pairs - ties_x - ties_y + ties_both - 2 * discordant;
  const double scale = std::sqrt((pairs - ties_x) * (pairs - ties_y));
  return scale > 0 ? concordant_less_discordant / scale : 0;
}

double pearson_standard_error(std::span<const double> x, std::span<const double> y) {
  const SampleMoments m = sample_moments(x, y);
  if (!(m.xx > 0 && m.yy > 0)) return 0;
  const double n = static_cast<double>(x.size()), r = m.xy / std::sqrt(m.xx * m.yy);
  const double sx = std::sqrt(m.xx / n), sy = std::sqrt(m.yy / n);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = (x[i] - m.mean_x) / sx, b = (y[i] - m.mean_y) / sy;
    const double influence = a * b - r * (a * a + b * b) / 2;
    sum += influence * influence;
  }
  return std::sqrt(sum) / n;
}

}  // namespace persona
