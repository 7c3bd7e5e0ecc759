//! How many calls of the last while failed.
#pragma once

#include "instant.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace persona::llm {

//! A rolling window of ten slices: an outcome counts for nine tenths of the window to all of it.
class OutcomeWindow {
 public:
  explicit OutcomeWindow(Span window) : slice_(std::max<Span>(window / slices, Span(1))) {}

  void add(Instant now, bool failed) {
    Slice& slice = counts_[static_cast<std::size_t>(number(now)) % slices];
    if (slice.number != number(now)) slice = {number(now), 0, 0};
    slice.calls += 1;
    slice.failures += failed ? 1 : 0;
  }

  //! @return whether there were enough calls, and too many of them failed
  bool is_bad(Instant now, int least_calls, double failure_share) const {
    std::int64_t calls = 0, failures = 0;
    for (const Slice& slice : counts_) {
      if (slice.number <= number(now) - slices) continue;
      calls += slice.calls;
      failures += slice.failures;
    }
    return failures > 0 && calls >= least_calls &&
           static_cast<double>(failures) >= failure_share * static_cast<double>(calls);
  }

  void clear() { counts_ = {}; }

 private:
  static constexpr int slices = 10;
  struct Slice {
    std::int64_t number = -slices - 1;  // of the slice of time that is counted here
    std::int64_t calls = 0, failures = 0;
  };

  std::int64_t number(Instant now) const { return now.time_since_epoch() / slice_; }

  Span slice_;
  std::array<Slice, slices> counts_ = {};
};

}  // namespace persona::llm
