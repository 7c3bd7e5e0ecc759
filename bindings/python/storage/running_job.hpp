//! What a handler written in Python is given.
#pragma once

#include "callback.hpp"
#include "llm/call_context.hpp"

#include <persona/storage/worker.hpp>

#include <pybind11/pybind11.h>

#include <memory>
#include <mutex>
#include <stop_token>

namespace persona::python {

//! A RunningJob that Python may keep for longer than it runs.
class PythonJob {
 public:
  explicit PythonJob(const RunningJob& running)
      : job_(running.job()), context_(running.context()), running_(&running) {}

  const Job& job() const { return job_; }
  CallContext context() const { return CallContext(context_); }
  void progress(double share) const;  //!< raises ValueError where it is not 0 .. 1

  //! Calls the function when the job is to end early, with the GIL, on whatever thread says so; at once where it was
  //! said already, and not at all once it has ended.
  void call_on_stop(pybind11::object function);

  //! Without the GIL: waits for a function that is being called.
  void end();

 private:
  struct Call {
    Callback function;
    void operator()() const;
  };
  using Watch = std::stop_callback<Call>;

  const Job job_;
  const Context context_;
  mutable std::mutex mutex_;
  const RunningJob* running_;  // null once it has ended
  std::unique_ptr<Watch> watch_;
};

}  // namespace persona::python
