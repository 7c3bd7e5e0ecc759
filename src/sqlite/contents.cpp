//! What the tables of a file hold.
#include "sqlite/contents.hpp"

#include "storage/cell_bytes.hpp"
#include "storage/row_sum.hpp"
#include "storage/sql_names.hpp"

#include <string>

namespace persona::sqlite {
namespace {

constexpr std::int64_t rows_between_looks = 10'000;

std::vector<std::string> all_tables(SQLite::Database& database) {
  Statement select(database,
                   "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                   "ORDER BY name");
  std::vector<std::string> tables;
  while (select.step()) tables.emplace_back(select.text(0));
  return tables;
}

void add_cell(CellBytes& bytes, Statement& row, int column) {
  switch (sqlite3_column_type(row.get(), column)) {
    case SQLITE_NULL: return bytes.missing();
    case SQLITE_INTEGER: return bytes.integer(row.integer(column));
    case SQLITE_FLOAT: return bytes.number(sqlite3_column_double(row.get(), column));
    default: return bytes.text(row.text(column));
  }
}

}  // namespace

Result<std::vector<TableContent>> read_contents(SQLite::Database& database, const Context& context) {
  const InterruptScope interruptible(database, context);
  std::vector<TableContent> contents;
  std::uint64_t done = 0;
  for (const std::string& table : all_tables(database)) {
    Statement rows(database, "SELECT * FROM " + sql_name(table));
    const int columns = sqlite3_column_count(rows.get());
    RowSum sum;
    CellBytes bytes;
    while (rows.step()) {
      bytes.clear();
      for (int column = 0; column < columns; ++column) add_cell(bytes, rows, column);
      sum.add(bytes.bytes());
      if (++done % rows_between_looks != 0) continue;
      if (Status go = context.check(); !go) return tl::unexpected(go.error());
      context.progress({"comparing", done, 0});
    }
    contents.push_back(sum.content(table));
  }
  return contents;
}

bool holds_nothing(SQLite::Database& database) {
  for (const std::string& table : all_tables(database)) {
    if (table == "persona_migration" || table == "persona_deletion") continue;
    Statement row(database, "SELECT 1 FROM " + sql_name(table) + " LIMIT 1");
    if (row.step()) return false;
  }
  return true;
}

}  // namespace persona::sqlite
