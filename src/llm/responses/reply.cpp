//! Reads a response.
#include "llm/responses/reply.hpp"

#include "llm/wire/fields.hpp"

#include <fmt/format.h>

namespace persona::llm::responses_api {
namespace {

using wire::Answer;
using wire::at;
using wire::count_at;
using wire::text_at;

Status read_content(const Json& content, Answer& answer) {
  if (!content.is_array()) return {};
  for (const Json& part : content) {
    const std::string_view type = text_at(part, "type");
    if (type == "output_text") {
      if (const auto added = answer.add_text(text_at(part, "text")); !added) return added;
    } else if (type == "refusal") {
      answer.add_refusal(text_at(part, "refusal"));
    } else {
      answer.warn(fmt::format("a content of the kind '{}' is left out", type));
    }
  }
  return {};
}

Status read_reasoning(const Json& item, Answer& answer) {
  for (const std::string_view list : {"summary", "content"}) {
    const Json& parts = at(item, list);
    if (!parts.is_array()) continue;
    for (const Json& part : parts) {
      if (const auto added = answer.add_thinking(text_at(part, "text")); !added) return added;
    }
  }
  answer.end_thinking(signature_of(item));
  return {};
}

Finish finish_of(const Json& response) {
  const std::string_view status = text_at(response, "status");
  if (status == "completed") return Finish::stop;
  if (status != "incomplete") return Finish::other;
  const std::string_view reason = text_at(at(response, "incomplete_details"), "reason");
  return reason == "content_filter" ? Finish::content_filter : Finish::length;  // there is no third
}

}  // namespace

std::string signature_of(const Json& reasoning) {
  const std::string_view id = text_at(reasoning, "id");
  const std::string_view encrypted = text_at(reasoning, "encrypted_content");
  return encrypted.empty() ? std::string(id) : fmt::format("{} {}", id, encrypted);
}

Status read_item(const Json& item, std::size_t index, Answer& answer) {
  const std::string_view type = text_at(item, "type");
  if (type == "message") return read_content(at(item, "content"), answer);
  if (type == "reasoning") return read_reasoning(item, answer);
  if (type != "function_call") {
    answer.warn(fmt::format("an item of the kind '{}' is left out", type));
    return {};
  }
  const std::string_view id = text_at(item, "call_id");
  if (const auto begun = answer.begin_call(index, id, text_at(item, "name")); !begun) return begun;
  return answer.add_arguments(index, text_at(item, "arguments"));
}

void take_end(const Json& response, Answer& answer) {
  answer.set_id(text_at(response, "id"));
  answer.set_model(text_at(response, "model"));
  answer.finish = finish_of(response);
  const Json& usage = at(response, "usage");
  if (!wire::count_if(usage, "input_tokens")) return;
  const Json& input = at(usage, "input_tokens_details");
  answer.usage = Usage{.input = count_at(usage, "input_tokens"),
                       .input_cached = count_at(input, "cached_tokens"),
                       .input_cache_write = count_at(input, "cache_write_tokens"),
                       .output = count_at(usage, "output_tokens"),
                       .output_reasoning = count_at(at(usage, "output_tokens_details"), "reasoning_tokens")};
}

Status read_response(const Json& response, Answer& answer) {
  const Json& output = at(response, "output");
  if (!output.is_array()) return fail(Errc::invalid_output, answer.name() + " sent an answer without output");
  for (std::size_t i = 0; i < output.size(); ++i) {
    if (const auto added = read_item(output[i], i, answer); !added) return added;
  }
  take_end(response, answer);
  return {};
}

}  // namespace persona::llm::responses_api
