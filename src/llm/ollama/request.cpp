//! Builds the body of a chat.
#include "llm/ollama/request.hpp"

#include "llm/wire/base64.hpp"
#include "llm/wire/fields.hpp"

#include <span>
#include <utility>

namespace persona::llm::ollama_api {
namespace {

using wire::Prepared;

Result<Json> assistant_turn(const Message& message) {
  Json turn = {{"role", "assistant"}, {"content", message.text()}};
  for (const Part& part : message.parts) {
    if (const auto* thought = std::get_if<Thinking>(&part); thought != nullptr && !thought->text.empty()) {
      turn["thinking"] = thought->text;
    }
    const auto* call = std::get_if<ToolCall>(&part);
    if (call == nullptr) continue;
    auto arguments = wire::arguments_of(*call);
    if (!arguments) return arguments;
    turn["tool_calls"].push_back({{"function", {{"name", call->name}, {"arguments", std::move(*arguments)}}}});
  }
  return turn;
}

// The results of tools, each a turn of its own, then what else is said.
Status add_user_turns(const Message& message, std::span<const Message> before, Prepared& prepared) {
  Json& turns = prepared.body["messages"];
  Json images = Json::array();
  std::string text;
  bool has_words = false;
  for (const Part& part : message.parts) {
    if (const auto* result = std::get_if<ToolResult>(&part)) {
      const auto name = wire::name_of_call(before, result->id);
      if (!name) return tl::unexpected(name.error());
      if (result->is_error) prepared.warnings.push_back("Ollama has no mark for a tool that failed; its text is sent");
      turns.push_back({{"role", "tool"}, {"tool_name", *name}, {"content", result->text}});
      continue;
    }
    has_words = true;
    if (const auto* words = std::get_if<Text>(&part)) text += words->text;
    const auto* image = std::get_if<Image>(&part);
    if (image == nullptr) continue;
    if (image->bytes.empty()) return fail(Errc::unsupported, "Ollama takes pictures as bytes, not from a URL");
    images.push_back(wire::base64(image->bytes));
  }
  if (!has_words) return {};
  Json turn = {{"role", to_string(message.role)}, {"content", text}};
  if (!images.empty()) turn["images"] = std::move(images);
  turns.push_back(std::move(turn));
  return {};
}

Status add_turns(const Request& request, Prepared& prepared) {
  prepared.body["messages"] = Json::array();
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    const std::string path = (JsonPath() / "messages" / i).text();
    if (message.role == Role::assistant) {
      auto turn = assistant_turn(message);
      if (!turn) return fail(turn.error().code, turn.error().message, path);
      prepared.body["messages"].push_back(std::move(*turn));
    } else if (const auto added = add_user_turns(message, std::span(request.messages).first(i), prepared); !added) {
      return fail(added.error().code, added.error().message, path);
    }
  }
  return {};
}

Status add_tools(const Request& request, const wire::Documents& documents, Prepared& prepared) {
  if (request.tool_use == ToolUse::required || request.tool_use == ToolUse::named) {
    return fail(Errc::unsupported, "Ollama cannot be made to call a tool", "/tool_use");
  }
  if (request.tool_use == ToolUse::none) return {};  // what is not offered is not called
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    Json function = {{"name", request.tools[i].name}};
    if (!request.tools[i].description.empty()) function["description"] = request.tools[i].description;
    function["parameters"] = documents.parameters[i];
    prepared.body["tools"].push_back({{"type", "function"}, {"function", std::move(function)}});
  }
  return {};
}

void add_options(const Request& request, const Habits& habits, Prepared& prepared) {
  Json options = Json::object();
  if (request.temperature) options["temperature"] = json_number(*request.temperature);
  if (request.top_p) options["top_p"] = json_number(*request.top_p);
  if (request.top_k) options["top_k"] = *request.top_k;
  if (request.seed) options["seed"] = *request.seed;
  if (request.max_output_tokens) options["num_predict"] = *request.max_output_tokens;
  if (habits.context_tokens > 0) options["num_ctx"] = habits.context_tokens;
  if (!request.stop.empty()) options["stop"] = request.stop;
  if (!options.empty()) prepared.body["options"] = std::move(options);
  if (!request.user.empty()) prepared.warnings.push_back("Ollama takes no name of the end user");
}

void add_effort(Effort effort, Prepared& prepared) {
  if (effort == Effort::none) {
    prepared.body["think"] = false;
    return;
  }
  if (effort == Effort::minimal) prepared.warnings.push_back("Ollama's least effort is low");
  if (effort == Effort::maximum) prepared.warnings.push_back("Ollama's greatest effort is high");
  prepared.body["think"] = effort == Effort::minimal ? "low" : effort == Effort::maximum ? "high" : to_string(effort);
}

}  // namespace

Result<Prepared> chat_request(const Request& request, const wire::Documents& documents, const Habits& habits,
                              bool streamed) {
  Prepared prepared{.path = "/api/chat"};
  prepared.body["model"] = request.model;
  if (const auto added = add_turns(request, prepared); !added) return tl::unexpected(added.error());
  if (const auto added = add_tools(request, documents, prepared); !added) return tl::unexpected(added.error());
  add_options(request, habits, prepared);
  if (request.json) {
    prepared.body["format"] =
        documents.schema.empty() ? Json("json") : wire::described(*request.json, documents.schema);
  }
  if (request.effort) add_effort(*request.effort, prepared);
  if (!habits.keep_alive.empty()) prepared.body["keep_alive"] = habits.keep_alive;
  prepared.body["truncate"] = false;  // what does not fit is to be an error, not cut off unseen
  prepared.body["stream"] = streamed;
  return prepared;
}

}  // namespace persona::llm::ollama_api
