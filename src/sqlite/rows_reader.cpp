//! Reading the rows of a population.
#include "sqlite/rows_reader.hpp"

#include "core/text.hpp"
#include "population/column_build.hpp"
#include "sqlite/identifiers.hpp"
#include "sqlite/page_plan.hpp"
#include "storage/checked_query.hpp"
#include "storage/filter_sql.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

constexpr std::int64_t rows_between_reports = 16'384;

//! Turns the cells of one column back into values.
class CellReader {
 public:
  //! @param codes  of its labels; outlives the reader
  //! @param rows  that are expected
  CellReader(std::shared_ptr<const Field> field, const LabelCodes& codes, std::int64_t rows)
      : appender_(std::move(field)), codes_(codes) {
    appender_.reserve(rows);
  }

  const Field& field() const { return appender_.field(); }
  Column finish() && { return std::move(appender_).finish(); }

  //! False where the cell holds no value of the attribute: somebody else wrote it.
  bool read(Statement& row, int column) {
    if (row.is_null(column)) {
      appender_.append_missing();
      return true;
    }
    switch (field().type) {
      case ColumnType::float64: appender_.append_number(sqlite3_column_double(row.get(), column)); return true;
      case ColumnType::text: appender_.append_text(row.text(column)); return true;
      case ColumnType::int32:
        return read_integer(row.integer(column), std::numeric_limits<std::int32_t>::min(),
                            std::numeric_limits<std::int32_t>::max());
      case ColumnType::boolean: return read_integer(row.integer(column), 0, 1);
      case ColumnType::int64: appender_.append_integer(row.integer(column)); return true;
      case ColumnType::date: return read_date(row.text(column));
      case ColumnType::category: return read_label(row.text(column));
      case ColumnType::list: return read_list(row.text(column));
    }
    return false;
  }

 private:
  bool read_integer(std::int64_t value, std::int64_t least, std::int64_t greatest) {
    if (value < least || value > greatest) return false;
    appender_.append_integer(value);
    return true;
  }

  bool read_date(std::string_view text) {
    const std::optional<Date> date = parse_date(text);
    if (date) appender_.append_integer(date->days);
    return date.has_value();
  }

  bool read_label(std::string_view text) {
    const auto at = codes_.find(text);
    if (at == codes_.end()) return false;
    appender_.append_integer(at->second);
    return true;
  }

  bool read_list(std::string_view text) {
    const Result<std::vector<std::string>> labels = parse_labels(text);
    if (!labels) return false;
    list_.clear();
    for (const std::string& label : *labels) {
      const auto at = codes_.find(label);
      if (at == codes_.end()) return false;
      list_.push_back(at->second);
    }
    appender_.append_list(list_);
    return true;
  }

  ColumnAppender appender_;
  const LabelCodes& codes_;
  std::vector<std::int32_t> list_;
};

std::string page_sql(const CatalogEntry& entry, const CheckedQuery& query, const SqlCondition& condition, bool sorts) {
  const std::string index = std::string(sorts ? "+" : "").append(column_of(entry.fields.front()));
  std::string sql = "SELECT ";
  sql.reserve(entry.all_columns.size() + condition.sql.size() + 200);  // read time and again: no fmt
  if (query.columns.size() == entry.fields.size() && std::ranges::is_sorted(query.columns))
    sql += entry.all_columns;
  else
    for (const std::size_t column : query.columns)
      sql.append(column == query.columns.front() ? "" : ", ").append(column_of(entry.fields[column]));
  sql.append(" FROM ").append(sql_name(entry.table)).append(" AS p WHERE ").append(index).append(" > ? AND ");
  return sql.append(condition.sql).append(" ORDER BY ").append(index).append(" LIMIT ?");
}

tl::unexpected<Error> broken_cell(const CatalogEntry& entry, const Field& field, Statement& row, int column) {
  return fail(Errc::corrupted, fmt::format("population '{}', row {}: '{}' is no value of '{}'", entry.record.name,
                                           row.integer(0), shortened(row.text(column)), field.name));
}

Result<Population> collect_page(Statement& rows, const CatalogEntry& entry, std::vector<CellReader>& readers,
                                const Context& context) {
  for (std::int64_t done = 0; rows.step(); ++done) {
    if (done % rows_between_reports == 0) {
      if (Status go = context.check(); !go) return tl::unexpected(go.error());
      context.progress({"read", static_cast<std::uint64_t>(done), 0});
    }
    int column = 0;
    for (CellReader& reader : readers) {
      if (!reader.read(rows, column)) return broken_cell(entry, reader.field(), rows, column);
      ++column;
    }
  }
  std::vector<Column> columns;
  columns.reserve(readers.size());
  for (CellReader& reader : readers) columns.push_back(std::move(reader).finish());
  return Population::make(std::move(columns));
}

}  // namespace

Result<Population> read_rows(ReadyConnection& connection, const CatalogEntry& entry, const Query& query,
                             const Context& context) {
  const Result<CheckedQuery> checked = check_query(entry.plain_fields, query);
  if (!checked) return tl::unexpected(checked.error());
  const PagePlan plan = plan_page(connection, entry, *checked);
  const SqlCondition condition = condition_of(checked->filters, entry.fields, {.searchable = plan.searchable});
  ReadyConnection::Use rows = connection.statement(page_sql(entry, *checked, condition, plan.sorts));
  rows->bind(1, checked->after.value_or(-1));
  bind_all(*rows, condition.parameters, 2);
  rows->bind(2 + static_cast<int>(condition.parameters.size()),
             checked->limit == 0 ? std::int64_t{-1} : checked->limit);
  std::vector<CellReader> readers;
  readers.reserve(checked->columns.size());
  for (const std::size_t column : checked->columns)
    readers.emplace_back(entry.column_fields[column], entry.codes[column],
                         std::min(checked->limit, rows_between_reports));
  return collect_page(*rows, entry, readers, context);
}

Result<std::int64_t> count_rows(ReadyConnection& connection, const CatalogEntry& entry,
                                const std::vector<Filter>& filters) {
  const auto checked = check_filters(entry.plain_fields, filters);
  if (!checked) return tl::unexpected(checked.error());
  if (checked->empty()) return entry.record.count;
  const SqlCondition condition = condition_of(*checked, entry.fields, {});
  ReadyConnection::Use count =
      connection.statement(fmt::format("SELECT count(*) FROM {} AS p WHERE {}", sql_name(entry.table), condition.sql));
  bind_all(*count, condition.parameters, 1);
  count->step();
  return count->integer(0);
}

}  // namespace persona::sqlite
