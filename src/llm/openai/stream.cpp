//! Reads the chunks of a chat completion.
#include "llm/openai/stream.hpp"

#include "llm/openai/errors.hpp"
#include "llm/openai/reply.hpp"
#include "llm/wire/fields.hpp"
#include "llm/wire/sse_reader.hpp"

namespace persona::llm::openai_api {
namespace {

using wire::at;
using wire::text_at;

class ChatReader final : public wire::SseReader {
 public:
  explicit ChatReader(wire::Answer& answer)
      : SseReader(answer, read_complaint, [&answer](const Json& document) { return read_chat(document, answer); }) {}

 private:
  Status on_event(std::string_view name, const Json& chunk) override;
  Status take_call(const Json& call, std::size_t place);
};

Status ChatReader::on_event(std::string_view, const Json& chunk) {
  answer().set_id(text_at(chunk, "id"));
  answer().set_model(text_at(chunk, "model"));
  if (const auto usage = usage_of(at(chunk, "usage"))) answer().usage = usage;
  const Json& choices = at(chunk, "choices");
  for (std::size_t i = 0; choices.is_array() && i < choices.size(); ++i) {
    const Json& choice = choices[i];
    if (wire::count_at(choice, "index") != 0) {
      answer().warn("the first of several answers is taken");
      continue;
    }
    const Json& delta = at(choice, "delta");
    if (const auto added = add_words(delta, answer()); !added) return added;
    const Json& calls = at(delta, "tool_calls");
    for (std::size_t j = 0; calls.is_array() && j < calls.size(); ++j) {
      if (const auto added = take_call(calls[j], j); !added) return added;
    }
    if (const std::string_view reason = text_at(choice, "finish_reason"); !reason.empty()) {
      answer().finish = finish_of(reason);
    }
  }
  return {};
}

Status ChatReader::take_call(const Json& call, std::size_t place) {
  const auto key = static_cast<std::size_t>(wire::count_if(call, "index").value_or(static_cast<std::int64_t>(place)));
  const Json& function = at(call, "function");
  if (!answer().has_call(key)) {
    if (const auto begun = answer().begin_call(key, text_at(call, "id"), text_at(function, "name")); !begun)
      return begun;
  }
  const Json& arguments = at(function, "arguments");
  if (arguments.is_object()) return answer().add_arguments(key, print_json_compact(arguments));
  return answer().add_arguments(key, text_at(function, "arguments"));
}

}  // namespace

std::unique_ptr<wire::StreamReader> chat_reader(wire::Answer& answer) {
  return std::make_unique<ChatReader>(answer);
}

}  // namespace persona::llm::openai_api
