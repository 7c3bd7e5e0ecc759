//! Whether two questions differ in what embeddings hardly see: numbers, negation, names, language.
#include "text_guard.hpp"

#include "core/utf8.hpp"
#include "guard_words.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace persona::llm {
namespace {

char32_t decode(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0);
  char32_t code = byte(0) & (0xffu >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) code = code << 6 | (byte(i) & 0x3fu);
  return code;
}

struct CodeRange {
  char32_t first, last;
};
// Latin, Greek, Cyrillic, Hebrew, Arabic, Indic, Thai, Hangul, Kana, Han.
constexpr std::array<std::array<CodeRange, 2>, 10> script_ranges = {{
    {{{'A', 'Z'}, {'a', 'z'}}},
    {{{0x370, 0x3ff}, {0x1f00, 0x1fff}}},
    {{{0x400, 0x52f}, {0x1c80, 0x1c8f}}},
    {{{0x590, 0x5ff}, {0x590, 0x5ff}}},
    {{{0x600, 0x6ff}, {0x750, 0x77f}}},
    {{{0x900, 0xdff}, {0x900, 0xdff}}},
    {{{0xe00, 0xeff}, {0xe00, 0xeff}}},
    {{{0x1100, 0x11ff}, {0xac00, 0xd7af}}},
    {{{0x3040, 0x30ff}, {0x31f0, 0x31ff}}},
    {{{0x3400, 0x9fff}, {0x20000, 0x323af}}},
}};

std::uint32_t script_bit(char32_t code) {
  for (std::size_t i = 0; i < script_ranges.size(); ++i)
    for (const CodeRange& range : script_ranges[i])
      if (code >= range.first && code <= range.last) return 1u << i;
  return 0;
}

bool is_digit(char32_t code) {
  return (code >= '0' && code <= '9') || (code >= 0x660 && code <= 0x669) || (code >= 0x966 && code <= 0x96f) ||
         (code >= 0xff10 && code <= 0xff19) || (code >= 0xb2 && code <= 0xb3);
}

bool is_capital(char32_t code) {
  const bool latin = (code >= 'A' && code <= 'Z') || (code >= 0xc0 && code <= 0xde && code != 0xd7);
  const bool extended = code >= 0x100 && code <= 0x17f && code % 2 == 0;
  return latin || extended || (code >= 0x391 && code <= 0x3a9) || (code >= 0x400 && code <= 0x42f);
}

bool is_word(char32_t code) {
  if (code < 0x80) return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
  const bool is_mark =
      (code >= 0x2000 && code <= 0x206f) || (code >= 0x3000 && code <= 0x303f) || (code >= 0xff00 && code <= 0xff0f);
  return is_digit(code) || (code >= 0xc0 && !is_mark);
}

// In sentences, an apostrophe, a point or a comma may belong to a word: "don't", "3.5".
bool joins(char32_t code) {
  return code == '\'' || code == 0x2019 || code == '.' || code == ',' || code == ':' || code == '/' || code == '%';
}

class MarkReader {
 public:
  TextMarks read(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = std::max<std::size_t>(utf8_sequence(text.substr(at)), 1);
      take(decode(text.substr(at, length)), text.substr(at, length), text.substr(at + length));
      at += length;
    }
    end_word();
    const auto most = std::ranges::max_element(hits_);
    if (*most > 0 && std::ranges::count(hits_, *most) == 1) marks_.language = static_cast<int>(most - hits_.begin());
    return std::move(marks_);
  }

 private:
  void take(char32_t code, std::string_view sequence, std::string_view rest) {
    marks_.scripts |= script_bit(code);
    if (is_word(code)) return add(code, sequence);
    if (joins(code) && !word_.empty()) {
      word_ += code == 0x2019 ? '\'' : static_cast<char>(code);
      return;
    }
    const bool was_end = !word_.empty() && (word_.back() == '.' || word_.back() == ':');
    end_word();
    if (was_end || code == '.' || code == '!' || code == '?' || code == '\n') sentence_opens_ = true;
    const bool before_digit = !rest.empty() && is_digit(static_cast<unsigned char>(rest.front()));
    if ((code == '-' || code == '+') && before_digit) word_ = static_cast<char>(code);  // a sign is part of its number
  }

  void add(char32_t code, std::string_view sequence) {
    if (word_.empty()) word_opens_ = sentence_opens_;
    sentence_opens_ = false;
    has_capital_ = has_capital_ || is_capital(code);
    has_digit_ = has_digit_ || is_digit(code);
    if (code < 0x80 && is_capital(code))
      word_ += static_cast<char>(code - 'A' + 'a');
    else
      word_ += sequence;
  }

  void end_word() {
    std::string_view bare = word_;
    while (!bare.empty() && joins(static_cast<unsigned char>(bare.back())) && bare.back() != '%') bare.remove_suffix(1);
    if (!bare.empty()) keep(bare);
    word_.clear();
    has_capital_ = has_digit_ = false;
  }

  void keep(std::string_view word) {
    const bool is_contraction = word.ends_with("n't");
    if (has_digit_ || is_number_word(word)) marks_.numbers.emplace_back(word);
    if (is_contraction || turns_meaning(word)) marks_.turns.emplace_back(is_contraction ? "not" : word);
    for (int language = 0; language < guard_languages; ++language)
      hits_[static_cast<std::size_t>(language)] += belongs_to_language(word, language) ? 1 : 0;
    const bool only_opens = word_opens_ && opens_sentences(word);
    marks_.words.push_back({std::string(word), has_capital_ && !only_opens && word != "i"});
  }

  TextMarks marks_;
  std::string word_;
  bool has_capital_ = false, has_digit_ = false, word_opens_ = true, sentence_opens_ = true;
  std::array<int, guard_languages> hits_{};
};

}  // namespace

TextMarks marks_of(std::string_view text) {
  return MarkReader().read(text);
}

bool agree(const TextMarks& a, const TextMarks& b) {
  if (a.numbers != b.numbers || a.turns != b.turns || a.scripts != b.scripts) return false;
  if (a.language != b.language && a.language >= 0 && b.language >= 0) return false;
  std::set<std::string_view> names;
  for (const TextMarks* marks : {&a, &b})
    for (const TextMarks::Word& word : marks->words)
      if (word.is_name) names.insert(word.folded);
  // In their order: from Paris to London is not from London to Paris.
  const auto named = [&](const TextMarks& marks) {
    std::vector<std::string_view> found;
    for (const TextMarks::Word& word : marks.words)
      if (names.contains(word.folded)) found.push_back(word.folded);
    return found;
  };
  return named(a) == named(b);
}

}  // namespace persona::llm
