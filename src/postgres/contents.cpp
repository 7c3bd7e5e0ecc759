//! What the tables of a schema hold, as rows of COPY in text, which dumps have too.
#include "postgres/contents.hpp"

#include "storage/row_sum.hpp"
#include "storage/sql_names.hpp"

namespace persona::postgres {
namespace {

constexpr std::int64_t rows_between_looks = 10'000;

// As pg_dump writes them.
constexpr const char* text_settings =
    "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 3";

}  // namespace

Result<std::vector<std::string>> all_tables(Connection& connection, const std::string& schema) {
  const Value name[] = {schema};
  const Result<Rows> rows = connection.run(
      "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = $1 ORDER BY tablename", Parameters(name));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::string> tables;
  for (int row = 0; row < rows->size(); ++row) tables.push_back(rows->text(row, 0));
  return tables;
}

Result<std::vector<TableContent>> read_contents(Connection& connection, const std::string& schema,
                                                const Context& context) {
  const Result<std::vector<std::string>> tables = all_tables(connection, schema);
  if (!tables) return tl::unexpected(tables.error());
  if (Status set = connection.execute(text_settings); !set) return tl::unexpected(set.error());
  std::vector<TableContent> contents;
  std::uint64_t done = 0;
  for (const std::string& table : *tables) {
    if (Status go = context.check(); !go) return tl::unexpected(go.error());
    RowSum sum;
    const Status read = connection.copy_out("COPY " + sql_name(schema) + "." + sql_name(table) + " TO STDOUT",
                                            [&](std::string_view row) -> Status {
                                              sum.add(row.substr(0, row.size() - 1));
                                              if (++done % rows_between_looks != 0) return {};
                                              context.progress({"comparing", done, 0});
                                              return context.check();
                                            });
    if (!read) return tl::unexpected(read.error());
    contents.push_back(sum.content(table));
  }
  return contents;
}

Result<bool> holds_nothing(Connection& connection, const std::string& schema) {
  const Result<std::vector<std::string>> tables = all_tables(connection, schema);
  if (!tables) return tl::unexpected(tables.error());
  for (const std::string& table : *tables) {
    if (table == "persona_migration" || table == "persona_deletion") continue;
    const Result<Rows> row = connection.run("SELECT 1 FROM " + sql_name(schema) + "." + sql_name(table) + " LIMIT 1");
    if (!row) return tl::unexpected(row.error());
    if (row->size() > 0) return false;
  }
  return true;
}

}  // namespace persona::postgres
