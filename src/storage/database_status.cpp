//! What a database holds, in numbers.
#include "storage/database.hpp"

namespace persona {
namespace {

Result<std::vector<std::pair<std::string, std::int64_t>>> counts(SqlDatabase& tables, const std::string& sql) {
  const Result<SqlRows> rows = tables.run(sql, {});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::pair<std::string, std::int64_t>> counted;
  for (std::size_t row = 0; row < rows->cells.size(); ++row)
    counted.emplace_back(rows->text(row, 0), rows->integer(row, 1));
  return counted;
}

Result<std::int64_t> bytes_on_disk(SqlDatabase& tables) {
  const Result<SqlRows> rows = tables.run(
      tables.dialect() == SqlDialect::sqlite
          ? "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
          : "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_catalog.pg_class c JOIN "
            "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind IN "
            "('r', 'S')",
      {});
  if (!rows) return tl::unexpected(rows.error());
  return rows->integer(0, 0);
}

}  // namespace

std::optional<std::int64_t> population_bytes(SqlDatabase& tables, const PopulationRecord& record) {
  const Value name[] = {record.name};
  if (record.form == StorageForm::recipe) return static_cast<std::int64_t>(record.spec.size());
  const Result<SqlRows> rows = tables.run(
      tables.dialect() == SqlDialect::sqlite
          ? "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN (SELECT s.name FROM sqlite_schema s, "
            "persona_population p WHERE p.name = $1 AND s.tbl_name = p.table_name)"
          : "SELECT pg_total_relation_size(to_regclass(quote_ident(table_name))) FROM persona_population WHERE name = "
            "$1",
      name);
  if (!rows || rows->cells.empty()) return {};  // this SQLite was built without dbstat
  return rows->integer(0, 0);
}

Status count_rooms(SqlDatabase& tables, DatabaseStatus& status) {
  auto jobs = counts(tables, "SELECT state, count(*) FROM persona_job GROUP BY state ORDER BY state");
  if (!jobs) return tl::unexpected(jobs.error());
  status.jobs = *std::move(jobs);
  auto records =
      counts(tables, "SELECT kind, count(*) FROM persona_record WHERE removed = 0 GROUP BY kind ORDER BY kind");
  if (!records) return tl::unexpected(records.error());
  status.records = *std::move(records);
  const Result<SqlRows> runs = tables.run("SELECT count(*), count(finished_at) FROM persona_run", {});
  if (!runs) return tl::unexpected(runs.error());
  status.runs = runs->integer(0, 0);
  status.finished_runs = runs->integer(0, 1);
  const Result<std::int64_t> bytes = bytes_on_disk(tables);
  if (!bytes) return tl::unexpected(bytes.error());
  status.bytes = *bytes;
  return {};
}

}  // namespace persona
