//! Bits counted and moved a byte or a word at a time.
#include "bits.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace persona {

std::int64_t count_bits(const std::byte* bits, std::int64_t first, std::int64_t count) {
  const std::int64_t end = first + count;
  std::int64_t ones = 0, i = first;
  for (; i < end && (i & 7) != 0; ++i) ones += bit_at(bits, i);
  for (; i + 64 <= end; i += 64) {
    std::uint64_t word = 0;
    std::memcpy(&word, bits + (i >> 3), sizeof word);
    ones += std::popcount(word);
  }
  for (; i < end; ++i) ones += bit_at(bits, i);
  return ones;
}

void fill_bits(std::byte* bits, std::int64_t first, std::int64_t count, bool on) {
  const std::int64_t end = first + count;
  std::int64_t i = first;
  for (; i < end && (i & 7) != 0; ++i) put_bit(bits, i, on);
  if (const std::int64_t bytes = (end - i) / 8; bytes > 0) {
    std::memset(bits + (i >> 3), on ? 0xff : 0, static_cast<std::size_t>(bytes));
    i += 8 * bytes;
  }
  for (; i < end; ++i) put_bit(bits, i, on);
}

void copy_bits(const std::byte* from, std::int64_t from_bit, std::byte* to, std::int64_t to_bit, std::int64_t count) {
  for (; count > 0 && (to_bit & 7) != 0; --count) put_bit(to, to_bit++, bit_at(from, from_bit++));
  const std::byte* source = from + (from_bit >> 3);
  const int shift = static_cast<int>(from_bit & 7);
  const std::int64_t bytes = count / 8;
  if (shift == 0) {
    std::copy_n(source, bytes, to + (to_bit >> 3));
  } else {
    std::byte* target = to + (to_bit >> 3);
    for (std::int64_t i = 0; i < bytes; ++i) target[i] = source[i] >> shift | source[i + 1] << (8 - shift);
  }
  for (std::int64_t i = 8 * bytes; i < count; ++i) put_bit(to, to_bit + i, bit_at(from, from_bit + i));
}

}  // namespace persona
