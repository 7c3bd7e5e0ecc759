//! A regular expression as a tree.
#pragma once

#include <persona/core/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::llm {

//! Code points, as ranges in rising order that do not touch.
class CodeSet {
 public:
  using Range = std::pair<char32_t, char32_t>;  // both ends are in it
  static constexpr char32_t last = 0x10FFFF;

  CodeSet() = default;
  explicit CodeSet(std::vector<Range> ranges);

  void add(const CodeSet& other);
  CodeSet complement() const;
  bool contains(char32_t c) const;
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  void settle();
  std::vector<Range> ranges_;
};

struct PatternTree {
  enum class Kind {
    set,           //!< one code point of `set`
    sequence,      //!< of `parts`; empty matches the empty text
    choice,        //!< of `parts`
    repeat,        //!< the one part, `least` to `most` times
    begin,         //!< ^
    end,           //!< $
    boundary,      //!< \b
    not_boundary,  //!< \B
    ahead,         //!< (?=...) and, negated, (?!...)
    behind,        //!< (?<=...)
  };
  static constexpr std::uint32_t unlimited = UINT32_MAX;

  Kind kind = Kind::sequence;
  CodeSet set = {};
  std::vector<PatternTree> parts = {};
  std::uint32_t least = 0, most = unlimited;
  bool negated = false;
};

//! @errors as of `Pattern::compile`
Result<PatternTree> parse_pattern(std::string_view pattern);

//! The code points of a general category: "Lu", "L", "Letter", "Uppercase_Letter"; none where there is no such.
//! @source{Unicode 14}
CodeSet code_category(std::string_view name);

using NextRandom = std::function<std::uint64_t()>;

//! Appends a text that the pattern matches, but for what it looks at around a place.
void sample_pattern(const PatternTree& tree, const NextRandom& next, std::string& out);

//! The next code point of well-formed UTF-8, which is taken off its front.
char32_t take_code_point(std::string_view& text);

}  // namespace persona::llm
