//! Values, days and parameters as plain Python objects.
#pragma once

#include <persona/core/value.hpp>
#include <persona/population/distribution.hpp>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace persona::python {

//! None, bool, int, float, str, datetime.date or list of str; numpy's scalars count as these.
pybind11::object to_python(const Value& value);

//! False where the object is none of them.
bool from_python(pybind11::handle object, Value& value);

pybind11::object to_python(Date date);
bool from_python(pybind11::handle object, Date& date);

}  // namespace persona::python

namespace pybind11::detail {

template <>
struct type_caster<persona::Date> {
  PYBIND11_TYPE_CASTER(persona::Date, const_name("datetime.date"));
  bool load(handle source, bool) { return persona::python::from_python(source, value); }
  static handle cast(persona::Date date, return_value_policy, handle) {
    return persona::python::to_python(date).release();
  }
};

template <>
struct type_caster<persona::Value> {
  PYBIND11_TYPE_CASTER(persona::Value, const_name("object"));
  bool load(handle source, bool) { return persona::python::from_python(source, value); }
  static handle cast(const persona::Value& source, return_value_policy, handle) {
    return persona::python::to_python(source).release();
  }
};

template <>
struct type_caster<persona::Parameter> {
  PYBIND11_TYPE_CASTER(persona::Parameter, const_name("float | str"));
  bool load(handle source, bool) {
    if (isinstance<str>(source)) {
      value = persona::Parameter(source.cast<std::string>());
      return true;
    }
    make_caster<double> number;
    if (PyBool_Check(source.ptr()) || !number.load(source, true)) return false;
    value = persona::Parameter(cast_op<double>(number));
    return true;
  }
  static handle cast(const persona::Parameter& source, return_value_policy, handle) {
    if (source.is_expression()) return str(source.expression).release();
    return float_(source.number).release();
  }
};

}  // namespace pybind11::detail
