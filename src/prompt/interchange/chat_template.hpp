//! A prompt as turns of text with slots: what LangChain and promptfoo keep.
#pragma once

#include "core/json_document.hpp"

#include <persona/prompt/predictor.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

struct TemplatePiece {
  std::string text = {};
  bool is_slot = false;  //!< then `text` is its name
  bool operator==(const TemplatePiece&) const = default;
};

using TemplateText = std::vector<TemplatePiece>;

struct TemplateTurn {
  llm::Role role = llm::Role::user;
  TemplateText text = {};
  bool operator==(const TemplateTurn&) const = default;
};

using ChatTemplate = std::vector<TemplateTurn>;

//! Appends, joining text to text.
void append_piece(TemplateText& text, TemplatePiece piece);

//! What `render` would send, with slots for inputs.
//! @errors unsupported: the predictor writes its inputs as JSON, which a slot cannot quote; invalid_argument: a field
//!   whose name is none for a slot
Result<ChatTemplate> template_of(const Predictor& predictor);

//! The nearest predictor: lines "Question: {question}" at the end become labelled inputs, turns before the last become
//! demos, the rest instructions in which slots are named. What became of it is noted.
//! @param output  the name of what is answered; empty: of a last line "Answer:", else "answer"
//! @errors unsupported: a talk that is no question with examples before it; `path` names the turn
Result<Predictor> predictor_of(const ChatTemplate& chat, const JsonPath& path, std::vector<std::string>& notes,
                               std::string_view output = {});

//! The predictor that wrote a template is kept beside it, and found again while the template is still what it says.
constexpr std::string_view kept_predictor_key = "persona_predictor";

}  // namespace persona::prompt
