//! Counter-based random bits: Threefry2x64-20. A draw is a pure function of (seed, attribute, purpose, person).
//! @source{Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"}
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace persona {

//! One stream of draws: the key is (seed, attribute), the second counter word is the purpose.
struct StreamKey {
  std::uint64_t seed = 0;
  std::uint64_t attribute = 0;  //!< stream_id of its name
  std::uint64_t purpose = 0;    //!< what is drawn, and the how manieth attempt
};

//! Depends on the name alone: adding, removing or moving other attributes changes no draw of this one.
constexpr std::uint64_t stream_id(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, then mixed so that near names are far apart
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

namespace threefry {

inline constexpr int rotations[8] = {16, 42, 12, 31, 16, 32, 24, 21};
inline constexpr std::uint64_t parity = 0x1BD11BDAA9FC1A22u;

struct Pair {
  std::uint64_t first, second;
};

//! One block of two words. The kernels in kernels.inc do the same on many counters at once.
inline Pair block(const StreamKey& key, std::uint64_t counter) {
  const std::uint64_t keys[3] = {key.seed, key.attribute, parity ^ key.seed ^ key.attribute};
  std::uint64_t x0 = counter + keys[0], x1 = key.purpose + keys[1];
  for (int round = 0; round < 20; ++round) {
    x0 += x1;
    x1 = std::rotl(x1, rotations[round & 7]) ^ x0;
    if ((round & 3) == 3) {
      const int injection = round / 4 + 1;
      x0 += keys[injection % 3];
      x1 += keys[(injection + 1) % 3] + static_cast<std::uint64_t>(injection);
    }
  }
  return {x0, x1};
}

//! Word `row` of the stream: two words a block.
inline std::uint64_t word(const StreamKey& key, std::uint64_t row) {
  const Pair pair = block(key, row >> 1);
  return (row & 1) != 0 ? pair.second : pair.first;
}

}  // namespace threefry
}  // namespace persona
