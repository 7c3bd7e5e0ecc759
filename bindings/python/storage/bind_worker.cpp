//! Jobs done by functions written in Python.
#include "callback.hpp"
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "storage/bind_rooms.hpp"
#include "storage/document.hpp"
#include "storage/handle.hpp"
#include "storage/running_job.hpp"

#include <persona/storage/worker.hpp>

#include <exception>
#include <map>
#include <string>

namespace persona::python {
namespace py = pybind11;
namespace {

// What is raised while a result is written is the handler's fault, and would be again.
Result<JsonText> result_of(const py::object& result, const std::string& kind) {
  try {
    return json_of(result);
  } catch (py::error_already_set& raised) {
    return fail(Errc::invalid_argument, "the result of '" + kind + "' is no JSON: " + from_raised(raised).message);
  }
}

Result<JsonText> do_job(const Callback& handler, const RunningJob& running) {
  const auto job = std::make_shared<PythonJob>(running);
  const auto work = [&]() -> Result<JsonText> {
    const py::gil_scoped_acquire acquire;
    try {
      return result_of(handler.function()(job), running.job().work.kind);
    } catch (py::error_already_set& raised) {
      return tl::unexpected(from_raised(raised));
    } catch (const std::exception& other) {
      return fail(Errc::internal, other.what());
    }
  };
  Result<JsonText> result = work();
  job->end();
  return result;
}

WorkerReport run(const Handle<JobQueue>& self, const std::map<std::string, py::object>& handlers,
                 const WorkerOptions& options, const CallContext& finish, const CallContext* hurry) {
  if (!self.is_for_good())
    raise({Errc::invalid_argument, "a worker needs a queue of its own, not a transaction's", {}});
  std::map<std::string, JobHandler> made;
  for (const auto& [kind, function] : handlers)
    made.emplace(kind, [handler = Callback(function)](const RunningJob& job) { return do_job(handler, job); });
  const auto queue = self.use();
  const auto work = [&](const Context& at_once) {
    std::stop_source stop;
    const auto request = [&] { stop.request_stop(); };
    const std::stop_callback finished(finish.context().stop, request), hurried(at_once.stop, request);
    return run_worker(*queue, made, options, stop.get_token(), at_once.stop);
  };
  return call(work, hurry);
}

void bind_options(py::module_& m) {
  bind_fields<WorkerOptions>(
      m, "WorkerOptions",
      "name: for people, \"\" is the machine and process; threads: jobs at the same time; lease: seconds, a sign of\n"
      "life is given three times in it; poll: seconds it waits at most before it looks again.",
      text_field("queue", &WorkerOptions::queue), text_field("name", &WorkerOptions::name),
      field("threads", &WorkerOptions::threads), field("lease", &WorkerOptions::lease),
      field("poll", &WorkerOptions::poll));
  bind_fields<WorkerReport>(m, "WorkerReport", "How many attempts ended how. lost: another had taken them over.",
                            field("completed", &WorkerReport::completed), field("failed", &WorkerReport::failed),
                            field("cancelled", &WorkerReport::cancelled), field("lost", &WorkerReport::lost));
}

}  // namespace

void bind_worker(py::module_& module) {
  bind_options(module);
  py::class_<PythonJob, std::shared_ptr<PythonJob>>(module, "RunningJob",
                                                    "What a handler is given: the job, and a way to say how far it is.")
      .def_property_readonly("job", &PythonJob::job, "The Job as it was claimed.")
      .def_property_readonly(
          "arguments", [](const PythonJob& self) { return object_of(self.job().work.arguments); },
          "With what, as JSON has it.")
      .def_property_readonly(
          "context", &PythonJob::context,
          "Stopped when the job is cancelled, when its lease was lost, and when the worker must stop at once.")
      .def("progress", &PythonJob::progress, py::arg("share"),
           "How far it is, 0 to 1; told to the queue with the next sign of life.\n\nRaises ValueError.")
      .def("_call_on_stop", &PythonJob::call_on_stop, py::arg("function"),
           "Called once, on any thread, when the job is to end early.")
      .def("__repr__",
           [](const py::object& self) { return "<RunningJob: " + std::string(py::repr(self.attr("job"))) + ">"; });
  module.def("_run_worker", &run, py::arg("queue"), py::arg("handlers"), py::arg("options"), py::arg("finish"),
             py::arg("hurry") = py::none(), "What `persona.jobs.Worker` is made of.");
}

}  // namespace persona::python
