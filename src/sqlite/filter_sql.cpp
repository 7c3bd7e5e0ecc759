//! Checked filters as SQL.
#include "sqlite/filter_sql.hpp"

#include "sqlite/identifiers.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

std::string_view operator_of(Compare compare) {
  switch (compare) {
    case Compare::not_equal: return "<>";
    case Compare::less: return "<";
    case Compare::less_equal: return "<=";
    case Compare::greater: return ">";
    case Compare::greater_equal: return ">=";
    default: return "=";
  }
}

// "x IN (?, ?)", with the plain forms of none and one.
std::string membership(std::string_view operand, std::size_t count) {
  if (count == 0) return "0";
  if (count == 1) return fmt::format("{} = ?", operand);
  std::string marks = "?";
  for (std::size_t i = 1; i < count; ++i) marks += ", ?";
  return fmt::format("{} IN ({})", operand, marks);
}

void add_list(Condition& condition, const CheckedFilter& filter, const std::string& column) {
  condition.sql +=
      fmt::format("{0} IS NOT NULL AND {1}EXISTS (SELECT 1 FROM json_each({0}) AS e WHERE {2})", column,
                  filter.compare == Compare::not_equal ? "NOT " : "", membership("e.value", filter.values.size()));
  condition.bound.insert(condition.bound.end(), filter.values.begin(), filter.values.end());
}

// One label too many is shorter to say than all the others.
void add_labels(Condition& condition, const CheckedFilter& filter, const StoredField& field,
                const std::string& column) {
  const auto others = std::ranges::count(filter.codes, false);
  if (others == 0) {
    condition.sql += column + " IS NOT NULL";
  } else if (others == 1 && filter.codes.size() > 2) {
    const auto other = std::ranges::find(filter.codes, false) - filter.codes.begin();
    condition.sql += column + " <> ?";
    condition.bound.emplace_back((*field.field.labels)[static_cast<std::size_t>(other)]);
  } else {
    condition.sql += membership(column, filter.values.size());
    condition.bound.insert(condition.bound.end(), filter.values.begin(), filter.values.end());
  }
}

// @param searchable  "+x" is x, but no index is used for it
void add_filter(Condition& condition, const CheckedFilter& filter, const StoredField& field, bool searchable) {
  std::string column = searchable ? "" : "+";
  column += column_of(field);
  if (filter.compare == Compare::is_missing || filter.compare == Compare::is_present) {
    condition.sql += column + (filter.compare == Compare::is_missing ? " IS NULL" : " IS NOT NULL");
  } else if (field.field.type == ColumnType::list) {
    add_list(condition, filter, column);
  } else if (field.field.type == ColumnType::category) {
    add_labels(condition, filter, field, column);
  } else {
    condition.sql += filter.compare == Compare::any_of ? membership(column, filter.values.size())
                                                       : fmt::format("{} {} ?", column, operator_of(filter.compare));
    condition.bound.insert(condition.bound.end(), filter.values.begin(), filter.values.end());
  }
}

}  // namespace

std::string column_of(const StoredField& field) {
  return "p." + sql_name(field.column);
}

Condition condition_of(std::span<const CheckedFilter> filters, std::span<const StoredField> fields,
                       const std::vector<bool>& searchable) {
  Condition condition;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    condition.sql += i == 0 ? "(" : " AND (";
    add_filter(condition, filters[i], fields[filters[i].column], searchable.empty() || searchable[i]);
    condition.sql += ")";
  }
  if (condition.sql.empty()) condition.sql = "1";
  return condition;
}

void bind_all(Statement& statement, std::span<const Value> values, int first) {
  for (const Value& value : values) statement.bind(first++, value);
}

}  // namespace persona::sqlite
