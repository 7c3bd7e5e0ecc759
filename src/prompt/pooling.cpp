//! Groups drawn towards their mean.
#include "prompt/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace persona::prompt {
namespace {

struct Common {
  double mean = 0, error_square = 0;
};

Common common_of(std::span<const double> means, const std::vector<double>& variances, double between) {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double weight = 1 / (variances[i] + between);
    sum += weight, total += weight * means[i];
  }
  return {total / sum, 1 / sum};
}

// The variance between groups that makes their scatter what their number leads one to expect.
double between_variance(std::span<const double> means, const std::vector<double>& variances) {
  const auto excess = [&](double between) {
    const double centre = common_of(means, variances, between).mean;
    double scatter = 0;
    for (std::size_t i = 0; i < means.size(); ++i)
      scatter += (means[i] - centre) * (means[i] - centre) / (variances[i] + between);
    return scatter - static_cast<double>(means.size() - 1);
  };
  if (excess(0) <= 0) return 0;
  double low = 0, high = 1;
  while (excess(high) > 0) high *= 2;
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (excess(middle) > 0 ? low : high) = middle;
  }
  return high;
}

}  // namespace

std::vector<Interval> partial_pooling(std::span<const double> means, std::span<const double> errors,
                                      double confidence) {
  const double z = two_sided_normal(confidence), groups = static_cast<double>(means.size());
  std::vector<double> variances;
  for (std::size_t i = 0; i < means.size(); ++i) variances.push_back(std::max(errors[i] * errors[i], 1e-18));
  const bool may_pool = means.size() > 3;  // fewer say too little of their spread
  const double between = may_pool ? between_variance(means, variances) : 0;
  const Common common = may_pool ? common_of(means, variances, between) : Common{};
  std::vector<Interval> pooled;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double noise = variances[i];
    const double pull = may_pool ? (groups - 3) / (groups - 1) * noise / (noise + between) : 0;
    const double away = may_pool ? means[i] - common.mean : 0;
    const double value = means[i] - pull * away;
    const double of_pull = may_pool ? 2 / (groups - 3) * pull * pull * away * away : 0;
    const double half = z * std::sqrt(noise * (1 - pull) + pull * pull * common.error_square + of_pull);
    pooled.push_back({value, value - half, value + half, confidence});
  }
  return pooled;
}

}  // namespace persona::prompt
