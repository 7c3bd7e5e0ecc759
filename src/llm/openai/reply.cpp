//! Reads a chat completion.
#include "llm/openai/reply.hpp"

#include "llm/wire/fields.hpp"

#include <fmt/format.h>

namespace persona::llm::openai_api {
namespace {

using wire::Answer;
using wire::at;
using wire::count_at;
using wire::text_at;

// Some servers send the content in parts, thinking among them.
Status add_parts(const Json& parts, Answer& answer) {
  for (const Json& part : parts) {
    const Json& thoughts = at(part, "thinking");
    if (thoughts.is_array()) {
      for (const Json& thought : thoughts) {
        if (const auto added = answer.add_thinking(text_at(thought, "text")); !added) return added;
      }
    } else if (const auto added = answer.add_text(text_at(part, "text")); !added) {
      return added;
    }
  }
  return {};
}

Status read_call(const Json& call, std::size_t index, Answer& answer) {
  const Json& function = at(call, "function");
  if (!function.is_object()) {
    answer.warn(fmt::format("a tool call of the kind '{}' is left out", text_at(call, "type")));
    return {};
  }
  if (const auto begun = answer.begin_call(index, text_at(call, "id"), text_at(function, "name")); !begun) return begun;
  const Json& arguments = at(function, "arguments");
  if (arguments.is_string()) return answer.add_arguments(index, arguments.get_ref<const std::string&>());
  return arguments.is_object() ? answer.add_arguments(index, print_json_compact(arguments)) : Status();
}

}  // namespace

Finish finish_of(std::string_view reason) {
  if (reason == "stop" || reason == "eos" || reason == "stop_sequence") return Finish::stop;
  if (reason == "length") return Finish::length;
  if (reason == "tool_calls" || reason == "function_call") return Finish::tool_calls;
  if (reason == "content_filter") return Finish::content_filter;
  return Finish::other;
}

std::optional<Usage> usage_of(const Json& usage) {
  if (!usage.is_object() || !wire::count_if(usage, "prompt_tokens")) return {};
  const Json& input = at(usage, "prompt_tokens_details");
  return Usage{.input = count_at(usage, "prompt_tokens"),
               .input_cached = count_at(input, "cached_tokens"),
               .input_cache_write = count_at(input, "cache_write_tokens"),
               .output = count_at(usage, "completion_tokens"),
               .output_reasoning = count_at(at(usage, "completion_tokens_details"), "reasoning_tokens")};
}

Status add_words(const Json& message, Answer& answer) {
  for (const std::string_view word : {"reasoning_content", "reasoning"}) {  // vLLM, llama.cpp; OpenRouter
    if (const std::string_view thought = text_at(message, word); !thought.empty()) {
      if (const auto added = answer.add_thinking(thought); !added) return added;
      break;
    }
  }
  answer.add_refusal(text_at(message, "refusal"));
  const Json& content = at(message, "content");
  if (content.is_array()) return add_parts(content, answer);
  return answer.add_text(text_at(message, "content"));
}

Status read_chat(const Json& document, Answer& answer) {
  answer.set_id(text_at(document, "id"));
  answer.set_model(text_at(document, "model"));
  answer.usage = usage_of(at(document, "usage"));
  const Json& choices = at(document, "choices");
  const Json& choice = wire::at(choices, 0);
  const Json& message = at(choice, "message");
  if (!message.is_object()) return fail(Errc::invalid_output, answer.name() + " sent an answer without a message");
  if (choices.size() > 1) answer.warn(fmt::format("the first of {} answers is taken", choices.size()));
  if (const auto added = add_words(message, answer); !added) return added;
  const Json& calls = at(message, "tool_calls");
  for (std::size_t i = 0; calls.is_array() && i < calls.size(); ++i) {
    if (const auto added = read_call(calls[i], i, answer); !added) return added;
  }
  answer.finish = finish_of(text_at(choice, "finish_reason"));
  return {};
}

}  // namespace persona::llm::openai_api
