//! Orders that a seed decides.
#pragma once

#include "population/rng.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::prompt {

//! Places of 0 .. count - 1, shuffled; other purposes give other orders of the same seed.
inline std::vector<std::size_t> random_ranks(std::size_t count, std::uint64_t seed, std::string_view purpose) {
  std::vector<std::size_t> ranks(count);
  const StreamKey key{seed, stream_id(purpose), 0};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = threefry::word(key, i) % (i + 1);
    ranks[i] = i;
    std::swap(ranks[i], ranks[at]);
  }
  return ranks;
}

}  // namespace persona::prompt
