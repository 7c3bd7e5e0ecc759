//! Builds the body of a content request.
#include "llm/gemini/request.hpp"

#include "llm/gemini/turns.hpp"
#include "llm/wire/endpoint.hpp"
#include "llm/wire/fields.hpp"

#include <utility>

namespace persona::llm::gemini_api {
namespace {

using wire::Prepared;

// Up to 2.5 a number of tokens, later a word.
Json thinking_of(Effort effort, std::string_view model, std::vector<std::string>& warnings) {
  if (model.find("gemini-2") != std::string_view::npos) {
    switch (effort) {
      case Effort::none: return {{"thinkingBudget", 0}};
      case Effort::minimal: return {{"thinkingBudget", 512}};
      case Effort::low: return {{"thinkingBudget", 1024}};
      case Effort::medium: return {{"thinkingBudget", 8192}};
      case Effort::high:
      case Effort::maximum: return {{"thinkingBudget", 24'576}};
    }
  }
  if (effort == Effort::none) warnings.push_back("this Gemini always thinks; minimal is its least");
  if (effort == Effort::maximum) warnings.push_back("Gemini's greatest effort is high");
  const Effort known = effort == Effort::none ? Effort::minimal : effort == Effort::maximum ? Effort::high : effort;
  return {{"thinkingLevel", to_string(known)}};
}

void add_configuration(const Request& request, const wire::Documents& documents, Prepared& prepared) {
  Json config = Json::object();
  if (request.temperature) config["temperature"] = json_number(*request.temperature);
  if (request.top_p) config["topP"] = json_number(*request.top_p);
  if (request.top_k) config["topK"] = *request.top_k;
  if (request.max_output_tokens) config["maxOutputTokens"] = *request.max_output_tokens;
  if (!request.stop.empty()) config["stopSequences"] = request.stop;
  if (request.seed) config["seed"] = *request.seed;
  if (request.json) config["responseMimeType"] = "application/json";
  if (request.json && !documents.schema.empty())
    config["responseJsonSchema"] = wire::described(*request.json, documents.schema);
  if (request.effort) config["thinkingConfig"] = thinking_of(*request.effort, request.model, prepared.warnings);
  if (!request.user.empty()) prepared.warnings.push_back("Gemini takes no name of the end user");
  if (!config.empty()) prepared.body["generationConfig"] = std::move(config);
}

void add_tools(const Request& request, const wire::Documents& documents, Json& body) {
  if (request.tools.empty()) return;
  Json functions = Json::array();
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    Json function = {{"name", request.tools[i].name}};
    if (!request.tools[i].description.empty()) function["description"] = request.tools[i].description;
    function["parametersJsonSchema"] = documents.parameters[i];
    functions.push_back(std::move(function));
  }
  body["tools"] = Json::array({Json{{"functionDeclarations", std::move(functions)}}});
  if (request.tool_use == ToolUse::automatic) return;
  Json calling = {{"mode", request.tool_use == ToolUse::none ? "NONE" : "ANY"}};
  if (request.tool_use == ToolUse::named) calling["allowedFunctionNames"] = Json::array({request.tool_name});
  body["toolConfig"] = {{"functionCallingConfig", std::move(calling)}};
}

}  // namespace

std::string model_path(std::string_view model) {
  const auto slash = model.find('/');
  if (slash == std::string_view::npos) return "models/" + wire::path_segment(model);
  return wire::path_segment(model.substr(0, slash)) + '/' + wire::path_segment(model.substr(slash + 1));
}

Result<Prepared> content_request(const Request& request, const wire::Documents& documents, bool streamed) {
  Prepared prepared{.path = '/' + model_path(request.model) +
                            (streamed ? ":streamGenerateContent?alt=sse" : ":generateContent")};
  auto turns = turns_of(request);
  if (!turns) return tl::unexpected(turns.error());
  prepared.body["contents"] = std::move(*turns);
  if (Json system = system_of(request, prepared.warnings); !system.is_null()) {
    prepared.body["systemInstruction"] = std::move(system);
  }
  add_configuration(request, documents, prepared);
  add_tools(request, documents, prepared.body);
  return prepared;
}

Result<Prepared> count_request(const Request& request, const wire::Documents& documents) {
  auto content = content_request(request, documents, false);
  if (!content) return content;
  wire::merge(content->body, documents.extra);
  Prepared prepared{.path = '/' + model_path(request.model) + ":countTokens"};
  Json inner = {{"model", model_path(request.model)}};
  inner.update(content->body);
  prepared.body = {{"generateContentRequest", std::move(inner)}};
  return prepared;
}

}  // namespace persona::llm::gemini_api
