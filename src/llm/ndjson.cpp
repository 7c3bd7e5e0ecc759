//! Bytes into lines.
#include "ndjson.hpp"

#include <algorithm>
#include <utility>

namespace persona::llm {
namespace {

Status take_ndjson_line(std::string_view line, const OnLine& on_line) {
  const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
  if (blank) return {};
  if (line.ends_with('\r')) line.remove_suffix(1);
  return on_line(line);
}

}  // namespace

Status NdjsonDecoder::feed(std::string_view bytes, const OnLine& on_line) {
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    if (line_.size() + end > max_line_) return fail(Errc::invalid_output, "a line of NDJSON is too long");
    if (end == bytes.size()) {
      line_.append(bytes);
      return {};
    }
    std::string_view line = bytes.substr(0, end);
    if (!line_.empty()) line = line_.append(line);
    if (auto taken = take_ndjson_line(line, on_line); !taken) return taken;
    line_.clear();
    bytes.remove_prefix(end + 1);
  }
  return {};
}

Status NdjsonDecoder::finish(const OnLine& on_line) {
  const std::string line = std::move(line_);
  line_.clear();
  return take_ndjson_line(line, on_line);
}

}  // namespace persona::llm
