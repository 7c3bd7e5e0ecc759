//! Draws the attributes of up to 1024 people, one attribute after the other.
#pragma once

#include "sampler_tables.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace persona {

//! Where a chunk's values of one attribute go: `count` of them, typed as the slot, and a byte per person
//! that is 1 where the value is known (null where it always is).
struct SlotOutput {
  void* values = nullptr;
  std::uint8_t* valid = nullptr;
};

//! Scratch memory and expression machines of one thread. Not thread safe; reused from chunk to chunk.
class ChunkSampler {
 public:
  explicit ChunkSampler(const PopulationModel::Compiled& compiled);
  ~ChunkSampler();
  ChunkSampler(ChunkSampler&&) noexcept;

  //! Draws people until each satisfies the constraints. @return candidates drawn, or 0 where some person
  //! satisfied them in none of very many attempts
  std::uint64_t draw(const Kernels& kernels, std::uint64_t seed, const Rows& rows, std::span<const SlotOutput> out);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

//! Appends the text that a slot of a full name or an e-mail address stands for.
void append_identity_text(const PopulationModel::Compiled& compiled, std::size_t attribute, std::uint64_t slot,
                          std::uint64_t index, std::string& out);

}  // namespace persona
