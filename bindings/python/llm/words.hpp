//! Enumerators of the llm room as words: "user", "automatic", "length".
#pragma once

#include "enum_caster.hpp"

#include <persona/llm/provider.hpp>

namespace persona::python {

template <>
inline constexpr std::array<std::string_view, 4> words<llm::Role> = {"system", "user", "assistant", "tool"};
template <>
inline constexpr std::array<std::string_view, 4> words<llm::ToolUse> = {"automatic", "none", "required", "named"};
template <>
inline constexpr std::array<std::string_view, 6> words<llm::Effort> = {"none",   "minimal", "low",
                                                                       "medium", "high",    "maximum"};
template <>
inline constexpr std::array<std::string_view, 6> words<llm::Finish> = {"stop",    "length",         "tool_calls",
                                                                       "refusal", "content_filter", "other"};
template <>
inline constexpr std::array<std::string_view, 5> words<llm::Source> = {"provider", "memory_cache", "stored_cache",
                                                                       "semantic_cache", "shared_call"};

}  // namespace persona::python

namespace pybind11::detail {

// clang-format off
template <> struct type_caster<persona::llm::Role>    : word_caster<persona::llm::Role> {};
template <> struct type_caster<persona::llm::ToolUse> : word_caster<persona::llm::ToolUse> {};
template <> struct type_caster<persona::llm::Effort>  : word_caster<persona::llm::Effort> {};
template <> struct type_caster<persona::llm::Finish>  : word_caster<persona::llm::Finish> {};
template <> struct type_caster<persona::llm::Source>  : word_caster<persona::llm::Source> {};
// clang-format on

}  // namespace pybind11::detail
