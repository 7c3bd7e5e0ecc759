//! What happened to every call, for those who operate it.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "event_sink_caster.hpp"
#include "kept_object.hpp"
#include "provider_caster.hpp"
#include "result_caster.hpp"

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::Event;
using llm::Metrics;

struct AttributesField {
  const char* name = "attributes";
  using Given = py::dict;
  py::dict get(const Event& of) const {
    py::dict attributes;
    for (const auto& [name, value] : of.attributes) attributes[py::str(name)] = py::cast(value);
    return attributes;
  }
  void set(Event& of, const py::dict& given) const {
    for (const auto& [name, value] : given)
      of.attributes.emplace_back(name.cast<std::string>(), value.cast<Event::Attribute>());
  }
  py::object usual() const { return py::dict(); }
};

// Calls a function of Python. What it raises is told as unraisable, and the call goes on.
class PythonSink final : public llm::EventSink {
 public:
  explicit PythonSink(py::object function) : function_(std::move(function)) {}
  void on_event(const Event& event) override {
    const py::gil_scoped_acquire acquire;
    try {
      function_.get()(event);
    } catch (py::error_already_set& raised) {
      tell_unraisable(raised, function_.get());
    }
  }

 private:
  const KeptObject function_;
};

}  // namespace

std::shared_ptr<llm::EventSink> sink_of(const py::object& object) {
  if (object.is_none()) return {};
  if (py::isinstance<Metrics>(object)) return object.cast<std::shared_ptr<Metrics>>();
  if (PyCallable_Check(object.ptr()) == 0) throw py::type_error("events go to a Metrics or a function of an Event");
  return std::make_shared<PythonSink>(object);
}

void bind_telemetry(py::module_& module) {
  bind_fields<Event>(
      module, "Event",
      "One call or one attempt, as OpenTelemetry names things. Never the content of a message, never a key.\n\n"
      "name: \"chat gpt-4o-mini\", \"attempt gpt-4o-mini\"; start: seconds since 1970, UTC; duration: seconds;\n"
      "attributes: a dict, {\"gen_ai.request.model\": ..., \"error.type\": ...}.",
      field("name", &Event::name), field("start", &Event::start), field("duration", &Event::duration),
      field("trace_id", &Event::trace_id), AttributesField{});
  py::class_<Metrics, std::shared_ptr<Metrics>>(
      module, "Metrics",
      "Counters and histograms made of events: calls, errors, tokens, dollars,\n"
      "seconds, by model.")
      .def(py::init<>())
      .def("__call__", &Metrics::on_event, py::arg("event"))
      .def("prometheus", &Metrics::prometheus, "In Prometheus' text format.");
  module.def(
      "traced",
      [](llm::Provider provider, const py::object& events, std::shared_ptr<Clock> clock) {
        return llm::traced(std::move(provider), sink_of(events), clock ? std::move(clock) : system_clock());
      },
      py::arg("provider"), py::arg("events"), py::arg("clock") = py::none(),
      "Reports each call, after its attempts, to a function of an Event (called on any thread) or a Metrics.");
}

}  // namespace persona::python
