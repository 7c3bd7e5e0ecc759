//! Callers who wait their turn: greater priority first, then who came first.
#pragma once

#include <persona/core/clock.hpp>

#include "instant.hpp"

#include <condition_variable>
#include <cstdint>
#include <iterator>
#include <map>
#include <mutex>
#include <stop_token>
#include <utility>

namespace persona::llm {

//! Every member is called under the lock of its owner.
class WaitingLine {
 public:
  class Place;

  bool empty() const { return places_.empty(); }
  //! To be called whenever the first may go.
  void wake_first() {
    if (!empty()) places_.begin()->second->notify_all();
  }

 private:
  using Key = std::pair<std::int64_t, std::uint64_t>;
  std::map<Key, std::condition_variable_any*> places_;
  std::uint64_t next_ = 0;
};

//! A caller's own, from coming to going.
class WaitingLine::Place {
 public:
  Place(WaitingLine& line, int priority) : line_(line), key_(-std::int64_t{priority}, line.next_++) {
    line_.places_.emplace(key_, &changed_);
  }
  ~Place() {
    const bool was_first = is_first();
    line_.places_.erase(key_);
    if (was_first) line_.wake_first();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool is_first() const { return line_.places_.begin()->first == key_; }

  std::int64_t ahead() const { return std::distance(line_.places_.begin(), line_.places_.find(key_)); }

  void wait(Clock& clock, std::unique_lock<std::mutex>& lock, Instant until, const std::stop_token& stop) {
    clock.wait_until(lock, changed_, until, stop);
  }

 private:
  WaitingLine& line_;
  Key key_;
  std::condition_variable_any changed_;
};

}  // namespace persona::llm
