//! The rooms of a schema that are written on tables alone.
#include "jobs/job_queue.hpp"
#include "postgres/sql_database.hpp"
#include "records/record_store.hpp"
#include "storage/llm_rooms.hpp"

#include <persona/storage/postgres_jobs.hpp>
#include <persona/storage/postgres_llm.hpp>
#include <persona/storage/postgres_prompt.hpp>
#include <persona/storage/postgres_records.hpp>

#include <utility>

namespace persona::postgres {

Result<std::unique_ptr<JobQueue>> open_jobs(const std::string& connection, Options options,
                                            std::shared_ptr<Clock> clock) {
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(connection, options);
  if (!database) return tl::unexpected(database.error());
  return make_job_queue(*std::move(database), std::move(clock));
}

Result<std::unique_ptr<Records>> open_records(const std::string& connection, Options options,
                                              std::shared_ptr<Clock> clock) {
  Result<std::shared_ptr<Replicas>> replicas = Replicas::of(options);
  if (!replicas) return tl::unexpected(replicas.error());
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(connection, options, *std::move(replicas));
  if (!database) return tl::unexpected(database.error());
  return make_records(*std::move(database), std::move(clock));
}

Result<std::shared_ptr<prompt::RunLedger>> open_run_ledger(const std::string& connection, Options options) {
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(connection, options);
  if (!database) return tl::unexpected(database.error());
  return make_run_ledger(*std::move(database));
}

Result<std::shared_ptr<llm::ResponseCache>> open_cache(const std::string& connection, Options options,
                                                       std::shared_ptr<Clock> clock) {
  Result<std::unique_ptr<SqlDatabase>> opened = open_sql(connection, options);
  if (!opened) return tl::unexpected(opened.error());
  const std::shared_ptr<SqlDatabase> database = *std::move(opened);
  return make_reply_cache(database, options.read_only ? nullptr : database, std::move(clock));
}

Result<std::shared_ptr<llm::Ledger>> open_ledger(const std::string& connection, LedgerOptions options) {
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(connection, options.database);
  if (!database) return tl::unexpected(database.error());
  return make_ledger(*std::move(database), options.lease, std::move(options.clock), options.database.read_only);
}

}  // namespace persona::postgres
