//! When a call is late, and whether another may be sent.
#pragma once

#include "instant.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace persona::llm {

//! Times to the beginning of the last 200 answers.
class LatenessWindow {
 public:
  void add(Span time) {
    times_[next_++ % times_.size()] = time;
    known_ = std::min(known_ + 1, times_.size());
  }

  //! None while too few are known to tell.
  std::optional<Span> quantile(double share) const {
    constexpr std::size_t enough = 20;
    if (known_ < enough) return std::nullopt;
    std::vector<Span> sorted(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(known_));
    const auto rank =
        static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(known_ - 1)));
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(rank), sorted.end());
    return sorted[rank];
  }

 private:
  std::array<Span, 200> times_ = {};
  std::size_t next_ = 0, known_ = 0;
};

//! Second requests stay below a share of the calls.
class HedgeAllowance {
 public:
  explicit HedgeAllowance(double share) : share_(share) {}
  void call() { ++calls_; }
  bool may_send() const { return static_cast<double>(sent_ + 1) <= share_ * static_cast<double>(calls_) + 1e-9; }
  bool send() {
    if (!may_send()) return false;
    ++sent_;
    return true;
  }

 private:
  double share_;
  std::int64_t calls_ = 0, sent_ = 0;
};

}  // namespace persona::llm
