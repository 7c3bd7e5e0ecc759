//! The normal distribution, and rounding to decimal steps.
#include "marginal.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <cmath>
#include <limits>

namespace persona {

double normal_cdf(double z) {
  return 0.5 * std::erfc(-z * 0.70710678118654752440);
}

double normal_density(double z) {
  return 0.39894228040143267794 * std::exp(-0.5 * z * z);
}

double normal_quantile(double p) {
  namespace policies = boost::math::policies;
  using Quiet = policies::policy<policies::domain_error<policies::ignore_error>,
                                 policies::overflow_error<policies::ignore_error>, policies::promote_double<false>>;
  if (p <= 0) return -std::numeric_limits<double>::infinity();
  if (p >= 1) return std::numeric_limits<double>::infinity();
  return -1.41421356237309504880 * boost::math::erfc_inv(2 * p, Quiet());
}

// step = numerator / denominator with the smallest power of ten that makes the numerator whole: dividing a
// whole number by it gives the double nearest to the decimal.
Rounder::Rounder(double step) : per_unit(1 / step), numerator(step), denominator(1) {
  double power = 1;
  for (int digits = 0; digits <= 12; ++digits, power *= 10) {
    const double whole = std::round(step * power);
    if (whole >= 1 && std::abs(step * power - whole) <= 4e-16 * whole) {
      numerator = whole;
      denominator = power;
      per_unit = power / whole;
      return;
    }
  }
}

}  // namespace persona
