//! So many a minute, and what the provider says is left.
#pragma once

#include "instant.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace persona::llm {

//! A bucket that fills evenly and may go below zero, where a call took more than it reserved. Every member
//! is called under the lock of its owner, and with times that do not go back.
class RateBucket {
 public:
  static constexpr std::int64_t most = 1'000'000'000'000;  //!< amounts that sums cannot overflow with

  RateBucket(std::optional<std::int64_t> per_minute, Instant now)
      : limit_(per_minute), level_(static_cast<double>(per_minute.value_or(0))), seen_(now) {}

  bool never_fits(std::int64_t amount) const { return limit_ && amount > *limit_; }

  //! @param returning  what calls under way may still give back
  Instant fits_at(std::int64_t amount, std::int64_t returning, Instant now) {
    pass(now);
    auto ready = now;
    const double lacking = static_cast<double>(amount - returning) - level_;
    if (limit_ && lacking > rounding) {
      ready = later(now, seconds_of(*limit_ > 0 ? lacking * 60 / static_cast<double>(*limit_) : 1e10));
    }
    if (left_ && *left_ + returning < amount) ready = std::max(ready, reset_);
    return ready;
  }

  void take(std::int64_t amount) { give_back(-amount); }

  //! What a reservation turned out to be too much; less than zero where it was not enough.
  void give_back(std::int64_t amount) {
    if (limit_) level_ = std::min(static_cast<double>(*limit_), level_ + static_cast<double>(amount));
    if (left_) *left_ += amount;
  }

  //! The provider's own count, which holds until it starts anew.
  void allow(std::int64_t left, Instant reset, Instant now) {
    pass(now);
    left_ = std::clamp(left, -most, most);
    reset_ = reset;
  }

  std::int64_t reserved = 0;  //!< by calls under way

 private:
  static constexpr double rounding = 1e-6;

  void pass(Instant now) {
    if (limit_ && now > seen_) {
      const double full = static_cast<double>(*limit_);
      level_ = std::min(full, level_ + std::chrono::duration<double>(now - seen_).count() * full / 60);
    }
    seen_ = std::max(seen_, now);
    if (left_ && seen_ >= reset_) left_.reset();
  }

  std::optional<std::int64_t> limit_;
  double level_;
  Instant seen_;
  std::optional<std::int64_t> left_ = {};
  Instant reset_ = {};
};

}  // namespace persona::llm
