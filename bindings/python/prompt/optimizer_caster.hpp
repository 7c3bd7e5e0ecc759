//! Optimizers between Python and C++: those of the library, and classes written in Python.
#pragma once

#include <persona/prompt/optimizer.hpp>

#include <pybind11/pybind11.h>

namespace persona::python {

//! The class `Optimizer` of Python; holds nothing where Python itself implements it.
struct OptimizerHandle {
  prompt::OptimizerPtr optimizer = {};
};

//! Whatever optimizer an object is; null for None. Raises TypeError where it is none.
prompt::OptimizerPtr optimizer_of(const pybind11::handle& object);

}  // namespace persona::python

namespace pybind11::detail {

template <>
struct type_caster<persona::prompt::OptimizerPtr> {
  PYBIND11_TYPE_CASTER(persona::prompt::OptimizerPtr, const_name("Optimizer"));
  bool load(handle source, bool) {
    if (source.is_none()) return true;
    if (!isinstance<persona::python::OptimizerHandle>(source)) return false;
    value = persona::python::optimizer_of(source);
    return true;
  }
  static handle cast(const persona::prompt::OptimizerPtr& source, return_value_policy, handle) {
    if (source == nullptr) return none().release();
    return pybind11::cast(persona::python::OptimizerHandle{source}).release();
  }
};

}  // namespace pybind11::detail
