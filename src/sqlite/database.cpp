//! All rooms of one file, opened once.
#include <persona/storage/sqlite_database.hpp>

#include "sqlite/migrations.hpp"
#include "sqlite/sql_database.hpp"
#include "storage/database.hpp"

#include <utility>

namespace persona::sqlite {

Result<std::unique_ptr<Database>> open_database(const std::string& path, Options options,
                                                std::shared_ptr<Clock> clock) {
  Result<std::unique_ptr<Storage>> populations = open(path, options);  // first, for the size of its pages
  if (!populations) return tl::unexpected(populations.error());
  Result<std::unique_ptr<SqlDatabase>> tables = open_sql(path, options);
  if (!tables) return tl::unexpected(tables.error());
  return make_database(*std::move(populations), *std::move(tables), std::move(clock));
}

std::vector<SchemaStep> schema_steps() {
  std::vector<SchemaStep> steps;
  for (const Migration& migration : migrations())
    steps.push_back({migration.version, std::string(migration.name), dropped_tables(migration)});
  return steps;
}

}  // namespace persona::sqlite
