//! The parts of the module, in the order in which they need each other.
#pragma once

#include <pybind11/pybind11.h>

namespace persona::python {

void bind_distributions(pybind11::module_& module);
void bind_spec(pybind11::module_& module);
void bind_builder(pybind11::module_& module);
void bind_names(pybind11::module_& module);
void bind_column(pybind11::module_& module);
void bind_population(pybind11::module_& module);
void bind_fidelity(pybind11::module_& module);
void bind_generator(pybind11::module_& module);
void bind_storage(pybind11::module_& module);

}  // namespace persona::python
