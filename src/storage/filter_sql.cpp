//! Checked filters as SQL, in the dialect of either database.
#include "storage/filter_sql.hpp"

#include "storage/sql_names.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::size_t few_values = 8;

// A row that numbers rule out need not have its texts looked at: SQLite goes from left to right.
std::vector<std::size_t> numbers_first(std::span<const CheckedFilter> filters, std::span<const StoredField> fields) {
  std::vector<std::size_t> order(filters.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](std::size_t i) {
    const ColumnType type = fields[filters[i].column].field.type;
    return type == ColumnType::float64 || type == ColumnType::int32 || type == ColumnType::int64 ||
           type == ColumnType::boolean;
  });
  return order;
}

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

//! Writes one condition after the other and keeps their parameters.
class ConditionWriter {
 public:
  explicit ConditionWriter(const ConditionStyle& style) : style_(style), next_(style.first_parameter) {}

  void add(const CheckedFilter& filter, const StoredField& field, bool searchable) {
    condition_.sql += condition_.sql.empty() ? "(" : " AND (";
    // In SQLite "+x" is x, but no index is used for it.
    const std::string column = (searchable || !is_sqlite() ? "" : "+") + column_of(field);
    if (filter.compare == Compare::is_missing || filter.compare == Compare::is_present)
      condition_.sql += column + (filter.compare == Compare::is_missing ? " IS NULL" : " IS NOT NULL");
    else if (field.field.type == ColumnType::list)
      add_list(filter, column);
    else if (field.field.type == ColumnType::category)
      add_labels(filter, field, column);
    else if (filter.compare == Compare::any_of)
      add_membership(column, filter.values);
    else if (filter.compare == Compare::contains || filter.compare == Compare::begins_with)
      add_search(filter, column);
    else
      condition_.sql += fmt::format("{} {} {}", column, operator_of(filter.compare), mark({filter.values}));
    condition_.sql += ")";
  }

  SqlCondition finish() && {
    if (condition_.sql.empty()) condition_.sql = "TRUE";
    return std::move(condition_);
  }

 private:
  bool is_sqlite() const { return style_.dialect == SqlDialect::sqlite; }

  std::string mark(SqlParameter parameter) {
    condition_.parameters.push_back(std::move(parameter));
    return is_sqlite() ? "?" : fmt::format("${}", next_++);
  }

  // "x IN (?, ?)", with the plain forms of none and one. To see whether a row is meant, SQLite compares with a few
  // values faster than it looks one up among them.
  void add_membership(std::string_view operand, const std::vector<Value>& values) {
    if (values.empty()) {
      condition_.sql += "FALSE";
    } else if (values.size() == 1) {
      condition_.sql += fmt::format("{} = {}", operand, mark({values}));
    } else if (!is_sqlite()) {
      condition_.sql += fmt::format("{} = ANY ({})", operand, mark({values, true}));
    } else if (operand.starts_with('+') && values.size() <= few_values) {
      for (std::size_t i = 0; i < values.size(); ++i)
        condition_.sql += fmt::format("{}{} = {}", i == 0 ? "" : " OR ", operand, mark({{values[i]}}));
    } else {
      condition_.sql += fmt::format("{} IN (", operand);
      for (std::size_t i = 0; i < values.size(); ++i) condition_.sql += (i == 0 ? "" : ", ") + mark({{values[i]}});
      condition_.sql += ")";
    }
  }

  void add_search(const CheckedFilter& filter, const std::string& column) {
    const std::string_view where = filter.compare == Compare::contains ? "> 0" : "= 1";
    condition_.sql +=
        fmt::format("{} ({}, {}) {}", is_sqlite() ? "instr" : "strpos", column, mark({filter.values}), where);
  }

  void add_list(const CheckedFilter& filter, const std::string& column) {
    const std::string_view negation = filter.compare == Compare::not_equal ? "NOT " : "";
    condition_.sql += fmt::format("{} IS NOT NULL AND {}", column, negation);
    if (filter.values.empty()) {
      condition_.sql += "FALSE";
    } else if (is_sqlite()) {
      condition_.sql += fmt::format("EXISTS (SELECT 1 FROM json_each({}) AS e WHERE ", column);
      add_membership("e.value", filter.values);
      condition_.sql += ")";
    } else {
      condition_.sql += fmt::format("({} && {})", column, mark({filter.values, true}));
    }
  }

  // One label too many is shorter to say than all the others.
  void add_labels(const CheckedFilter& filter, const StoredField& field, const std::string& column) {
    const auto others = std::ranges::count(filter.codes, false);
    if (others == 0) {
      condition_.sql += column + " IS NOT NULL";
    } else if (others == 1 && filter.codes.size() > 2) {
      const auto other = std::ranges::find(filter.codes, false) - filter.codes.begin();
      condition_.sql +=
          fmt::format("{} <> {}", column, mark({{(*field.field.labels)[static_cast<std::size_t>(other)]}}));
    } else {
      add_membership(column, filter.values);
    }
  }

  const ConditionStyle& style_;
  int next_;
  SqlCondition condition_;
};

}  // namespace

std::string column_of(const StoredField& field) {
  return "p." + sql_name(field.column);
}

SqlCondition condition_of(std::span<const CheckedFilter> filters, std::span<const StoredField> fields,
                          const ConditionStyle& style) {
  ConditionWriter writer(style);
  for (const std::size_t i : numbers_first(filters, fields))
    writer.add(filters[i], fields[filters[i].column], style.searchable.empty() || style.searchable[i]);
  return std::move(writer).finish();
}

}  // namespace persona
