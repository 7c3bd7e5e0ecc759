//! Compiles the kernels for the baseline, for AVX2 and for AVX-512, and picks.
#include "kernels.hpp"

#include "marginal.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

#if defined(__x86_64__) && defined(__GNUC__)
#define PERSONA_HAS_AVX 1
#include <immintrin.h>
#else
#define PERSONA_HAS_AVX 0
#endif

namespace persona {
namespace kernels_baseline {
#define PERSONA_REGISTER_BITS 128
#include "kernels.inc"
#undef PERSONA_REGISTER_BITS
}  // namespace kernels_baseline

#if PERSONA_HAS_AVX
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
namespace kernels_avx2 {
#define PERSONA_REGISTER_BITS 256
#include "kernels.inc"
#undef PERSONA_REGISTER_BITS
}  // namespace kernels_avx2
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")
#endif
namespace kernels_avx512 {
#define PERSONA_REGISTER_BITS 512
#include "kernels.inc"
#undef PERSONA_REGISTER_BITS
}  // namespace kernels_avx512
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace {

Simd best_simd() {
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return avx512 ? Simd::automatic : __builtin_cpu_supports("avx2") ? Simd::avx2 : Simd::baseline;
}

}  // namespace
#endif

const Kernels& kernels(Simd most) {
#if PERSONA_HAS_AVX
  static const Simd best = best_simd();
  const Simd simd = std::max(most, best);
  if (simd == Simd::automatic) return kernels_avx512::table_of_kernels;
  if (simd == Simd::avx2) return kernels_avx2::table_of_kernels;
#else
  static_cast<void>(most);
#endif
  return kernels_baseline::table_of_kernels;
}
#undef PERSONA_HAS_AVX

namespace {

// Coefficients in t of the polynomial through f at the Chebyshev nodes of [-1/2, 1/2].
void fit_chebyshev(const double* f, double* coefficients) {
  constexpr int n = NormalTable::degree + 1;
  constexpr long double pi = 3.141592653589793238462643383279502884L;
  long double chebyshev[n][n] = {{1}, {0, 2}};  // T_k(2t), in powers of t
  for (int k = 2; k < n; ++k)
    for (int i = 0; i < n; ++i) chebyshev[k][i] = (i > 0 ? 4 * chebyshev[k - 1][i - 1] : 0) - chebyshev[k - 2][i];
  for (int i = 0; i < n; ++i) coefficients[i] = 0;
  for (int k = 0; k < n; ++k) {
    long double a = 0;
    for (int j = 0; j < n; ++j) a += f[j] * std::cos(pi * k * (j + 0.5L) / n);
    a *= (k > 0 ? 2.0L : 1.0L) / n;
    for (int i = 0; i < n; ++i) coefficients[i] += static_cast<double>(a * chebyshev[k][i]);
  }
}

std::unique_ptr<NormalTable> make_normal_table() {
  constexpr int n = NormalTable::degree + 1;
  constexpr std::uint64_t base = (1023ull - 53) << NormalTable::bits;
  auto table = std::make_unique<NormalTable>();
  for (int s = 0; s < NormalTable::segments; ++s) {
    const auto edge = [&](std::uint64_t i) { return std::bit_cast<double>((base + i) << (52 - NormalTable::bits)); };
    const double low = edge(static_cast<std::uint64_t>(s)), width = edge(static_cast<std::uint64_t>(s) + 1) - low;
    double f[n];
    for (int j = 0; j < n; ++j) {
      const double node = std::cos(3.14159265358979323846 * (j + 0.5) / n) / 2;
      f[j] = -normal_quantile(0.5 * (low + width * (node + 0.5)));
    }
    fit_chebyshev(f, table->coefficients + s * NormalTable::stride);
  }
  return table;
}

}  // namespace

const NormalTable& normal_table() {
  static const std::unique_ptr<const NormalTable> table = make_normal_table();
  return *table;
}

}  // namespace persona
