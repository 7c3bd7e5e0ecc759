//! Suites of promptfoo, written as JSON, which is YAML.
#include <persona/prompt/interchange.hpp>

#include "prompt/fields_json.hpp"
#include "prompt/predictor_json.hpp"
#include "promptfoo_checks.hpp"
#include "template_text.hpp"

#include <algorithm>
#include <set>

namespace persona::prompt {
namespace {

Result<Json> prompts_of(const std::vector<Predictor>& predictors) {
  Json prompts = Json::array();
  std::set<std::string> labels;
  for (const Predictor& predictor : predictors) {
    const auto chat = template_of(predictor);
    if (!chat) return tl::unexpected(chat.error());
    Json turns = Json::array();
    for (const TemplateTurn& turn : *chat)
      turns.push_back({{"role", to_string(turn.role)}, {"content", nunjucks_of(turn.text)}});
    std::string label = predictor.name;
    for (int again = 2; !labels.insert(label).second; ++again) label = predictor.name + " " + std::to_string(again);
    // Several lines: one could be taken for the name of a file.
    prompts.push_back({{"label", label}, {"raw", print_json_document(turns)}});
  }
  return prompts;
}

// Lists would be taken for several values, and some texts for code or for files.
Result<Json> variables_of(const Example& example) {
  Json variables = Json::object();
  for (const auto& [name, value] : example.fields) {
    const std::string text = to_text(value);
    if (text.find("{{") != std::string::npos || text.starts_with("file://") || text.starts_with("package:"))
      return fail(Errc::unsupported, "example '" + example.id + "': promptfoo would not take the field '" + name +
                                         "' for text: it holds '{{' or begins as a file does");
    const bool is_text = std::holds_alternative<JsonText>(value) || std::holds_alternative<std::monostate>(value);
    variables[name] = is_text ? Json(text) : json_of(value);
  }
  return variables;
}

Result<Json> tests_of(const Dataset& data) {
  Json tests = Json::array();
  for (const Example& example : data) {
    auto variables = variables_of(example);
    if (!variables) return tl::unexpected(variables.error());
    Json marks = {{"id", example.id}};
    if (example.weight != 1) marks["weight"] = json_number(example.weight);
    if (!example.segment.empty()) marks["segment"] = example.segment;
    tests.push_back({{"vars", *std::move(variables)}, {"metadata", std::move(marks)}});
  }
  return tests;
}

Result<Json> assertions_of(const PromptfooSuite& suite) {
  Json assertions = Json::array();
  for (const std::string& metric : suite.metrics) {
    Json agreed;
    for (const Predictor& predictor : suite.predictors) {
      auto assertion = assertion_of(metric, predictor);
      if (!assertion) return assertion;
      if (!agreed.is_null() && agreed != *assertion)
        return fail(Errc::unsupported, "predictors that write '" + metric + "' in several forms");
      agreed = *std::move(assertion);
    }
    if (!agreed.is_null()) assertions.push_back(std::move(agreed));
  }
  return assertions;
}

}  // namespace

Result<std::string> to_promptfoo(const PromptfooSuite& suite) {
  if (suite.predictors.empty()) return fail(Errc::invalid_argument, "a suite needs a predictor");
  auto prompts = prompts_of(suite.predictors);
  if (!prompts) return tl::unexpected(prompts.error());
  auto tests = tests_of(suite.tests);
  if (!tests) return tl::unexpected(tests.error());
  auto assertions = assertions_of(suite);
  if (!assertions) return tl::unexpected(assertions.error());
  Json tree = Json::object();
  if (!suite.description.empty()) tree["description"] = suite.description;
  if (!suite.providers.empty()) tree["providers"] = suite.providers;
  tree["prompts"] = *std::move(prompts);
  if (!assertions->empty()) tree["defaultTest"]["assert"] = *std::move(assertions);
  if (!tests->empty()) tree["tests"] = *std::move(tests);
  Json kept = Json::array();
  for (const Predictor& predictor : suite.predictors) kept.push_back(json_of(predictor));
  tree["metadata"][std::string(kept_predictor_key)] = std::move(kept);
  return print_json_document(tree);
}

}  // namespace persona::prompt
