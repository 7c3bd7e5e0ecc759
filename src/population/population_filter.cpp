//! The people for whom an expression holds.
#include "expression.hpp"

#include <persona/population/population.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace persona {
namespace {

constexpr std::int64_t filter_block = 1024;  // rows at a time: stays in the nearest cache

std::vector<Symbol> symbols_of(std::span<const Column> columns) {
  std::vector<Symbol> symbols;
  for (const Column& column : columns)
    symbols.push_back({column.name(), column.type(), column.field().labels, column.field().ordered});
  return symbols;
}

}  // namespace

Result<Population> Population::filter(std::string_view text) const {
  const Result<Expression> condition = Expression::parse(text, symbols_of(columns_));
  if (!condition) return tl::unexpected(condition.error());
  std::vector<const Column*> read;
  for (const std::string& name : condition->names()) read.push_back(find(name));

  Evaluator evaluate(*condition);
  std::vector<std::array<double, filter_block>> inputs(read.size());
  std::vector<const double*> pointers;
  for (const auto& input : inputs) pointers.push_back(input.data());
  std::array<double, filter_block> holds;
  std::vector<std::int64_t> rows;
  for (std::int64_t first = 0; first < size_; first += filter_block) {
    const auto count = static_cast<std::size_t>(std::min(filter_block, size_ - first));
    for (std::size_t k = 0; k < read.size(); ++k) read[k]->numbers(first, {inputs[k].data(), count});
    evaluate(pointers, {holds.data(), count});
    for (std::size_t i = 0; i < count; ++i)
      if (holds[i] != 0 && !std::isnan(holds[i])) rows.push_back(first + static_cast<std::int64_t>(i));
  }
  return take(rows);
}

}  // namespace persona
