//! Arithmetic that knows missing values and leaves libm out where its last digit depends on the processor.
#include "expression_math.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "portable_math.hpp"

namespace persona {
namespace {

constexpr double math_missing = std::numeric_limits<double>::quiet_NaN();

//! log(a) for a finite a > 0, to one unit in the last place. a = 2^k (1 + f), log(1 + f) by s = f / (2 + f).
//! @source{fdlibm, e_log.c}
double math_log(double a) {
  int k = 0;
  double f = std::frexp(a, &k);  // in [1/2, 1)
  if (f < 0.70710678118654752) f *= 2, --k;
  f -= 1;
  const double s = f / (2 + f), z = s * s, half = f * f / 2;
  double r = 0;
  for (const double c :
       {1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
        2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01})
    r = (r + c) * z;
  constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  return k * ln2_high - ((half - (s * (half + r) + k * ln2_low)) - f);
}

double math_whole_power(double a, int n) {
  double result = 1;
  for (int i = 0; i < std::abs(n); ++i) result *= a;
  return n < 0 ? 1 / result : result;
}

}  // namespace

double expression_ne(double a, double b) {
  return a < b || a > b ? 1 : 0;
}
double expression_div(double a, double b) {
  return b == 0 ? math_missing : a / b;
}
double expression_min(double a, double b) {
  return std::isnan(a) ? a : std::isnan(b) ? b : std::min(a, b);
}
double expression_max(double a, double b) {
  return std::isnan(a) ? a : std::isnan(b) ? b : std::max(a, b);
}
double expression_sqrt(double a) {
  return a >= 0 ? std::sqrt(a) : math_missing;
}
double expression_is_missing(double a) {
  return std::isnan(a) ? 1 : 0;
}

double expression_log(double a) {
  return a > 0 && std::isfinite(a) ? math_log(a) : math_missing;
}

double expression_mod(double a, double b) {
  if (b == 0) return math_missing;
  const double r = std::fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

//! Small whole powers by multiplication and square roots: exact where the result is.
double expression_pow(double a, double b) {
  if (std::isnan(a) || std::isnan(b) || (a == 0 && b < 0)) return math_missing;
  const bool whole = std::trunc(b) == b;
  if (whole && std::fabs(b) <= 64) return math_whole_power(a, static_cast<int>(b));
  if (b == 0.5) return expression_sqrt(a);
  if (a == 0) return 0;
  if (a < 0 && !whole) return math_missing;
  const double size = portable_exp(b * expression_log(std::fabs(a)));
  return a < 0 && std::fmod(b, 2) != 0 ? -size : size;
}

double expression_year(double days) {
  constexpr double most = 11'000'000;  // about the year 30,000; chrono ends at 32,767
  if (!(std::fabs(days) <= most)) return math_missing;
  const std::chrono::sys_days day{std::chrono::days{static_cast<int>(std::floor(days))}};
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

}  // namespace persona
