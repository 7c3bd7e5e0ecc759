//! Prompts of LangChain, read: what `dumps` writes, and what `save` wrote.
#include <persona/prompt/interchange.hpp>

#include "prompt/fields_json.hpp"
#include "prompt/predictor_json.hpp"
#include "template_text.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace persona::prompt {
namespace {

// An object of LangChain: its class, what it was made with, and where that stands.
struct LangChainObject {
  std::string name;
  const Json* arguments = nullptr;
  JsonPath path;
};

Result<LangChainObject> langchain_object(const Json& json, const JsonPath& path) {
  if (!json.is_object())
    return fail(Errc::invalid_argument, "an object of LangChain, not " + std::string(json_kind(json)), path.text());
  if (!json.contains("lc")) {
    const std::string type = json.contains("_type") && json["_type"].is_string() ? json["_type"] : Json("prompt");
    return LangChainObject{type == "prompt"     ? "PromptTemplate"
                           : type == "few_shot" ? "FewShotPromptTemplate"
                                                : type,
                           &json, path};
  }
  const auto id = json.find("id");
  if (id == json.end() || !id->is_array() || id->empty() || !id->back().is_string())
    return fail(Errc::invalid_argument, "'id' names a class of LangChain", (path / "id").text());
  std::string name = id->back().get<std::string>();
  if (json.value("type", Json()) == "not_implemented")
    return fail(Errc::unsupported,
                "LangChain writes only a description of a " + name + ": write its parts, or save it with save()",
                path.text());
  const auto arguments = json.find("kwargs");
  if (arguments == json.end() || !arguments->is_object())
    return fail(Errc::invalid_argument, "'kwargs' must be an object", (path / "kwargs").text());
  return LangChainObject{std::move(name), &*arguments, path / "kwargs"};
}

Result<TemplateText> read_format(const Json& text, const Json& object, const JsonPath& path) {
  if (!text.is_string()) return fail(Errc::invalid_argument, "a template is text", path.text());
  const Json format = object.value("template_format", Json("f-string"));
  const auto words = text.get<std::string>();
  if (format == "f-string") return read_f_string(words, path);
  if (format == "mustache") return read_double_braces(words, path, "mustache");
  return fail(Errc::unsupported,
              "a template of format " + print_json_compact(format) + ": f-string and mustache are read, jinja2 is code",
              path.text());
}

// Variables that are filled already are words like the others.
Status fill_partials(TemplateText& text, const Json& object, const JsonPath& path) {
  const auto partials = object.find("partial_variables");
  if (partials == object.end() || partials->is_null()) return {};
  if (!partials->is_object())
    return fail(Errc::invalid_argument, "'partial_variables' must be an object", (path / "partial_variables").text());
  TemplateText filled;
  for (TemplatePiece& piece : text) {
    if (piece.is_slot && partials->contains(piece.text)) {
      const Json& value = (*partials)[piece.text];
      if (!value.is_string())
        return fail(Errc::unsupported, "a variable filled with what is not text",
                    (path / "partial_variables" / piece.text).text());
      piece = {value.get<std::string>(), false};
    }
    append_piece(filled, std::move(piece));
  }
  text = std::move(filled);
  return {};
}

Result<TemplateText> prompt_text(const Json& json, const JsonPath& path) {
  const auto object = langchain_object(json, path);
  if (!object) return tl::unexpected(object.error());
  if (object->name != "PromptTemplate")
    return fail(Errc::unsupported, "a " + object->name + " is no template of text", path.text());
  const Json& arguments = *object->arguments;
  if (!arguments.contains("template"))
    return fail(arguments.contains("template_path") ? Errc::unsupported : Errc::invalid_argument,
                arguments.contains("template_path") ? "the template lies in another file" : "there is no 'template'",
                (object->path / "template").text());
  auto text = read_format(arguments["template"], arguments, object->path / "template");
  if (!text) return text;
  if (const auto filled = fill_partials(*text, arguments, object->path); !filled) return tl::unexpected(filled.error());
  return text;
}

// The words of a message: a template, a list of them, or plain content.
Result<TemplateText> message_text(const LangChainObject& message) {
  const Json& arguments = *message.arguments;
  if (const auto content = arguments.find("content"); content != arguments.end()) {
    if (!content->is_string())
      return fail(Errc::unsupported, "content that is not text", (message.path / "content").text());
    TemplateText text;
    append_piece(text, {content->get<std::string>(), false});
    return text;
  }
  const auto prompt = arguments.find("prompt");
  const auto path = message.path / "prompt";
  if (prompt == arguments.end()) return fail(Errc::invalid_argument, "there is no 'prompt'", path.text());
  if (!prompt->is_array()) return prompt_text(*prompt, path);
  TemplateText text;
  for (std::size_t i = 0; i < prompt->size(); ++i) {
    auto part = prompt_text((*prompt)[i], path / i);
    if (!part) return part;
    if (i > 0) append_piece(text, {"\n", false});
    for (TemplatePiece& piece : *part) append_piece(text, std::move(piece));
  }
  return text;
}

Result<TemplateTurn> turn_of(const Json& json, const JsonPath& path) {
  const auto message = langchain_object(json, path);
  if (!message) return tl::unexpected(message.error());
  std::string kind = message->name;
  if (kind == "ChatMessagePromptTemplate" || kind == "ChatMessage") {
    const Json role = message->arguments->value("role", Json());
    kind = role == "system" || role == "developer" ? "System"
           : role == "user"                        ? "Human"
           : role == "assistant"                   ? "AI"
                                                   : kind;
  }
  TemplateTurn turn;
  if (kind.starts_with("System")) {
    turn.role = llm::Role::system;
  } else if (kind.starts_with("AI")) {
    turn.role = llm::Role::assistant;
  } else if (!kind.starts_with("Human")) {
    return fail(Errc::unsupported, "a " + message->name + " in a prompt has no counterpart", path.text());
  }
  auto text = message_text(*message);
  if (!text) return tl::unexpected(text.error());
  turn.text = *std::move(text);
  return turn;
}

Result<ChatTemplate> chat_of(const LangChainObject& object) {
  const auto list = object.arguments->find("messages");
  if (list == object.arguments->end() || !list->is_array())
    return fail(Errc::invalid_argument, "'messages' must be a list", (object.path / "messages").text());
  ChatTemplate chat;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto turn = turn_of((*list)[i], object.path / "messages" / i);
    if (!turn) return tl::unexpected(turn.error());
    if (const auto filled = fill_partials(turn->text, *object.arguments, object.path); !filled)
      return tl::unexpected(filled.error());
    chat.push_back(*std::move(turn));
  }
  return chat;
}

