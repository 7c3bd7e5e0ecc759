//! Runs checked expressions on muParser.
//!
//! Rows are evaluated one by one: muParser's bulk mode parses again at every call, and starts OpenMP
//! threads and sets their number for the whole process where a distribution built it with OpenMP.
#include "expression.hpp"

#include <muParser.h>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "expression_check.hpp"
#include "expression_math.hpp"
#include "portable_math.hpp"

namespace persona {
namespace {

constexpr double expression_missing = std::numeric_limits<double>::quiet_NaN();

void expression_define(mu::Parser& parser) {
  parser.ClearConst();
  parser.ClearFun();
  parser.DefineFun("ne", &expression_ne);
  parser.DefineFun("div", &expression_div);
  parser.DefineFun("mod", &expression_mod);
  parser.DefineFun("pow", &expression_pow);
  parser.DefineFun("min", &expression_min);
  parser.DefineFun("max", &expression_max);
  parser.DefineFun("missing", &expression_is_missing);
  parser.DefineFun("year", &expression_year);
  parser.DefineFun("log", &expression_log);
  parser.DefineFun(
      "abs", +[](double a) { return std::fabs(a); });
  parser.DefineFun(
      "floor", +[](double a) { return std::floor(a); });
  parser.DefineFun(
      "ceil", +[](double a) { return std::ceil(a); });
  parser.DefineFun(
      "round", +[](double a) { return std::round(a); });
  parser.DefineFun(
      "sqrt", +[](double a) { return std::sqrt(a); });
  parser.DefineFun(
      "exp", +[](double a) { return std::exp(a); });
}

}  // namespace

struct Evaluator::Machine {
  explicit Machine(const Expression& expression) : values(expression.names_.size()) {
    expression_define(parser);
    parser.EnableOptimizer(false);  // it rearranges arithmetic, and so the last digit
    for (std::size_t k = 0; k < values.size(); ++k) parser.DefineVar(fmt::format("v{}", k), &values[k]);
    parser.SetExpr(expression.code_);
    parser.Eval();  // the first call compiles
  }
  mu::Parser parser;
  std::vector<double> values;
};

Result<Expression> Expression::parse(std::string_view text, std::span<const Symbol> symbols,
                                     const std::vector<std::string>* result_labels) try {
  const auto tree = parse_expression_tree(text);
  if (!tree) return tl::unexpected(tree.error());
  auto code = check_expression(text, *tree, symbols, result_labels);
  if (!code) return tl::unexpected(code.error());
  Expression expression;
  expression.text_ = std::string(text);
  expression.code_ = std::move(code->code);
  expression.names_ = std::move(code->names);
  expression.type_ = code->type;
  const Evaluator proof(expression);  // muParser takes it here or never
  return expression;
} catch (const mu::Parser::exception_type& error) {
  return expression_error(text, 1, fmt::format("too complex for muParser: {}", error.GetMsg()));
}

Evaluator::Evaluator(const Expression& expression) : machine_(std::make_unique<Machine>(expression)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

void Evaluator::operator()(std::span<const double* const> inputs, std::span<double> out) {
  auto& [parser, values] = *machine_;
  for (std::size_t row = 0; row < out.size(); ++row) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = inputs[k][row];
    const double value = parser.Eval();
    out[row] = std::isfinite(value) ? value : expression_missing;
  }
}

}  // namespace persona
