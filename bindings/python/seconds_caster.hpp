//! Durations are seconds as float, days are `datetime.date`, moments are seconds since 1970 as float.
#pragma once

#include "value_caster.hpp"

#include <pybind11/pybind11.h>

#include <chrono>
#include <cmath>

namespace pybind11::detail {

template <class Count, class Period>
struct type_caster<std::chrono::duration<Count, Period>> {
  using Duration = std::chrono::duration<Count, Period>;
  PYBIND11_TYPE_CASTER(Duration, const_name("float"));

  bool load(handle source, bool) {
    if (PyBool_Check(source.ptr()) || (!PyFloat_Check(source.ptr()) && !PyLong_Check(source.ptr()))) return false;
    const double seconds = PyFloat_AsDouble(source.ptr());
    if (seconds == -1 && PyErr_Occurred()) throw error_already_set();
    if (!(std::abs(seconds) < 4e9)) throw value_error("a time of that many seconds is out of range");
    if constexpr (std::chrono::treat_as_floating_point_v<Count>) {
      value = Duration(std::chrono::duration<double>(seconds));
    } else {
      value = std::chrono::round<Duration>(std::chrono::duration<double>(seconds));
    }
    return true;
  }
  static handle cast(Duration time, return_value_policy, handle) {
    return PyFloat_FromDouble(std::chrono::duration<double>(time).count());
  }
};

template <class Duration>
requires(Duration(1) < std::chrono::days(1)) struct type_caster<std::chrono::sys_time<Duration>> {
  using Moment = std::chrono::sys_time<Duration>;
  PYBIND11_TYPE_CASTER(Moment, const_name("float"));

  bool load(handle source, bool convert) {
    type_caster<Duration> since;
    if (!since.load(source, convert)) return false;
    value = Moment(cast_op<Duration>(since));
    return true;
  }
  static handle cast(Moment moment, return_value_policy policy, handle parent) {
    return type_caster<Duration>::cast(moment.time_since_epoch(), policy, parent);
  }
};

template <>
struct type_caster<std::chrono::sys_days> {
  PYBIND11_TYPE_CASTER(std::chrono::sys_days, const_name("datetime.date"));

  bool load(handle source, bool) {
    persona::Date date;
    if (!persona::python::from_python(source, date)) return false;
    value = std::chrono::sys_days(std::chrono::days(date.days));
    return true;
  }
  static handle cast(std::chrono::sys_days day, return_value_policy, handle) {
    return persona::python::to_python(persona::Date{static_cast<std::int32_t>(day.time_since_epoch().count())})
        .release();
  }
};

}  // namespace pybind11::detail
