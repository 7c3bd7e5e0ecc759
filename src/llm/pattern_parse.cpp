//! Reads ECMA-262 patterns.
#include "core/utf8.hpp"
#include "pattern_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace persona::llm {
namespace {

using Kind = PatternTree::Kind;

constexpr int deepest_pattern = 100;
constexpr std::uint32_t most_repeats = 10'000;

const CodeSet& pattern_digits() {
  static const CodeSet set({{'0', '9'}});
  return set;
}
const CodeSet& pattern_word_codes() {
  static const CodeSet set({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}});
  return set;
}
const CodeSet& pattern_spaces() {
  static const CodeSet set({{9, 13},
                            {' ', ' '},
                            {0xA0, 0xA0},
                            {0x1680, 0x1680},
                            {0x2000, 0x200A},
                            {0x2028, 0x2029},
                            {0x202F, 0x202F},
                            {0x205F, 0x205F},
                            {0x3000, 0x3000},
                            {0xFEFF, 0xFEFF}});
  return set;
}
const CodeSet& pattern_line_ends() {
  static const CodeSet set({{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}});
  return set;
}

class PatternParser {
 public:
  explicit PatternParser(std::string_view text) : whole_(text) {
    while (!text.empty()) codes_ += take_code_point(text);
  }

  Result<PatternTree> parse() {
    PatternTree tree = choice(0);
    if (!error_ && at_ < codes_.size()) wrong("an unmatched ')'");
    if (error_) return tl::unexpected(std::move(*error_));
    return tree;
  }

