//! The builds of the kernels agree to the last bit, and with plain arithmetic.
#include "population/kernels.hpp"

#include "population/discrete.hpp"
#include "population/marginal.hpp"
#include "population/portable_math.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

using namespace persona;

namespace {
constexpr std::size_t room = chunk_rows + 2 * lane_padding;
constexpr Simd every_simd[] = {Simd::automatic, Simd::avx2, Simd::baseline};
}  // namespace

TEST_CASE("Threefry2x64-20 gives the known answers") {
  // Random123's kat_vectors: threefry2x64 20 rounds, zero and all-ones counter and key.
  const auto zero = threefry::block({0, 0, 0}, 0);
  CHECK(zero.first == 0xc2b6e3a8c2c69865ull);
  CHECK(zero.second == 0x6f81ed42f350084dull);
  const std::uint64_t ones = ~std::uint64_t{0};
  const auto full = threefry::block({ones, ones, ones}, ones);
  CHECK(full.first == 0xe02cb7c4d95d277aull);
  CHECK(full.second == 0xd06633d0893b8b68ull);
}

TEST_CASE("words of a stream are its blocks, with every instruction set") {
  const StreamKey key{1, 2, 3};
  for (const Simd simd : every_simd) {
    std::vector<std::uint64_t> words(room);
    kernels(simd).words(key, 2048, chunk_rows, words.data());
    for (std::size_t i = 0; i < chunk_rows; ++i) REQUIRE(words[i] == threefry::word(key, 2048 + i));
  }
}

TEST_CASE("normals of all builds are equal and their probability is right to 1e-10") {
  std::vector<std::uint64_t> words(room);
  std::vector<double> a(room), b(room);
  for (std::uint64_t from = 0; from < 64 * chunk_rows; from += chunk_rows) {
    kernels(Simd::baseline).words({9, 9, 0}, from, chunk_rows, words.data());
    words[0] = 0, words[1] = 1, words[2] = ~std::uint64_t{0}, words[3] = ~std::uint64_t{1};
    kernels(Simd::baseline).normals(words.data(), chunk_rows, a.data());
    for (const Simd simd : {Simd::automatic, Simd::avx2}) {
      kernels(simd).normals(words.data(), chunk_rows, b.data());
      REQUIRE(std::equal(a.begin(), a.begin() + chunk_rows, b.begin()));
    }
    for (std::size_t i = 0; i < chunk_rows; ++i) {
      const double p = (static_cast<double>(words[i] >> 12) + 0.5) * 0x1p-53;  // of the tail the sign chooses
      const double tail = normal_cdf(-std::abs(a[i]));
      REQUIRE(std::abs(tail - p) <= 1e-10);
      if (std::abs(a[i]) > 1e-9) REQUIRE(std::signbit(a[i]) == ((words[i] & 1) == 0));
    }
  }
}

TEST_CASE("what lies in the lanes beyond n never leads a polynomial out of its table") {
  // Small negative whole numbers, two to a double: freed memory of a column of days, and a NaN.
  const double stale = std::bit_cast<double>(0xfffff8df'00000001ull);
  REQUIRE(std::isnan(stale));
  constexpr std::size_t segments = 1024, n = 537;
  for (const int degree : {3, 5}) {
    const std::size_t stride = degree == 3 ? 4 : 8;
    std::vector<double> coefficients(segments * stride);
    for (std::size_t s = 0; s < segments; ++s) coefficients[s * stride] = static_cast<double>(s);
    const PolynomialView table{coefficients.data(), degree, segments / 17.0, segments / 2.0 - 0.5};
    for (const Simd simd : every_simd) {
      std::vector<double> z(room, stale), x(room, -1.0);
      std::fill_n(z.begin(), n, 0.01);
      kernels(simd).polynomial(table, z.data(), n, x.data());
      for (std::size_t i = 0; i < n; ++i) REQUIRE(x[i] == 512);
      for (std::size_t i = n; i < (n + 15) / 16 * 16; ++i) REQUIRE(x[i] == segments - 1);  // as at the clamp
    }
  }
}

TEST_CASE("triangular products of all builds are equal and right") {
  constexpr std::size_t d = 6, padded = 8;
  std::vector<double> lower(padded * padded, 0.0), z(d * room), y(d * room);
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j <= i; ++j) lower[i * padded + j] = 1.0 / static_cast<double>(i + j + 1);
  for (std::size_t i = 0; i < z.size(); ++i) z[i] = std::sin(static_cast<double>(i));
  for (const Simd simd : every_simd) {
    kernels(simd).triangular(lower.data(), padded, d, z.data(), y.data(), room, chunk_rows);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t r = 0; r < chunk_rows; ++r) {
        double sum = 0;
        for (std::size_t j = 0; j <= i; ++j) sum += lower[i * padded + j] * z[j * room + r];
        REQUIRE(y[i * room + r] == sum);
      }
    }
  }
}

TEST_CASE("guide tables give the value whose cumulative probability holds the draw") {
  // Shares that put several cuts into one bucket, a cut on a bucket's edge, and values without any.
  const std::vector<Cumulative> laws = {{1e-6, 2e-6, 0.25, 0.25, 0.5, 0.500001, 1}, {0.1, 1}, {0, 0, 1, 1}};
  const DiscreteBank bank(laws);
  const StreamKey value{5, 77, 0}, refine{5, 77, 1};
  std::vector<std::uint16_t> which(room), picked(room);
  for (const Simd simd : every_simd) {
    const DrawSource source{&kernels(simd), 5, 0};
    for (std::uint64_t from = 0; from < 256 * chunk_rows; from += chunk_rows) {
      for (std::size_t i = 0; i < chunk_rows; ++i) which[i] = static_cast<std::uint16_t>((from + i) % 3);
      bank.pick(source, 77, Purpose::value, {from, nullptr, chunk_rows}, which.data(), picked.data());
      for (std::size_t i = 0; i < chunk_rows; ++i) {
        const std::uint64_t row = from + i;
        const std::uint64_t lane = threefry::word(value, row / 4) >> (row % 4 * 16) & 0xffff;
        const std::uint64_t word = lane << 48 | threefry::word(refine, row) >> 16;
        const auto& law = laws[which[i]];
        std::size_t expected = 0;
        while (expected + 1 < law.size() && static_cast<long double>(word) >= std::floor(law[expected] * 0x1p64L))
          ++expected;
        REQUIRE(picked[i] == expected);
      }
    }
  }
}

TEST_CASE("normal scores pick the value whose share holds them") {
  const std::vector<Cumulative> laws = {{1e-6, 0.25, 0.25, 0.5, 0.999999, 1}};
  const DiscreteBank bank(laws);
  std::vector<double> z;
  for (double x = -8.4; x <= 8.4; x += 0.0173) z.push_back(x);
  for (const double p : {1e-6, 0.25, 0.5}) z.push_back(normal_quantile(p));  // on a cut: the value above it
  std::vector<std::uint16_t> picked(z.size());
  bank.pick_normal(z.data(), nullptr, z.size(), picked.data());
  for (std::size_t i = 0; i < z.size(); ++i) {
    std::size_t expected = 0;
    while (expected + 1 < laws[0].size() &&
           z[i] >= (laws[0][expected] <= 0.5 ? normal_quantile(laws[0][expected])
                                             : -normal_quantile(1 - laws[0][expected])))
      ++expected;
    REQUIRE(picked[i] == expected);
  }
}
