//! Events into JSON; errors wherever they stand.
#include "llm/wire/sse_reader.hpp"

#include "llm/wire/fields.hpp"

#include <utility>

namespace persona::llm::wire {

SseReader::SseReader(Answer& answer, ReadComplaint read_complaint, std::function<Status(const Json&)> read_whole,
                     std::size_t max_event)
    : answer_(answer), read_complaint_(read_complaint), read_whole_(std::move(read_whole)), decoder_(max_event) {}

Status SseReader::feed(std::string_view bytes) {
  return decoder_.feed(bytes, [this](const SseEvent& event) { return take(event); });
}

Status SseReader::finish() {
  return decoder_.finish([this](const SseEvent& event) { return take(event); });
}

Error SseReader::failure(const Json& document) const {
  return error_of(read_complaint_(document), 0, answer_.name());
}

Status SseReader::take(const SseEvent& event) {
  if (event.data == "[DONE]") {
    if (!answer_.finish) answer_.finish = Finish::other;
    return {};
  }
  if (event.data.empty()) return {};  // keeps the connection alive
  const auto document = parse(event.data, answer_.name());
  if (!document) return tl::unexpected(document.error());
  if (!event.framed) return take_bare(*document);
  begun_ = true;
  if (event.name == "error" || is_complaint(*document)) return tl::unexpected(failure(*document));
  return on_event(event.name, *document);
}

// Outside the frame stands an error that met the stream half-way, or the whole answer of a server that does not stream.
Status SseReader::take_bare(const Json& document) {
  if (is_complaint(document)) return tl::unexpected(failure(document));
  if (!begun_ && read_whole_) return read_whole_(document);
  return fail(Errc::invalid_output, answer_.name() + " sent JSON outside of the events of its stream");
}

}  // namespace persona::llm::wire
