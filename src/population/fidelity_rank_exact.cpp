//! Rank correlations of values that are all at hand.
#include "fidelity_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace persona {

namespace {

std::vector<double> exact_mid_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto i, auto j) { return values[i] < values[j]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    const double rank = (static_cast<double>(first) + static_cast<double>(last) - 1) / 2;
    for (; first < last; ++first) ranks[order[first]] = rank;
  }
  return ranks;
}

//! Pairs of equal neighbours' runs: sum of k (k - 1) / 2.
template <class Same>
double fidelity_tied_pairs(std::size_t n, const Same& same) {
  double pairs = 0;
  std::size_t run = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    if (i < n && same(i - 1, i)) {
      ++run;
      continue;
    }
    pairs += static_cast<double>(run) * static_cast<double>(run - 1) / 2;
    run = 1;
  }
  return pairs;
}

//! Sorts, and counts the pairs that stood in falling order.
double sort_counting_inversions(std::vector<double>& values) {
  std::vector<double> merged(values.size());
  double inversions = 0;
  for (std::size_t width = 1; width < values.size(); width *= 2) {
    for (std::size_t first = 0; first < values.size(); first += 2 * width) {
      const std::size_t middle = std::min(first + width, values.size()), last = std::min(middle + width, values.size());
      std::size_t left = first, right = middle;
      for (std::size_t out = first; out < last; ++out) {
        const bool take_right = left == middle || (right < last && values[right] < values[left]);
        if (take_right) inversions += static_cast<double>(middle - left);
        merged[out] = take_right ? values[right++] : values[left++];
      }
    }
    values.swap(merged);
  }
  return inversions;
}

}  // namespace

double exact_spearman(const std::vector<double>& a, const std::vector<double>& b) {
  const auto x = exact_mid_ranks(a), y = exact_mid_ranks(b);
  const double mean = (static_cast<double>(a.size()) - 1) / 2;
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean) * (x[i] - mean);
    xy += (x[i] - mean) * (y[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xy / std::sqrt(xx * yy);
}

double exact_kendall(const std::vector<double>& a, const std::vector<double>& b) {
  const std::size_t n = a.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto i, auto j) { return a[i] != a[j] ? a[i] < a[j] : b[i] < b[j]; });
  const double pairs = static_cast<double>(n) * (static_cast<double>(n) - 1) / 2;
  const double tied_a = fidelity_tied_pairs(n, [&](auto i, auto j) { return a[order[i]] == a[order[j]]; });
  const double tied_both =
      fidelity_tied_pairs(n, [&](auto i, auto j) { return a[order[i]] == a[order[j]] && b[order[i]] == b[order[j]]; });
  std::vector<double> y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = b[order[i]];
  const double discordant = sort_counting_inversions(y);
  const double tied_b = fidelity_tied_pairs(n, [&](auto i, auto j) { return y[i] == y[j]; });
  const double balance = pairs - tied_a - tied_b + tied_both - 2 * discordant;
  return balance / std::sqrt((pairs - tied_a) * (pairs - tied_b));
}

}  // namespace persona
