//! The parts of `persona._prompt`, in the order in which they need each other.
#pragma once

#include <pybind11/pybind11.h>

namespace persona::python {

void bind_signature(pybind11::module_& module);
void bind_data(pybind11::module_& module);
void bind_intervals(pybind11::module_& module);
void bind_interchange(pybind11::module_& module);
void bind_program(pybind11::module_& module);
void bind_metrics(pybind11::module_& module);
void bind_session(pybind11::module_& module);
void bind_evaluation(pybind11::module_& module);
void bind_optimizer(pybind11::module_& module);
void bind_optimizers(pybind11::module_& module);
void bind_optimization(pybind11::module_& module);

}  // namespace persona::python
