//! Ctrl-C while the main thread of Python is in a call of the library.
#include "interrupt_watch.hpp"

#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>

#include <semaphore.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace persona::python {
namespace py = pybind11;
namespace {

struct WatchedCall {
  std::uint64_t number;
  std::stop_source source;
};

// A thread that stops calls, as a signal handler may not. It belongs to one process and is never ended.
class Watcher {
 public:
  // @param parent  of the process that forked us: where it did so in a call, its handler is still there
  explicit Watcher(const Watcher* parent) : process(::getpid()) {
    if (parent != nullptr) before_ = parent->before_;
    sem_init(&arrived_, 0, 0);
    std::thread([this] { serve(); }).detach();
  }

  void add(const std::stop_source& source) {
    const std::lock_guard lock(mutex_);
    calls_.push_back({++last_, source});
    if (calls_.size() == 1) install();
  }

  void remove() {
    const std::lock_guard lock(mutex_);
    if (!calls_.empty()) calls_.pop_back();  // else it began before the fork
    if (calls_.empty()) sigaction(SIGINT, &before_, nullptr);
  }

  void on_signal(int signal) {  // of any thread, at any point
    interrupted_ = last_.load();
    sem_post(&arrived_);
    if (before_.sa_handler != SIG_DFL && before_.sa_handler != SIG_IGN) before_.sa_handler(signal);
  }

  const pid_t process;

 private:
  void install();

  void serve() {
    for (;;) {
      while (sem_wait(&arrived_) != 0) continue;
      std::vector<WatchedCall> calls;
      {
        const std::lock_guard lock(mutex_);
        calls = calls_;
      }
      for (auto& call : calls)  // not those that began after the signal
        if (call.number <= interrupted_) call.source.request_stop();
    }
  }

  sem_t arrived_{};
  std::mutex mutex_;
  std::vector<WatchedCall> calls_;  // one within the other
  std::atomic<std::uint64_t> last_ = 0, interrupted_ = 0;
  struct sigaction before_ {};
};

std::atomic<Watcher*> current_watcher = nullptr;

extern "C" void persona_on_interrupt(int signal) {
  const int kept = errno;
  current_watcher.load()->on_signal(signal);
  errno = kept;
}

void Watcher::install() {
  struct sigaction ours {};
  sigaction(SIGINT, nullptr, &ours);
  if (ours.sa_handler != persona_on_interrupt) before_ = ours;
  ours.sa_handler = persona_on_interrupt;
  sigaction(SIGINT, &ours, nullptr);
}

Watcher& watcher() {
  Watcher* found = current_watcher.load();
  if (found == nullptr || found->process != ::getpid()) current_watcher = found = new Watcher(found);
  return *found;
}

}  // namespace

bool InterruptWatch::suffices() {
  struct sigaction action {};
  for (const int signal : {SIGALRM, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGVTALRM}) {
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) return false;
  }
  sigaction(SIGINT, nullptr, &action);
  if ((action.sa_flags & SA_SIGINFO) != 0) return false;
  static py::gil_safe_call_once_and_store<py::module_> signals;  // not "signal", which makes enumerators of all
  signals.call_once_and_store_result([] { return py::module_::import("_signal"); });
  const py::module_& known = signals.get_stored();
  return known.attr("getsignal")(SIGINT).is(known.attr("default_int_handler"));
}

InterruptWatch::InterruptWatch() {
  watcher().add(source_);
}

InterruptWatch::~InterruptWatch() {
  watcher().remove();
}

}  // namespace persona::python
