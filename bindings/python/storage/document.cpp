//! JSON of records and jobs as plain Python objects, and text that is text.
#include "storage/document.hpp"

#include "result_caster.hpp"

namespace persona::python {
namespace py = pybind11;

JsonText json_of(const py::handle& object) {
  using namespace py::literals;
  const py::str written = py::module_::import("json").attr("dumps")(
      object, "ensure_ascii"_a = false, "allow_nan"_a = false, "separators"_a = py::make_tuple(",", ":"));
  return {text_of(written)};
}

py::object object_of(const JsonText& document) {
  try {
    return py::module_::import("json").attr("loads")(py::str(document.text));
  } catch (py::error_already_set& failure) {
    if (!failure.matches(PyExc_ValueError) && !failure.matches(PyExc_RecursionError)) throw;
  }
  raise({Errc::corrupted, "a document of the database is no JSON that Python can read", {}});
}

std::string text_of(const py::str& text) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (bytes == nullptr) throw py::error_already_set();
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace persona::python
