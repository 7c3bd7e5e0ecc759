//! Runs of bits as Arrow packs them: lowest bit of the first byte first.
#pragma once

#include <cstddef>
#include <cstdint>

namespace persona {

inline bool bit_at(const std::byte* bits, std::int64_t i) {
  return ((std::to_integer<unsigned>(bits[i >> 3]) >> (i & 7)) & 1U) != 0;
}

inline void set_bit(std::byte* bits, std::int64_t i) {
  bits[i >> 3] |= std::byte{1} << (i & 7);
}
inline void clear_bit(std::byte* bits, std::int64_t i) {
  bits[i >> 3] &= ~(std::byte{1} << (i & 7));
}
inline void put_bit(std::byte* bits, std::int64_t i, bool on) {
  on ? set_bit(bits, i) : clear_bit(bits, i);
}

//! Bytes that hold `count` bits.
inline std::size_t bit_bytes(std::int64_t count) {
  return static_cast<std::size_t>((count + 7) / 8);
}

//! How many of the bits first .. first + count - 1 are set.
std::int64_t count_bits(const std::byte* bits, std::int64_t first, std::int64_t count);

//! Sets the bits first .. first + count - 1 to one value; the others keep theirs.
void fill_bits(std::byte* bits, std::int64_t first, std::int64_t count, bool on);

//! Copies bits between any two positions of different memory; the other bits of `to` keep their values.
void copy_bits(const std::byte* from, std::int64_t from_bit, std::byte* to, std::int64_t to_bit, std::int64_t count);

}  // namespace persona
