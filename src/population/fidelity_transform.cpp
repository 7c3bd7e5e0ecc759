//! Laws whose parameters differ from person to person: what is expected of one of them.
#include "fidelity_transform.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace persona {

namespace {

constexpr double transform_infinity = std::numeric_limits<double>::infinity();

bool is_count(Transform transform) {
  return transform == Transform::poisson || transform == Transform::binomial;
}

}  // namespace

PersonLaw::PersonLaw(const CompiledAttribute& attribute, const Law& law, double location, double scale)
    : law_(law), location_(location), scale_(scale), step_(attribute.round) {
  if (step_ <= 0 && attribute.field.type != ColumnType::float64) step_ = 1;
  low_ = -transform_infinity;
  high_ = transform_infinity;
  if (!law.truncation) return;
  low_ = (law.truncation->min - location) / scale;  // of the value before it is made exponential or rounded
  high_ = (law.truncation->max - location) / scale;
}

// From whichever tail keeps the digits.
double PersonLaw::base_share(double low, double high) const {
  const auto tail = [&](double x, bool above) {
    if (std::isinf(x)) return (x > 0) == above ? 0.0 : 1.0;
    if (law_.transform == Transform::exponential) return normal_cdf(above ? -x : x);
    return above ? law_.marginal->survival(x) : law_.marginal->cdf(x);
  };
  if (!(high > low)) return 0;
  const double below = tail(low, false);
  return below < 0.5 ? tail(high, false) - below : tail(low, true) - tail(high, true);
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
  if (is_count(law_.transform)) return count_share(std::floor(including ? x + 1e-9 : x - 1 + 1e-9));
  const double slack = step_ > 0 ? step_ / 2 : 1e-9 * std::max(1.0, std::fabs(x));
  const double z = base(including ? x + slack : x - slack);
  const double whole = base_share(low_, high_);
  if (!(whole > 0)) return 0.5;
  return std::clamp(base_share(low_, std::clamp(z, low_, high_)) / whole, 0.0, 1.0);
}

}  // namespace persona