// The predictor that wrote this template, if it says the same still.
Result<std::optional<Predictor>> kept_predictor(const LangChainObject& object, const ChatTemplate& chat,
                                                std::vector<std::string>& notes) {
  const auto metadata = object.arguments->find("metadata");
  if (metadata == object.arguments->end() || !metadata->is_object() || !metadata->contains(kept_predictor_key))
    return std::optional<Predictor>();
  const auto path = object.path / "metadata" / kept_predictor_key;
  auto predictor = predictor_from((*metadata)[std::string(kept_predictor_key)], path);
  if (!predictor) return tl::unexpected(predictor.error());
  if (template_of(*predictor) == chat) return std::optional(*std::move(predictor));
  notes.push_back(path.text() + ": left out: the prompt has been changed since");
  return std::optional<Predictor>();
}

struct FewShotNames {
  std::vector<std::pair<std::string, std::string>> inputs;  // in examples, in the question
  std::string output;
};

std::vector<std::string> slots_in(const TemplateText& text, const std::set<std::string>& but) {
  std::vector<std::string> names;
  for (const TemplatePiece& piece : text)
    if (piece.is_slot && !but.contains(piece.text) && std::find(names.begin(), names.end(), piece.text) == names.end())
      names.push_back(piece.text);
  return names;
}

// Which field of an example is which of the question: by name, then in order; what is left is the answer.
Result<FewShotNames> paired(const TemplateText& example, const TemplateText& question, const TemplateText& prefix,
                            const JsonPath& path) {
  std::set<std::string> asked;
  for (const auto* text : {&question, &prefix})
    for (const TemplatePiece& piece : *text)
      if (piece.is_slot) asked.insert(piece.text);
  std::set<std::string> shown;
  for (const TemplatePiece& piece : example)
    if (piece.is_slot) shown.insert(piece.text);
  const auto only_shown = slots_in(example, asked), only_asked = slots_in(question, shown);
  const std::size_t pairs = only_shown.size() == 1 ? 0 : only_asked.size();
  if (only_shown.size() != pairs + 1)
    return fail(Errc::unsupported,
                "which variable of the examples is the answer, and which the question, cannot be told", path.text());
  FewShotNames names;
  for (const auto& name : shown)
    if (asked.contains(name)) names.inputs.emplace_back(name, name);
  for (std::size_t i = 0; i < pairs; ++i) names.inputs.emplace_back(only_shown[i], only_asked[i]);
  names.output = only_shown.back();
  if (names.inputs.empty())
    return fail(Errc::unsupported, "the examples show '" + names.output + "' alone: a question or an answer is missing",
                path.text());
  return names;
}

