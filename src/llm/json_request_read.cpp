//! Requests from JSON text.
#include <persona/llm/json.hpp>

#include "json_read.hpp"

#include <fmt/format.h>

namespace persona::llm {
namespace {

void read_image(const Json& json, const JsonPlace& place, Status& status, Image& image) {
  JsonFields fields(json, place, status);
  std::string encoded;
  fields.read("bytes", encoded);
  fields.read("media_type", image.media_type);
  fields.read("url", image.url);
  fields.finish();
  if (auto bytes = bytes_of_base64(encoded))
    image.bytes = *std::move(bytes);
  else
    fields.wrong(fields.at("bytes"), "is not base64");
}

void read_tool_result(const Json& json, const JsonPlace& place, Status& status, ToolResult& result) {
  JsonFields fields(json, place, status);
  fields.read("id", result.id);
  fields.read("is_error", result.is_error);
  fields.read("text", result.text);
  fields.finish();
}

void read_part(const Json& json, const JsonPlace& place, Status& status, Part& part) {
  JsonFields fields(json, place, status);
  if (!status) return;
  if (json.size() != 1) {
    fields.wrong(place, "must have one member: text, image, tool_call, tool_result or thinking");
    return;
  }
  if (json.contains("text")) fields.read("text", part.emplace<Text>().text);
  if (json.contains("image")) fields.nested("image", part.emplace<Image>(), read_image);
  if (json.contains("tool_call")) fields.nested("tool_call", part.emplace<ToolCall>(), reads_json);
  if (json.contains("tool_result")) fields.nested("tool_result", part.emplace<ToolResult>(), read_tool_result);
  if (json.contains("thinking")) fields.nested("thinking", part.emplace<Thinking>(), reads_json);
  fields.finish();
}

void read_message(const Json& json, const JsonPlace& place, Status& status, Message& message) {
  JsonFields fields(json, place, status);
  fields.each("parts", message.parts, read_part);
  fields.read("role", message.role);
  fields.finish();
}

void read_tool(const Json& json, const JsonPlace& place, Status& status, Tool& tool) {
  JsonFields fields(json, place, status);
  fields.read("description", tool.description);
  fields.read("name", tool.name);
  fields.read("parameters", tool.parameters);
  fields.finish();
}

void read_format(const Json& json, const JsonPlace& place, Status& status, std::optional<JsonFormat>& format) {
  JsonFields fields(json, place, status);
  format.emplace();
  fields.read("description", format->description);
  fields.read("name", format->name);
  fields.read("schema", format->schema);
  fields.read("strict", format->strict);
  fields.finish();
}

}  // namespace

void read_json(const Json& json, const JsonPlace& place, Status& status, ToolCall& call) {
  JsonFields fields(json, place, status);
  fields.read("arguments", call.arguments);
  fields.read("id", call.id);
  fields.read("name", call.name);
  fields.finish();
}

void read_json(const Json& json, const JsonPlace& place, Status& status, Thinking& thought) {
  JsonFields fields(json, place, status);
  fields.read("signature", thought.signature);
  fields.read("text", thought.text);
  fields.finish();
}

Result<Request> parse_request(std::string_view text) {
  const Result<Json> json = parse_json_document(text);
  if (!json) return tl::unexpected(json.error());
  Status status;
  const JsonPlace root;
  Request request;
  JsonFields fields(*json, root, status);
  fields.read("effort", request.effort);
  fields.read("extra", request.extra);
  fields.nested("json", request.json, read_format);
  fields.read("max_output_tokens", request.max_output_tokens);
  fields.each("messages", request.messages, read_message);
  fields.read("model", request.model);
  fields.read("seed", request.seed);
  fields.read("stop", request.stop);
  fields.read("temperature", request.temperature);
  fields.read("tool_name", request.tool_name);
  fields.read("tool_use", request.tool_use);
  fields.each("tools", request.tools, read_tool);
  fields.read("top_k", request.top_k);
  fields.read("top_p", request.top_p);
  fields.read("user", request.user);
  fields.finish();
  if (!status) return tl::unexpected(status.error());
  return request;
}

}  // namespace persona::llm
