//! Everything a call should have around it.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "event_sink_caster.hpp"
#include "kept_object.hpp"
#include "provider_caster.hpp"
#include "result_caster.hpp"

#include <persona/llm/stack.hpp>
#include <persona/llm/validate.hpp>
#ifdef PERSONA_PYTHON_HTTP
#include <persona/llm/environment.hpp>
#endif

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::StackOptions;

struct EventsField {
  const char* name = "events";
  using Given = py::object;
  bool get(const StackOptions& of) const { return of.events != nullptr; }
  void set(StackOptions& of, const py::object& given) const { of.events = sink_of(given); }
  py::object usual() const { return py::none(); }
};

// True is a new one of its own.
struct MemoryField {
  const char* name = "memory";
  using Given = py::object;
  std::shared_ptr<llm::ResponseCache> get(const StackOptions& of) const { return of.memory; }
  void set(StackOptions& of, const py::object& given) const {
    if (given.ptr() == Py_True) return;
    const bool off = given.is_none() || given.ptr() == Py_False;
    of.memory = off ? nullptr : given.cast<std::shared_ptr<llm::ResponseCache>>();
  }
  py::object usual() const { return py::bool_(true); }
};

// What raises keeps the text back all the same; the call goes on without it, so that nobody else hears why.
llm::RedactText redact_from(py::object function) {
  return [held = std::make_shared<KeptObject>(std::move(function))](std::string_view text) -> std::string {
    const py::gil_scoped_acquire acquire;
    try {
      const py::object redacted = held->get()(text);
      Py_ssize_t size = 0;
      if (const char* bytes = PyUnicode_AsUTF8AndSize(redacted.ptr(), &size)) return {bytes, bytes + size};
      throw py::error_already_set();  // TypeError: it is no str
    } catch (py::error_already_set& raised) {
      tell_unraisable(raised, held->get());
      return "[kept back: redact failed]";
    }
  };
}

struct RedactField {
  const char* name = "redact";
  using Given = py::object;
  bool get(const StackOptions& of) const { return of.redact != nullptr; }
  void set(StackOptions& of, const py::object& given) const {
    if (!given.is_none()) of.redact = redact_from(given);
  }
  py::object usual() const { return py::none(); }
};

template <class... F>
void bind_options(py::module_& m, const char* doc, F... fields) {
  py::class_<StackOptions> type(m, "StackOptions", doc);
  type.def(py::init([=](typename F::Given... given) {
             StackOptions made;
             (fields.set(made, std::move(given)), ...);
             return made;
           }),
           (py::arg(fields.name) = fields.usual())...);
}

}  // namespace

void bind_stack(py::module_& module) {
  bind_options(
      module,
      "What is not set is left out.\n\n"
      "events: a function of an Event, or a Metrics; memory: True is a new cache in memory, False none, or a\n"
      "ResponseCache; stored: `persona.sqlite.open_cache`, say; redact: of each text, what may be kept and sent;\n"
      "fallback: who is asked, in this order, when the provider cannot answer; clock: of all of them.",
      EventsField{}, RedactField{}, field("structured", &StackOptions::structured), MemoryField{},
      field("stored", &StackOptions::stored), field("semantic", &StackOptions::semantic),
      field("fallback", &StackOptions::fallback), field("retry", &StackOptions::retry),
      field("breaker", &StackOptions::breaker), field("rate", &StackOptions::rate),
      field("concurrency", &StackOptions::concurrency), field("hedge", &StackOptions::hedge),
      field("meter", &StackOptions::meter), field("clock", &StackOptions::clock));
  module.def(
      "standard_stack",
      [](llm::Provider provider, const std::optional<StackOptions>& options) {
        return llm::standard_stack(std::move(provider), options.value_or(StackOptions{}));
      },
      py::arg("provider"), py::arg("options") = py::none(),
      "From outside in: traced, validated, redacted, memory cache, stored cache, semantic cache, single flight,\n"
      "structured, fallback, and for each target: retry, breaker, rate limits, concurrency, hedge, metered, provider.\n"
      "What is not set is left out.");
  module.def("validate", &llm::validate, py::arg("request"),
             "Raises InvalidArgument, Unsupported: what no provider could make sense of; `path` is where.");
  module.def("validated", &llm::validated, py::arg("provider"), "Refuses such requests before they cost anything.");
  module.def(
      "redacted",
      [](llm::Provider provider, py::object redact) {
        return llm::redacted(std::move(provider), redact_from(std::move(redact)));
      },
      py::arg("provider"), py::arg("redact"),
      "Puts every text through redact(text) before it is kept or sent. Where that raises, \"[kept back: redact "
      "failed]\"\n"
      "goes in its place, and sys.unraisablehook is told.");
#ifdef PERSONA_PYTHON_HTTP
  module.def(
      "_from_environment",
      [](const std::optional<StackOptions>& options) {
        return llm::from_environment(options.value_or(StackOptions{}));
      },
      py::arg("options"));
  module.def("_environment_providers", &llm::environment_providers);
#endif
}

}  // namespace persona::python
