//! Fields, signatures, predictors, templates.
#include "bind_prompt.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"

#include <persona/prompt/template.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;

py::object to_python(const FieldValue& value) {
  struct Visitor {
    py::object operator()(std::monostate) const { return py::none(); }
    py::object operator()(bool truth) const { return py::bool_(truth); }
    py::object operator()(std::int64_t number) const { return py::int_(number); }
    py::object operator()(double number) const { return py::float_(number); }
    py::object operator()(const std::string& text) const { return py::str(text); }
    py::object operator()(const JsonText& json) const { return json_object(json.text); }
  };
  return std::visit(Visitor{}, value);
}

FieldValue field_value_of(py::handle object) {
  if (object.is_none()) return std::monostate{};
  if (PyBool_Check(object.ptr())) return object.cast<bool>();
  if (py::isinstance<py::str>(object)) return object.cast<std::string>();
  if (PyIndex_Check(object.ptr())) return object.cast<std::int64_t>();
  if (PyFloat_Check(object.ptr()) || py::hasattr(object, "__float__")) return object.attr("__float__")().cast<double>();
  return JsonText{json_dump(object)};
}

void bind_signature(py::module_& module) {
  bind_fields<prompt::Field>(
      module, "Field",
      "One input or output. type: 'text', 'whole_number', 'number', 'yes_no', 'choice', 'list' or 'object';\n"
      "description: for the model; label: how it is headed; choices: of 'choice'.",
      field("name", &prompt::Field::name), field("type", &prompt::Field::type),
      field("description", &prompt::Field::description), field("label", &prompt::Field::label),
      field("choices", &prompt::Field::choices));
  bind_fields<Signature>(module, "Signature",
                         "Inputs, outputs, and what to do; the instructions are what optimizers rewrite.",
                         field("instructions", &Signature::instructions), field("inputs", &Signature::inputs),
                         field("outputs", &Signature::outputs))
      .def("__str__", [](const Signature& signature) { return to_string(signature); });
  module.def(
      "parse_signature", &parse_signature, py::arg("text"), py::arg("instructions") = "",
      "From \"context, question -> answer: int, label: 'yes'|'no'\". Types are str, int, float, bool, list, dict\n"
      "and quoted choices.\n\nRaises InvalidArgument: the message shows where the text stops making sense.");
  bind_fields<Demo>(module, "Demo", "A worked example in a prompt. augmented: made by running a program.",
                    field("fields", &Demo::fields), field("augmented", &Demo::augmented));
  bind_fields<Predictor>(module, "Predictor",
                         "One call of a model. reasons: writes a `reasoning` first; format: 'chat', 'json' or 'plain'.",
                         field("name", &Predictor::name), field("signature", &Predictor::signature),
                         field("demos", &Predictor::demos), field("reasons", &Predictor::reasons),
                         field("format", &Predictor::format), field("temperature", &Predictor::temperature),
                         field("max_output_tokens", &Predictor::max_output_tokens));
  py::class_<Template>(module, "Template", "Text with slots in double braces; nothing is evaluated.")
      .def(py::init([](std::string text, std::string name, int version) {
             return unwrap(Template::parse(std::move(text), std::move(name), version));
           }),
           py::arg("text"), py::arg("name") = "", py::arg("version") = 1,
           "Raises InvalidArgument: an open brace, a slot that is no name.")
      .def_property_readonly("slots", &Template::slots)
      .def_property_readonly("text", &Template::text)
      .def_property_readonly("name", &Template::name)
      .def_property_readonly("version", &Template::version)
      .def("fill", &Template::fill, py::arg("values"), "Raises InvalidArgument: a slot without a value.");
}

}  // namespace persona::python
