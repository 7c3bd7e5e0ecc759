//! The text of an expression as tokens, and as a tree: grammar only, no names looked up.
#pragma once

#include <persona/core/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! The words of the language; no attribute can be called so.
std::span<const std::string> expression_words();

struct ExpressionToken {
  enum class Kind { number, label, word, sign, end };
  Kind kind = Kind::end;
  std::string text = {};   //!< unquoted for labels
  double number = 0;       //!< of a number
  std::size_t column = 1;  //!< first character, counted from 1 in bytes
};

//! One node; `operation` is a sign ("+", "and", "==", "negate"), a function's name, or what a leaf is.
struct ExpressionNode {
  enum class Kind { number, truth, label, name, operation, call };
  Kind kind = Kind::number;
  std::string text = {};  //!< name, label, sign or function
  double number = 0;
  std::size_t column = 1;
  std::vector<ExpressionNode> arguments = {};
};

//! An error about the character at `column` of `text`.
tl::unexpected<Error> expression_error(std::string_view text, std::size_t column, std::string_view what);

//! @errors invalid_argument: longer than 4096 bytes, not UTF-8, or a character of no token
Result<std::vector<ExpressionToken>> expression_tokens(std::string_view text);

//! @errors invalid_argument: as above; not in the grammar; nested deeper than 64
Result<ExpressionNode> parse_expression_tree(std::string_view text);

//! Attributes named in it, each once, in order of first use.
std::vector<std::string> names_in(const ExpressionNode& tree);

}  // namespace persona
