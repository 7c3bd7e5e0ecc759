//! A piece of a stream that outlives the call it came in.
#pragma once

#include <persona/llm/reply.hpp>

#include <string>
#include <variant>

namespace persona::llm {

class OwnedDelta {
 public:
  explicit OwnedDelta(const Delta& delta) {
    kind_ = delta.index();
    if (const auto* text = std::get_if<TextDelta>(&delta)) text_ = text->text;
    if (const auto* thinking = std::get_if<ThinkingDelta>(&delta)) text_ = thinking->text;
    if (const auto* call = std::get_if<ToolCallDelta>(&delta)) {
      index_ = call->index;
      id_ = call->id;
      name_ = call->name;
      text_ = call->arguments;
    }
  }

  Delta delta() const {
    if (kind_ == 0) return TextDelta{text_};
    if (kind_ == 1) return ThinkingDelta{text_};
    return ToolCallDelta{index_, id_, name_, text_};
  }

 private:
  std::size_t kind_ = 0;
  std::size_t index_ = 0;
  std::string id_, name_, text_;
};

}  // namespace persona::llm
