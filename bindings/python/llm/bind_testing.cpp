//! Test doubles: a provider with a script, a clock that goes when a test says so, a contract.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"
#include "kept_object.hpp"
#include "provider_caster.hpp"

#include <persona/testing/fake_clock.hpp>
#include <persona/testing/provider_contract.hpp>
#include <persona/testing/scripted_provider.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using testing::FakeClock;
using testing::ScriptedProvider;
using testing::Step;

struct ScriptedHandle : ProviderHandle {
  explicit ScriptedHandle(const std::shared_ptr<ScriptedProvider>& made) : ProviderHandle(made), script(made) {}
  std::shared_ptr<ScriptedProvider> script;
};

// A reply, a text, or an exception to fail with.
Result<llm::Reply> answer_of(const py::object& object) {
  if (py::isinstance<llm::Reply>(object)) return object.cast<llm::Reply>();
  if (py::isinstance<py::str>(object)) return testing::says(object.cast<std::string>()).reply;
  if (PyExceptionInstance_Check(object.ptr())) return tl::unexpected(from_exception(object));
  throw py::type_error("a step is a Reply, a str or an exception");
}

Step step_of(const py::object& reply, std::vector<std::string> pieces, std::chrono::milliseconds delay,
             std::optional<std::size_t> fail_after) {
  Step step{answer_of(reply), std::move(pieces), delay};
  if (fail_after) step.fail_after = *fail_after;
  return step;
}

Step says(const std::string& text, std::vector<std::string> pieces, std::chrono::milliseconds delay) {
  return step_of(py::str(text), std::move(pieces), delay, {});
}

Step fails(int status, std::optional<std::chrono::milliseconds> retry_after, std::chrono::milliseconds delay) {
  Step step = testing::fails(status, retry_after);
  step.delay = delay;
  return step;
}

std::shared_ptr<ScriptedProvider> asking(const py::object& function) {
  const auto held = std::make_shared<KeptObject>(function);
  return std::make_shared<ScriptedProvider>([held](const llm::Request& request) -> Result<llm::Reply> {
    const py::gil_scoped_acquire acquire;
    try {
      return answer_of(held->get()(request));
    } catch (py::error_already_set& raised) {
      return tl::unexpected(from_raised(raised));
    } catch (const py::type_error& wrong) {
      return fail(Errc::internal, wrong.what());
    }
  });
}

ScriptedHandle script_of(const py::object& steps, std::shared_ptr<Clock> clock) {
  if (PyCallable_Check(steps.ptr()) != 0) return ScriptedHandle(asking(steps));
  std::vector<Step> all;
  for (const auto item : steps) {
    const auto step = py::reinterpret_borrow<py::object>(item);
    all.push_back(py::isinstance<Step>(step) ? step.cast<Step>() : Step{answer_of(step)});
  }
  return ScriptedHandle(std::make_shared<ScriptedProvider>(std::move(all), clock ? std::move(clock) : system_clock()));
}

void bind_script(py::module_& m) {
  py::class_<Step>(m, "Step",
                   "One answer (a Reply or str) or failure (an exception) of a script. Streams show the text in\n"
                   "`pieces`; delay: seconds before it, by the clock of the script; fail_after: pieces shown before a\n"
                   "failing stream breaks.")
      .def(py::init(&step_of), py::arg("reply"), py::arg("pieces") = std::vector<std::string>{}, py::arg("delay") = 0.0,
           py::arg("fail_after") = py::none());
  m.def("says", &says, py::arg("text"), py::arg("pieces") = std::vector<std::string>{}, py::arg("delay") = 0.0,
        "A Step: that text, as a reply with usage. delay: seconds.");
  m.def("fails", &fails, py::arg("status"), py::arg("retry_after") = py::none(), py::arg("delay") = 0.0,
        "A Step: what a dialect makes of that HTTP status. retry_after, delay: seconds.");
  py::class_<ScriptedHandle, ProviderHandle>(
      m, "ScriptedProvider",
      "Plays its steps in order, whoever calls, then fails with Unavailable; or asks a function of a Request, which\n"
      "returns a Reply or str, or raises. A step is a Step, a Reply, a str or an exception.")
      .def(py::init(&script_of), py::arg("steps"), py::arg("clock") = py::none())
      .def_property_readonly(
          "requests",
          [](const ScriptedHandle& self) {
            const py::gil_scoped_release release;
            return self.script->requests();
          },
          "All that were asked, in order.");
}

void bind_fake_clock(py::module_& m) {
  using Seconds = std::chrono::duration<double>;
  py::class_<FakeClock, Clock, std::shared_ptr<FakeClock>>(
      m, "FakeClock",
      "Stands still until it is advanced; or, with `jump`, goes to the end of every wait at once, so that a test of\n"
      "one thread never waits.")
      .def(py::init<bool>(), py::arg("jump") = true)
      .def(
          "advance",
          [](FakeClock& clock, Seconds time) {
            clock.advance(std::chrono::round<std::chrono::steady_clock::duration>(time));
          },
          py::arg("seconds"), "Goes on by so many seconds.")
      .def_property_readonly(
          "waited", [](const FakeClock& clock) { return Seconds(clock.waited()); }, "Seconds in all, by all threads.");
}

std::vector<std::string> contract(const py::object& make, const std::string& model,
                                  const std::optional<llm::Request>& request) {
  testing::ProviderUnderTest tested{.make =
                                        [&] {
                                          const py::gil_scoped_acquire acquire;
                                          return provider_of(make());
                                        },
                                    .model = model};
  if (request) tested.request = *request;
  std::vector<std::string> broken;
  run_call([&](const Context&) { broken = testing::provider_contract(tested); }, nullptr);
  return broken;
}

}  // namespace

void bind_testing(py::module_& module) {
  bind_script(module);
  bind_fake_clock(module);
  module.def("provider_contract", &contract, py::arg("make"), py::arg("model") = "", py::arg("request") = py::none(),
             "What every provider keeps: streams add up, stops and deadlines are obeyed, threads do not mix. make: a\n"
             "function that returns a new provider. Returns one line for each broken promise; empty is right.");
}

}  // namespace persona::python
