//! A batch of people while it is drawn, and one person alone.
#pragma once

#include "chunk.hpp"

#include <persona/core/context.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace persona {

//! Owns the memory that the slots of all chunks point into, and makes columns of it.
class BatchBuilder {
 public:
  BatchBuilder(const PopulationModel::Compiled& compiled, std::uint64_t rows, Population recycled);
  ~BatchBuilder();

  //! Outputs of the chunk that begins at this row of the batch. Any thread.
  std::vector<SlotOutput> slots(std::size_t row) const;

  Result<Population> finish(Origin origin) &&;

 private:
  struct ColumnMemory;
  Column finish_column(std::size_t attribute, std::uint64_t start);

  const PopulationModel::Compiled& compiled_;
  std::size_t rows_;
  std::vector<std::unique_ptr<ColumnMemory>> columns_;
};

//! A batch as part of a longer stream.
struct BatchProgress {
  std::uint64_t done_before = 0, total = 0;
  std::uint64_t* candidates = nullptr;  //!< added to: rows drawn, accepted or not
};

Result<Population> draw_batch(const PopulationModel::Compiled& compiled, const GenerateOptions& options,
                              Population recycled, const Context& context, BatchProgress progress);

Result<Persona> draw_person(const PopulationModel::Compiled& compiled, ChunkSampler& sampler, std::uint64_t seed,
                            std::uint64_t index);

}  // namespace persona
