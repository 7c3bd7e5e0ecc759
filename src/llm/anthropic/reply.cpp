//! Reads a message.
#include "llm/anthropic/reply.hpp"

#include "llm/anthropic/request.hpp"
#include "llm/wire/fields.hpp"

#include <fmt/format.h>

namespace persona::llm::anthropic_api {
namespace {

using wire::Answer;
using wire::at;
using wire::text_at;

Finish finish_of(std::string_view reason) {
  if (reason == "end_turn" || reason == "stop_sequence") return Finish::stop;
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Finish::length;
  if (reason == "tool_use") return Finish::tool_calls;
  if (reason == "refusal") return Finish::refusal;
  return Finish::other;
}

Status read_block(const Json& block, std::size_t index, std::string_view answer_tool, Answer& answer) {
  const std::string_view type = text_at(block, "type");
  if (type == "text") return answer.add_text(text_at(block, "text"));
  if (type == "thinking") {
    auto added = answer.add_thinking(text_at(block, "thinking"));
    answer.end_thinking(text_at(block, "signature"));
    return added;
  }
  if (type == "redacted_thinking") {
    answer.end_thinking(std::string(redacted_mark) + std::string(text_at(block, "data")));
    return {};
  }
  if (type != "tool_use") {
    answer.warn(fmt::format("a block of the kind '{}' is left out", type));
    return {};
  }
  const std::string input = print_json_compact(at(block, "input"));
  if (!answer_tool.empty() && text_at(block, "name") == answer_tool) return answer.add_text(input);
  if (const auto begun = answer.begin_call(index, text_at(block, "id"), text_at(block, "name")); !begun) return begun;
  return answer.add_arguments(index, input);
}

void take_count(const Json& usage, std::string_view name, std::int64_t& count) {
  if (const auto told = wire::count_if(usage, name)) count = *told;
}

}  // namespace

void take_usage(const Json& document, Answer& answer) {
  if (!document.is_object()) return;
  Usage usage = answer.usage.value_or(Usage());
  std::int64_t fresh = usage.input - usage.input_cached - usage.input_cache_write;
  take_count(document, "input_tokens", fresh);
  take_count(document, "cache_read_input_tokens", usage.input_cached);
  take_count(document, "cache_creation_input_tokens", usage.input_cache_write);
  take_count(at(document, "cache_creation"), "ephemeral_1h_input_tokens", usage.input_cache_write_1h);
  take_count(document, "output_tokens", usage.output);
  take_count(at(document, "output_tokens_details"), "thinking_tokens", usage.output_reasoning);
  usage.input = fresh + usage.input_cached + usage.input_cache_write;
  answer.usage = usage;
}

void take_stop(const Json& document, bool answered_by_tool, Answer& answer) {
  const std::string_view reason = text_at(document, "stop_reason");
  if (reason.empty()) return;
  answer.finish = finish_of(reason);
  if (answered_by_tool && answer.finish == Finish::tool_calls) answer.finish = Finish::stop;
  if (answer.finish != Finish::refusal) return;
  const std::string_view explanation = text_at(at(document, "stop_details"), "explanation");
  answer.add_refusal(explanation.empty() ? std::string_view(answer.text()) : explanation);
}

Status read_message(const Json& document, std::string_view answer_tool, Answer& answer) {
  const Json& content = at(document, "content");
  if (!content.is_array()) return fail(Errc::invalid_output, answer.name() + " sent an answer without content");
  answer.set_id(text_at(document, "id"));
  answer.set_model(text_at(document, "model"));
  if (wire::count_if(at(document, "usage"), "output_tokens")) take_usage(at(document, "usage"), answer);
  bool answered_by_tool = false;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (const auto added = read_block(content[i], i, answer_tool, answer); !added) return added;
    answered_by_tool = answered_by_tool || (!answer_tool.empty() && text_at(content[i], "name") == answer_tool);
  }
  take_stop(document, answered_by_tool, answer);
  if (!answer.finish) answer.finish = Finish::other;
  return {};
}

}  // namespace persona::llm::anthropic_api
