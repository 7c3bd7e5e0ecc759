//! Values and days as plain Python objects.
#include "value_caster.hpp"

#include <cmath>

namespace persona::python {
namespace py = pybind11;
namespace {

constexpr std::int64_t unix_epoch_ordinal = 719'163;  // date(1970, 1, 1).toordinal()

py::object date_class() {
  return py::module_::import("datetime").attr("date");
}

bool is_numpy_bool(py::handle object) {
  const std::string_view name = Py_TYPE(object.ptr())->tp_name;
  return name == "numpy.bool" || name == "numpy.bool_";
}

// Also what numpy's float32 and decimal.Decimal offer.
bool load_number(py::handle object, Value& value) {
  if (PyIndex_Check(object.ptr())) {
    const auto number = PyLong_AsLongLong(py::reinterpret_steal<py::object>(PyNumber_Index(object.ptr())).ptr());
    if (number == -1 && PyErr_Occurred()) return PyErr_Clear(), false;
    value = static_cast<std::int64_t>(number);
    return true;
  }
  if (!PyFloat_Check(object.ptr()) && !py::hasattr(object, "__float__")) return false;
  const double number = PyFloat_AsDouble(object.ptr());
  if (number == -1 && PyErr_Occurred()) return PyErr_Clear(), false;
  value = number;
  return true;
}

}  // namespace

py::object to_python(Date date) {
  return date_class().attr("fromordinal")(unix_epoch_ordinal + date.days);
}

bool from_python(py::handle object, Date& date) {
  if (!py::isinstance(object, date_class())) return false;
  const auto ordinal = object.attr("toordinal")().cast<std::int64_t>();
  date.days = static_cast<std::int32_t>(ordinal - unix_epoch_ordinal);
  return true;
}

py::object to_python(const Value& value) {
  struct Visitor {
    py::object operator()(std::monostate) const { return py::none(); }
    py::object operator()(bool truth) const { return py::bool_(truth); }
    py::object operator()(std::int64_t number) const { return py::int_(number); }
    py::object operator()(double number) const { return py::float_(number); }
    py::object operator()(const std::string& text) const { return py::str(text); }
    py::object operator()(Date date) const { return to_python(date); }
    py::object operator()(const std::vector<std::string>& labels) const { return py::cast(labels); }
  };
  return std::visit(Visitor{}, value);
}

bool from_python(py::handle object, Value& value) {
  if (object.is_none()) return value = std::monostate{}, true;
  if (PyBool_Check(object.ptr()) || is_numpy_bool(object)) return value = object.cast<bool>(), true;
  if (py::isinstance<py::str>(object)) return value = object.cast<std::string>(), true;
  if (Date date; from_python(object, date)) return value = date, true;
  if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object)) {
    py::detail::make_caster<std::vector<std::string>> labels;
    if (!labels.load(object, false)) return false;
    return value = py::detail::cast_op<std::vector<std::string>>(std::move(labels)), true;
  }
  return load_number(object, value);
}

}  // namespace persona::python
