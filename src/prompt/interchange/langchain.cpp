//! Prompts of LangChain, written.
#include <persona/prompt/interchange.hpp>

#include "prompt/predictor_json.hpp"
#include "template_text.hpp"

#include <algorithm>
#include <utility>

namespace persona::prompt {
namespace {

Json constructed(std::string_view module, const char* name, Json arguments) {
  return {{"lc", 1},
          {"type", "constructor"},
          {"id", {"langchain", "prompts", module, name}},
          {"kwargs", std::move(arguments)},
          {"name", name}};
}

Json slot_names(const TemplateText& text) {
  std::vector<std::string> names;
  for (const TemplatePiece& piece : text)
    if (piece.is_slot) names.push_back(piece.text);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

const char* message_class(llm::Role role) {
  if (role == llm::Role::system) return "SystemMessagePromptTemplate";
  return role == llm::Role::user ? "HumanMessagePromptTemplate" : "AIMessagePromptTemplate";
}

}  // namespace

Result<std::string> to_langchain(const Predictor& predictor) {
  const auto chat = template_of(predictor);
  if (!chat) return tl::unexpected(chat.error());
  Json messages = Json::array();
  for (const TemplateTurn& turn : *chat) {
    Json prompt = constructed("prompt", "PromptTemplate",
                              {{"input_variables", slot_names(turn.text)},
                               {"template", f_string_of(turn.text)},
                               {"template_format", "f-string"}});
    messages.push_back(constructed("chat", message_class(turn.role), {{"prompt", std::move(prompt)}}));
  }
  Json metadata = Json::object();
  metadata[std::string(kept_predictor_key)] = json_of(predictor);
  return print_json_document(constructed("chat", "ChatPromptTemplate",
                                         {{"input_variables", slot_names(chat->back().text)},
                                          {"metadata", std::move(metadata)},
                                          {"messages", std::move(messages)}}));
}

}  // namespace persona::prompt
