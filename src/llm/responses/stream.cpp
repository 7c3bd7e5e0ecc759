//! Reads the events of a response.
#include "llm/responses/stream.hpp"

#include "llm/responses/errors.hpp"
#include "llm/responses/reply.hpp"
#include "llm/wire/fields.hpp"
#include "llm/wire/sse_reader.hpp"

#include <set>

namespace persona::llm::responses_api {
namespace {

using wire::at;
using wire::text_at;

constexpr std::size_t most_event_bytes = std::size_t{8} << 20;  // the last event repeats the whole response

class ResponseReader final : public wire::SseReader {
 public:
  explicit ResponseReader(wire::Answer& answer)
      : SseReader(
            answer, read_complaint, [&answer](const Json& document) { return read_response(document, answer); },
            most_event_bytes) {}

 private:
  Status on_event(std::string_view name, const Json& event) override;
  Status take_piece(std::string_view type, const Json& event, std::size_t index);
  Status end_item(const Json& item, std::size_t index);
  Status end(const Json& response);

  std::set<std::size_t> begun_;  // items of which pieces were shown
};

Status ResponseReader::on_event(std::string_view name, const Json& event) {
  const std::string_view type = text_at(event, "type").empty() ? name : text_at(event, "type");
  const auto index = static_cast<std::size_t>(wire::count_at(event, "output_index"));
  if (type == "response.failed") return tl::unexpected(failure(event));
  if (type == "response.completed" || type == "response.incomplete") return end(at(event, "response"));
  if (type == "response.output_item.done") return end_item(at(event, "item"), index);
  if (type == "response.output_item.added" && text_at(at(event, "item"), "type") == "function_call") {
    const Json& item = at(event, "item");
    begun_.insert(index);
    return answer().begin_call(index, text_at(item, "call_id"), text_at(item, "name"));
  }
  return take_piece(type, event, index);
}

Status ResponseReader::take_piece(std::string_view type, const Json& event, std::size_t index) {
  const std::string_view piece = text_at(event, "delta");
  if (type == "response.output_text.delta") {
    begun_.insert(index);
    return answer().add_text(piece);
  }
  if (type == "response.refusal.delta") {
    begun_.insert(index);
    answer().add_refusal(piece);
  }
  if (type == "response.function_call_arguments.delta") return answer().add_arguments(index, piece);
  if (type == "response.reasoning_summary_text.delta" || type == "response.reasoning_text.delta") {
    begun_.insert(index);
    return answer().add_thinking(piece);
  }
  return {};
}

// The item as a whole, of which some or all was shown.
Status ResponseReader::end_item(const Json& item, std::size_t index) {
  if (!begun_.contains(index)) {
    begun_.insert(index);
    return read_item(item, index, answer());
  }
  if (text_at(item, "type") == "reasoning") answer().end_thinking(signature_of(item));
  if (text_at(item, "type") == "function_call" && answer().arguments(index).empty()) {
    return answer().add_arguments(index, text_at(item, "arguments"));
  }
  return {};
}

Status ResponseReader::end(const Json& response) {
  const Json& output = at(response, "output");
  for (std::size_t i = 0; output.is_array() && i < output.size(); ++i) {
    if (begun_.contains(i)) continue;
    if (const auto added = read_item(output[i], i, answer()); !added) return added;
  }
  take_end(response, answer());
  return {};
}

}  // namespace

std::unique_ptr<wire::StreamReader> response_reader(wire::Answer& answer) {
  return std::make_unique<ResponseReader>(answer);
}

}  // namespace persona::llm::responses_api
