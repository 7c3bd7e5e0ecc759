//! Checks of a request.
#include "llm/wire/documents.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace persona::llm::wire {
namespace {

constexpr std::string_view no_parameters = R"({"type":"object","properties":{}})";

Status wrong(const JsonPath& path, std::string message) {
  return fail(Errc::invalid_argument, std::move(message), path.text());
}

Status check_text(std::string_view text, const JsonPath& path) {
  return is_utf8(text) ? Status() : wrong(path, "the text is not UTF-8");
}

struct CheckPart {
  Role role;
  std::size_t message, part;

  JsonPath path() const { return JsonPath() / "messages" / message / "parts" / part; }
  Status text(std::string_view text) const { return is_utf8(text) ? Status() : wrong(path(), "the text is not UTF-8"); }
  Status only(bool allowed, std::string_view what) const {
    if (allowed) return {};
    return wrong(path(), fmt::format("a {} message has no {}", to_string(role), what));
  }
  Status operator()(const Text& part) const {
    if (const auto fits = only(role != Role::tool, "plain text; it is a result"); !fits) return fits;
    return text(part.text);
  }
  Status operator()(const Image& part) const {
    if (role != Role::user) {
      return fail(Errc::unsupported, fmt::format("a {} message cannot show a picture", to_string(role)), path().text());
    }
    if (part.bytes.empty() && part.url.empty()) return wrong(path(), "the picture has neither bytes nor a URL");
    if (!part.bytes.empty() && part.media_type.empty()) return wrong(path(), "the picture has no media type");
    return text(part.url + part.media_type);
  }
  Status operator()(const ToolCall& part) const {
    if (const auto fits = only(role == Role::assistant, "tool calls"); !fits) return fits;
    if (part.name.empty()) return wrong(path(), "the tool call has no name");
    return text(part.id + part.name + part.arguments);
  }
  Status operator()(const ToolResult& part) const {
    if (const auto fits = only(role == Role::user || role == Role::tool, "tool results"); !fits) return fits;
    return text(part.id + part.text);
  }
  Status operator()(const Thinking& part) const {
    if (const auto fits = only(role == Role::assistant, "thinking"); !fits) return fits;
    return text(part.text + part.signature);
  }
};

Status check_messages(const std::vector<Message>& messages) {
  const JsonPath path = JsonPath() / "messages";
  if (messages.empty()) return wrong(path, "there is no message");
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].parts.empty()) return wrong(path / i, "the message is empty");
    for (std::size_t j = 0; j < messages[i].parts.size(); ++j) {
      const CheckPart check{messages[i].role, i, j};
      if (const auto fits = std::visit(check, messages[i].parts[j]); !fits) return fits;
    }
  }
  return {};
}

Status check_numbers(const Request& request) {
  for (const auto& [name, number] : {std::pair("temperature", request.temperature), {"top_p", request.top_p}}) {
    if (number && !(std::isfinite(*number) && *number >= 0)) {
      return wrong(JsonPath() / name, fmt::format("{} is to be 0 or more, is {}", name, *number));
    }
  }
  if (request.max_output_tokens && *request.max_output_tokens < 1) {
    return wrong(JsonPath() / "max_output_tokens", "max_output_tokens is to be 1 or more");
  }
  return {};
}

Result<Json> read_object(std::string_view text, const JsonPath& path, std::string_view what) {
  auto json = parse_json_document(text);
  if (!json) {
    return fail(Errc::invalid_argument, fmt::format("{}: {}", what, json.error().message),
                path.text() + json.error().path);
  }
  if (!json->is_object()) {
    return fail(Errc::invalid_argument, fmt::format("{} is {}, not an object", what, json_kind(*json)), path.text());
  }
  return json;
}

Status check_format(const JsonFormat& format) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; };
  if (format.name.empty() || format.name.size() > 64 || !std::all_of(format.name.begin(), format.name.end(), allowed)) {
    return wrong(JsonPath() / "json" / "name",
                 fmt::format("the name '{}' is not 1 to 64 of A-Z, a-z, 0-9, _ and -", shortened(format.name)));
  }
  return check_text(format.description, JsonPath() / "json" / "description");
}

