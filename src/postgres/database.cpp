//! All rooms of one schema, opened once.
#include <persona/storage/postgres_database.hpp>

#include "postgres/migrations.hpp"
#include "postgres/sql_database.hpp"
#include "postgres/storage.hpp"
#include "storage/database.hpp"

#include <utility>

namespace persona::postgres {

Result<std::unique_ptr<Database>> open_database(const std::string& connection, Options options,
                                                std::shared_ptr<Clock> clock) {
  const Result<std::shared_ptr<Replicas>> replicas = Replicas::of(options);
  if (!replicas) return tl::unexpected(replicas.error());
  Result<std::unique_ptr<SqlDatabase>> tables = open_sql(connection, options, *replicas);
  if (!tables) return tl::unexpected(tables.error());
  Result<std::unique_ptr<Storage>> populations = open_storage(connection, std::move(options), *replicas);
  if (!populations) return tl::unexpected(populations.error());
  return make_database(*std::move(populations), *std::move(tables), std::move(clock));
}

std::vector<SchemaStep> schema_steps() {
  std::vector<SchemaStep> steps;
  for (const Migration& migration : migrations())
    steps.push_back({migration.version, std::string(migration.name), dropped_tables(migration)});
  return steps;
}

}  // namespace persona::postgres
