//! The grammar of expressions, by recursive descent. From loose to tight:
//! or; and; not; == != < <= > >= (at most one); + -; * / %; - !; ^ (from the right); calls, (...), leaves.
#include "expression_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace persona {
namespace {

constexpr int deepest_expression = 64;

using TreeKind = ExpressionNode::Kind;
using TokenKind = ExpressionToken::Kind;

ExpressionNode tree_operation(std::string sign, std::size_t column, ExpressionNode a) {
  ExpressionNode node{.kind = TreeKind::operation, .text = std::move(sign), .column = column};
  node.arguments.push_back(std::move(a));
  return node;
}

ExpressionNode tree_operation(std::string sign, std::size_t column, ExpressionNode a, ExpressionNode b) {
  ExpressionNode node = tree_operation(std::move(sign), column, std::move(a));
  node.arguments.push_back(std::move(b));
  return node;
}

class TreeParser {
 public:
  TreeParser(std::string_view text, std::vector<ExpressionToken> tokens) : text_(text), tokens_(std::move(tokens)) {}

  Result<ExpressionNode> all() {
    if (now().kind == TokenKind::end) return fail(Errc::invalid_argument, "an expression is empty");
    auto tree = disjunction();
    if (tree && now().kind != TokenKind::end) return unexpected_token("an operator");
    return tree;
  }

 private:
  using Level = Result<ExpressionNode> (TreeParser::*)();

  const ExpressionToken& now() const { return tokens_[at_]; }
  bool is(std::string_view text) const {
    return (now().kind == TokenKind::sign || now().kind == TokenKind::word) && now().text == text;
  }
  bool take(std::string_view text) { return is(text) && ++at_; }

  tl::unexpected<Error> unexpected_token(std::string_view expected) const {
    if (now().kind == TokenKind::end)
      return expression_error(text_, now().column, fmt::format("it ends where {} should stand", expected));
    return expression_error(text_, now().column, fmt::format("expected {}, found '{}'", expected, now().text));
  }

  //! One level of left-associative binary operators.
  template <std::size_t N>
  Result<ExpressionNode> chain(Level tighter, const std::array<std::string_view, N>& signs) {
    auto left = (this->*tighter)();
    while (left) {
      const auto* sign = std::find_if(signs.begin(), signs.end(), [&](auto text) { return is(text); });
      if (sign == signs.end()) break;
      const std::size_t column = tokens_[at_++].column;
      auto right = (this->*tighter)();
      if (!right) return right;
      left = tree_operation(std::string(*sign), column, std::move(*left), std::move(*right));
    }
    return left;
  }

  Result<ExpressionNode> disjunction() {
    return chain(&TreeParser::conjunction, std::array<std::string_view, 1>{"or"});
  }
  Result<ExpressionNode> conjunction() { return chain(&TreeParser::negation, std::array<std::string_view, 1>{"and"}); }
  Result<ExpressionNode> sum() { return chain(&TreeParser::product, std::array<std::string_view, 2>{"+", "-"}); }
  Result<ExpressionNode> product() { return chain(&TreeParser::sign, std::array<std::string_view, 3>{"*", "/", "%"}); }

  Result<ExpressionNode> negation() { return prefix("not", "not", &TreeParser::negation, &TreeParser::comparison); }

  //! Signs before a value; `!` binds tightly as in C, `not` loosely as in Python.
  Result<ExpressionNode> sign() {
    if (is("!")) return prefix("!", "not", &TreeParser::sign, &TreeParser::power);
    if (is("+")) return prefix("+", "plus", &TreeParser::sign, &TreeParser::power);
    return prefix("-", "negate", &TreeParser::sign, &TreeParser::power);
  }

  Result<ExpressionNode> prefix(std::string_view sign, const char* meaning, Level again, Level tighter) {
    const std::size_t column = now().column;
    if (!take(sign)) return (this->*tighter)();
    return deeper(again).map([&](ExpressionNode&& a) { return tree_operation(meaning, column, std::move(a)); });
  }

