//! Cuts the text of an expression into tokens.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/text.hpp"
#include "expression_tree.hpp"

namespace persona {
namespace {

constexpr std::size_t longest_expression = 4096;

bool token_is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool token_is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

//! Walks over the text; each `read_` takes one token or says why it cannot.
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<ExpressionToken> next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
    ExpressionToken token{.column = at_ + 1};
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (token_is_digit(c) || (c == '.' && at_ + 1 < text_.size() && token_is_digit(text_[at_ + 1])))
      return read_number(token);
    if (token_is_letter(c)) return read_word(token);
    if (c == '\'' || c == '"') return read_label(token);
    return read_sign(token);
  }

 private:
  Result<ExpressionToken> read_number(ExpressionToken& token) {
    const char* first = text_.data() + at_;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), token.number);
    if (error != std::errc() || !std::isfinite(token.number))
      return expression_error(text_, token.column, "this number is too large or too small to hold");
    at_ += static_cast<std::size_t>(end - first);
    if (at_ < text_.size() && (token_is_letter(text_[at_]) || text_[at_] == '.'))
      return expression_error(text_, at_ + 1, "a number runs into the next word");
    token.kind = ExpressionToken::Kind::number;
    token.text = std::string(first, end);
    return token;
  }

  Result<ExpressionToken> read_word(ExpressionToken& token) {
    const std::size_t first = at_;
    while (at_ < text_.size() && (token_is_letter(text_[at_]) || token_is_digit(text_[at_]))) ++at_;
    token.kind = ExpressionToken::Kind::word;
    token.text = std::string(text_.substr(first, at_ - first));
    return token;
  }

  //! A quote inside is written twice.
  Result<ExpressionToken> read_label(ExpressionToken& token) {
    const char quote = text_[at_++];
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != quote) {
          ++at_;
          token.kind = ExpressionToken::Kind::label;
          return token;
        }
        ++at_;
      }
      token.text += text_[at_];
    }
    return expression_error(text_, token.column,
                            fmt::format("the label that opens here with {} does not close", quote));
  }

  Result<ExpressionToken> read_sign(ExpressionToken& token) {
    static constexpr std::array<std::string_view, 20> signs = {
        "==", "!=", "<=", ">=", "&&", "||", "**", "<>", "<", ">", "+", "-", "*", "/", "^", "%", "(", ")", ",", "!"};
    const std::string_view rest = text_.substr(at_);
    const auto* found = std::find_if(signs.begin(), signs.end(), [&](auto sign) { return rest.starts_with(sign); });
    if (rest.front() == '=' && !rest.starts_with("=="))
      return expression_error(text_, token.column, "nothing can be assigned; == compares");
    if (found == signs.end()) return unknown_character(token.column);
    if (*found == "**") return expression_error(text_, token.column, "powers are written with ^");
    if (*found == "<>") return expression_error(text_, token.column, "'is not' is written !=");
    at_ += found->size();
    token.kind = ExpressionToken::Kind::sign;
    token.text = *found == "&&" ? "and" : *found == "||" ? "or" : std::string(*found);
    return token;
  }

  tl::unexpected<Error> unknown_character(std::size_t column) const {
    const unsigned char c = static_cast<unsigned char>(text_[column - 1]);
    if (c > 0x20 && c < 0x7F)
      return expression_error(text_, column, fmt::format("'{}' means nothing here", text_[column - 1]));
    return expression_error(text_, column, fmt::format("a character (byte 0x{:02x}) that means nothing here", c));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::span<const std::string> expression_words() {
  static const std::vector<std::string> words = {"and",   "or",   "not", "if",  "in",    "is_missing",
                                                 "year",  "min",  "max", "abs", "floor", "ceil",
                                                 "round", "sqrt", "exp", "log", "true",  "false"};
  return words;
}

tl::unexpected<Error> expression_error(std::string_view text, std::size_t column, std::string_view what) {
  return fail(Errc::invalid_argument,
              fmt::format("in the expression \"{}\", character {}: {}", shortened(text, 80), column, what));
}

Result<std::vector<ExpressionToken>> expression_tokens(std::string_view text) {
  if (text.size() > longest_expression)
    return fail(Errc::invalid_argument,
                fmt::format("an expression has {} bytes; at most {} are read", text.size(), longest_expression));
  if (!is_utf8(text)) return fail(Errc::invalid_argument, "an expression is not UTF-8");
  Tokenizer tokenizer(text);
  std::vector<ExpressionToken> tokens;
  do {
    auto token = tokenizer.next();
    if (!token) return tl::unexpected(token.error());
    tokens.push_back(std::move(*token));
  } while (tokens.back().kind != ExpressionToken::Kind::end);
  return tokens;
}

}  // namespace persona
