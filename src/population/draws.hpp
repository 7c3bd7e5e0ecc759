//! Random bits for a set of people.
#pragma once

#include "kernels.hpp"

#include <bit>
#include <cstdint>

namespace persona {

//! What a stream's words are for; attempts of a rejected person add to it.
enum class Purpose : std::uint64_t { value = 0, refine = 1, missing = 2, missing_refine = 3 };

//! The people of one chunk: neighbours, or any.
struct Rows {
  std::uint64_t first = 0;
  const std::uint64_t* scattered = nullptr;  //!< their indices, or null where they are first, first + 1 ...
  std::size_t count = 0;

  std::uint64_t operator[](std::size_t i) const { return scattered != nullptr ? scattered[i] : first + i; }
};

//! Who draws: the seed, which attempt at these people it is, and with which kernels.
struct DrawSource {
  const Kernels* kernels = nullptr;
  std::uint64_t seed = 0;
  std::uint64_t attempt = 0;

  StreamKey key(std::uint64_t stream, Purpose purpose) const {
    return {seed, stream, static_cast<std::uint64_t>(purpose) | attempt << 8};
  }
};

inline constexpr std::size_t few_rows = 4;  //!< up to here single words are cheaper than a kernel's lanes

//! Room for a chunk of words and the kernels' overhang.
struct WordScratch {
  alignas(64) std::uint64_t words[chunk_rows + 2 * lane_padding];
};

//! One 64-bit word a person.
inline const std::uint64_t* draw_words(const DrawSource& source, const StreamKey& key, const Rows& rows,
                                       WordScratch& scratch) {
  if (rows.scattered == nullptr && rows.first % 2 == 0 && rows.count > few_rows) {
    source.kernels->words(key, rows.first, rows.count, scratch.words);
  } else {
    for (std::size_t i = 0; i < rows.count; ++i) scratch.words[i] = threefry::word(key, rows[i]);
  }
  return scratch.words;
}

//! Sixteen bits a person, four people a word.
inline const std::uint16_t* draw_lanes(const DrawSource& source, const StreamKey& key, const Rows& rows,
                                       WordScratch& scratch) {
  auto* lanes = reinterpret_cast<std::uint16_t*>(scratch.words);
  static_assert(std::endian::native == std::endian::little);
  if (rows.scattered == nullptr && rows.first % 8 == 0 && rows.count > few_rows) {
    source.kernels->words(key, rows.first / 4, (rows.count + 3) / 4, scratch.words);
  } else {
    for (std::size_t i = 0; i < rows.count; ++i) {
      const std::uint64_t row = rows[i];
      lanes[i] = static_cast<std::uint16_t>(threefry::word(key, row / 4) >> (row % 4 * 16));
    }
  }
  return lanes;
}

}  // namespace persona
