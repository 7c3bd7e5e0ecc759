//! The parts of `persona._storage`, in the order in which they need each other.
#pragma once

#include <pybind11/pybind11.h>

namespace persona::python {

void bind_records(pybind11::module_& module);
void bind_typed_rooms(pybind11::module_& module);
void bind_api_keys(pybind11::module_& module);
void bind_jobs(pybind11::module_& module);
void bind_worker(pybind11::module_& module);
void bind_database(pybind11::module_& module);
void bind_sqlite(pybind11::module_& module);
void bind_sqlite_backup(pybind11::module_& module);
void bind_postgres(pybind11::module_& module);
void bind_postgres_backup(pybind11::module_& module);
void bind_postgres_health(pybind11::module_& module);
void bind_postgres_llm(pybind11::module_& module);

}  // namespace persona::python
