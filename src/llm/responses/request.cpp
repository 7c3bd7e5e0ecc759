//! Builds the body of a response request.
#include "llm/responses/request.hpp"

#include "llm/openai/request.hpp"
#include "llm/wire/fields.hpp"

#include <utility>

namespace persona::llm::responses_api {
namespace {

using wire::Prepared;

// A thought as it was given: its signature is "ID ENCRYPTED".
Json reasoning_item(const Thinking& thought) {
  const auto space = thought.signature.find(' ');
  Json item = {{"type", "reasoning"}, {"id", thought.signature.substr(0, space)}, {"summary", Json::array()}};
  if (!thought.text.empty()) item["summary"].push_back({{"type", "summary_text"}, {"text", thought.text}});
  if (space != std::string::npos) item["encrypted_content"] = thought.signature.substr(space + 1);
  return item;
}

Json picture(const Image& image) {
  return {{"type", "input_image"}, {"image_url", openai_api::picture_url(image)}, {"detail", "auto"}};
}

void add_user_items(const Message& message, Prepared& prepared) {
  Json& input = prepared.body["input"];
  Json content = Json::array();
  bool has_picture = false;
  std::string text;
  for (const Part& part : message.parts) {
    if (const auto* result = std::get_if<ToolResult>(&part)) {
      if (result->is_error) prepared.warnings.push_back("OpenAI has no mark for a tool that failed; its text is sent");
      input.push_back({{"type", "function_call_output"}, {"call_id", result->id}, {"output", result->text}});
    }
    if (const auto* words = std::get_if<Text>(&part)) {
      text += words->text;
      content.push_back({{"type", "input_text"}, {"text", words->text}});
    }
    if (const auto* image = std::get_if<Image>(&part)) {
      has_picture = true;
      content.push_back(picture(*image));
    }
  }
  if (content.empty()) return;
  input.push_back({{"role", to_string(message.role)}, {"content", has_picture ? std::move(content) : Json(text)}});
}

void add_assistant_items(const Message& message, Prepared& prepared) {
  Json& input = prepared.body["input"];
  for (const Part& part : message.parts) {
    if (const auto* words = std::get_if<Text>(&part)) {
      input.push_back({{"role", "assistant"}, {"content", words->text}});
    }
    if (const auto* call = std::get_if<ToolCall>(&part)) {
      input.push_back({{"type", "function_call"},
                       {"call_id", call->id},
                       {"name", call->name},
                       {"arguments", call->arguments.empty() ? "{}" : call->arguments}});
    }
    const auto* thought = std::get_if<Thinking>(&part);
    if (thought == nullptr) continue;
    if (thought->signature.empty()) {
      prepared.warnings.push_back("thinking of another provider is not sent");
    } else {
      input.push_back(reasoning_item(*thought));
    }
  }
}

// System messages at the beginning are the instructions; later ones keep their place.
void add_conversation(const Request& request, Prepared& prepared) {
  std::string instructions;
  std::size_t first = 0;
  for (; first < request.messages.size() && request.messages[first].role == Role::system; ++first) {
    if (!instructions.empty()) instructions += "\n\n";
    instructions += request.messages[first].text();
  }
  if (!instructions.empty()) prepared.body["instructions"] = instructions;
  prepared.body["input"] = Json::array();
  for (std::size_t i = first; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    if (message.role == Role::assistant) {
      add_assistant_items(message, prepared);
    } else {
      add_user_items(message, prepared);
    }
  }
}

void add_tools(const Request& request, const wire::Documents& documents, Json& body) {
  if (request.tools.empty()) return;
  for (std::size_t i = 0; i < request.tools.size(); ++i) {
    Json tool = {{"type", "function"}, {"name", request.tools[i].name}};
    if (!request.tools[i].description.empty()) tool["description"] = request.tools[i].description;
    tool["parameters"] = documents.parameters[i];
    tool["strict"] = false;  // here strict is what is taken for granted
    body["tools"].push_back(std::move(tool));
  }
  if (request.tool_use == ToolUse::none) body["tool_choice"] = "none";
  if (request.tool_use == ToolUse::required) body["tool_choice"] = "required";
  if (request.tool_use == ToolUse::named) body["tool_choice"] = {{"type", "function"}, {"name", request.tool_name}};
}

}  // namespace

Result<Prepared> response_request(const Request& request, const wire::Documents& documents, bool streamed) {
  if (!request.stop.empty()) return fail(Errc::unsupported, "OpenAI's responses have no stop sequences", "/stop");
  Prepared prepared{.path = "/responses"};
  Json& body = prepared.body;
  body["model"] = request.model;
  add_conversation(request, prepared);
  if (request.max_output_tokens) body["max_output_tokens"] = *request.max_output_tokens;
  if (request.temperature) body["temperature"] = json_number(*request.temperature);
  if (request.top_p) body["top_p"] = json_number(*request.top_p);
  if (request.top_k) prepared.warnings.push_back("OpenAI's responses have no top_k");
  if (request.seed) prepared.warnings.push_back("OpenAI's responses have no seed");
  if (request.effort) body["reasoning"] = {{"effort", openai_api::effort_word(*request.effort)}};
  if (!request.user.empty()) body["safety_identifier"] = request.user;
  add_tools(request, documents, body);
  if (request.json && documents.schema.empty()) body["text"] = {{"format", {{"type", "json_object"}}}};
  if (request.json && !documents.schema.empty()) {
    Json format = {{"type", "json_schema"}};
    format.update(openai_api::schema_format(*request.json, documents.schema, prepared.warnings));
    body["text"] = {{"format", std::move(format)}};
  }
  body["store"] = false;
  if (streamed) {
    body["stream"] = true;
    body["stream_options"] = {{"include_obfuscation", false}};
  }
  return prepared;
}

}  // namespace persona::llm::responses_api
