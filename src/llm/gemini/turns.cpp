//! Builds parts.
#include "llm/gemini/turns.hpp"

#include "llm/wire/base64.hpp"
#include "llm/wire/documents.hpp"

#include <span>
#include <utility>

namespace persona::llm::gemini_api {
namespace {

struct PartOf {
  std::span<const Message> before;

  Result<Json> operator()(const Text& part) const { return Json{{"text", part.text}}; }
  Result<Json> operator()(const Image& part) const {
    if (part.bytes.empty()) {
      Json file = {{"fileUri", part.url}};
      if (!part.media_type.empty()) file["mimeType"] = part.media_type;
      return Json{{"fileData", std::move(file)}};
    }
    return Json{{"inlineData", {{"mimeType", part.media_type}, {"data", wire::base64(part.bytes)}}}};
  }
  Result<Json> operator()(const ToolCall& part) const {
    auto arguments = wire::arguments_of(part);
    if (!arguments) return arguments;
    return Json{{"functionCall", {{"name", part.name}, {"args", std::move(*arguments)}}}};
  }
  Result<Json> operator()(const ToolResult& part) const {
    const auto name = wire::name_of_call(before, part.id);
    if (!name) return tl::unexpected(name.error());
    return Json{
        {"functionResponse", {{"name", *name}, {"response", {{part.is_error ? "error" : "output", part.text}}}}}};
  }
  Result<Json> operator()(const Thinking&) const { return Json(nullptr); }  // only its signature goes back
};

// A thought is given back as a signature on what followed it: the first call, else the text.
void sign(Json& parts, const std::string& signature) {
  if (signature.empty() || parts.empty()) return;
  for (Json& part : parts) {
    if (!part.contains("functionCall")) continue;
    part["thoughtSignature"] = signature;
    return;
  }
  parts.back()["thoughtSignature"] = signature;
}

}  // namespace

Json system_of(const Request& request, std::vector<std::string>& warnings) {
  Json parts = Json::array();
  bool others = false;
  for (const Message& message : request.messages) {
    if (message.role != Role::system) {
      others = true;
      continue;
    }
    if (others) warnings.push_back("Gemini takes system messages at the beginning only; later ones are put there");
    parts.push_back({{"text", message.text()}});
  }
  if (parts.empty()) return nullptr;
  return Json{{"parts", std::move(parts)}};
}

Result<Json> turns_of(const Request& request) {
  Json turns = Json::array();
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    if (message.role == Role::system) continue;
    Json parts = Json::array();
    std::string signature;
    const PartOf part_of{std::span(request.messages).first(i)};
    for (std::size_t j = 0; j < message.parts.size(); ++j) {
      auto part = std::visit(part_of, message.parts[j]);
      if (!part) {
        return fail(part.error().code, part.error().message, (JsonPath() / "messages" / i / "parts" / j).text());
      }
      if (!part->is_null()) parts.push_back(std::move(*part));
      if (const auto* thought = std::get_if<Thinking>(&message.parts[j])) signature = thought->signature;
    }
    sign(parts, signature);
    if (parts.empty()) continue;
    const std::string_view role = message.role == Role::assistant ? "model" : "user";
    if (!turns.empty() && turns.back()["role"] == role) {
      for (Json& part : parts) turns.back()["parts"].push_back(std::move(part));
    } else {
      turns.push_back({{"role", role}, {"parts", std::move(parts)}});
    }
  }
  if (turns.empty()) return fail(Errc::invalid_argument, "there is no message besides the system's", "/messages");
  return turns;
}

}  // namespace persona::llm::gemini_api
