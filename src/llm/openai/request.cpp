//! Builds the body of a chat completion.
#include "llm/openai/request.hpp"

#include "llm/openai/strict_schema.hpp"
#include "llm/wire/base64.hpp"
#include "llm/wire/fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace persona::llm::openai_api {
namespace {

using wire::add;
using wire::Prepared;

Json user_content(const Message& message) {
  const bool has_picture = std::any_of(message.parts.begin(), message.parts.end(),
                                       [](const Part& part) { return std::holds_alternative<Image>(part); });
  if (!has_picture) {
    std::string text;
    for (const Part& part : message.parts) {
      if (const auto* words = std::get_if<Text>(&part)) text += words->text;
    }
    return text;
  }
  Json content = Json::array();
  for (const Part& part : message.parts) {
    if (const auto* words = std::get_if<Text>(&part)) content.push_back({{"type", "text"}, {"text", words->text}});
    if (const auto* image = std::get_if<Image>(&part)) {
      content.push_back({{"type", "image_url"}, {"image_url", {{"url", picture_url(*image)}}}});
    }
  }
  return content;
}

Json assistant_turn(const Message& message, std::vector<std::string>& warnings) {
  Json turn = {{"role", "assistant"}};
  Json calls = Json::array();
  std::string text;
  for (const Part& part : message.parts) {
    if (const auto* words = std::get_if<Text>(&part)) text += words->text;
    if (std::holds_alternative<Thinking>(part))
      warnings.push_back("chat completions take no thinking of earlier turns");
    if (const auto* call = std::get_if<ToolCall>(&part)) {
      const std::string arguments = call->arguments.empty() ? "{}" : call->arguments;
      calls.push_back(
          {{"id", call->id}, {"type", "function"}, {"function", {{"name", call->name}, {"arguments", arguments}}}});
    }
  }
  turn["content"] = text.empty() && !calls.empty() ? Json(nullptr) : Json(text);
  if (!calls.empty()) turn["tool_calls"] = std::move(calls);
  return turn;
}

void add_turns(const Message& message, Json& turns, std::vector<std::string>& warnings) {
  if (message.role == Role::assistant) {
    turns.push_back(assistant_turn(message, warnings));
    return;
  }
  bool has_words = false;
  for (const Part& part : message.parts) {
    const auto* result = std::get_if<ToolResult>(&part);
    has_words = has_words || result == nullptr;
    if (result == nullptr) continue;
    if (result->is_error) warnings.push_back("OpenAI has no mark for a tool that failed; its text is sent");
    turns.push_back({{"role", "tool"}, {"tool_call_id", result->id}, {"content", result->text}});
  }
  if (has_words) turns.push_back({{"role", to_string(message.role)}, {"content", user_content(message)}});
}

void add_tools(const Request& request, const wire::Documents& documents, Json& body) {
  if (request.tools.empty()) return;
  Json tools = Json::array();
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    Json function = {{"name", request.tools[i].name}};
    if (!request.tools[i].description.empty()) function["description"] = request.tools[i].description;
    function["parameters"] = documents.parameters[i];
    tools.push_back({{"type", "function"}, {"function", std::move(function)}});
  }
  body["tools"] = std::move(tools);
  switch (request.tool_use) {
    case ToolUse::automatic: break;
    case ToolUse::none: body["tool_choice"] = "none"; break;
    case ToolUse::required: body["tool_choice"] = "required"; break;
    case ToolUse::named:
      body["tool_choice"] = {{"type", "function"}, {"function", {{"name", request.tool_name}}}};
      break;
  }
}

void add_sampling(const Request& request, const Server& server, Prepared& prepared) {
  Json& body = prepared.body;
  if (request.max_output_tokens) {
    body[server.max_completion_tokens ? "max_completion_tokens" : "max_tokens"] = *request.max_output_tokens;
  }
  if (request.temperature) body["temperature"] = json_number(*request.temperature);
  if (request.top_p) body["top_p"] = json_number(*request.top_p);
  if (request.top_k && server.top_k) body["top_k"] = *request.top_k;
  if (request.top_k && !server.top_k) prepared.warnings.push_back("chat completions have no top_k");
  if (request.seed) body["seed"] = *request.seed;
  if (!request.stop.empty()) body["stop"] = request.stop;
  if (request.effort) body["reasoning_effort"] = effort_word(*request.effort);
  if (!request.user.empty()) body[server.safety_identifier ? "safety_identifier" : "user"] = request.user;
}

}  // namespace

std::string picture_url(const Image& image) {
  if (image.bytes.empty()) return image.url;
  return fmt::format("data:{};base64,{}", image.media_type, wire::base64(image.bytes));
}

std::string_view effort_word(Effort effort) {
  return effort == Effort::maximum ? "max" : to_string(effort);
}

Json schema_format(const JsonFormat& format, const Json& schema, std::vector<std::string>& warnings) {
  Json out = {{"name", format.name}};
  if (!format.description.empty()) out["description"] = format.description;
  auto strict = format.strict ? strict_schema(schema) : fail(Errc::unsupported, "");
  if (strict) {
    warnings.insert(warnings.end(), strict->warnings.begin(), strict->warnings.end());
    out["schema"] = std::move(strict->schema);
  } else {
    if (format.strict) {
      warnings.push_back(fmt::format("the schema is not enforced: strict mode does not know {} (at '{}')",
                                     strict.error().message, strict.error().path));
    }
    out["schema"] = schema;
  }
  out["strict"] = strict.has_value();
  return out;
}

Result<Prepared> chat_request(const Request& request, const wire::Documents& documents, const Server& server,
                              bool streamed) {
  Prepared prepared{.path = "/chat/completions"};
  Json& body = prepared.body;
  body["model"] = request.model;
  Json turns = Json::array();
  for (const Message& message : request.messages) add_turns(message, turns, prepared.warnings);
  body["messages"] = std::move(turns);
  add_sampling(request, server, prepared);
  add_tools(request, documents, body);
  if (request.json && documents.schema.empty()) body["response_format"] = {{"type", "json_object"}};
  if (request.json && !documents.schema.empty()) {
    body["response_format"] = {{"type", "json_schema"},
                               {"json_schema", schema_format(*request.json, documents.schema, prepared.warnings)}};
  }
  if (streamed) {
    body["stream"] = true;
    body["stream_options"] = {{"include_usage", true}};
    if (server.obfuscation) body["stream_options"]["include_obfuscation"] = false;
  }
  return prepared;
}

}  // namespace persona::llm::openai_api
