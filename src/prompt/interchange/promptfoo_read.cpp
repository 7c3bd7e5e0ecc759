//! Suites of promptfoo, read.
#include <persona/prompt/interchange.hpp>

#include "prompt/fields_json.hpp"
#include "prompt/predictor_json.hpp"
#include "promptfoo_checks.hpp"
#include "template_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace persona::prompt {
namespace {

struct SuitePrompt {
  std::string name;
  ChatTemplate chat;
  JsonPath path;
};

bool is_file(std::string_view text) {
  if (text.starts_with("file://")) return true;
  if (text.find_first_of("\n{") != std::string_view::npos) return false;
  constexpr std::array<std::string_view, 11> endings{".txt", ".json", ".jsonl", ".yaml", ".yml", ".md",
                                                     ".js",  ".ts",   ".py",    ".csv",  ".j2"};
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view end) { return text.ends_with(end); });
}

tl::unexpected<Error> in_a_file(std::string_view text, const JsonPath& path) {
  return fail(Errc::unsupported, "lies in another file, '" + std::string(text) + "': put it into this one",
              path.text());
}

// A chat in JSON, or what the user says.
Result<ChatTemplate> chat_in(const std::string& raw, const JsonPath& path) {
  if (is_file(raw)) return in_a_file(raw, path);
  const auto tree = parse_json_document(raw);
  if (!tree || !tree->is_array() || tree->empty()) {
    if (raw.starts_with("- role:"))
      return fail(Errc::unsupported, "a chat within a prompt is read as JSON", path.text());
    auto text = read_double_braces(raw, path, "nunjucks");
    if (!text) return tl::unexpected(text.error());
    return ChatTemplate{{llm::Role::user, *std::move(text)}};
  }
  ChatTemplate chat;
  for (std::size_t i = 0; i < tree->size(); ++i) {
    const Json& message = (*tree)[i];
    if (!message.is_object() || !message.value("role", Json()).is_string() ||
        !message.value("content", Json()).is_string())
      return fail(Errc::unsupported, "message " + std::to_string(i) + " has not the texts 'role' and 'content'",
                  path.text());
    const Json& role = message["role"];
    auto text = read_double_braces(message["content"].get<std::string>(), path, "nunjucks");
    if (!text) return tl::unexpected(text.error());
    chat.push_back({role == "assistant"                       ? llm::Role::assistant
                    : role == "system" || role == "developer" ? llm::Role::system
                                                              : llm::Role::user,
                    *std::move(text)});
  }
  return chat;
}

Result<SuitePrompt> suite_prompt(const Json& json, std::size_t number, const JsonPath& path) {
  std::string name = number == 0 ? "predict" : "predict_" + std::to_string(number + 1);
  const Json* raw = &json;
  auto at = path;
  if (json.is_object()) {
    if (json.value("label", Json()).is_string()) name = json["label"].get<std::string>();
    const char* key = json.contains("raw") ? "raw" : "id";
    if (!json.contains(key)) return fail(Errc::invalid_argument, "a prompt has a 'raw' text", (path / "raw").text());
    raw = &json[key];
    at = path / key;
  }
  if (!raw->is_string()) return fail(Errc::invalid_argument, "a prompt is text", at.text());
  auto chat = chat_in(raw->get<std::string>(), at);
  if (!chat) return tl::unexpected(chat.error());
  return SuitePrompt{std::move(name), *std::move(chat), at};
}

Result<std::vector<SuitePrompt>> suite_prompts(const Json& tree) {
  const auto path = JsonPath() / "prompts";
  const auto found = tree.find("prompts");
  if (found == tree.end()) return fail(Errc::invalid_argument, "there are no 'prompts'", path.text());
  if (found->is_object()) return in_a_file(found->empty() ? "" : found->begin().key(), path);
  const Json list = found->is_array() ? *found : Json::array({*found});
  if (list.empty()) return fail(Errc::invalid_argument, "there are no 'prompts'", path.text());
  std::vector<SuitePrompt> prompts;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto prompt = suite_prompt(list[i], i, found->is_array() ? path / i : path);
    if (!prompt) return tl::unexpected(prompt.error());
    prompts.push_back(*std::move(prompt));
  }
  return prompts;
}

Status read_providers(const Json& tree, PromptfooSuite& suite) {
  const auto found = tree.find("providers");
  if (found == tree.end()) return {};
  const Json list = found->is_array() ? *found : Json::array({*found});
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto path = JsonPath() / "providers" / i;
    const Json& provider = list[i];
    const Json id = provider.is_object()
                        ? provider.value("id", provider.size() == 1 ? Json(provider.begin().key()) : Json())
                        : provider;
    if (!id.is_string()) return fail(Errc::invalid_argument, "a provider is text or has an 'id'", path.text());
    suite.providers.push_back(id.get<std::string>());
    if (provider.is_object() && (provider.size() > 1 || !provider.contains("id")))
      suite.notes.push_back(path.text() + ": only the name of the provider is kept");
  }
  return {};
}

Status read_variables(const Json& test, const JsonPath& path, Fields& values) {
  const auto vars = test.find("vars");
  if (vars == test.end()) return {};
  if (vars->is_string()) return in_a_file(vars->get<std::string>(), path / "vars");
  auto fields = fields_from(*vars, (path / "vars").text());
  if (!fields) return tl::unexpected(fields.error());
  for (auto& [name, value] : *fields) {
    if (const auto* text = std::get_if<std::string>(&value); text != nullptr && text->starts_with("file://"))
      return in_a_file(*text, path / "vars" / name);
    values.insert_or_assign(name, std::move(value));
  }
  return {};
}

