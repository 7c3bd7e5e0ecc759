//! Gives an expression's tree its meaning among known attributes, and writes it for muParser.
#pragma once

#include "expression.hpp"
#include "expression_tree.hpp"

namespace persona {

//! What muParser sees: variables v0, v1 ... stand for `names`, labels have become codes.
struct ExpressionCode {
  std::string code;
  std::vector<std::string> names;
  ColumnType type = ColumnType::float64;
};

//! @errors invalid_argument: as `Expression::parse`
Result<ExpressionCode> check_expression(std::string_view text, const ExpressionNode& tree,
                                        std::span<const Symbol> symbols, const std::vector<std::string>* result_labels);

}  // namespace persona
