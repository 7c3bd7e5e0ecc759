//! Reads the events of a message.
#include "llm/anthropic/stream.hpp"

#include "llm/anthropic/errors.hpp"
#include "llm/anthropic/reply.hpp"
#include "llm/anthropic/request.hpp"
#include "llm/wire/fields.hpp"
#include "llm/wire/sse_reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace persona::llm::anthropic_api {
namespace {

using wire::at;
using wire::text_at;

class MessageReader final : public wire::SseReader {
 public:
  MessageReader(std::string answer_tool, wire::Answer& answer)
      : SseReader(answer, read_complaint,
                  [this, &answer](const Json& document) { return read_message(document, answer_tool_, answer); }),
        answer_tool_(std::move(answer_tool)) {}

 private:
  Status on_event(std::string_view name, const Json& event) override;
  Status begin_block(const Json& block, std::size_t index);
  Status take_delta(const Json& delta, std::size_t index);

  std::string answer_tool_;
  std::string signature_;                    // of the thought under way
  std::optional<std::size_t> answer_block_;  // the block of the answer's tool
  bool answered_by_tool_ = false;
};

Status MessageReader::on_event(std::string_view, const Json& event) {
  const std::string_view type = text_at(event, "type");
  const auto index = static_cast<std::size_t>(wire::count_at(event, "index"));
  if (type == "message_start") {
    const Json& message = at(event, "message");
    answer().set_id(text_at(message, "id"));
    answer().set_model(text_at(message, "model"));
    take_usage(at(message, "usage"), answer());
  } else if (type == "content_block_start") {
    return begin_block(at(event, "content_block"), index);
  } else if (type == "content_block_delta") {
    return take_delta(at(event, "delta"), index);
  } else if (type == "content_block_stop") {
    answer().end_thinking(signature_);
    signature_.clear();
  } else if (type == "message_delta") {
    take_usage(at(event, "usage"), answer());
    take_stop(at(event, "delta"), answered_by_tool_, answer());
  } else if (type == "message_stop" && !answer().finish) {
    answer().finish = Finish::other;
  }
  return {};
}

Status MessageReader::begin_block(const Json& block, std::size_t index) {
  const std::string_view type = text_at(block, "type");
  if (type == "text") return answer().add_text(text_at(block, "text"));
  if (type == "thinking") return answer().add_thinking(text_at(block, "thinking"));
  if (type == "redacted_thinking") {
    answer().end_thinking(std::string(redacted_mark) + std::string(text_at(block, "data")));
    return {};
  }
  if (type != "tool_use") {
    answer().warn(fmt::format("a block of the kind '{}' is left out", type));
    return {};
  }
  if (!answer_tool_.empty() && text_at(block, "name") == answer_tool_) {
    answer_block_ = index;
    answered_by_tool_ = true;
    return {};
  }
  if (const auto begun = answer().begin_call(index, text_at(block, "id"), text_at(block, "name")); !begun) return begun;
  const Json& input = at(block, "input");  // an empty object before the pieces; all of it where none come
  return input.empty() ? Status() : answer().add_arguments(index, print_json_compact(input));
}

Status MessageReader::take_delta(const Json& delta, std::size_t index) {
  const std::string_view type = text_at(delta, "type");
  if (type == "text_delta") return answer().add_text(text_at(delta, "text"));
  if (type == "thinking_delta") return answer().add_thinking(text_at(delta, "thinking"));
  if (type == "signature_delta") {
    signature_ += text_at(delta, "signature");
    return {};
  }
  if (type != "input_json_delta") return {};  // citations of a text that came before
  if (answer_block_ == index) return answer().add_text(text_at(delta, "partial_json"));
  if (!answer().has_call(index)) return {};  // of a block that is left out
  return answer().add_arguments(index, text_at(delta, "partial_json"));
}

}  // namespace

std::unique_ptr<wire::StreamReader> message_reader(std::string answer_tool, wire::Answer& answer) {
  return std::make_unique<MessageReader>(std::move(answer_tool), answer);
}

}  // namespace persona::llm::anthropic_api
