//! JSON of the library as plain objects of Python.
#include "json_text.hpp"

namespace persona::python {
namespace py = pybind11;

py::object json_object(std::string_view text) {
  if (text.empty()) return py::none();
  py::str written(text.data(), text.size());
  try {
    py::object document = py::module_::import("json").attr("loads")(written);
    return py::isinstance<py::str>(document) ? py::object(written) : document;
  } catch (py::error_already_set& failure) {
    if (!failure.matches(PyExc_ValueError) && !failure.matches(PyExc_RecursionError)) throw;
    return py::object(written);
  }
}

std::string json_dump(const py::handle& document) {
  using namespace py::literals;
  const auto json = py::module_::import("json");
  return json
      .attr("dumps")(document, "ensure_ascii"_a = false, "allow_nan"_a = false,
                     "separators"_a = py::make_tuple(",", ":"))
      .cast<std::string>();
}

std::string json_text(const py::handle& document) {
  if (document.is_none()) return {};
  if (py::isinstance<py::str>(document)) return document.cast<std::string>();
  return json_dump(document);
}

}  // namespace persona::python
