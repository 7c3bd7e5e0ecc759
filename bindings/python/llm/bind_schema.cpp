//! Is this JSON what the schema says?
#include "bind_fields.hpp"
#include "bind_llm.hpp"

#include <persona/llm/schema.hpp>
#include <persona/llm/structured.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::JsonSchema;

JsonSchema compile_schema(const py::object& schema, const py::dict& others) {
  const std::string text = json_text(schema);
  std::vector<llm::SchemaDocument> documents;
  for (const auto& [url, document] : others) documents.push_back({url.cast<std::string>(), json_text(document)});
  const auto compiled = [&] {
    const py::gil_scoped_release release;
    return JsonSchema::compile(text, documents);
  }();
  return unwrap(compiled);
}

std::vector<llm::SchemaIssue> validate_text(const JsonSchema& self, const std::string& text) {
  const py::gil_scoped_release release;
  return self.validate(text);
}

}  // namespace

void bind_schema(py::module_& module) {
  using llm::SchemaIssue;
  bind_fields<SchemaIssue>(module, "SchemaIssue",
                           "One way in which a document is not what was asked for. path: a JSON pointer into it.",
                           field("path", &SchemaIssue::path), field("message", &SchemaIssue::message));
  py::class_<JsonSchema>(
      module, "JsonSchema",
      "A JSON Schema (2020-12, or draft 7 where \"$schema\" says so), checked once and used often.\n\n"
      "schema: a dict or its text; others: further documents by their address; nothing is fetched.")
      .def(py::init(&compile_schema), py::arg("schema"), py::arg("others") = py::dict(),
           "Raises InvalidArgument, Unsupported; the path points into the schema.")
      .def(
          "validate",
          [](const JsonSchema& self, const py::object& document) { return validate_text(self, json_dump(document)); },
          py::arg("document"), "The issues of a document as Python has it; none: it is valid. At most some 50.")
      .def("validate_text", &validate_text, py::arg("json"), "The issues of a document as it is written.")
      .def_property_readonly(
          "schema", [](const JsonSchema& self) { return json_object(self.text()); }, "As it was given.")
      .def("__reduce__", [](const py::object& self) {
        return py::make_tuple(py::type::of(self), py::make_tuple(self.attr("schema")));
      });
  module.def("find_json", &llm::find_json, py::arg("text"),
             "The JSON, as text, in a text that also talks: the first fenced block that is JSON, else the longest\n"
             "complete object or array. Empty: there is none.");
}

}  // namespace persona::python
