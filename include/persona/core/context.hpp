//! How a long call is watched and stopped.
#pragma once

#include <persona/core/observer.hpp>
#include <persona/core/result.hpp>

#include <chrono>
#include <stop_token>

namespace persona {

//! Passed to every long call; the default is never stopped and watched by nobody.
struct Context {
  std::stop_token stop = {};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  Observer* observer = nullptr;  //!< not owned

  //! @errors cancelled, deadline_exceeded
  [[nodiscard]] PERSONA_EXPORT Status check() const;

  void progress(const Progress& progress) const {
    if (observer != nullptr) observer->on_progress(progress);
  }
};

//! How many threads a call may use; 0 is one per processor. Results never depend on it.
struct Parallelism {
  unsigned threads = 0;
};

}  // namespace persona
