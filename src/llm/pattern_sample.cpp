//! Texts that a pattern matches, made up.
#include "pattern_tree.hpp"

#include <algorithm>
#include <string>

namespace persona::llm {
namespace {

constexpr std::uint32_t most_further_repeats = 3;

void append_code_point(char32_t c, std::string& out) {
  const auto byte = [&](char32_t bits) { out += static_cast<char>(bits); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  if (c < 0x10000) return byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
}

//! A letter or digit where the set has one, else what can be printed, else any.
char32_t code_of(const CodeSet& set, const NextRandom& next) {
  static const CodeSet plain({{'0', '9'}, {'a', 'z'}, {'A', 'Z'}}), printable({{' ', '~'}});
  for (const CodeSet* wanted : {&plain, &printable}) {
    std::vector<char32_t> codes;
    for (const auto& [first, last] : wanted->ranges())
      for (char32_t c = first; c <= last; ++c)
        if (set.contains(c)) codes.push_back(c);
    if (!codes.empty()) return codes[next() % codes.size()];
  }
  if (set.ranges().empty()) return U'?';  // nothing matches
  return set.ranges()[next() % set.ranges().size()].first;
}

}  // namespace

void sample_pattern(const PatternTree& tree, const NextRandom& next, std::string& out) {
  constexpr std::size_t longest = 10'000;
  if (out.size() > longest) return;
  switch (tree.kind) {
    case PatternTree::Kind::set: return append_code_point(code_of(tree.set, next), out);
    case PatternTree::Kind::sequence:
      for (const PatternTree& part : tree.parts) sample_pattern(part, next, out);
      return;
    case PatternTree::Kind::choice: return sample_pattern(tree.parts[next() % tree.parts.size()], next, out);
    case PatternTree::Kind::repeat: {
      const std::uint32_t further = std::min(tree.most - tree.least, most_further_repeats);
      const std::uint64_t count = tree.least + next() % (further + 1);
      for (std::uint64_t i = 0; i < count && out.size() <= longest; ++i) sample_pattern(tree.parts[0], next, out);
      return;
    }
    default: return;  // what only looks takes no text
  }
}

}  // namespace persona::llm
