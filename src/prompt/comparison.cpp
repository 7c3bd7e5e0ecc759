//! Two programs on the same examples.
#include "population/rng.hpp"
#include "prompt/bootstrap.hpp"
#include "prompt/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

constexpr std::size_t most_enumerated = 16, random_flips = 9999, fewest_differing = 8;
constexpr StreamKey flipping{0, stream_id("sign flips"), 0};

// P(at most `fewer` of n fair coins) doubled.
double sign_test(std::size_t wins, std::size_t losses) {
  const std::size_t n = wins + losses, fewer = std::min(wins, losses);
  double sum = 0;
  for (std::size_t k = 0; k <= fewer; ++k) {
    const double count = static_cast<double>(n), x = static_cast<double>(k);
    sum += std::exp(std::lgamma(count + 1) - std::lgamma(x + 1) - std::lgamma(count - x + 1) - count * std::log(2.0));
  }
  return std::min(1.0, 2 * sum);
}

// Share of flips, all or random ones, whose sum is as far from 0 as the one seen.
double flip_test(const std::vector<double>& differences) {
  double seen = 0, size = 0;
  for (const double d : differences) seen += d, size += std::abs(d);
  const double far = std::abs(seen) - 1e-12 * size;
  const bool all = differences.size() <= most_enumerated;
  const std::size_t flips = all ? std::size_t{1} << differences.size() : random_flips;
  std::size_t beyond = 0;
  for (std::size_t flip = 0; flip < flips; ++flip) {
    double sum = 0;
    std::uint64_t word = flip;
    for (std::size_t i = 0; i < differences.size(); ++i) {
      if (!all && i % 64 == 0) word = threefry::word(flipping, flip * (differences.size() / 64 + 1) + i / 64);
      sum += (word >> (i % 64) & 1) != 0 ? differences[i] : -differences[i];
    }
    beyond += std::abs(sum) >= far ? 1 : 0;
  }
  return all ? static_cast<double>(beyond) / static_cast<double>(flips)
             : (static_cast<double>(beyond) + 1) / (static_cast<double>(flips) + 1);
}

// Half a win and half a loss added: differences that are all 0 still leave room for one that is not.
Interval added_wald(const WeightedMean& all, double mean_square, double confidence) {
  const double n = all.count + 2, centre = all.mean * all.count / n;
  const double square = (mean_square * all.count + 1) / n;
  const double half = two_sided_normal(confidence) * std::sqrt((square - centre * centre) / n);
  return {all.mean, std::min(centre - half, all.mean), std::max(centre + half, all.mean), confidence};
}

}  // namespace

Comparison compare(std::span<const double> first, std::span<const double> second, std::span<const double> weights,
                   double confidence) {
  Comparison comparison{{0, -1, 1, confidence}};
  const std::size_t count = std::min(first.size(), second.size());
  if (count == 0) return comparison;
  std::vector<double> differences, used(weights.begin(), weights.end()), differing;
  used.resize(count, 1.0);
  double squares = 0, sum = 0;
  bool is_sign = true;
  for (std::size_t i = 0; i < count; ++i) {
    const double d = second[i] - first[i];
    differences.push_back(d);
    squares += used[i] * d * d, sum += used[i];
    ++(d > 0 ? comparison.wins : d < 0 ? comparison.losses : comparison.ties);
    is_sign = is_sign && (d == 0 || d == 1 || d == -1) && used[i] == used[0];
    if (d != 0) differing.push_back(used[i] * d);
  }
  const bool one_size = std::all_of(differing.begin(), differing.end(),
                                    [&](double d) { return std::abs(d) == std::abs(differing.front()); });
  comparison.p_value = one_size ? sign_test(comparison.wins, comparison.losses) : flip_test(differing);
  comparison.difference = is_sign || differing.size() < fewest_differing
                              ? added_wald(weighted_mean(differences, used), squares / sum, confidence)
                              : bootstrap_t(differences, used, confidence);
  Interval& interval = comparison.difference;
  interval.lower = std::clamp(interval.lower, -1.0, interval.value);
  interval.upper = std::clamp(interval.upper, interval.value, 1.0);
  return comparison;
}

}  // namespace persona::prompt
