//! Calls that wait for others: without the GIL, and ended by Ctrl-C.
#include "call.hpp"

#include "interrupt_watch.hpp"
#include "kept_object.hpp"

#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>

#include <unistd.h>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace persona::python {
namespace py = pybind11;
namespace {

using Clockwork = std::chrono::steady_clock;

// A thread that does one piece of work after another. It is never ended: at the end of the process it waits.
class Helper {
 public:
  Helper() {
    std::thread([this] { serve(); }).detach();
  }

  void start(const std::function<void()>& work) {
    {
      const std::lock_guard lock(mutex_);
      work_ = &work;
    }
    changed_.notify_all();
  }

  bool is_done(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return work_ == nullptr; });
  }

  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return work_ == nullptr; });
  }

 private:
  void serve() {
    for (std::unique_lock lock(mutex_);;) {
      changed_.wait(lock, [&] { return work_ != nullptr; });
      lock.unlock();
      (*work_)();
      lock.lock();
      work_ = nullptr;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* work_ = nullptr;
};

// Helpers at rest, those of this process: a forked child has none of its parent's threads. With the GIL.
struct Pool {
  pid_t process = 0;
  std::vector<Helper*> idle;
};

Helper* take_helper(Pool& pool) {
  if (pool.process != ::getpid()) pool = {::getpid(), {}};
  if (pool.idle.empty()) return new Helper;
  Helper* helper = pool.idle.back();
  pool.idle.pop_back();
  return helper;
}

Pool& helpers() {
  static Pool pool;
  return pool;
}

// Looked up once: an import of what is there already takes as long as all else here.
bool is_main_thread() {
  static py::gil_safe_call_once_and_store<py::object> main_thread;
  main_thread.call_once_and_store_result([] { return py::module_::import("threading").attr("main_thread"); });
  return main_thread.get_stored()().attr("ident").cast<unsigned long>() == PyThread_get_thread_ident();
}

// Both the caller's own stop and Ctrl-C end the call.
class Stop {
 public:
  explicit Stop(const CallContext* context, std::stop_source own = std::stop_source{})
      : given_(context != nullptr ? context->context() : Context{}),
        source_(std::move(own)),
        callback_(given_.stop, Request{&source_}) {}
  Context context() const { return {.stop = source_.get_token(), .deadline = given_.deadline}; }
  void request_stop() { source_.request_stop(); }

 private:
  struct Request {
    std::stop_source* source;
    void operator()() const { source->request_stop(); }
  };
  Context given_;
  std::stop_source source_;
  std::stop_callback<Request> callback_;
};

// Without the GIL; takes it every 50 ms.
void wait_for(Helper& helper, Stop& stop) {
  while (!helper.is_done(std::chrono::milliseconds(50))) {
    const py::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() == 0) continue;
    stop.request_stop();
    const py::error_already_set raised;
    const py::gil_scoped_release release;
    helper.wait();
    const py::gil_scoped_acquire again;
    throw raised;
  }
}

void run_on_helper(const std::function<void(const Context&)>& work, const CallContext* context) {
  Stop stop(context);
  std::exception_ptr failure;
  const std::function<void()> guarded = [&] {
    try {
      work(stop.context());
    } catch (...) {
      failure = std::current_exception();
    }
  };
  Helper* helper = take_helper(helpers());
  const auto give_back = [&](Helper* done) { helpers().idle.push_back(done); };
  const std::unique_ptr<Helper, decltype(give_back)> lent(helper, give_back);
  {
    const py::gil_scoped_release release;
    helper->start(guarded);
    wait_for(*helper, stop);
  }
  if (failure) std::rethrow_exception(failure);
}

// For threads that Python may not wait for: where it ends meanwhile, they stay as they are. Taking the GIL would end
// the thread in the middle of C++.
class WithoutGil {
 public:
  WithoutGil() : state_(PyEval_SaveThread()) {}
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;
  ~WithoutGil() {
    while (!python_runs()) ::pause();
    PyEval_RestoreThread(state_);
  }

 private:
  PyThreadState* state_;
};

void run_here(const std::function<void(const Context&)>& work, const CallContext* context) {
  const InterruptWatch watch;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();  // Python was told, and no line of it ran since
  {
    const py::gil_scoped_release release;  // also at the end of `stop`, which waits for who triggers it
    const Stop stop(context, watch.source());
    work(stop.context());
  }
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

}  // namespace

CallContext::CallContext(std::optional<double> timeout, const CallContext* parent)
    : source_(), stop_(source_.get_token()) {
  if (parent != nullptr) {
    deadline_ = parent->deadline_;
    link_ = std::make_shared<std::stop_callback<Pass>>(parent->stop_, Pass{source_});
  }
  if (!timeout) return;
  if (!(*timeout >= 0)) throw py::value_error("timeout is a number of seconds, at least 0");
  if (*timeout > 1e8) return;
  const auto time = std::chrono::round<Clockwork::duration>(std::chrono::duration<double>(*timeout));
  deadline_ = std::min(deadline_, Clockwork::now() + time);
}

void CallContext::request_stop() {
  if (!source_.stop_possible()) throw py::value_error("a context that was handed down cannot be stopped from below");
  source_.request_stop();
}

std::optional<double> CallContext::remaining() const {
  if (deadline_ == Clockwork::time_point::max()) return {};
  return std::max(0.0, std::chrono::duration<double>(deadline_ - Clockwork::now()).count());
}

void run_call(const std::function<void(const Context&)>& work, const CallContext* context) {
  if (is_main_thread()) return InterruptWatch::suffices() ? run_here(work, context) : run_on_helper(work, context);
  const WithoutGil release;
  work(context != nullptr ? context->context() : Context{});
}

void run_in_place(const std::function<void()>& work) {
  if (is_main_thread()) {  // it may be the one that ends Python
    const py::gil_scoped_release release;
    return work();
  }
  const WithoutGil release;
  work();
}

}  // namespace persona::python
