//! The parts of `persona._llm`, in the order in which they need each other.
#pragma once

#include <pybind11/pybind11.h>

namespace persona::python {

void bind_core(pybind11::module_& module);  //!< Money, Secret, Context, Clock
void bind_messages(pybind11::module_& module);
void bind_requests(pybind11::module_& module);
void bind_replies(pybind11::module_& module);
void bind_provider(pybind11::module_& module);
void bind_services(pybind11::module_& module);
void bind_batches(pybind11::module_& module);
void bind_schema(pybind11::module_& module);
void bind_prices(pybind11::module_& module);
void bind_ledger(pybind11::module_& module);
void bind_caches(pybind11::module_& module);
void bind_policies(pybind11::module_& module);
void bind_telemetry(pybind11::module_& module);
void bind_stack(pybind11::module_& module);
void bind_http(pybind11::module_& module);
void bind_testing(pybind11::module_& module);

}  // namespace persona::python
