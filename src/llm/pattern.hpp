//! Regular expressions that cannot be made slow.
#pragma once

#include <persona/core/result.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace persona::llm {

struct PatternProgram;

//! An ECMA-262 pattern in Unicode mode, without flags. Matching takes steps proportional to the text times the
//! pattern, whatever either says; back-references, which no such method can match, are refused.
class Pattern {
 public:
  //! @errors invalid_argument: not a pattern, or one with more than 10,000 states; unsupported: back-references,
  //!         flags, Unicode properties other than general categories
  static Result<Pattern> compile(std::string_view pattern);

  //! Whether the pattern is found anywhere in the text. Subtracts its steps from `budget`.
  //! @return none: the budget is used up
  std::optional<bool> search(std::string_view text, std::size_t& budget) const;

 private:
  explicit Pattern(std::shared_ptr<const PatternProgram> program);
  std::shared_ptr<const PatternProgram> program_;
};

}  // namespace persona::llm
