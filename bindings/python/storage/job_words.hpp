//! States of jobs as words.
#pragma once

#include "enum_caster.hpp"

#include <persona/storage/jobs.hpp>

namespace persona::python {

template <>
inline constexpr std::array<std::string_view, 5> words<JobState> = {"waiting", "running", "completed", "cancelled",
                                                                    "dead"};

}  // namespace persona::python

namespace pybind11::detail {

template <>
struct type_caster<persona::JobState> : word_caster<persona::JobState> {};

}  // namespace pybind11::detail
