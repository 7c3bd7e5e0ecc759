//! Predictors as templates.
#include "chat_template.hpp"

#include "prompt/wording.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace persona::prompt {
namespace {

constexpr char slot_mark = '\x1f';

bool is_slot_name(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// Marks stand around the names of slots.
TemplateText unmarked(std::string_view marked) {
  TemplateText text;
  bool is_slot = false;
  while (!marked.empty()) {
    const auto mark = marked.find(slot_mark);
    if (const auto piece = marked.substr(0, mark); !piece.empty()) append_piece(text, {std::string(piece), is_slot});
    marked.remove_prefix(mark == std::string_view::npos ? marked.size() : mark + 1);
    is_slot = !is_slot;
  }
  return text;
}

}  // namespace

void append_piece(TemplateText& text, TemplatePiece piece) {
  if (piece.text.empty()) return;
  if (!piece.is_slot && !text.empty() && !text.back().is_slot) {
    text.back().text += piece.text;
  } else {
    text.push_back(std::move(piece));
  }
}

Result<ChatTemplate> template_of(const Predictor& predictor) {
  if (predictor.format == Format::json)
    return fail(Errc::unsupported,
                "predictor '" + predictor.name +
                    "' writes its inputs as JSON, which a template cannot: formats chat and plain can");
  Fields marked;
  for (const Field& field : predictor.signature.inputs) {
    if (!is_slot_name(field.name))
      return fail(Errc::invalid_argument,
                  "predictor '" + predictor.name + "': '" + field.name + "' is no name for a slot of a template");
    marked.emplace(field.name, slot_mark + field.name + slot_mark);
  }
  const auto request = render(predictor, marked);
  if (!request) return tl::unexpected(request.error());
  ChatTemplate chat;
  for (const auto& message : request->messages) {
    const bool is_last = &message == &request->messages.back();
    TemplateText text;
    if (is_last) {
      text = unmarked(message.text());
    } else {
      append_piece(text, {message.text(), false});
    }
    chat.push_back({message.role, std::move(text)});
  }
  return chat;
}

}  // namespace persona::prompt
