//! Additions, multiplications and divisions only: IEEE 754 fixes every bit of the result.
#include "portable_math.hpp"

#include "kernels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace persona {

double portable_exp(double x) {
  if (!(x < 709.7)) return x != x ? x : HUGE_VAL;
  if (x < -708) return 0;
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double sum = 1;
  for (int n = 14; n >= 1; --n) sum = 1 + sum * r / n;
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(1023 + static_cast<std::int64_t>(k)) << 52);
}

double portable_normal_cdf(double z) {
  const double x = std::fabs(z);
  if (x > 37) return z > 0 ? 1 : 0;
  const double density = portable_exp(-x * x / 2);
  double tail;
  if (x < 7.07106781186547) {
    double over = 3.52624965998911e-02;
    for (const double c :
         {0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376})
      over = over * x + c;
    double under = 8.83883476483184e-02;
    for (const double c : {1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
                           793.826512519948, 440.413735824752})
      under = under * x + c;
    tail = density * over / under;
  } else {
    double fraction = x + 0.65;
    for (const double n : {4.0, 3.0, 2.0, 1.0}) fraction = x + n / fraction;
    tail = density / fraction / 2.506628274631;
  }
  return z > 0 ? 1 - tail : tail;
}

double portable_normal_quantile(double p) {
  constexpr int shift = NormalTable::bits;
  constexpr std::uint64_t base = (1023ull - 53) << shift;
  const double v = std::min(1.0, std::max(2 * p, 0x1p-53));
  // v = 1 belongs to the segment below it
  const std::uint64_t b = std::bit_cast<std::uint64_t>(v < 1 ? v : 1 - 0x1p-53);
  const double* c = normal_table().coefficients + ((b >> (52 - shift)) - base) * NormalTable::stride;
  const double t = std::bit_cast<double>(((b << shift) & 0x000fffffffffffffull) | 0x3ff0000000000000ull) - 1.5;
  return -(((((c[5] * t + c[4]) * t + c[3]) * t + c[2]) * t + c[1]) * t + c[0]);
}

double truncate_normal(double z, double low, double high) {
  const bool mirrored = low > 0;
  if (mirrored) {
    std::swap(low, high);
    low = -low, high = -high, z = -z;
  }
  const double mass = portable_normal_cdf(high) - portable_normal_cdf(low);
  const double p = portable_normal_cdf(low) + portable_normal_cdf(z) * mass;
  const double q = portable_normal_cdf(-high) + portable_normal_cdf(-z) * mass;
  const double inside = p <= 0.5 ? portable_normal_quantile(p) : -portable_normal_quantile(q);
  const double x = std::min(high, std::max(low, inside));
  return mirrored ? -x : x;
}

namespace {

// Inverts a law given by the ratios of neighbouring probabilities, starting at its mode with weight one.
template <class Up, class Down>
double invert_from_mode(double z, double mode, double spread, double last, Up up, Down down) {
  const double low = std::max(0.0, std::floor(mode - 10 * spread - 20)),
               high = std::min(last, std::ceil(mode + 10 * spread + 40));
  double below = 0, total = 1, weight = 1;
  for (double k = mode; k > low; k -= 1) below += weight *= down(k);
  weight = 1;
  for (double k = mode; k < high; k += 1) total += weight *= up(k);
  total += below;
  const double target = portable_normal_cdf(z) * total;
  double k = mode, sum = below + 1;  // weight of everything up to k
  weight = 1;
  if (target <= below) {
    for (sum = below, k = mode - 1, weight = down(mode); k > low && target <= sum - weight; k -= 1) {
      sum -= weight;
      weight *= down(k);
    }
    return std::max(k, low);
  }
  while (k < high && target > sum) {
    weight *= up(k);
    sum += weight;
    k += 1;
  }
  return k;
}

}  // namespace

double poisson_quantile(double z, double mean) {
  if (mean <= 0) return 0;
  return invert_from_mode(
      z, std::floor(mean), std::sqrt(mean), HUGE_VAL, [&](double k) { return mean / (k + 1); },
      [&](double k) { return k / mean; });
}

double binomial_quantile(double z, double trials, double probability) {
  if (probability <= 0 || trials <= 0) return 0;
  if (probability >= 1) return trials;
  const double odds = probability / (1 - probability);
  const double mode = std::min(trials, std::floor((trials + 1) * probability));
  return invert_from_mode(
      z, mode, std::sqrt(trials * probability * (1 - probability)), trials,
      [&](double k) { return (trials - k) / (k + 1) * odds; }, [&](double k) { return k / ((trials - k + 1) * odds); });
}

}  // namespace persona
