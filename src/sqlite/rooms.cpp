//! The rooms of a file that are written on tables alone.
#include "jobs/job_queue.hpp"
#include "records/record_store.hpp"
#include "sqlite/sql_database.hpp"
#include "storage/llm_rooms.hpp"

#include <persona/storage/sqlite_jobs.hpp>
#include <persona/storage/sqlite_llm.hpp>
#include <persona/storage/sqlite_prompt.hpp>
#include <persona/storage/sqlite_records.hpp>

#include <utility>

namespace persona::sqlite {

Result<std::unique_ptr<JobQueue>> open_jobs(const std::string& path, Options options, std::shared_ptr<Clock> clock) {
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(path, options);
  if (!database) return tl::unexpected(database.error());
  return make_job_queue(*std::move(database), std::move(clock));
}

Result<std::unique_ptr<Records>> open_records(const std::string& path, Options options, std::shared_ptr<Clock> clock) {
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(path, options);
  if (!database) return tl::unexpected(database.error());
  return make_records(*std::move(database), std::move(clock));
}

Result<std::shared_ptr<prompt::RunLedger>> open_run_ledger(const std::string& path, Options options) {
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(path, options);
  if (!database) return tl::unexpected(database.error());
  return make_run_ledger(*std::move(database));
}

Result<std::shared_ptr<llm::ResponseCache>> open_cache(const std::string& path, Options options,
                                                       std::shared_ptr<Clock> clock) {
  std::shared_ptr<SqlDatabase> writer;
  if (!options.read_only) {
    Result<std::unique_ptr<SqlDatabase>> writes = open_sql(path, options);
    if (!writes) return tl::unexpected(writes.error());
    writer = *std::move(writes);
  }
  options.read_only = true;  // on a connection of their own, reads never wait for writers
  Result<std::unique_ptr<SqlDatabase>> reader = open_sql(path, options);
  if (!reader) return tl::unexpected(reader.error());
  return make_reply_cache(*std::move(reader), std::move(writer), std::move(clock));
}

Result<std::shared_ptr<llm::Ledger>> open_ledger(const std::string& path, LedgerOptions options) {
  Result<std::unique_ptr<SqlDatabase>> database = open_sql(path, options.file);
  if (!database) return tl::unexpected(database.error());
  return make_ledger(*std::move(database), options.lease, std::move(options.clock), options.file.read_only);
}

}  // namespace persona::sqlite
