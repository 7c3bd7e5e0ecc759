//! Sums of usage, and a reply as a turn.
#include <persona/llm/reply.hpp>

namespace persona::llm {

Usage& Usage::operator+=(const Usage& other) {
  input += other.input;
  input_cached += other.input_cached;
  input_cache_write += other.input_cache_write;
  input_cache_write_1h += other.input_cache_write_1h;
  output += other.output;
  output_reasoning += other.output_reasoning;
  estimated = estimated || other.estimated;
  return *this;
}

Message Reply::message() const {
  Message message{Role::assistant, {}};
  for (const Thinking& thought : thinking) message.parts.emplace_back(thought);
  if (!text.empty()) message.parts.emplace_back(Text{text});
  for (const ToolCall& call : tool_calls) message.parts.emplace_back(call);
  return message;
}

std::string_view to_string(Finish finish) {
  switch (finish) {
    case Finish::stop: return "stop";
    case Finish::length: return "length";
    case Finish::tool_calls: return "tool_calls";
    case Finish::refusal: return "refusal";
    case Finish::content_filter: return "content_filter";
    case Finish::other: return "other";
  }
  return "unknown";
}

std::string_view to_string(Source source) {
  switch (source) {
    case Source::provider: return "provider";
    case Source::memory_cache: return "memory_cache";
    case Source::stored_cache: return "stored_cache";
    case Source::semantic_cache: return "semantic_cache";
    case Source::shared_call: return "shared_call";
  }
  return "unknown";
}

}  // namespace persona::llm
