//! Pieces of a stream, kept and shown again.
#include "held_delta.hpp"

namespace persona::llm {

HeldDelta HeldDelta::of(const Delta& delta) {
  if (const auto* piece = std::get_if<TextDelta>(&delta)) return {.text = std::string(piece->text)};
  if (const auto* piece = std::get_if<ThinkingDelta>(&delta))
    return {.kind = Kind::thinking, .text = std::string(piece->text)};
  const auto& call = std::get<ToolCallDelta>(delta);
  return {.kind = Kind::tool_call,
          .text = std::string(call.arguments),
          .index = call.index,
          .id = std::string(call.id),
          .name = std::string(call.name)};
}

Delta HeldDelta::delta() const {
  if (kind == Kind::text) return TextDelta{text};
  if (kind == Kind::thinking) return ThinkingDelta{text};
  return ToolCallDelta{index, id, name, text};
}

Status show_held(const std::vector<HeldDelta>& pieces, const OnDelta& on_delta, const Context& context) {
  for (const HeldDelta& piece : pieces) {
    const auto shown = context.check().and_then([&] { return on_delta(piece.delta()); });
    if (!shown) return shown;
  }
  return {};
}

}  // namespace persona::llm
