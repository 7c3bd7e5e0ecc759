//! The tight loops of generation, compiled three times and chosen at run time; all give the same bits.
#pragma once

#include "rng.hpp"

#include <persona/population/model.hpp>

#include <cstddef>
#include <cstdint>

namespace persona {

inline constexpr std::size_t chunk_rows = 1024;  //!< people worked on at once: scratch stays in the first caches
inline constexpr std::size_t lane_padding = 16;  //!< kernels may read and write up to here beyond n

//! Normal quantiles by exponent and leading mantissa bits of the uniform: no log, no branch.
struct NormalTable {
  static constexpr int bits = 4, degree = 5, stride = 8;
  static constexpr int segments = 53 << bits;
  alignas(64) double coefficients[segments * stride];
};

//! Built once, never changed.
const NormalTable& normal_table();

//! A polynomial table with one piece, see QuantileTable.
struct PolynomialView {
  const double* coefficients;
  int degree;
  double scale, offset;
};

//! 16-bit guide over the categories of one or more laws, exact to 2^-64. Each bucket of a law is the category it
//! starts at, and above 16 bits the cut: a draw beyond it is in the next category. Buckets that say so, and draws on a
//! cut, are `ambiguous`: they are looked at again.
struct GuideView {
  static constexpr int buckets = 4096;
  static constexpr std::uint16_t ambiguous = 0x8000;
  const std::uint32_t* cells;
};

//! All take n <= chunk_rows; arrays have room for n rounded up to lane_padding, and beyond n inputs may hold
//! anything, NaN as well.
struct Kernels {
  //! Words first .. first + n of a stream; first even.
  void (*words)(const StreamKey& key, std::uint64_t first, std::size_t n, std::uint64_t* out);
  void (*normals)(const std::uint64_t* bits, std::size_t n, double* z);
  void (*polynomial)(const PolynomialView& table, const double* z, std::size_t n, double* x);
  //! y = lower * z; both d rows of `stride` doubles, lower d x d padded to rows of `lower_stride`.
  void (*triangular)(const double* lower, std::size_t lower_stride, std::size_t d, const double* z, double* y,
                     std::size_t stride, std::size_t n);
  void (*affine)(double location, double scale, const double* z, std::size_t n, double* x);
  //! Category numbers; `laws` is null where there is one law. @return whether any is flagged ambiguous
  bool (*guide)(const GuideView& table, const std::uint16_t* draws, const std::uint16_t* laws, std::size_t n,
                std::uint16_t* out);
  void (*narrow)(const std::uint16_t* in, std::size_t n, std::int8_t* out);
  void (*widen)(const std::uint16_t* in, std::int32_t offset, std::size_t n, std::int32_t* out);
};

//! The best that this machine has, and `most` allows.
const Kernels& kernels(Simd most);

}  // namespace persona
