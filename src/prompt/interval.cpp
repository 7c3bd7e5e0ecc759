//! Intervals of mean scores.
#include <persona/prompt/interval.hpp>

#include "population/portable_math.hpp"
#include "prompt/bootstrap.hpp"
#include "prompt/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

constexpr std::size_t fewest_for_bootstrap = 8;

bool is_zero_or_one(double score) {
  return score == 0 || score == 1;
}

bool is_constant(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); });
}

}  // namespace

double two_sided_normal(double confidence) {
  return -portable_normal_quantile((1 - confidence) / 2);
}

Interval wilson_interval(double mean, double count, double confidence) {
  const double z = two_sided_normal(confidence), shift = z * z / count;
  const double centre = (mean + shift / 2) / (1 + shift);
  const double half = z * std::sqrt(mean * (1 - mean) / count + shift / (4 * count)) / (1 + shift);
  return {mean, std::clamp(centre - half, 0.0, mean), std::clamp(centre + half, mean, 1.0), confidence};
}

Interval mean_interval(std::span<const double> scores, std::span<const double> weights, double confidence) {
  if (scores.empty()) return {0, 0, 1, confidence};
  std::vector<double> used(weights.begin(), weights.end());
  used.resize(scores.size(), 1.0);
  const WeightedMean all = weighted_mean(scores, used);
  const double mean = std::clamp(all.mean, 0.0, 1.0);
  const bool counted = std::all_of(scores.begin(), scores.end(), is_zero_or_one) && is_constant(used);
  if (counted || is_constant(scores) || scores.size() < fewest_for_bootstrap)
    return wilson_interval(mean, all.count, confidence);
  Interval interval = bootstrap_t(scores, used, confidence);
  interval.lower = std::clamp(interval.lower, 0.0, mean);
  interval.upper = std::clamp(interval.upper, mean, 1.0);
  return interval;
}

}  // namespace persona::prompt
