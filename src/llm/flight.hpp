//! One call that several wait for.
#pragma once

#include "held_delta.hpp"
#include "keyed_provider.hpp"

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>

namespace persona::llm {

//! Begins with one caller, its leader. Any thread may use it.
class Flight {
 public:
  explicit Flight(std::chrono::steady_clock::time_point deadline) : deadline_(deadline) {}

  //! @return false: it is over, or was given up
  bool join();

  //! The last to leave stops the work. @return whether somebody is left
  bool leave();

  //! What the leader was shown.
  void add(const Delta& delta);
  void land(Result<CacheAnswer> result);

  //! The next piece after the first `shown`, or null at the end. Pieces stay where they are.
  //! @errors cancelled, deadline_exceeded: of the one who waits
  Result<const HeldDelta*> next(std::size_t shown, Clock& clock, const Context& context);

  //! After `next` gave null, or `land`.
  const Result<CacheAnswer>& result() const { return *result_; }
  std::stop_token stop() const { return stop_.get_token(); }
  std::chrono::steady_clock::time_point deadline() const { return deadline_; }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<HeldDelta> pieces_;
  std::optional<Result<CacheAnswer>> result_;
  std::stop_source stop_;
  const std::chrono::steady_clock::time_point deadline_;
  int callers_ = 1;
};

}  // namespace persona::llm
