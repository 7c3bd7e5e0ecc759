//! What a handler written in Python is given.
#include "storage/running_job.hpp"

#include <utility>

namespace persona::python {
namespace py = pybind11;

void PythonJob::progress(double share) const {
  if (!(share >= 0 && share <= 1)) throw py::value_error("progress is a share, 0 to 1");
  const std::lock_guard lock(mutex_);
  if (running_ != nullptr) running_->progress(share);
}

void PythonJob::Call::operator()() const {
  if (!python_runs()) return;
  const py::gil_scoped_acquire acquire;
  try {
    function.function()();
  } catch (py::error_already_set& raised) {
    tell_unraisable(raised, py::str("the end of a job"));
  }
}

void PythonJob::call_on_stop(py::object function) {
  auto watch = std::make_unique<Watch>(context_.stop, Call{Callback(std::move(function))});
  {
    const std::lock_guard lock(mutex_);
    if (running_ != nullptr) watch_.swap(watch);
  }
  const py::gil_scoped_release release;  // the one that is not needed may be at work
  watch.reset();
}

void PythonJob::end() {
  std::unique_ptr<Watch> watch;
  const std::lock_guard lock(mutex_);
  running_ = nullptr;
  watch.swap(watch_);
}

}  // namespace persona::python
