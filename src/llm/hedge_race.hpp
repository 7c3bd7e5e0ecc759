//! Two requests for one answer: whoever begins first has it.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/reply.hpp>

#include "instant.hpp"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>

namespace persona::llm {

//! Shared by the two threads of a hedged call.
class HedgeRace {
 public:
  explicit HedgeRace(Clock& clock) : clock_(clock), start_(clock.now()) {}

  //! The answer begins. @return whether it is the one; the other is stopped then
  bool claim(std::size_t runner) {
    bool is_new = false;
    {
      const std::lock_guard lock(mutex_);
      if (!winner_) {
        is_new = true;
        winner_ = runner;
        won_after_ = clock_.now() - start_;
      }
      if (winner_ != runner) return false;
    }
    if (is_new) stops_[1 - runner].request_stop();
    changed_.notify_all();
    return true;
  }

  //! The first request has ended, well or not: a second comes too late.
  void first_is_over() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
  }

  void stop_both() {
    for (auto& stop : stops_) stop.request_stop();
  }

  //! @return whether the first is late: nothing has begun nor ended, and nobody stopped the call
  bool wait_until_late(Span delay) {
    const auto late = later(start_, delay);
    const auto stop = token(1);
    std::unique_lock lock(mutex_);
    while (!winner_ && !is_over_ && !stop.stop_requested() && clock_.now() < late) {
      clock_.wait_until(lock, changed_, late, stop);
    }
    return !winner_ && !is_over_ && !stop.stop_requested();
  }

  std::stop_token token(std::size_t runner) const { return stops_[runner].get_token(); }
  //! For when both have ended.
  std::optional<std::size_t> winner() const { return winner_; }
  Span won_after() const { return won_after_; }

 private:
  Clock& clock_;
  Instant start_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<std::size_t> winner_ = {};
  Span won_after_ = {};
  bool is_over_ = false;
  std::array<std::stop_source, 2> stops_;
};

}  // namespace persona::llm
