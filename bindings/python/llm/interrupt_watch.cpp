//! Ctrl-C while the main thread of Python is in a call of the library.
#include "interrupt_watch.hpp"

#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>

#include <semaphore.h>
#include <unistd.h>
#include <algorithm>
#include <array>
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
    sem_init(&arrived_, 0, 0);
    if (parent != nullptr)
      before_ = parent->before_;
    else
      sigaction(SIGINT, nullptr, &before_);
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

  void on_signal(int signal, siginfo_t* info, void* where) {  // of any thread, at any point
    interrupted_ = last_.load();
    sem_post(&arrived_);
    if ((before_.sa_flags & SA_SIGINFO) != 0) return before_.sa_sigaction(signal, info, where);
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

extern "C" void persona_on_interrupt(int signal, siginfo_t* info, void* where) {
  const int kept = errno;
  current_watcher.load()->on_signal(signal, info, where);
  errno = kept;
}

void Watcher::install() {
  // Of the flags before, the last ones seen: they are Python's own, and asking first would be a call more.
  struct sigaction found {};
  struct sigaction ours = before_;
  ours.sa_sigaction = persona_on_interrupt;
  ours.sa_flags |= SA_SIGINFO;
  sigaction(SIGINT, &ours, &found);
  const bool is_ours = (found.sa_flags & SA_SIGINFO) != 0 && found.sa_sigaction == persona_on_interrupt;
  if (!is_ours) before_ = found;  // else it is that of the process that forked us
}

Watcher& watcher() {
  Watcher* found = current_watcher.load();
  if (found == nullptr || found->process != ::getpid()) current_watcher = found = new Watcher(found);
  return *found;
}

}  // namespace

bool InterruptWatch::suffices() {
  // What Python knows of its handlers, without a call of the system: this is asked before every call.
  struct Known {
    py::object handler_of, raises_interrupt;
  };
  static py::gil_safe_call_once_and_store<Known> store;
  store.call_once_and_store_result([] {
    const auto signals = py::module_::import("_signal");  // not "signal", which makes enumerators of all
    return Known{signals.attr("getsignal"), signals.attr("default_int_handler")};
  });
  const Known& known = store.get_stored();
  if (!known.handler_of(SIGINT).is(known.raises_interrupt)) return false;
  return std::ranges::none_of(std::array{SIGALRM, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGVTALRM}, [&](int signal) {
    return PyCallable_Check(known.handler_of(signal).ptr()) != 0;  // else a number, or None for one of C
  });
}

InterruptWatch::InterruptWatch() {
  watcher().add(source_);
}

InterruptWatch::~InterruptWatch() {
  watcher().remove();
}

}  // namespace persona::python
