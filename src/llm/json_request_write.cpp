//! Requests as JSON text. Members stand in order of their names.
#include <persona/llm/json.hpp>

#include "json_words.hpp"
#include "json_write.hpp"

namespace persona::llm {
namespace {

struct WritePart {
  CanonicalJson& out;

  void operator()(const Text& text) const { out.key("text").value(text.text); }
  void operator()(const Image& image) const {
    out.key("image").open_object();
    if (!image.bytes.empty()) out.key("bytes").value(base64(image.bytes));
    out.member("media_type", image.media_type);
    out.member("url", image.url);
    out.close_object();
  }
  void operator()(const ToolCall& call) const {
    out.key("tool_call");
    write_json(call, out);
  }
  void operator()(const ToolResult& result) const {
    out.key("tool_result").open_object();
    out.member("id", result.id);
    out.member("is_error", result.is_error);
    out.member("text", result.text);
    out.close_object();
  }
  void operator()(const Thinking& thought) const {
    out.key("thinking");
    write_json(thought, out);
  }
};

void write_json(const JsonFormat& format, CanonicalJson& out) {
  const JsonFormat fresh;
  out.open_object();
  out.member("description", format.description);
  out.member("name", format.name, fresh.name);
  out.member("schema", format.schema);
  out.member("strict", format.strict, fresh.strict);
  out.close_object();
}

void write_tools(const std::vector<Tool>& tools, CanonicalJson& out) {
  if (tools.empty()) return;
  out.key("tools").open_list();
  for (const Tool& tool : tools) {
    out.open_object();
    out.member("description", tool.description);
    out.member("name", tool.name);
    out.member("parameters", tool.parameters);
    out.close_object();
  }
  out.close_list();
}

}  // namespace

void write_json(const ToolCall& call, CanonicalJson& out) {
  out.open_object();
  out.member("arguments", call.arguments);
  out.member("id", call.id);
  out.member("name", call.name);
  out.close_object();
}

void write_json(const Thinking& thought, CanonicalJson& out) {
  out.open_object();
  out.member("signature", thought.signature);
  out.member("text", thought.text);
  out.close_object();
}

void write_json(const Message& message, CanonicalJson& out) {
  out.open_object();
  out.key("parts").open_list();
  for (const Part& part : message.parts) {
    out.open_object();
    std::visit(WritePart{out}, part);
    out.close_object();
  }
  out.close_list();
  out.key("role").value(to_string(message.role));
  out.close_object();
}

void write_json(const Request& request, CanonicalJson& out) {
  out.open_object();
  if (request.effort) out.key("effort").value(to_string(*request.effort));
  out.member("extra", request.extra);
  if (request.json) write_json(*request.json, (out.key("json"), out));
  write_optional("max_output_tokens", request.max_output_tokens, out);
  write_list("messages", request.messages, out);
  out.member("model", request.model);
  write_optional("seed", request.seed, out);
  write_list("stop", request.stop, out);
  write_optional("temperature", request.temperature, out);
  out.member("tool_name", request.tool_name);
  if (request.tool_use != ToolUse::automatic) out.key("tool_use").value(word_of(request.tool_use));
  write_tools(request.tools, out);
  write_optional("top_k", request.top_k, out);
  write_optional("top_p", request.top_p, out);
  out.member("user", request.user);
  out.close_object();
}

std::string to_json(const Request& request) {
  CanonicalJson out;
  write_json(request, out);
  return out.take();
}

}  // namespace persona::llm
