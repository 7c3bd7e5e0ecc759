//! A clock that goes when a test says so.
#pragma once

#include <persona/core/clock.hpp>

#include <chrono>
#include <memory>

namespace persona::testing {

//! Stands still until it is advanced; or, with `jump`, goes to the end of every wait at once, so that
//! a test of one thread never waits.
class FakeClock final : public Clock {
 public:
  PERSONA_EXPORT explicit FakeClock(bool jump = true);
  PERSONA_EXPORT ~FakeClock() override;

  PERSONA_EXPORT std::chrono::steady_clock::time_point now() const override;
  PERSONA_EXPORT std::chrono::system_clock::time_point today() const override;
  PERSONA_EXPORT void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                                 std::chrono::steady_clock::time_point time, const std::stop_token& stop) override;

  PERSONA_EXPORT void advance(std::chrono::steady_clock::duration time);
  PERSONA_EXPORT std::chrono::steady_clock::duration waited() const;  //!< in all, by all threads

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace persona::testing