Result<std::vector<Demo>> few_shot_demos(const LangChainObject& object, const FewShotNames& names,
                                         const std::string& output) {
  const auto examples = object.arguments->find("examples");
  const auto path = object.path / "examples";
  if (examples == object.arguments->end() || !examples->is_array())
    return fail(Errc::unsupported, "the examples are not in this file", path.text());
  std::vector<Demo> demos;
  for (std::size_t i = 0; i < examples->size(); ++i) {
    const Json& example = (*examples)[i];
    if (!example.is_object()) return fail(Errc::invalid_argument, "an example is an object", (path / i).text());
    Json renamed = Json::object();
    for (const auto& [key, value] : example.items()) {
      std::string name = key == names.output ? output : key;
      for (const auto& [shown, asked] : names.inputs)
        if (shown == key) name = asked;
      renamed[name] = value;
    }
    auto fields = fields_from(renamed, (path / i).text());
    if (!fields) return tl::unexpected(fields.error());
    demos.push_back({*std::move(fields), false});
  }
  return demos;
}

Result<Predictor> few_shot(const LangChainObject& object, std::vector<std::string>& notes) {
  const Json& arguments = *object.arguments;
  const auto prefix = read_format(arguments.value("prefix", Json("")), arguments, object.path / "prefix");
  if (!prefix) return tl::unexpected(prefix.error());
  const auto suffix = read_format(arguments.value("suffix", Json()), arguments, object.path / "suffix");
  if (!suffix) return tl::unexpected(suffix.error());
  const auto example = prompt_text(arguments.value("example_prompt", Json()), object.path / "example_prompt");
  if (!example) return tl::unexpected(example.error());
  const auto names = paired(*example, *suffix, *prefix, object.path / "example_prompt");
  if (!names) return tl::unexpected(names.error());
  ChatTemplate chat = {{llm::Role::system, *prefix}, {llm::Role::user, *suffix}};
  for (TemplateTurn& turn : chat)
    if (const auto filled = fill_partials(turn.text, arguments, object.path); !filled)
      return tl::unexpected(filled.error());
  auto predictor = predictor_of(chat, object.path, notes, names->output);
  if (!predictor) return predictor;
  for (const auto& [shown, asked] : names->inputs)
    if (shown != asked)
      notes.push_back(fmt::format("{}: '{}' is taken for '{}'", (object.path / "examples").text(), shown, asked));
  auto demos = few_shot_demos(object, *names, predictor->signature.outputs[0].name);
  if (!demos) return tl::unexpected(demos.error());
  predictor->demos = *std::move(demos);
  return predictor;
}

Result<Predictor> langchain_predictor(const Json& tree, std::vector<std::string>& notes) {
  const auto object = langchain_object(tree, {});
  if (!object) return tl::unexpected(object.error());
  if (object->name == "FewShotPromptTemplate") return few_shot(*object, notes);
  if (object->name == "PromptTemplate") {
    const auto text = prompt_text(tree, {});
    if (!text) return tl::unexpected(text.error());
    return predictor_of({{llm::Role::user, *text}}, object->path / "template", notes);
  }
  if (object->name != "ChatPromptTemplate")
    return fail(Errc::unsupported,
                "a " + object->name + ": read are PromptTemplate, ChatPromptTemplate and FewShotPromptTemplate");
  const auto chat = chat_of(*object);
  if (!chat) return tl::unexpected(chat.error());
  auto kept = kept_predictor(*object, *chat, notes);
  if (!kept) return tl::unexpected(kept.error());
  if (*kept) return **std::move(kept);
  return predictor_of(*chat, object->path / "messages", notes);
}

}  // namespace

Result<ImportedPredictors> from_langchain(std::string_view json) {
  const auto tree = parse_json_document(json);
  if (!tree) return tl::unexpected(tree.error());
  ImportedPredictors imported;
  auto predictor = langchain_predictor(*tree, imported.notes);
  if (!predictor) return tl::unexpected(predictor.error());
  imported.predictors.push_back(*std::move(predictor));
  return imported;
}

}  // namespace persona::prompt
