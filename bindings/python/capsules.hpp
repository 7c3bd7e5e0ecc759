//! The Arrow PyCapsule Interface: columns for pyarrow, polars, pandas and DuckDB without a copy, and from them.
//! https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
#pragma once

#include <persona/population/arrow.hpp>

#include <pybind11/pybind11.h>

namespace persona::python {

//! "arrow_schema"
pybind11::object schema_capsule(const Population& population);
pybind11::object schema_capsule(const Column& column);

//! ("arrow_schema", "arrow_array")
pybind11::tuple array_capsules(const Population& population);
pybind11::tuple array_capsules(const Column& column);

//! "arrow_array_stream" of one batch
pybind11::object stream_capsule(const Population& population);

//! Out of anything with __arrow_c_stream__ or __arrow_c_array__. Raises TypeError: it has neither.
Population population_of(const pybind11::object& arrow);

}  // namespace persona::python