void read_marks(const Json& test, Example& example) {
  const auto metadata = test.find("metadata");
  if (metadata == test.end() || !metadata->is_object()) return;
  if (const Json id = metadata->value("id", Json()); id.is_string()) example.id = id.get<std::string>();
  if (const Json weight = metadata->value("weight", Json()); weight.is_number()) example.weight = weight.get<double>();
  if (const Json part = metadata->value("segment", Json()); part.is_string()) example.segment = part.get<std::string>();
}

Result<Example> example_of_test(const Json& test, const JsonPath& path, const Json& defaults, AssertionReader& reader) {
  if (test.is_string()) return in_a_file(test.get<std::string>(), path);
  if (!test.is_object()) return fail(Errc::invalid_argument, "a test is an object", path.text());
  Example example;
  for (const auto& [each, at] : {std::pair(&defaults, JsonPath() / "defaultTest"), std::pair(&test, path)})
    if (const auto read = read_variables(*each, at, example.fields); !read) return tl::unexpected(read.error());
  for (const auto& [each, at] : {std::pair(&test, path), std::pair(&defaults, JsonPath() / "defaultTest")})
    if (each->contains("assert"))
      if (const auto read = reader.read((*each)["assert"], at / "assert", example.fields); !read)
        return tl::unexpected(read.error());
  read_marks(test, example);
  return example;
}

Status read_tests(const Json& tree, AssertionReader& reader, PromptfooSuite& suite) {
  const auto tests = tree.find("tests");
  Json defaults = tree.value("defaultTest", Json::object());
  if (defaults.is_string()) return in_a_file(defaults.get<std::string>(), JsonPath() / "defaultTest");
  if (!defaults.is_object()) return fail(Errc::invalid_argument, "'defaultTest' must be an object", "/defaultTest");
  if (tests == tree.end() || tests->is_null()) return {};
  if (tests->is_string()) return in_a_file(tests->get<std::string>(), JsonPath() / "tests");
  if (!tests->is_array()) return fail(Errc::invalid_argument, "'tests' must be a list", "/tests");
  std::vector<Example> examples;
  for (std::size_t i = 0; i < tests->size(); ++i) {
    auto example = example_of_test((*tests)[i], JsonPath() / "tests" / i, defaults, reader);
    if (!example) return tl::unexpected(example.error());
    examples.push_back(*std::move(example));
  }
  auto data = Dataset::make(std::move(examples));
  if (!data) return fail(data.error().code, data.error().message, "/tests");
  suite.tests = *std::move(data);
  return {};
}

// The predictors that wrote these prompts, if they say the same still.
Status read_kept(const Json& tree, const std::vector<SuitePrompt>& prompts, PromptfooSuite& suite) {
  const Json metadata = tree.value("metadata", Json());
  if (!metadata.is_object() || !metadata.contains(kept_predictor_key)) return {};
  const auto path = JsonPath() / "metadata" / kept_predictor_key;
  const Json& list = metadata[std::string(kept_predictor_key)];
  bool is_same = list.is_array() && list.size() == prompts.size();
  std::vector<Predictor> kept;
  for (std::size_t i = 0; is_same && i < prompts.size(); ++i) {
    auto predictor = predictor_from(list[i], path / i);
    if (!predictor) return tl::unexpected(predictor.error());
    is_same = template_of(*predictor) == prompts[i].chat;
    kept.push_back(*std::move(predictor));
  }
  if (is_same) {
    suite.predictors = std::move(kept);
  } else {
    suite.notes.push_back(path.text() + ": left out: the prompts have been changed since");
  }
  return {};
}

void note_unread(const Json& tree, PromptfooSuite& suite) {
  constexpr std::array<std::string_view, 7> read{"description", "providers", "prompts", "tests",
                                                 "defaultTest", "metadata",  "$schema"};
  for (const auto& [name, value] : tree.items())
    if (std::find(read.begin(), read.end(), name) == read.end() && !value.empty())
      suite.notes.push_back((JsonPath() / name).text() + ": left out");
}

}  // namespace

Result<PromptfooSuite> from_promptfoo(std::string_view json) {
  const auto tree = parse_json_document(json);
  if (!tree) return tl::unexpected(tree.error());
  if (!tree->is_object())
    return fail(Errc::invalid_argument, "a suite is an object, not " + std::string(json_kind(*tree)));
  PromptfooSuite suite;
  if (const Json text = tree->value("description", Json()); text.is_string()) suite.description = text;
  AssertionReader reader;
  if (const auto done = read_providers(*tree, suite); !done) return tl::unexpected(done.error());
  if (const auto done = read_tests(*tree, reader, suite); !done) return tl::unexpected(done.error());
  const auto prompts = suite_prompts(*tree);
  if (!prompts) return tl::unexpected(prompts.error());
  if (const auto done = read_kept(*tree, *prompts, suite); !done) return tl::unexpected(done.error());
  if (suite.predictors.empty()) {
    for (const SuitePrompt& prompt : *prompts) {
      auto predictor = predictor_of(prompt.chat, prompt.path, suite.notes, reader.judged_field());
      if (!predictor) return tl::unexpected(predictor.error());
      predictor->name = prompt.name;
      suite.predictors.push_back(*std::move(predictor));
    }
  }
  suite.metrics = reader.metrics();
  reader.add_notes(suite.notes);
  note_unread(*tree, suite);
  return suite;
}

}  // namespace persona::prompt
