//! A bet on the second program, example by example.
#include <persona/prompt/interval.hpp>

#include <algorithm>
#include <numeric>

namespace persona::prompt {
namespace {

// Shares of the wealth that a loss of the whole range could not take. The best share is the mean
// difference over its mean square: .02 for hair's breadths among many ties, .9 for a landslide.
constexpr std::array<double, 8> stakes = {0.02, 0.06, 0.12, 0.2, 0.32, 0.48, 0.68, 0.9};

}  // namespace

Race::Race(double alpha, double margin)
    : alpha_(std::clamp(alpha, 1e-12, 1.0)), margin_(std::clamp(margin, -1.0, 1.0)) {
  purses_.fill(1.0 / static_cast<double>(purses_.size()));
}

void Race::add(double first, double second) {
  const double gain = std::clamp(second - first, -1.0, 1.0) - margin_;
  for (std::size_t k = 0; k < purses_.size(); ++k)
    purses_[k] = std::min(purses_[k] * (1 + stakes[k] / (1 + std::max(margin_, 0.0)) * gain), 1e300);
  ++count_;
  most_wealth_ = std::max(most_wealth_, wealth());
  is_won_ = is_won_ || most_wealth_ >= 1 / alpha_;
}

double Race::wealth() const {
  return std::accumulate(purses_.begin(), purses_.end(), 0.0);
}

double Race::p_value() const {
  return std::min(1.0, 1 / most_wealth_);
}

}  // namespace persona::prompt
