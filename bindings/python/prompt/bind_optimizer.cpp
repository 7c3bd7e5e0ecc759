//! The interface of optimizers, which a class of Python may implement.
#include "bind_prompt.hpp"
#include "callback.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"
#include "optimizer_caster.hpp"

#include <persona/prompt/optimizer.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

// `search` of Python may call `evaluate` and `Session.ask`, which do their work without the GIL.
class PythonOptimizer final : public Optimizer {
 public:
  explicit PythonOptimizer(py::object object) : object_(std::move(object)) {}

  std::string name() const override {
    return object_.call([](const py::object& self) { return self.attr("name")().cast<std::string>(); })
        .value_or("python");
  }
  std::string options() const override {
    return object_.call([](const py::object& self) { return json_dump(self.attr("options")()); }).value_or("{}");
  }
  Plan plan(const Task& task) const override {
    return object_.call([&](const py::object& self) { return self.attr("plan")(task).cast<Plan>(); }).value_or(Plan{});
  }
  Result<Search> search(const Task& task, Session& session, std::uint64_t seed, const Context&) const override {
    return object_.call([&](const py::object& self) {
      return self.attr("search")(task, py::cast(session, py::return_value_policy::reference), seed).cast<Search>();
    });
  }

 private:
  Callback object_;
};

void bind_task(py::module_& m) {
  py::class_<Task>(m, "Task", "What to improve, on what, judged how.")
      .def_readonly("program", &Task::program)
      .def_readonly("train", &Task::train)
      .def_readonly("validation", &Task::validation)
      .def_property_readonly("metric", [](const Task& task) { return std::const_pointer_cast<Metric>(task.metric); })
      .def_readonly("objective", &Task::objective)
      .def_readonly("teacher", &Task::teacher);
  bind_fields<Plan>(m, "Plan", "Calls of models and runs that a search will take, as far as can be told.",
                    field("program_runs", &Plan::program_runs), field("program_runs_most", &Plan::program_runs_most),
                    field("proposer_calls", &Plan::proposer_calls),
                    field("proposer_calls_most", &Plan::proposer_calls_most),
                    field("embedder_calls", &Plan::embedder_calls));
}

void bind_candidates(py::module_& m) {
  py::class_<Candidate>(
      m, "Candidate",
      "One program that was tried; \"c0\" is the one that came in. scores: by validation example, NaN where\n"
      "not run; cost_per_run: dollars; latency_ms: of a run.")
      .def(py::init([](Program program, std::string id, std::vector<std::string> parents, std::string origin,
                       Interval score, std::size_t evaluations, std::vector<double> scores) {
             return Candidate{.program = std::move(program),
                              .id = std::move(id),
                              .parents = std::move(parents),
                              .origin = std::move(origin),
                              .score = score,
                              .evaluations = evaluations,
                              .scores = std::move(scores)};
           }),
           py::arg("program"), py::arg("id") = "", py::arg("parents") = std::vector<std::string>(),
           py::arg("origin") = "", py::arg("score") = Interval{}, py::arg("evaluations") = 0,
           py::arg("scores") = std::vector<double>())
      .def_readonly("program", &Candidate::program)
      .def_readonly("id", &Candidate::id)
      .def_readonly("parents", &Candidate::parents)
      .def_readonly("origin", &Candidate::origin)
      .def_readonly("score", &Candidate::score)
      .def_readonly("evaluations", &Candidate::evaluations)
      .def_readonly("cost_per_run", &Candidate::cost_per_run)
      .def_readonly("latency_ms", &Candidate::latency_ms)
      .def_readonly("scores", &Candidate::scores)
      .def("__repr__", [](const Candidate& self) {
        return "<Candidate " + self.id + " (" + self.origin + "), score " + std::to_string(self.score.value) + ">";
      });
  py::class_<Search>(m, "Search",
                     "What an optimizer found, unjudged. The first candidate is the baseline; best: an index.")
      .def(py::init([](std::vector<Candidate> candidates, std::size_t best, bool stopped_early,
                       std::vector<std::string> notes) {
             return Search{std::move(candidates), best, stopped_early, std::move(notes)};
           }),
           py::arg("candidates"), py::arg("best") = 0, py::arg("stopped_early") = false,
           py::arg("notes") = std::vector<std::string>())
      .def_readonly("candidates", &Search::candidates)
      .def_readonly("best", &Search::best)
      .def_readonly("stopped_early", &Search::stopped_early)
      .def_readonly("notes", &Search::notes);
}

const Optimizer& own(const OptimizerHandle& self, const char* method) {
  if (self.optimizer == nullptr) raise({Errc::unsupported, std::string("this optimizer has no ") + method, {}});
  return *self.optimizer;
}

}  // namespace

OptimizerPtr optimizer_of(const py::handle& object) {
  const auto& handle = object.cast<const OptimizerHandle&>();
  if (handle.optimizer != nullptr) return handle.optimizer;
  return std::make_shared<PythonOptimizer>(py::reinterpret_borrow<py::object>(object));
}

void bind_optimizer(py::module_& module) {
  bind_task(module);
  bind_candidates(module);
  py::class_<OptimizerHandle>(module, "Optimizer",
                              "A strategy. Your own has name(), plan(task) and search(task, session, seed) -> Search; "
                              "equal arguments must give\n"
                              "equal searches.")
      .def(py::init<>())
      .def(
          "name", [](const OptimizerHandle& self) { return own(self, "name").name(); }, "\"halving\", ...")
      .def(
          "options",
          [](const OptimizerHandle& self) {
            return json_object(self.optimizer == nullptr ? "{}" : self.optimizer->options());
          },
          "What it was made with, by name: a run goes on only with the same. Your own returns a dict.")
      .def(
          "plan", [](const OptimizerHandle& self, const Task& task) { return own(self, "plan").plan(task); },
          py::arg("task"), "What a search will take, as far as can be told without asking.")
      .def(
          "search",
          [](const OptimizerHandle& self, const Task& task, Session& session, std::uint64_t seed) {
            const Optimizer& optimizer = own(self, "search");
            const py::gil_scoped_release release;
            return optimizer.search(task, session, seed);
          },
          py::arg("task"), py::arg("session"), py::arg("seed"), "Ends with what it has when the session is exhausted.");
}

}  // namespace persona::python
