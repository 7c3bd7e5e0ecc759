//! Values of fields as plain Python objects, and words of the prompt room.
#pragma once

#include "enum_caster.hpp"
#include "llm/json_text.hpp"

#include <persona/prompt/objective.hpp>
#include <persona/prompt/optimizers/evoprompt.hpp>
#include <persona/prompt/optimizers/mipro.hpp>
#include <persona/prompt/predictor.hpp>
#include <persona/prompt/signature.hpp>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <string_view>

namespace persona::python {

//! None, bool, int, float, str; a list or dict is JSON.
pybind11::object to_python(const prompt::FieldValue& value);
prompt::FieldValue field_value_of(pybind11::handle object);

template <>
inline constexpr std::array<std::string_view, 7> words<prompt::FieldType> = {
    "text", "whole_number", "number", "yes_no", "choice", "list", "object"};
template <>
inline constexpr std::array<std::string_view, 3> words<prompt::Format> = {"chat", "json", "plain"};
template <>
inline constexpr std::array<std::string_view, 2> words<prompt::Aim> = {"mean", "worst_segment"};
template <>
inline constexpr std::array<std::string_view, 3> words<prompt::MiproSize> = {"light", "medium", "heavy"};
template <>
inline constexpr std::array<std::string_view, 2> words<prompt::Evolution> = {"genetic", "differential"};

}  // namespace persona::python

namespace pybind11::detail {

template <>
struct type_caster<persona::prompt::FieldValue> {
  PYBIND11_TYPE_CASTER(persona::prompt::FieldValue, const_name("object"));
  bool load(handle source, bool) {
    value = persona::python::field_value_of(source);
    return true;
  }
  static handle cast(const persona::prompt::FieldValue& source, return_value_policy, handle) {
    return persona::python::to_python(source).release();
  }
};

// clang-format off
template <> struct type_caster<persona::prompt::FieldType> : word_caster<persona::prompt::FieldType> {};
template <> struct type_caster<persona::prompt::Format>    : word_caster<persona::prompt::Format> {};
template <> struct type_caster<persona::prompt::Aim>       : word_caster<persona::prompt::Aim> {};
template <> struct type_caster<persona::prompt::MiproSize> : word_caster<persona::prompt::MiproSize> {};
template <> struct type_caster<persona::prompt::Evolution> : word_caster<persona::prompt::Evolution> {};
// clang-format on

}  // namespace pybind11::detail
