//! The bootstrap-t interval of a weighted mean.
#include "population/rng.hpp"
#include "prompt/bootstrap.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

constexpr std::size_t resamples = 999;
constexpr StreamKey resampling{0, stream_id("bootstrap"), 0};

}  // namespace

WeightedMean weighted_mean(std::span<const double> values, std::span<const double> weights) {
  double sum = 0, squares = 0, total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += weights[i], squares += weights[i] * weights[i];
    total += weights[i] * values[i];
  }
  const double mean = total / sum, count = sum * sum / squares;
  double spread = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double residual = weights[i] * (values[i] - mean);
    spread += residual * residual;
  }
  const double correction = count > 1 ? count / (count - 1) : 1;
  return {mean, std::sqrt(spread * correction) / sum, count};
}

Interval bootstrap_t(std::span<const double> values, std::span<const double> weights, double confidence) {
  const WeightedMean all = weighted_mean(values, weights);
  std::vector<double> drawn(values.size()), drawn_weights(values.size()), studentised;
  std::uint64_t row = 0;
  for (std::size_t resample = 0; resample < resamples; ++resample) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t at = threefry::word(resampling, row++) % values.size();
      drawn[i] = values[at];
      drawn_weights[i] = weights[at];
    }
    const WeightedMean one = weighted_mean(drawn, drawn_weights);
    if (one.error > 1e-12) studentised.push_back((one.mean - all.mean) / one.error);
  }
  std::sort(studentised.begin(), studentised.end());
  const auto quantile = [&](double p) {
    const double place = p * static_cast<double>(studentised.size() + 1) - 1;
    const double last = static_cast<double>(studentised.size() - 1);
    return studentised[static_cast<std::size_t>(std::lround(std::clamp(place, 0.0, last)))];
  };
  const double tail = (1 - confidence) / 2;
  return {all.mean, all.mean - quantile(1 - tail) * all.error, all.mean - quantile(tail) * all.error, confidence};
}

}  // namespace persona::prompt
