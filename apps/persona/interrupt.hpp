//! Ctrl-C as a stop token.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace persona::cli {

//! While it lives, SIGINT and SIGTERM trigger `token()` instead of ending the process. Made before
//! any other thread, so that all of them inherit the blocked signals. A signal that was ignored
//! when the process began, as under nohup, stays ignored.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t signals_;
  std::stop_source stop_;
  std::atomic<bool> over_ = false;
  std::thread waiter_;
};

//! What a write to a closed pipe does: end the process as other filters do, or fail like any write.
enum class ClosedPipe { ends_process, fails };
void on_closed_pipe(ClosedPipe what);

}  // namespace persona::cli
