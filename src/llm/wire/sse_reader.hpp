//! Streams of server-sent events whose data are JSON.
#pragma once

#include "llm/sse.hpp"
#include "llm/wire/dialect.hpp"

namespace persona::llm::wire {

class SseReader : public StreamReader {
 public:
  //! @param read_whole  reads an answer that comes as one document, though a stream was asked for
  SseReader(Answer& answer, ReadComplaint read_complaint, std::function<Status(const Json&)> read_whole,
            std::size_t max_event = std::size_t{1} << 20);

  [[nodiscard]] Status feed(std::string_view bytes) final;
  [[nodiscard]] Status finish() final;

 protected:
  //! @param name  of the event; empty where it has none
  [[nodiscard]] virtual Status on_event(std::string_view name, const Json& data) = 0;

  Answer& answer() { return answer_; }
  //! The error that a document speaks of.
  Error failure(const Json& document) const;

 private:
  Status take(const SseEvent& event);
  Status take_bare(const Json& document);

  Answer& answer_;
  ReadComplaint read_complaint_;
  std::function<Status(const Json&)> read_whole_;
  SseDecoder decoder_;
  bool begun_ = false;
};

}  // namespace persona::llm::wire
