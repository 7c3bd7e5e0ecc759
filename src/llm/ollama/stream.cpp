//! Reads the lines of a chat.
#include "llm/ollama/stream.hpp"

#include "llm/ndjson.hpp"
#include "llm/ollama/errors.hpp"
#include "llm/ollama/reply.hpp"
#include "llm/wire/fields.hpp"

namespace persona::llm::ollama_api {
namespace {

class ChatReader final : public wire::StreamReader {
 public:
  explicit ChatReader(wire::Answer& answer) : answer_(answer) {}

  Status feed(std::string_view bytes) override {
    return decoder_.feed(bytes, [this](std::string_view line) { return take(line); });
  }
  Status finish() override {
    return decoder_.finish([this](std::string_view line) { return take(line); });
  }

 private:
  Status take(std::string_view line) {
    const auto document = wire::parse(line, answer_.name());
    if (!document) return tl::unexpected(document.error());
    if (wire::is_complaint(*document)) {
      return tl::unexpected(wire::error_of(read_complaint(*document), 0, answer_.name()));
    }
    return read_chat(*document, calls_, answer_);
  }

  wire::Answer& answer_;
  NdjsonDecoder decoder_;
  std::size_t calls_ = 0;
};

}  // namespace

std::unique_ptr<wire::StreamReader> chat_reader(wire::Answer& answer) {
  return std::make_unique<ChatReader>(answer);
}

}  // namespace persona::llm::ollama_api
