//! Ctrl-C as a stop token: one thread waits for the signals, so no handler runs anywhere.
#include "interrupt.hpp"

#include <pthread.h>

namespace persona::cli {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

constexpr int wake_up = SIGUSR1;  // from the destructor

}  // namespace

Interrupt::Interrupt() {
  sigemptyset(&signals_);
  sigaddset(&signals_, wake_up);
  for (const int signal : {SIGINT, SIGTERM})
    if (!is_ignored(signal)) sigaddset(&signals_, signal);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  waiter_ = std::thread([this] {
    for (int signal = 0; sigwait(&signals_, &signal) == 0 && !over_;)  // others may send `wake_up` too
      if (signal != wake_up) stop_.request_stop();
  });
}

Interrupt::~Interrupt() {
  over_ = true;
  pthread_kill(waiter_.native_handle(), wake_up);
  waiter_.join();
}

void on_closed_pipe(ClosedPipe what) {
  std::signal(SIGPIPE, what == ClosedPipe::fails ? SIG_IGN : SIG_DFL);
}

}  // namespace persona::cli
