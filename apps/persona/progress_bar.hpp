//! A line on the terminal that says how far a long call has come.
#pragma once

#include <persona/core/observer.hpp>

#include <chrono>

namespace persona::cli {

//! Draws on stderr where that is a terminal, elsewhere it is silent. Taken away when it dies.
class ProgressBar final : public Observer {
 public:
  ProgressBar();
  ~ProgressBar() override;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void on_progress(const Progress& progress) override;

 private:
  using Clock = std::chrono::steady_clock;

  bool visible_;
  bool drawn_ = false;
  Clock::time_point began_ = Clock::now();
  Clock::time_point last_ = {};
};

}  // namespace persona::cli
