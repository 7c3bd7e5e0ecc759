//! Long calls that let other threads of Python run, and that Ctrl-C ends.
#include "interruptible.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace persona::python {
namespace py = pybind11;
namespace {

// What the worker has to say to the thread that waits for it.
class Desk final : public Observer {
 public:
  void on_progress(const Progress& progress) override {
    const std::lock_guard lock(mutex_);
    done_ = progress.done;
    total_ = progress.total;
  }

  void finish(std::exception_ptr failure) {
    {
      const std::lock_guard lock(mutex_);
      failure_ = std::move(failure);
      finished_ = true;
    }
    changed_.notify_all();
  }

  // True once the work is over.
  bool wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return finished_; });
  }

  std::pair<std::uint64_t, std::uint64_t> progress() {
    const std::lock_guard lock(mutex_);
    return {done_, total_};
  }

  const std::exception_ptr& failure() const { return failure_; }  // once finished

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t done_ = 0, total_ = 0;
  bool finished_ = false;
  std::exception_ptr failure_;
};

// With the GIL. @return whether there was news to tell
void tell(const py::object& progress, Desk& desk, std::pair<std::uint64_t, std::uint64_t>& told) {
  if (progress.is_none()) return;
  const auto now = desk.progress();
  if (now == told || now == std::pair<std::uint64_t, std::uint64_t>{}) return;
  told = now;
  progress(now.first, now.second);
}

}  // namespace

void run_interruptible(const std::function<void(const Context&)>& work, const py::object& progress) {
  Desk desk;
  std::pair<std::uint64_t, std::uint64_t> told{};
  const py::gil_scoped_release release;
  std::jthread worker([&](const std::stop_token& stop) {
    std::exception_ptr failure;
    try {
      work({.stop = stop, .observer = &desk});
    } catch (...) {
      failure = std::current_exception();
    }
    desk.finish(failure);
  });
  // An exception from here on stops and joins the worker, still without the GIL.
  for (bool over = false; !over;) {
    over = desk.wait(std::chrono::milliseconds(50));
    const py::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    tell(progress, desk, told);
  }
  worker.join();
  if (desk.failure()) std::rethrow_exception(desk.failure());
}

}  // namespace persona::python
