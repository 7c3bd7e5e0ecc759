//! Reading the rows of a population.
#include "postgres/rows_reader.hpp"

#include "postgres/cell_reader.hpp"
#include "postgres/failure.hpp"
#include "storage/checked_query.hpp"
#include "storage/filter_sql.hpp"
#include "storage/sql_names.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

constexpr int fetched_rows = 16'384;           // of a read without end, at once
constexpr std::int64_t most_at_once = 20'000;  // of a page

Parameters parameters_of(const SqlCondition& condition) {
  Parameters parameters;
  for (const SqlParameter& parameter : condition.parameters) parameters.add(parameter);
  return parameters;
}

// $1 is the index that rows come after. How many is in the text: the server plans once for a page of that size, where
// for one of unknown size it would plan anew for each call.
std::string page_sql(const CatalogEntry& entry, const CheckedQuery& query, const SqlCondition& condition) {
  std::string columns;
  for (const std::size_t column : query.columns)
    columns.append(columns.empty() ? "" : ", ").append(column_of(entry.fields[column]));
  const std::string limit = query.limit == 0 ? "" : fmt::format(" LIMIT {}", query.limit);
  return fmt::format("SELECT {} FROM {} AS p WHERE p.\"index\" > $1 AND {} ORDER BY p.\"index\"{}", columns,
                     sql_name(entry.table), condition.sql, limit);
}

//! Takes what statements answer, and ends as a population.
class PageReader {
 public:
  PageReader(const CatalogEntry& entry, const CheckedQuery& query) : entry_(entry) {
    readers_.reserve(query.columns.size());
    for (const std::size_t column : query.columns)
      readers_.emplace_back(entry.column_fields[column], entry.codes[column], std::min(query.limit, most_at_once));
  }

  Status take(const Rows& rows) {
    if (Status types = check_types(rows); !types) return types;
    for (int row = 0; row < rows.size(); ++row) {
      int column = 0;
      for (CellReader& reader : readers_)
        if (!reader.read(rows, row, column++)) return broken(rows, row, reader.field());
    }
    return {};
  }

  Result<Population> finish() && {
    std::vector<Column> columns;
    for (CellReader& reader : readers_) columns.push_back(std::move(reader).finish());
    return Population::make(std::move(columns));
  }

 private:
  Status check_types(const Rows& rows) const {
    int column = 0;
    for (const CellReader& reader : readers_)
      if (rows.type(column++) != type_id(reader.field().type))
        return fail(Errc::corrupted, fmt::format("population '{}': somebody gave the column of '{}' another type",
                                                 entry_.record.name, reader.field().name));
    return {};
  }

  Status broken(const Rows& rows, int row, const Field& field) const {
    return fail(Errc::corrupted, fmt::format("population '{}', row {}: a cell is no value of '{}'", entry_.record.name,
                                             rows.integer(row, 0), field.name));
  }

  const CatalogEntry& entry_;
  std::vector<CellReader> readers_;
};

// Piece by piece, so that only one of them is held beside the columns.
Status read_by_cursor(Connection& connection, const std::string& sql, Parameters parameters, PageReader& reader,
                      const Context& context) {
  Result<Transaction> transaction = Transaction::begin(connection, "BEGIN READ ONLY");
  if (!transaction) return tl::unexpected(transaction.error());
  const auto opened = connection.run_once("DECLARE persona_page NO SCROLL CURSOR FOR " + sql, std::move(parameters));
  if (!opened) return tl::unexpected(opened.error());
  const std::string fetch = fmt::format("FETCH {} FROM persona_page", fetched_rows);
  for (std::uint64_t done = 0;;) {
    const Result<Rows> rows = connection.run_once(fetch, {}, context);
    if (!rows) return tl::unexpected(rows.error());
    if (Status taken = reader.take(*rows); !taken) return taken;
    done += static_cast<std::uint64_t>(rows->size());
    context.progress({"read", done, 0});
    if (rows->size() < fetched_rows) return transaction->commit();
  }
}

}  // namespace

Result<Population> read_rows(Connection& connection, const CatalogEntry& entry, const Query& query,
                             const Context& context) {
  const Result<CheckedQuery> checked = check_query(entry.plain_fields, query);
  if (!checked) return tl::unexpected(checked.error());
  const SqlCondition condition =
      condition_of(checked->filters, entry.fields, {.dialect = SqlDialect::postgres, .first_parameter = 2});
  Parameters parameters;
  parameters.add(Value(checked->after.value_or(-1)));
  for (const SqlParameter& parameter : condition.parameters) parameters.add(parameter);
  const std::string sql = page_sql(entry, *checked, condition);
  PageReader reader(entry, *checked);
  if (checked->limit == 0 || checked->limit > most_at_once) {
    if (Status read = read_by_cursor(connection, sql, std::move(parameters), reader, context); !read)
      return tl::unexpected(read.error());
    return std::move(reader).finish();
  }
  const Result<Rows> rows = connection.run(sql, std::move(parameters), context);
  if (!rows) return tl::unexpected(rows.error());
  if (Status taken = reader.take(*rows); !taken) return tl::unexpected(taken.error());
  return std::move(reader).finish();
}

Result<std::int64_t> count_rows(Connection& connection, const CatalogEntry& entry, const std::vector<Filter>& filters,
                                const Context& context) {
  const auto checked = check_filters(entry.plain_fields, filters);
  if (!checked) return tl::unexpected(checked.error());
  const SqlCondition condition = condition_of(*checked, entry.fields, {.dialect = SqlDialect::postgres});
  const Result<Rows> count =
      connection.run(fmt::format("SELECT count(*) FROM {} AS p WHERE {}", sql_name(entry.table), condition.sql),
                     parameters_of(condition), context);
  if (!count) return tl::unexpected(count.error());
  return count->integer(0, 0);
}

}  // namespace persona::postgres
