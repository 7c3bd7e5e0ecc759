//! The specification: values that do not change, and the document they come from.
#include "bind_struct.hpp"
#include "bindings.hpp"

#include <persona/population/spec.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

// numpy's scalars and arrays are what their tolist() says.
py::object plain(const py::object& object) {
  if (py::hasattr(object, "tolist")) return object.attr("tolist")();
  throw py::type_error("a specification cannot hold a " + std::string(Py_TYPE(object.ptr())->tp_name));
}

std::string json_of(const py::dict& document) {
  return py::module_::import("json")
      .attr("dumps")(document, py::arg("default") = py::cpp_function(&plain), py::arg("allow_nan") = false)
      .cast<std::string>();
}

PopulationSpec spec_at(const py::object& path) {
  return unwrap(read_spec(py::module_::import("os").attr("fspath")(path).cast<std::string>()));
}

py::object document_of(const PopulationSpec& spec) {
  return py::module_::import("json").attr("loads")(to_json(spec));
}

void bind_attribute(py::module_& m) {
  bind_struct(m, "Truncation", "A closed range; the distribution is renormalised inside it, never clamped.",
              member("min", &Truncation::min), member("max", &Truncation::max));
  bind_struct(m, "Condition",
              "What must hold of one other attribute: one of some labels (any_of; \"true\"/\"false\" for yes or no),\n"
              "or from_ <= x < below.",
              member("attribute", &Condition::attribute), member("any_of", &Condition::any_of),
              member("from_", &Condition::from), member("below", &Condition::below));
  py::class_<Case>(m, "Case", "The distribution among the people for whom all conditions hold.")
      .def(py::init([](std::vector<Condition> when, Distribution distribution) {
             return Case{std::move(when), std::move(distribution)};
           }),
           py::arg("when"), py::arg("distribution"))
      .def_readonly("when", &Case::when)
      .def_readonly("distribution", &Case::distribution)
      .def(
          "__eq__", [](const Case& a, const Case& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const py::object& self) {
        return shown("Case", self, member("when", &Case::when), member("distribution", &Case::distribution));
      });
  bind_struct(m, "Attribute",
              "What is known of one attribute. Of `cases` the first that holds counts, `distribution` where none\n"
              "does. `round` is to a multiple, 0 is not at all; `missing` is a share of the people.",
              member("name", &Attribute::name), member("distribution", &Attribute::distribution),
              member("description", &Attribute::description), member("unit", &Attribute::unit),
              member("cases", &Attribute::cases), member("truncation", &Attribute::truncation),
              member("round", &Attribute::round), member("integer", &Attribute::integer),
              member("missing", &Attribute::missing));
}

void bind_relations(py::module_& m) {
  bind_struct(m, "Correlation",
              "How strongly two attributes go together, in -1 .. 1. kind is pearson, spearman or kendall; weight\n"
              "says how much it matters where not all can be had at once.",
              member("a", &Correlation::a), member("b", &Correlation::b), member("value", &Correlation::value),
              member("kind", &Correlation::kind), member("weight", &Correlation::weight));
  bind_struct(m, "Constraint", "What must hold of every person: Constraint(\"hours == 0 or employed\").",
              member("expression", &Constraint::expression), member("reason", &Constraint::reason));
  bind_struct(
      m, "Segment", "A part of the population in which some attributes, (name, distribution), are spread differently.",
      member("name", &Segment::name), member("weight", &Segment::weight), member("attributes", &Segment::attributes));
}

PopulationSpec make_spec(std::string name, std::vector<Attribute> attributes, std::vector<Segment> segments,
                         std::vector<Correlation> correlations, std::vector<Constraint> constraints,
                         std::string description, int year) {
  PopulationSpec spec;
  spec.name = std::move(name);
  spec.attributes = std::move(attributes);
  spec.segments = std::move(segments);
  spec.correlations = std::move(correlations);
  spec.constraints = std::move(constraints);
  spec.description = std::move(description);
  spec.year = year;
  unwrap(validate(spec));
  return spec;
}

std::string spec_repr(const PopulationSpec& spec) {
  return "<PopulationSpec '" + spec.name + "': " + std::to_string(spec.attributes.size()) + " attributes, " +
         std::to_string(spec.correlations.size()) + " correlations, " + std::to_string(spec.constraints.size()) +
         " constraints>";
}

void bind_document(py::module_& m) {
  using Spec = PopulationSpec;
  py::class_<Spec>(m, "PopulationSpec",
                   "What is known about a population, as one document. Checked when it is made, unchanged after.")
      .def(py::init(&make_spec), py::arg("name"), py::arg("attributes"), py::arg("segments") = py::list(),
           py::arg("correlations") = py::list(), py::arg("constraints") = py::list(), py::arg("description") = "",
           py::arg("year") = 0, "Raises InvalidArgument where the parts contradict each other.")
      .def_static(
          "parse", [](std::string_view json) { return parse_spec(json); }, py::arg("json"),
          "From JSON text.\n\nRaises InvalidArgument, with the JSON pointer in `path`, or Unsupported.")
      .def_static("read", &spec_at, py::arg("path"), "From a JSON file.\n\nRaises IoError, and what `parse` raises.")
      .def_static(
          "from_dict", [](const py::dict& document) { return parse_spec(json_of(document)); }, py::arg("document"),
          "From the document as a dict.\n\nRaises what `parse` raises.")
      .def(
          "to_json", [](const Spec& spec) { return to_json(spec); },
          "The document: keys in a fixed order, defaults left out. Parses back to an equal specification.")
      .def("to_dict", &document_of, "The document as a dict.")
      .def_property_readonly(
          "content_hash", [](const Spec& spec) { return content_hash(spec); },
          "SHA-256 of the canonical document, 64 hex digits.")
      .def_readonly("version", &Spec::version)
      .def_readonly("name", &Spec::name)
      .def_readonly("description", &Spec::description)
      .def_readonly("year", &Spec::year)
      .def_readonly("attributes", &Spec::attributes)
      .def_readonly("segments", &Spec::segments)
      .def_readonly("correlations", &Spec::correlations)
      .def_readonly("constraints", &Spec::constraints)
      .def(
          "__eq__", [](const Spec& a, const Spec& b) { return a == b; }, py::is_operator())
      .def("__hash__", [](const Spec& spec) { return py::hash(py::str(content_hash(spec))); })
      .def("__repr__", &spec_repr)
      .def(py::pickle([](const Spec& spec) { return py::str(to_json(spec)); },
                      [](const py::str& json) { return unwrap(parse_spec(json.cast<std::string>())); }));
}

}  // namespace

void bind_spec(py::module_& module) {
  bind_attribute(module);
  bind_relations(module);
  bind_document(module);
  module.def(
      "parse_spec", [](std::string_view json) { return parse_spec(json); }, py::arg("json"),
      "As PopulationSpec.parse.");
  module.def("read_spec", &spec_at, py::arg("path"), "As PopulationSpec.read.");
  module.def("spec_schema", &spec_schema, "The JSON Schema of a specification, as text.");
}

}  // namespace persona::python
