//! Runs of prompt optimizers in an SQLite file.
#include <persona/storage/sqlite_prompt.hpp>

#include "sqlite/failure.hpp"
#include "sqlite/schema.hpp"

#include <mutex>
#include <utility>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

using prompt::LedgerEntry;

#define PERSONA_CALL_COLUMNS \
  "request_hash, sample, attempt, role, program, example, request, reply, error, picodollars, tokens, latency_us "

// One connection with the statements it needs. Whoever uses it holds the mutex.
struct RunStatements {
  explicit RunStatements(SQLite::Database& database)
      : begin(database,
              "INSERT INTO persona_run (run, facts, report, begun_at) "
              "VALUES (?, ?, '', strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) ON CONFLICT DO NOTHING"),
        facts(database, "SELECT facts FROM persona_run WHERE run = ?"),
        find(database, "SELECT " PERSONA_CALL_COLUMNS
                       "FROM persona_run_call WHERE run = ? AND request_hash = ? AND sample = ? ORDER BY attempt"),
        put(database, "INSERT INTO persona_run_call (run, " PERSONA_CALL_COLUMNS
                      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
        entries(database, "SELECT " PERSONA_CALL_COLUMNS "FROM persona_run_call WHERE run = ? ORDER BY id"),
        finish(database,
               "UPDATE persona_run SET report = ?2, finished_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') "
               "WHERE run = ?1"),
        report(database, "SELECT report FROM persona_run WHERE run = ?"),
        runs(database, "SELECT run FROM persona_run ORDER BY begun_at, run") {}

  Statement begin, facts, find, put, entries, finish, report, runs;
};

#undef PERSONA_CALL_COLUMNS

LedgerEntry entry_at(Statement& row) {
  LedgerEntry entry{.request_hash = std::string(row.text(0)),
                    .sample = static_cast<int>(row.integer(1)),
                    .attempt = static_cast<int>(row.integer(2)),
                    .role = std::string(row.text(3)),
                    .program = std::string(row.text(4)),
                    .example = std::string(row.text(5)),
                    .request = std::string(row.text(6)),
                    .reply = std::string(row.text(7)),
                    .error = std::string(row.text(8))};
  if (!row.is_null(9)) entry.cost = Money{row.integer(9)};
  entry.tokens = row.integer(10);
  entry.latency = std::chrono::microseconds(row.integer(11));
  return entry;
}

void bind_entry(Statement& put, std::string_view run, const LedgerEntry& entry) {
  int i = 0;
  put.bind(++i, std::string(run));
  put.bind(++i, entry.request_hash);
  put.bind(++i, std::int64_t{entry.sample});
  put.bind(++i, std::int64_t{entry.attempt});
  for (const std::string* text :
       {&entry.role, &entry.program, &entry.example, &entry.request, &entry.reply, &entry.error})
    put.bind(++i, *text);
  put.bind(++i, entry.cost ? Value(entry.cost->picodollars) : Value());
  put.bind(++i, entry.tokens);
  put.bind(++i, std::int64_t{entry.latency.count()});
}

class FileRunLedger final : public prompt::RunLedger {
 public:
  FileRunLedger(std::string path, Connection connection)
      : path_(std::move(path)), connection_(std::move(connection)), statements_(*connection_) {}

  Status begin(std::string_view run, std::string_view facts) override {
    return guarded_status([&]() -> Status {
      WriteTransaction transaction(*connection_);
      if (Status same = check_unchanged(*connection_, path_); !same) return same;
      step(statements_.begin, {std::string(run), std::string(facts)});
      const auto kept = first_text(statements_.facts, run);
      transaction.commit();
      if (kept == facts) return {};
      return tl::unexpected(prompt::other_facts(fmt::format("run '{}' in '{}'", run, path_), kept.value_or(""), facts));
    });
  }

  Result<std::vector<LedgerEntry>> find(std::string_view run, std::string_view request_hash,
                                        int sample) const override {
    const std::lock_guard lock(mutex_);
    return guarded(path_, [&]() -> Result<std::vector<LedgerEntry>> {
      Statement& find = statements_.find;
      const ResetAfter reset(find);
      find.bind(1, std::string(run));
      find.bind(2, std::string(request_hash));
      find.bind(3, std::int64_t{sample});
      return all_entries(find);
    });
  }

  Status put(std::string_view run, const LedgerEntry& entry) override {
    return guarded_status([&]() -> Status {
      const ResetAfter reset(statements_.put);
      bind_entry(statements_.put, run, entry);
      statements_.put.step();
      return {};
    });
  }

  Result<std::vector<LedgerEntry>> entries(std::string_view run) const override {
    const std::lock_guard lock(mutex_);
    return guarded(path_, [&]() -> Result<std::vector<LedgerEntry>> {
      if (!first_text(statements_.facts, run)) return tl::unexpected(no_run(run));
      const ResetAfter reset(statements_.entries);
      statements_.entries.bind(1, std::string(run));
      return all_entries(statements_.entries);
    });
  }

  Status finish(std::string_view run, std::string_view report) override {
    return guarded_status([&]() -> Status {
      if (!first_text(statements_.facts, run)) return tl::unexpected(no_run(run));
      step(statements_.finish, {std::string(run), std::string(report)});
      return {};
    });
  }

  Result<std::string> report(std::string_view run) const override {
    const std::lock_guard lock(mutex_);
    return guarded(path_, [&]() -> Result<std::string> {
      auto report = first_text(statements_.report, run);
      if (!report) return tl::unexpected(no_run(run));
      return *std::move(report);
    });
  }

  Result<std::vector<std::string>> runs() const override {
    const std::lock_guard lock(mutex_);
    return guarded(path_, [&]() -> Result<std::vector<std::string>> {
      const ResetAfter reset(statements_.runs);
      std::vector<std::string> names;
      while (statements_.runs.step()) names.emplace_back(statements_.runs.text(0));
      return names;
    });
  }

 private:
  template <class Work>
  Status guarded_status(const Work& work) {
    const std::lock_guard lock(mutex_);
    return guarded(path_, work);
  }

  static void step(Statement& statement, const std::vector<std::string>& texts) {
    const ResetAfter reset(statement);
    for (std::size_t i = 0; i < texts.size(); ++i) statement.bind(static_cast<int>(i) + 1, texts[i]);
    statement.step();
  }

  static std::optional<std::string> first_text(Statement& statement, std::string_view run) {
    const ResetAfter reset(statement);
    statement.bind(1, std::string(run));
    if (!statement.step()) return {};
    return std::string(statement.text(0));
  }

  static std::vector<LedgerEntry> all_entries(Statement& rows) {
    std::vector<LedgerEntry> entries;
    while (rows.step()) entries.push_back(entry_at(rows));
    return entries;
  }

  Error no_run(std::string_view run) const {
    return {Errc::not_found, fmt::format("there is no run '{}' in '{}'", run, path_), {}};
  }

  const std::string path_;
  mutable std::mutex mutex_;
  Connection connection_;
  mutable RunStatements statements_;
};

}  // namespace

Result<std::shared_ptr<prompt::RunLedger>> open_run_ledger(const std::string& path, Options options) {
  if (Status ready = prepare_file(path, options); !ready) return tl::unexpected(ready.error());
  Result<Connection> connection = connect(path, options);
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path, [&]() -> Result<std::shared_ptr<prompt::RunLedger>> {
    return std::make_shared<FileRunLedger>(path, *std::move(connection));
  });
}

}  // namespace persona::sqlite
