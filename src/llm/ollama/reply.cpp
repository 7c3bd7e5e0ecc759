//! Reads a chat.
#include "llm/ollama/reply.hpp"

#include "llm/wire/fields.hpp"

namespace persona::llm::ollama_api {
namespace {

using wire::Answer;
using wire::at;
using wire::text_at;

Finish finish_of(std::string_view reason) {
  if (reason == "stop" || reason.empty()) return Finish::stop;  // old servers give no reason
  return reason == "length" ? Finish::length : Finish::other;
}

}  // namespace

Status read_chat(const Json& document, std::size_t& calls, Answer& answer) {
  answer.set_model(text_at(document, "model"));
  const Json& message = at(document, "message");
  if (const auto added = answer.add_thinking(text_at(message, "thinking")); !added) return added;
  if (const auto added = answer.add_text(text_at(message, "content")); !added) return added;
  const Json& wanted = at(message, "tool_calls");
  for (std::size_t i = 0; wanted.is_array() && i < wanted.size(); ++i) {
    const Json& function = at(wanted[i], "function");
    const std::size_t key = calls++;
    if (const auto begun = answer.begin_call(key, text_at(wanted[i], "id"), text_at(function, "name")); !begun)
      return begun;
    const Json& arguments = at(function, "arguments");
    const auto added = arguments.is_object() ? answer.add_arguments(key, print_json_compact(arguments))
                                             : answer.add_arguments(key, text_at(function, "arguments"));
    if (!added) return added;
  }
  if (at(document, "done") != true) return {};
  answer.finish = finish_of(text_at(document, "done_reason"));
  const auto output = wire::count_if(document, "eval_count");
  const auto input = wire::count_if(document, "prompt_eval_count");  // left out where the prompt was kept
  if (input && output) answer.usage = Usage{.input = *input, .output = *output};
  return {};
}

}  // namespace persona::llm::ollama_api
