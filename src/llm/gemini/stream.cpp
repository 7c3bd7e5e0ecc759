//! Reads the pieces of content.
#include "llm/gemini/stream.hpp"

#include "llm/gemini/errors.hpp"
#include "llm/gemini/reply.hpp"
#include "llm/wire/sse_reader.hpp"

namespace persona::llm::gemini_api {
namespace {

class ContentReader final : public wire::SseReader {
 public:
  explicit ContentReader(wire::Answer& answer)
      : SseReader(answer, read_complaint,
                  [this, &answer](const Json& document) { return read_content(document, calls_, answer); }) {}

 private:
  Status on_event(std::string_view, const Json& document) override { return read_content(document, calls_, answer()); }

  std::size_t calls_ = 0;
};

}  // namespace

std::unique_ptr<wire::StreamReader> content_reader(wire::Answer& answer) {
  return std::make_unique<ContentReader>(answer);
}

}  // namespace persona::llm::gemini_api
