//! Who is told of events: a Metrics, or a function of Python.
#pragma once

#include <persona/llm/telemetry.hpp>

#include <pybind11/pybind11.h>

#include <memory>

namespace persona::python {

//! None is nobody. Raises TypeError.
std::shared_ptr<llm::EventSink> sink_of(const pybind11::object& object);

}  // namespace persona::python
