//! Time, so that tests can own it.
#pragma once

#include <persona/core/config.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

namespace persona {

//! What waits and what expires asks a clock. Every member may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual std::chrono::steady_clock::time_point now() const = 0;    //!< for durations and deadlines
  virtual std::chrono::system_clock::time_point today() const = 0;  //!< for dates

  //! Waits until `changed` is notified, the time has come, or `stop` is triggered. May wake early.
  virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                          std::chrono::steady_clock::time_point time, const std::stop_token& stop) = 0;

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

//! The machine's.
PERSONA_EXPORT std::shared_ptr<Clock> system_clock();

//! Waits for a time. @return whether it came before `stop` was triggered
PERSONA_EXPORT bool sleep_until(Clock& clock, std::chrono::steady_clock::time_point time, const std::stop_token& stop);

}  // namespace persona
