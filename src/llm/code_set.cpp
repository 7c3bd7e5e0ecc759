//! Sets of code points.
#include "pattern_tree.hpp"

#include <algorithm>

namespace persona::llm {

CodeSet::CodeSet(std::vector<Range> ranges) : ranges_(std::move(ranges)) {
  settle();
}

void CodeSet::add(const CodeSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
  settle();
}

CodeSet CodeSet::complement() const {
  CodeSet outside;
  char32_t next = 0;
  for (const auto& [first, end] : ranges_) {
    if (first > next) outside.ranges_.emplace_back(next, first - 1);
    next = end + 1;
  }
  if (next <= last) outside.ranges_.emplace_back(next, last);
  return outside;
}

bool CodeSet::contains(char32_t c) const {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), c,
                                      [](char32_t code, const Range& range) { return code < range.first; });
  return after != ranges_.begin() && c <= std::prev(after)->second;
}

void CodeSet::settle() {
  std::sort(ranges_.begin(), ranges_.end());
  std::vector<Range> joined;
  for (const Range& range : ranges_) {
    if (!joined.empty() && range.first <= joined.back().second + 1)
      joined.back().second = std::max(joined.back().second, range.second);
    else
      joined.push_back(range);
  }
  ranges_ = std::move(joined);
}

char32_t take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length && i < text.size(); ++i) code = code << 6 | (byte(i) & 0x3Fu);
  text.remove_prefix(std::min(length, text.size()));
  return code;
}

}  // namespace persona::llm
