//! Lines into events.
#include "sse.hpp"

#include <algorithm>

namespace persona::llm {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool ends_sse_line(char c) {
  return c == '\n' || c == '\r';
}

// The value of a field, without the one space that may stand before it.
std::string_view sse_value(std::string_view line, std::size_t colon) {
  if (colon == line.size()) return {};
  line.remove_prefix(colon + 1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

bool is_sse_field(std::string_view line) {
  const std::string_view name = line.substr(0, line.find(':'));
  return name.empty() || name == "data" || name == "event" || name == "id" || name == "retry";
}

}  // namespace

Status SseDecoder::feed(std::string_view bytes, const OnSseEvent& on_event) {
  if (!begun_) bytes = without_byte_order_mark(bytes);
  while (!bytes.empty()) {
    if (after_cr_ && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      after_cr_ = false;
      continue;
    }
    after_cr_ = false;
    const auto end = static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), ends_sse_line) - bytes.begin());
    if (line_.size() + end > max_event_) return fail(Errc::invalid_output, "a server-sent event is too large");
    if (end == bytes.size()) {
      line_.append(bytes);
      return {};
    }
    after_cr_ = bytes[end] == '\r';
    std::string_view line = bytes.substr(0, end);
    if (!line_.empty()) line = line_.append(line);
    if (auto taken = take_line(line, on_event); !taken) return taken;
    line_.clear();
    bytes.remove_prefix(end + 1);
  }
  return {};
}

Status SseDecoder::finish(const OnSseEvent& on_event) {
  begun_ = true;
  if (!line_.empty()) {
    if (auto taken = take_line(line_, on_event); !taken) return taken;
    line_.clear();
  }
  return dispatch(on_event);
}

Status SseDecoder::take_line(std::string_view line, const OnSseEvent& on_event) {
  if (line.empty()) return dispatch(on_event);
  if (bare_ ? !is_sse_field(line) : line.front() == '{' || line.front() == '[') return take_bare(line, on_event);
  if (bare_) {
    if (auto done = dispatch(on_event); !done) return done;
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view field = line.substr(0, colon);
  if (field == "data") return add_data(sse_value(line, colon));
  if (field == "event") name_ = sse_value(line, colon);
  return {};
}

// A proxy that fails in the middle of a stream may send its error as it would outside one.
Status SseDecoder::take_bare(std::string_view line, const OnSseEvent& on_event) {
  if (!bare_) {
    if (auto done = dispatch(on_event); !done) return done;
    bare_ = true;
  }
  return add_data(line);
}

Status SseDecoder::add_data(std::string_view line) {
  if (data_.size() + line.size() + 1 > max_event_) {
    return fail(Errc::invalid_output, "a server-sent event is too large");
  }
  if (has_data_) data_ += '\n';
  data_.append(line);
  has_data_ = true;
  return {};
}

Status SseDecoder::dispatch(const OnSseEvent& on_event) {
  Status taken;
  if (has_data_) taken = on_event({.name = name_, .data = data_, .framed = !bare_});
  data_.clear();
  name_.clear();
  has_data_ = bare_ = false;
  return taken;
}

// It may come in three pieces.
std::string_view SseDecoder::without_byte_order_mark(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && line_.size() < byte_order_mark.size() && bytes[used] == byte_order_mark[line_.size()]) {
    line_ += bytes[used++];
  }
  if (line_ == byte_order_mark) {
    line_.clear();
    begun_ = true;
  } else if (used < bytes.size()) {
    begun_ = true;  // what looked like the mark was not: it stays the beginning of the line
  }
  return bytes.substr(used);
}

}  // namespace persona::llm
