//! Laws whose parameters differ from person to person: what is expected of one of them.
#include "fidelity_transform.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace persona {

namespace {

constexpr double transform_infinity = std::numeric_limits<double>::infinity();

//! P(low < X <= high), from whichever tail keeps the digits.
double base_share(const Marginal& law, double low, double high) {
  if (!(high > low)) return 0;
  const double below = low == -transform_infinity ? 0 : law.cdf(low);
  if (below < 0.5) return (high == transform_infinity ? 1 : law.cdf(high)) - below;
  return law.survival(low) - (high == transform_infinity ? 0 : law.survival(high));
}

}  // namespace

PersonLaw::PersonLaw(const CompiledAttribute& attribute, const Law& law, double location, double scale)
    : law_(law), location_(location), scale_(scale), step_(attribute.round) {
  if (step_ <= 0 && attribute.field.type != ColumnType::float64) step_ = 1;
  low_ = -transform_infinity;
  high_ = transform_infinity;
  if (!law.truncation || !law.marginal) return;
  const auto [min, max] = *law.truncation;  // of the rounded value, as in Marginal
  if (min != -transform_infinity) low_ = base(step_ > 0 ? (std::ceil(min / step_ - 1e-9) - 0.5) * step_ : min);
  if (max != transform_infinity) high_ = base(step_ > 0 ? (std::floor(max / step_ + 1e-9) + 0.5) * step_ : max);
}

double PersonLaw::base(double x) const {
  if (law_.transform != Transform::exponential) return (x - location_) / scale_;
  return x > 0 ? (std::log(x) - location_) / scale_ : -transform_infinity;
}

double PersonLaw::count_share(double k) const {
  if (k < 0) return 0;
  if (law_.transform == Transform::poisson) return location_ > 0 ? boost::math::gamma_q(k + 1, location_) : 1;
  const double trials = std::floor(scale_), p = std::clamp(location_, 0.0, 1.0);
  return k >= trials ? 1 : boost::math::ibetac(k + 1, trials - k, p);
}

double PersonLaw::share(double x, bool including) const {
  if (!law_.marginal) return count_share(std::floor(including ? x + 1e-9 : x - 1 + 1e-9));
  const double slack = step_ > 0 ? step_ / 2 : 1e-9 * std::max(1.0, std::fabs(x));
  const double z = base(including ? x + slack : x - slack);
  const double whole = base_share(*law_.marginal, low_, high_);
  if (!(whole > 0)) return 0.5;
  return std::clamp(base_share(*law_.marginal, low_, std::clamp(z, low_, high_)) / whole, 0.0, 1.0);
}

}  // namespace persona
