//! Builds blocks.
#include "llm/anthropic/turns.hpp"

#include "llm/anthropic/request.hpp"
#include "llm/wire/base64.hpp"
#include "llm/wire/documents.hpp"

#include <utility>

namespace persona::llm::anthropic_api {
namespace {

struct BlockOf {
  Result<Json> operator()(const Text& part) const { return Json{{"type", "text"}, {"text", part.text}}; }
  Result<Json> operator()(const Image& part) const {
    Json source = part.bytes.empty()
                      ? Json{{"type", "url"}, {"url", part.url}}
                      : Json{{"type", "base64"}, {"media_type", part.media_type}, {"data", wire::base64(part.bytes)}};
    return Json{{"type", "image"}, {"source", std::move(source)}};
  }
  Result<Json> operator()(const ToolCall& part) const {
    auto input = wire::arguments_of(part);
    if (!input) return input;
    return Json{{"type", "tool_use"}, {"id", part.id}, {"name", part.name}, {"input", std::move(*input)}};
  }
  Result<Json> operator()(const ToolResult& part) const {
    Json block = {{"type", "tool_result"}, {"tool_use_id", part.id}, {"content", part.text}};
    if (part.is_error) block["is_error"] = true;
    return block;
  }
  Result<Json> operator()(const Thinking& part) const {
    if (part.signature.starts_with(redacted_mark)) {
      return Json{{"type", "redacted_thinking"}, {"data", part.signature.substr(redacted_mark.size())}};
    }
    return Json{{"type", "thinking"}, {"thinking", part.text}, {"signature", part.signature}};
  }
};

// Empty texts are not taken.
bool is_empty_text(const Part& part) {
  const auto* text = std::get_if<Text>(&part);
  return text != nullptr && text->text.empty();
}

}  // namespace

std::string system_of(const Request& request, std::vector<std::string>& warnings) {
  std::string system;
  bool others = false;
  for (const Message& message : request.messages) {
    if (message.role != Role::system) {
      others = true;
      continue;
    }
    if (others) warnings.push_back("Anthropic takes system messages at the beginning only; later ones are put there");
    if (!system.empty()) system += "\n\n";
    system += message.text();
  }
  return system;
}

Result<Json> turns_of(const Request& request) {
  Json turns = Json::array();
  std::size_t results = 0;  // in the turn under way
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    if (message.role == Role::system) continue;
    const std::string_view role = message.role == Role::assistant ? "assistant" : "user";
    if (turns.empty() || turns.back()["role"] != role) {
      turns.push_back({{"role", role}, {"content", Json::array()}});
      results = 0;
    }
    Json& content = turns.back()["content"];
    for (std::size_t j = 0; j < message.parts.size(); ++j) {
      const Part& part = message.parts[j];
      if (is_empty_text(part)) continue;
      auto block = std::visit(BlockOf(), part);
      if (!block) {
        return fail(block.error().code, block.error().message, (JsonPath() / "messages" / i / "parts" / j).text());
      }
      if (std::holds_alternative<ToolResult>(part)) {
        content.insert(content.begin() + static_cast<std::ptrdiff_t>(results++), std::move(*block));
      } else {
        content.push_back(std::move(*block));
      }
    }
  }
  if (turns.empty()) return fail(Errc::invalid_argument, "there is no message besides the system's", "/messages");
  return turns;
}

}  // namespace persona::llm::anthropic_api