Status check_tool_use(const Request& request) {
  const JsonPath path = JsonPath() / "tool_use";
  if (request.tool_use == ToolUse::required && request.tools.empty()) return wrong(path, "there is no tool to use");
  if (request.tool_use != ToolUse::named) return {};
  const auto named = [&](const Tool& tool) { return tool.name == request.tool_name; };
  if (std::any_of(request.tools.begin(), request.tools.end(), named)) return {};
  return wrong(JsonPath() / "tool_name", fmt::format("there is no tool '{}'", shortened(request.tool_name)));
}

Status check_words(const Request& request) {
  if (request.model.empty()) return wrong(JsonPath() / "model", "no model is named");
  if (const auto fits = check_text(request.model + request.user, JsonPath()); !fits) return fits;
  for (std::size_t i = 0; i < request.stop.size(); ++i) {
    const JsonPath path = JsonPath() / "stop" / i;
    if (request.stop[i].empty()) return wrong(path, "a stop sequence is empty");
    if (const auto fits = check_text(request.stop[i], path); !fits) return fits;
  }
  return {};
}

Status read_tools(const Request& request, Documents& documents) {
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    const Tool& tool = request.tools[i];
    const JsonPath path = JsonPath() / "tools" / i;
    if (tool.name.empty()) return wrong(path / "name", "the tool has no name");
    if (const auto fits = check_text(tool.name + tool.description, path); !fits) return fits;
    const std::string_view text = tool.parameters.empty() ? no_parameters : std::string_view(tool.parameters);
    auto parameters = read_object(text, path / "parameters", "the parameters of tool '" + shortened(tool.name) + "'");
    if (!parameters) return tl::unexpected(parameters.error());
    documents.parameters.push_back(std::move(*parameters));
  }
  return {};
}

}  // namespace

Result<Documents> read_documents(const Request& request) {
  for (const auto check : {check_words, check_numbers, check_tool_use}) {
    if (const auto fits = check(request); !fits) return tl::unexpected(fits.error());
  }
  if (const auto fits = check_messages(request.messages); !fits) return tl::unexpected(fits.error());
  Documents documents;
  if (const auto fits = read_tools(request, documents); !fits) return tl::unexpected(fits.error());
  if (request.json) {
    if (const auto fits = check_format(*request.json); !fits) return tl::unexpected(fits.error());
    const std::string& text = request.json->schema;
    auto schema = read_object(text.empty() ? "{}" : text, JsonPath() / "json" / "schema", "the schema");
    if (!schema) return tl::unexpected(schema.error());
    documents.schema = std::move(*schema);
  }
  if (!request.extra.empty()) {
    auto extra = read_object(request.extra, JsonPath() / "extra", "extra");
    if (!extra) return tl::unexpected(extra.error());
    if (extra->contains("stream")) {
      return fail(Errc::invalid_argument, "extra cannot set 'stream': call stream() or complete()", "/extra/stream");
    }
    documents.extra = std::move(*extra);
  }
  return documents;
}

Json described(const JsonFormat& format, Json schema) {
  if (!format.description.empty() && !schema.contains("description")) schema["description"] = format.description;
  return schema;
}

Result<Json> arguments_of(const ToolCall& call) {
  if (call.arguments.empty()) return Json::object();
  return read_object(call.arguments, JsonPath(), "the arguments of tool '" + shortened(call.name) + "'");
}

Result<std::string> name_of_call(std::span<const Message> before, std::string_view id) {
  for (auto message = before.rbegin(); message != before.rend(); ++message) {
    for (const Part& part : message->parts) {
      const auto* call = std::get_if<ToolCall>(&part);
      if (call != nullptr && call->id == id) return call->name;
    }
  }
  return fail(Errc::invalid_argument, fmt::format("no tool call has the id '{}' of this result", shortened(id)));
}

}  // namespace persona::llm::wire
