//! Turns of a conversation.
#include <persona/llm/message.hpp>

namespace persona::llm {

std::string Message::text() const {
  std::string joined;
  for (const Part& part : parts) {
    if (const auto* text = std::get_if<Text>(&part)) joined += text->text;
    if (const auto* result = std::get_if<ToolResult>(&part)) joined += result->text;
  }
  return joined;
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::system: return "system";
    case Role::user: return "user";
    case Role::assistant: return "assistant";
    case Role::tool: return "tool";
  }
  return "unknown";
}

}  // namespace persona::llm
