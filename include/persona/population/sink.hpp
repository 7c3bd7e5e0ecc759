//! Where generated people go, batch by batch.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/population.hpp>

namespace persona {

//! Takes batches in order. Not thread safe: one caller at a time.
//!
//! What was appended appears all at once when `finish` succeeds; a sink destroyed before that leaves
//! nothing behind.
class PopulationSink {
 public:
  virtual ~PopulationSink() = default;

  //! Batches have the same columns. @errors io, invalid_argument
  [[nodiscard]] virtual Status append(const Population& batch) = 0;

  //! Once, after the last batch. @errors io
  [[nodiscard]] virtual Status finish() = 0;

 protected:
  PopulationSink() = default;
  PopulationSink(const PopulationSink&) = default;
  PopulationSink& operator=(const PopulationSink&) = default;
};

}  // namespace persona
