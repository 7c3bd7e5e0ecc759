//! The words that JSON documents have for the choices of requests and replies.
#pragma once

#include <persona/core/error.hpp>
#include <persona/llm/reply.hpp>
#include <persona/llm/request.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace persona::llm {

constexpr std::string_view word_of(ToolUse use) {
  switch (use) {
    case ToolUse::automatic: return "automatic";
    case ToolUse::none: return "none";
    case ToolUse::required: return "required";
    case ToolUse::named: return "named";
  }
  return "unknown";
}
inline std::string_view word_of(Role role) {
  return to_string(role);
}
inline std::string_view word_of(Effort effort) {
  return to_string(effort);
}
inline std::string_view word_of(Finish finish) {
  return to_string(finish);
}
inline std::string_view word_of(Source source) {
  return to_string(source);
}
inline std::string_view word_of(Errc code) {
  return to_string(code);
}

//! The last one of each enumeration.
template <class Choice>
inline constexpr Choice last_choice{};
template <>
inline constexpr ToolUse last_choice<ToolUse> = ToolUse::named;
template <>
inline constexpr Role last_choice<Role> = Role::tool;
template <>
inline constexpr Effort last_choice<Effort> = Effort::maximum;
template <>
inline constexpr Finish last_choice<Finish> = Finish::other;
template <>
inline constexpr Source last_choice<Source> = Source::shared_call;
template <>
inline constexpr Errc last_choice<Errc> = Errc::invalid_output;

template <class Choice>
std::optional<Choice> choice_of(std::string_view word) {
  for (int i = 0; i <= static_cast<int>(last_choice<Choice>); ++i)
    if (word_of(static_cast<Choice>(i)) == word) return static_cast<Choice>(i);
  return {};
}

}  // namespace persona::llm
