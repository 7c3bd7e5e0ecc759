//! Builds the body of a message request.
#include "llm/anthropic/request.hpp"

#include "llm/anthropic/schema.hpp"
#include "llm/anthropic/turns.hpp"
#include "llm/wire/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace persona::llm::anthropic_api {
namespace {

using wire::Prepared;

Json tool_choice_of(const Request& request) {
  switch (request.tool_use) {
    case ToolUse::automatic: return {{"type", "auto"}};
    case ToolUse::none: return {{"type", "none"}};
    case ToolUse::required: return {{"type", "any"}};
    case ToolUse::named: return {{"type", "tool"}, {"name", request.tool_name}};
  }
  return nullptr;
}

void add_effort(Effort effort, Prepared& prepared) {
  if (effort == Effort::none) {
    prepared.body["thinking"] = {{"type", "disabled"}};
    return;
  }
  if (effort == Effort::minimal) prepared.warnings.push_back("Anthropic's least effort is low");
  const std::string_view word = effort == Effort::minimal   ? "low"
                                : effort == Effort::maximum ? "max"
                                                            : to_string(effort);
  prepared.body["output_config"]["effort"] = word;
}

// Older models have no output format: a tool whose arguments are the answer stands for it.
Status add_answer_tool(const Request& request, const Json& schema, Json& body) {
  const auto same = [&](const Tool& tool) { return tool.name == request.json->name; };
  if (std::any_of(request.tools.begin(), request.tools.end(), same)) {
    return fail(Errc::invalid_argument, fmt::format("a tool has the name '{}' of the answer", request.json->name),
                "/json/name");
  }
  Json tool = {{"name", request.json->name}};
  tool["description"] = request.json->description.empty() ? "Gives the answer." : request.json->description;
  tool["input_schema"] = schema;
  body["tools"].push_back(std::move(tool));
  if (request.tools.empty() || request.tool_use == ToolUse::none) {
    body["tool_choice"] = {{"type", "tool"}, {"name", request.json->name}};
  } else if (request.tool_use == ToolUse::automatic) {
    body["tool_choice"] = {{"type", "any"}};
  }
  return {};
}

Status add_format(const Request& request, const wire::Documents& documents, const Habits& habits, Prepared& prepared) {
  if (!request.json) return {};
  if (documents.schema.empty()) {
    prepared.warnings.push_back("Anthropic has no JSON mode without a schema");
    return {};
  }
  if (habits.tool_for_json) return add_answer_tool(request, documents.schema, prepared.body);
  prepared.body["output_config"]["format"] = {
      {"type", "json_schema"},
      {"schema", enforced_schema(wire::described(*request.json, documents.schema), prepared.warnings)}};
  return {};
}

Status add_sampling(const Request& request, Prepared& prepared) {
  Json& body = prepared.body;
  if (request.temperature && *request.temperature > 1) {
    return fail(Errc::invalid_argument,
                fmt::format("Anthropic's temperature goes up to 1, is {}", *request.temperature), "/temperature");
  }
  if (request.temperature) body["temperature"] = json_number(*request.temperature);
  if (request.top_p) body["top_p"] = json_number(*request.top_p);
  if (request.top_k) body["top_k"] = *request.top_k;
  if (request.seed) prepared.warnings.push_back("Anthropic has no seed");
  if (!request.stop.empty()) body["stop_sequences"] = request.stop;
  if (!request.user.empty()) body["metadata"] = {{"user_id", request.user}};
  return {};
}

Result<Prepared> common_request(const Request& request, const wire::Documents& documents, const Habits& habits) {
  Prepared prepared;
  Json& body = prepared.body;
  body["model"] = request.model;
  if (std::string system = system_of(request, prepared.warnings); !system.empty()) body["system"] = std::move(system);
  auto turns = turns_of(request);
  if (!turns) return tl::unexpected(turns.error());
  body["messages"] = std::move(*turns);
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    Json tool = {{"name", request.tools[i].name}};
    if (!request.tools[i].description.empty()) tool["description"] = request.tools[i].description;
    tool["input_schema"] = documents.parameters[i];
    body["tools"].push_back(std::move(tool));
  }
  if (!request.tools.empty() && request.tool_use != ToolUse::automatic) body["tool_choice"] = tool_choice_of(request);
  if (request.effort) add_effort(*request.effort, prepared);
  if (const auto added = add_format(request, documents, habits, prepared); !added) return tl::unexpected(added.error());
  return prepared;
}

}  // namespace

Result<Prepared> message_request(const Request& request, const wire::Documents& documents, const Habits& habits,
                                 bool streamed) {
  auto prepared = common_request(request, documents, habits);
  if (!prepared) return prepared;
  prepared->path = "/v1/messages";
  prepared->body["max_tokens"] = request.max_output_tokens.value_or(habits.max_output_tokens);
  if (const auto added = add_sampling(request, *prepared); !added) return tl::unexpected(added.error());
  if (streamed) prepared->body["stream"] = true;
  return prepared;
}

Result<Prepared> count_request(const Request& request, const wire::Documents& documents, const Habits& habits) {
  auto prepared = common_request(request, documents, habits);
  if (prepared) prepared->path = "/v1/messages/count_tokens";
  return prepared;
}

}  // namespace persona::llm::anthropic_api
