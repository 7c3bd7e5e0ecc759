//! Money, keys, contexts and clocks.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"
#include "kept_object.hpp"
#include "result_caster.hpp"

#include <persona/core/clock.hpp>
#include <persona/core/money.hpp>
#include <persona/core/secret.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

Money money_of(const std::string& text) {
  const auto amount = parse_money(text);
  if (!amount) throw py::value_error("'" + text + "' is no amount of dollars such as \"0.25\" or \"$1e-3\"");
  return *amount;
}

void bind_money(py::module_& m) {
  py::class_<Money> type(m, "Money",
                         "US dollars as a whole number of picodollars (1e-12), so that sums are exact.\n\n"
                         "Made from dollars: Money(0.25), Money(\"$1e-3\"). Where a function takes Money, it takes a\n"
                         "number of dollars or a str as well.");
  type.def(py::init(&dollars), py::arg("amount") = 0.0)
      .def(py::init(&money_of), py::arg("amount"), "Raises ValueError: no amount.")
      .def_static(
          "from_picodollars", [](std::int64_t picodollars) { return Money{picodollars}; }, py::arg("picodollars"),
          "As it was stored.")
      .def_readonly("picodollars", &Money::picodollars)
      .def_property_readonly(
          "dollars", [](Money money) { return static_cast<double>(money.picodollars) * 1e-12; }, "Rounded to a float.")
      .def("__str__", [](Money money) { return to_string(money); })
      .def("__repr__", [](Money money) { return "Money('" + to_string(money) + "')"; })
      .def("__hash__", [](Money money) { return money.picodollars; })
      .def("__bool__", [](Money money) { return money.picodollars != 0; });
  const auto operators = [&](const char* name, auto work) {
    type.def(name, work, py::arg("other"), py::is_operator());
  };
  operators("__eq__", [](Money a, Money b) { return a == b; });
  operators("__lt__", [](Money a, Money b) { return a < b; });
  operators("__le__", [](Money a, Money b) { return a <= b; });
  operators("__gt__", [](Money a, Money b) { return a > b; });
  operators("__ge__", [](Money a, Money b) { return a >= b; });
  operators("__add__", [](Money a, Money b) { return a + b; });
  operators("__sub__", [](Money a, Money b) { return a - b; });
  operators("__mul__", [](Money price, std::int64_t count) { return price * count; });
  py::implicitly_convertible<py::str, Money>();
  py::implicitly_convertible<py::float_, Money>();
  py::implicitly_convertible<py::int_, Money>();
}

// Calls a function of Python for the key; what it raises is told without its text.
Secret secret_from(const py::object& source) {
  const auto held = std::make_shared<KeptObject>(source);
  return Secret::from([held]() -> Result<std::string> {
    const py::gil_scoped_acquire acquire;
    try {
      return held->get()().cast<std::string>();
    } catch (py::error_already_set& raised) {
      if (raised.matches(PyExc_KeyboardInterrupt)) return tl::unexpected(from_raised(raised));
      const std::string type = py::str(raised.type().attr("__name__"));
      return fail(Errc::unauthenticated, "the function that finds the key raised " + type);
    } catch (const py::cast_error&) {
      return fail(Errc::unauthenticated, "the function that finds the key returned no str");
    }
  });
}

Secret secret_of(const py::object& value) {
  if (py::isinstance<Secret>(value)) return value.cast<Secret>();
  if (value.is_none()) return {};
  if (py::isinstance<py::str>(value)) return Secret(value.cast<std::string>());
  throw py::type_error("a key is a str or a Secret, not " +  // and is not shown
                       std::string(py::str(py::type::of(value).attr("__name__"))));
}

void bind_secret(py::module_& m) {
  py::class_<Secret>(m, "Secret",
                     "A key that cannot be printed, compared or pickled. Values found late are read anew for each\n"
                     "use, so that a key can be rotated while a program runs.")
      .def(py::init(&secret_of), py::arg("value") = py::none())
      .def_static("from_environment", &Secret::from_environment, py::arg("variable"), "The value of a variable.")
      .def_static("from_file", &Secret::from_file, py::arg("path"),
                  "What a file holds, without the newline at its end.")
      .def_static("from_function", &secret_from, py::arg("source"), "What a function returns, on any thread.")
      .def_property_readonly("is_set", &Secret::is_set, "Whether there is one, or a place where to look.")
      .def(
          "reveal",
          [](const Secret& secret) {
            const py::gil_scoped_release release;
            return secret.reveal();
          },
          "For the one place that sends it.\n\nRaises Unauthenticated: nothing there; the message names the variable\n"
          "or file, never the value.")
      .def("__repr__", [](const Secret& secret) { return secret.is_set() ? "Secret(***)" : "Secret()"; });
  m.def(
      "redact",
      [](const std::string& text, const std::vector<Secret>& known) {
        const py::gil_scoped_release release;
        return redact(text, known);
      },
      py::arg("text"), py::arg("known") = std::vector<Secret>{},
      "Replaces by \"***\" the known secrets in a text, and whatever looks like one (sk-..., Bearer ...).");
}

void bind_context(py::module_& m) {
  py::class_<CallContext>(
      m, "Context",
      "How calls are stopped: pass one to a call, or to several.\n\n"
      "timeout: seconds from now until calls raise DeadlineExceeded; None is no deadline. parent: it ends\n"
      "no later than that one, and is stopped with it.")
      .def(py::init<std::optional<double>, const CallContext*>(), py::arg("timeout") = py::none(),
           py::arg("parent") = py::none())
      .def("stop", &CallContext::request_stop, py::call_guard<py::gil_scoped_release>(),
           "Ends the calls that have it, with Cancelled. From any thread.")
      .def_property_readonly("stopped", &CallContext::stopped, "Whether `stop` was called.")
      .def_property_readonly("remaining", &CallContext::remaining, "Seconds until the deadline; None: there is none.")
      .def(
          "check", [](const CallContext& self) { unwrap(self.context().check()); },
          "For those who work long.\n\nRaises Cancelled, DeadlineExceeded.")
      .def("__repr__", [](const py::object& self) {
        return "Context(remaining=" + std::string(py::repr(self.attr("remaining"))) +
               ", stopped=" + std::string(py::repr(self.attr("stopped"))) + ")";
      });
}

void bind_clock(py::module_& m) {
  using Seconds = std::chrono::duration<double>;
  py::class_<Clock, std::shared_ptr<Clock>>(m, "Clock", "What waits and what expires asks a clock.")
      .def(
          "now", [](const Clock& clock) { return Seconds(clock.now().time_since_epoch()); }, "Seconds, for durations.")
      .def(
          "today", [](const Clock& clock) { return clock.today(); }, "Seconds since 1970-01-01, UTC.");
  m.def("system_clock", &system_clock, "The machine's.");
}

}  // namespace

void bind_core(py::module_& module) {
  bind_money(module);
  bind_secret(module);
  bind_context(module);
  bind_clock(module);
}

}  // namespace persona::python
