//! Reads content.
#include "llm/gemini/reply.hpp"

#include "llm/wire/fields.hpp"

#include <fmt/format.h>

namespace persona::llm::gemini_api {
namespace {

using wire::Answer;
using wire::at;
using wire::count_at;
using wire::text_at;

Finish finish_of(std::string_view reason) {
  if (reason == "STOP") return Finish::stop;
  if (reason == "MAX_TOKENS") return Finish::length;
  if (reason == "FUNCTION_CALL") return Finish::tool_calls;  // of servers like Gemini; its own says STOP
  for (const std::string_view filtered : {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
                                          "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT"}) {
    if (reason == filtered) return Finish::content_filter;
  }
  return Finish::other;
}

Status read_part(const Json& part, std::size_t& calls, Answer& answer) {
  const std::string_view signature = text_at(part, "thoughtSignature");
  if (const Json& call = at(part, "functionCall"); call.is_object()) {
    answer.end_thinking(signature);
    const std::size_t key = calls++;
    if (const auto begun = answer.begin_call(key, text_at(call, "id"), text_at(call, "name")); !begun) return begun;
    const Json& arguments = at(call, "args");
    return arguments.is_object() ? answer.add_arguments(key, print_json_compact(arguments)) : Status();
  }
  if (at(part, "text").is_string()) {
    const std::string_view text = text_at(part, "text");
    const auto added = at(part, "thought") == true ? answer.add_thinking(text) : answer.add_text(text);
    if (!signature.empty()) answer.end_thinking(signature);
    return added;
  }
  if (!signature.empty()) answer.end_thinking(signature);
  for (const auto& [kind, value] : part.items()) {
    if (kind != "thoughtSignature" && kind != "thought")
      answer.warn(fmt::format("a part of the kind '{}' is left out", kind));
  }
  return {};
}

void take_usage(const Json& usage, Answer& answer) {
  if (!wire::count_if(usage, "promptTokenCount")) return;
  const auto thoughts = count_at(usage, "thoughtsTokenCount");
  answer.usage = Usage{.input = count_at(usage, "promptTokenCount") + count_at(usage, "toolUsePromptTokenCount"),
                       .input_cached = count_at(usage, "cachedContentTokenCount"),
                       .output = count_at(usage, "candidatesTokenCount") + thoughts,
                       .output_reasoning = thoughts};
}

}  // namespace

Status read_content(const Json& document, std::size_t& calls, Answer& answer) {
  answer.set_id(text_at(document, "responseId"));
  answer.set_model(text_at(document, "modelVersion"));
  take_usage(at(document, "usageMetadata"), answer);
  const std::string_view blocked = text_at(at(document, "promptFeedback"), "blockReason");
  if (!blocked.empty()) {
    answer.finish = Finish::content_filter;
    answer.add_refusal(fmt::format("the prompt was blocked: {}", blocked));
  }
  const Json& candidates = at(document, "candidates");
  if (candidates.size() > 1) answer.warn(fmt::format("the first of {} answers is taken", candidates.size()));
  const Json& candidate = at(candidates, std::size_t{0});
  const Json& parts = at(at(candidate, "content"), "parts");
  for (std::size_t i = 0; parts.is_array() && i < parts.size(); ++i) {
    if (const auto added = read_part(parts[i], calls, answer); !added) return added;
  }
  const std::string_view reason = text_at(candidate, "finishReason");
  if (reason.empty()) return {};
  answer.finish = finish_of(reason);
  if (answer.finish == Finish::other) answer.warn(fmt::format("Gemini stopped for '{}'", reason));
  if (answer.finish == Finish::content_filter) answer.add_refusal(text_at(candidate, "finishMessage"));
  return {};
}

}  // namespace persona::llm::gemini_api
