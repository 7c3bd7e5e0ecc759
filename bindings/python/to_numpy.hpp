//! Columns as numpy arrays.
#pragma once

#include <persona/population/column.hpp>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

namespace persona::python {

//! Numbers and days without missing values: a read-only view of the column's own memory. With
//! missing values: a float64 copy with NaN, or datetime64 with NaT. Yes-or-no: a bool copy, or
//! float64 with NaN. Labels and text: an object array of str, None where missing.
pybind11::array to_numpy(const Column& column);

//! Codes of a category: a read-only view; missing rows hold any value.
//! Raises TypeError for other columns.
pybind11::array codes_array(const Column& column);

//! True where the value is known.
pybind11::array valid_array(const Column& column);

}  // namespace persona::python
