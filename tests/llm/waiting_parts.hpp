//! What shows a test who waits.
#pragma once

#include <persona/core/clock.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace persona::testing {

//! Lets calls in and holds them until they are let go, in the order they came.
class Gate {
 public:
  void pass(int who) {
    std::unique_lock lock(mutex_);
    came_.push_back(who);
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_ > 0; });
    --open_;
  }
  void let_go(int calls) {
    const std::lock_guard lock(mutex_);
    open_ += calls;
    changed_.notify_all();
  }
  std::vector<int> await(std::size_t calls) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return came_.size() >= calls; });
    return came_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> came_;
  int open_ = 0;
};

//! Knows how many callers have begun to wait.
class WatchedClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return machine_->now(); }
  std::chrono::system_clock::time_point today() const override { return machine_->today(); }
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                  std::chrono::steady_clock::time_point time, const std::stop_token& stop) override {
    ++waits_;
    machine_->wait_until(lock, changed, time, stop);
  }
  void await(int waits) const {
    while (waits_ < waits) std::this_thread::yield();
  }

 private:
  std::shared_ptr<Clock> machine_ = system_clock();
  std::atomic<int> waits_ = 0;
};

}  // namespace persona::testing