 private:
  bool more() const { return at_ < codes_.size() && !error_; }
  char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < codes_.size() ? codes_[at_ + ahead] : 0; }
  bool take(std::u32string_view expected) {
    if (std::u32string_view(codes_).substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  void wrong(const std::string& what, Errc code = Errc::invalid_argument) {
    if (!error_) error_ = Error{code, fmt::format("the pattern \"{}\" has {} at character {}", whole_, what, at_), {}};
  }

  PatternTree choice(int depth) {
    if (depth > deepest_pattern) wrong("groups too deep");
    PatternTree tree{.kind = Kind::choice};
    do {
      tree.parts.push_back(sequence(depth));
    } while (more() && take(U"|"));
    return tree.parts.size() == 1 ? std::move(tree.parts[0]) : std::move(tree);
  }

  PatternTree sequence(int depth) {
    PatternTree tree;
    while (more() && peek() != '|' && peek() != ')') {
      PatternTree part = item(depth);
      const bool can_repeat = part.kind != Kind::begin && part.kind != Kind::end && part.kind != Kind::ahead &&
                              part.kind != Kind::behind && part.kind != Kind::boundary &&
                              part.kind != Kind::not_boundary;
      tree.parts.push_back(repeated(std::move(part), can_repeat));
    }
    return tree;
  }

  PatternTree item(int depth) {
    if (take(U"(")) return group(depth);
    if (take(U"[")) return {.kind = Kind::set, .set = bracket()};
    if (take(U"^")) return {.kind = Kind::begin};
    if (take(U"$")) return {.kind = Kind::end};
    if (take(U".")) return {.kind = Kind::set, .set = pattern_line_ends().complement()};
    if (take(U"\\b")) return {.kind = Kind::boundary};
    if (take(U"\\B")) return {.kind = Kind::not_boundary};
    if (take(U"\\")) return {.kind = Kind::set, .set = escape()};
    if (peek() == '*' || peek() == '+' || peek() == '?') wrong("nothing to repeat");
    return {.kind = Kind::set, .set = one(codes_[at_++])};
  }

  PatternTree group(int depth) {
    PatternTree tree;
    if (take(U"?=") || take(U"?!")) {
      tree = {.kind = Kind::ahead, .negated = codes_[at_ - 1] == '!'};
    } else if (take(U"?<=") || take(U"?<!")) {
      tree = {.kind = Kind::behind, .negated = codes_[at_ - 1] == '!'};
    } else if (take(U"?<")) {
      while (more() && peek() != '>') ++at_;
      if (!take(U">")) wrong("a group name without its end");
    } else if (!take(U"?:") && peek() == '?') {
      wrong("a group of a kind that ECMA-262 does not have", Errc::unsupported);
    }
    PatternTree inside = choice(depth + 1);
    if (!take(U")")) wrong("a group without its end");
    if (tree.kind == Kind::sequence) return inside;
    tree.parts.push_back(std::move(inside));
    return tree;
  }

  PatternTree repeated(PatternTree part, bool can_repeat) {
    PatternTree tree{.kind = Kind::repeat};
    if (take(U"*")) {
    } else if (take(U"+")) {
      tree.least = 1;
    } else if (take(U"?")) {
      tree.most = 1;
    } else if (!counts(tree)) {
      return part;
    }
    take(U"?");  // lazy: what is found first does not matter here
    if (!can_repeat) wrong("nothing to repeat");
    if (tree.least > tree.most) wrong("a repetition whose ends are exchanged");
    tree.parts.push_back(std::move(part));
    return tree;
  }

  //! "{2}", "{2,}", "{2,5}"; any other brace stands for itself.
  bool counts(PatternTree& tree) {
    const std::size_t begin = at_;
    if (!take(U"{")) return false;
    const auto least = count();
    if (least) tree.least = tree.most = *least;
    if (least && take(U",")) tree.most = count().value_or(PatternTree::unlimited);
    if (least && take(U"}")) return true;
    at_ = begin;
    return false;
  }

  std::optional<std::uint32_t> count() {
    if (peek() < '0' || peek() > '9') return {};
    std::uint32_t number = 0;
    for (; peek() >= '0' && peek() <= '9'; ++at_) number = std::min(number * 10 + (peek() - '0'), most_repeats + 1);
    if (number > most_repeats) wrong(fmt::format("more than {} repetitions", most_repeats));
    return number;
  }

  static CodeSet one(char32_t c) { return CodeSet({{c, c}}); }

  //! What stands after "[".
  CodeSet bracket() {
    const bool negated = take(U"^");
    CodeSet set;
    while (more() && peek() != ']') {
      const CodeSet low = bracket_item();
      if (peek() != '-' || peek(1) == ']' || at_ + 1 >= codes_.size()) {
        set.add(low);
        continue;
      }
      ++at_;
      const CodeSet high = bracket_item();
      if (!is_one(low) || !is_one(high) || low.ranges()[0].first > high.ranges()[0].first) wrong("a range of nothing");
      if (!error_) set.add(CodeSet({{low.ranges()[0].first, high.ranges()[0].first}}));
    }
    if (!take(U"]")) wrong("a '[' without its end");
    return negated ? set.complement() : set;
  }

  CodeSet bracket_item() {
    if (take(U"\\b")) return one(8);
    if (take(U"\\")) return escape();
    return one(at_ < codes_.size() ? codes_[at_++] : 0);
  }

  static bool is_one(const CodeSet& set) {
    return set.ranges().size() == 1 && set.ranges()[0].first == set.ranges()[0].second;
  }

  //! What stands after "\".
  CodeSet escape() {
    if (!more()) return wrong("a '\\' at its end"), CodeSet();
    const char32_t c = codes_[at_++];
    switch (c) {
      case 'd': return pattern_digits();
      case 'D': return pattern_digits().complement();
      case 'w': return pattern_word_codes();
      case 'W': return pattern_word_codes().complement();
      case 's': return pattern_spaces();
      case 'S': return pattern_spaces().complement();
      case 't': return one('\t');
      case 'n': return one('\n');
      case 'v': return one('\v');
      case 'f': return one('\f');
      case 'r': return one('\r');
      case 'x': return one(hex(2));
      case 'u': return one(unicode());
      case 'c': return control();
      case 'p': return category();
      case 'P': return category().complement();
      default: break;
    }
    if (c == '0' && (peek() < '0' || peek() > '9')) return one(0);
    if (c == 'k' || (c >= '0' && c <= '9')) {
      wrong("a back-reference, which cannot be matched in linear time,", Errc::unsupported);
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      wrong(fmt::format("an escape '\\{}' that ECMA-262 does not have", static_cast<char>(c)));
    }
    return one(c);
  }

  CodeSet control() {
    const char32_t letter = peek() | 0x20;
    if (letter < 'a' || letter > 'z') wrong("a '\\c' without a letter");
    ++at_;
    return one(letter % 32);
  }

  char32_t hex(std::size_t digits) {
    char32_t code = 0;
    for (std::size_t i = 0; i < digits; ++i, ++at_) {
      const char32_t c = peek(), small = c | 0x20;
      const bool is_digit = c >= '0' && c <= '9';
      if (!is_digit && (small < 'a' || small > 'f')) return wrong("an escape without its hex digits"), 0;
      code = code * 16 + (is_digit ? c - '0' : small - 'a' + 10);
    }
    return code;
  }

  //! Also "{1F600}", and two escapes that are one code point in UTF-16.
  char32_t unicode() {
    if (take(U"{")) {
      std::size_t digits = 0;
      while (peek(digits) != '}' && digits < 7 && peek(digits) != 0) ++digits;
      const char32_t code = hex(std::min<std::size_t>(digits, 6));
      if (!take(U"}") || code > CodeSet::last || digits == 0) wrong("an escape that is no code point");
      return code;
    }
    const char32_t high = hex(4);
    if (high < 0xD800 || high > 0xDBFF || !take(U"\\u")) return high;
    return 0x10000 + ((high - 0xD800) << 10) + ((hex(4) - 0xDC00) & 0x3FF);
  }

  //! "{Letter}", "{gc=Lu}".
  CodeSet category() {
    std::string name;
    if (!take(U"{")) wrong("a '\\p' without its property");
    while (more() && peek() != '}' && peek() < 0x80) name += static_cast<char>(codes_[at_++]);
    take(U"}");
    for (const std::string_view prefix : {"gc=", "General_Category="}) {
      if (name.starts_with(prefix)) name.erase(0, prefix.size());
    }
    CodeSet set = code_category(name);
    if (set.ranges().empty()) wrong(fmt::format("a property '{}' that is not known here", name), Errc::unsupported);
    return set;
  }

  std::string_view whole_;
  std::u32string codes_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<PatternTree> parse_pattern(std::string_view pattern) {
  if (!is_utf8(pattern)) return fail(Errc::invalid_argument, "the pattern is not UTF-8");
  return PatternParser(pattern).parse();
}

}  // namespace persona::llm