  bool at_comparison() const {
    static constexpr std::array<std::string_view, 6> signs = {"==", "!=", "<", "<=", ">", ">="};
    return std::any_of(signs.begin(), signs.end(), [&](auto text) { return is(text); });
  }

  Result<ExpressionNode> comparison() {
    auto left = sum();
    if (!left || !at_comparison()) return left;
    const ExpressionToken compare = tokens_[at_++];
    auto right = sum();
    if (!right) return right;
    if (at_comparison())
      return expression_error(text_, now().column, "comparisons do not chain; write a < b and b < c");
    return tree_operation(compare.text, compare.column, std::move(*left), std::move(*right));
  }

  Result<ExpressionNode> power() {
    auto base = leaf();
    if (!base || !is("^")) return base;
    const std::size_t column = tokens_[at_++].column;
    auto exponent = deeper(&TreeParser::sign);
    if (!exponent) return exponent;
    return tree_operation("^", column, std::move(*base), std::move(*exponent));
  }

  Result<ExpressionNode> deeper(Level level) {
    if (depth_ == deepest_expression)
      return expression_error(text_, now().column, fmt::format("nested deeper than {}", deepest_expression));
    ++depth_;
    auto result = (this->*level)();
    --depth_;
    return result;
  }

  Result<ExpressionNode> leaf() {
    const ExpressionToken token = now();
    ExpressionNode node{.text = token.text, .number = token.number, .column = token.column};
    switch (token.kind) {
      case TokenKind::number: node.kind = TreeKind::number; return ++at_, node;
      case TokenKind::label: node.kind = TreeKind::label; return ++at_, node;
      case TokenKind::word: return word(std::move(node));
      default: break;
    }
    if (!take("(")) return unexpected_token("a value");
    auto inside = deeper(&TreeParser::disjunction);
    if (inside && !take(")")) return unexpected_token("')'");
    return inside;
  }

  Result<ExpressionNode> word(ExpressionNode node) {
    const auto words = expression_words();
    if (node.text == "and" || node.text == "or" || node.text == "not") return unexpected_token("a value");
    ++at_;
    node.kind = node.text == "true" || node.text == "false" ? TreeKind::truth : TreeKind::name;
    node.number = node.text == "true" ? 1 : 0;
    if (node.kind == TreeKind::truth) return node;
    const bool called = take("(");
    if (std::find(words.begin(), words.end(), node.text) == words.end()) {
      if (!called) return node;
      return expression_error(
          text_, node.column,
          fmt::format("there is no function '{}'; those known are {}", node.text,
                      "if, in, is_missing, year, min, max, abs, floor, ceil, round, sqrt, exp, log"));
    }
    node.kind = TreeKind::call;
    if (!called)
      return expression_error(text_, node.column, fmt::format("'{0}' is a function; write {0}(...)", node.text));
    return call(std::move(node));
  }

  Result<ExpressionNode> call(ExpressionNode node) {
    if (take(")")) return node;
    do {
      auto argument = deeper(&TreeParser::disjunction);
      if (!argument) return argument;
      node.arguments.push_back(std::move(*argument));
    } while (take(","));
    if (!take(")")) return unexpected_token("',' or ')'");
    return node;
  }

  std::string_view text_;
  std::vector<ExpressionToken> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

void tree_collect(const ExpressionNode& node, std::vector<std::string>& names) {
  if (node.kind == TreeKind::name && std::find(names.begin(), names.end(), node.text) == names.end())
    names.push_back(node.text);
  for (const ExpressionNode& argument : node.arguments) tree_collect(argument, names);
}

}  // namespace

Result<ExpressionNode> parse_expression_tree(std::string_view text) {
  auto tokens = expression_tokens(text);
  if (!tokens) return tl::unexpected(tokens.error());
  return TreeParser(text, std::move(*tokens)).all();
}

std::vector<std::string> names_in(const ExpressionNode& tree) {
  std::vector<std::string> names;
  tree_collect(tree, names);
  return names;
}

}  // namespace persona
