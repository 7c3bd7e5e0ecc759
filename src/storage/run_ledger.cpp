//! Runs of prompt optimizers in the tables of a database.
#include "storage/llm_rooms.hpp"

#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

using prompt::LedgerEntry;

constexpr const char* call_columns =
    "request_hash, sample, attempt, role, program, example, request, reply, error, picodollars, tokens, latency_us";

LedgerEntry entry_at(const SqlRows& rows, std::size_t row) {
  LedgerEntry entry{.request_hash = rows.text(row, 0),
                    .sample = static_cast<int>(rows.integer(row, 1)),
                    .attempt = static_cast<int>(rows.integer(row, 2)),
                    .role = rows.text(row, 3),
                    .program = rows.text(row, 4),
                    .example = rows.text(row, 5),
                    .request = rows.text(row, 6),
                    .reply = rows.text(row, 7),
                    .error = rows.text(row, 8)};
  if (std::holds_alternative<std::int64_t>(rows.cells[row][9])) entry.cost = Money{rows.integer(row, 9)};
  entry.tokens = rows.integer(row, 10);
  entry.latency = std::chrono::microseconds(rows.integer(row, 11));
  return entry;
}

Result<std::vector<LedgerEntry>> entries_of(const Result<SqlRows>& rows) {
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LedgerEntry> entries;
  for (std::size_t row = 0; row < rows->cells.size(); ++row) entries.push_back(entry_at(*rows, row));
  return entries;
}

Status ended_well(const Result<SqlRows>& rows) {
  return rows ? Status() : tl::unexpected(rows.error());
}

tl::unexpected<Error> no_run(std::string_view run) {
  return fail(Errc::not_found, fmt::format("there is no run '{}'", run));
}

// ISO 8601, UTC.
const char* now_in(SqlDialect dialect) {
  return dialect == SqlDialect::sqlite ? "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
                                       : "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
}

class SqlRunLedger final : public prompt::RunLedger {
 public:
  explicit SqlRunLedger(std::shared_ptr<SqlDatabase> database) : database_(std::move(database)) {}

  Status begin(std::string_view run, std::string_view facts) override {
    return database_->transact([&](SqlSession& session) -> Status {
      const Value values[] = {std::string(run), std::string(facts)};
      if (Status begun = ended_well(session.run(
              fmt::format("INSERT INTO persona_run (run, facts, report, begun_at) VALUES ($1, $2, '', {}) ON CONFLICT "
                          "DO NOTHING",
                          now_in(session.dialect())),
              values));
          !begun)
        return begun;
      const Result<SqlRows> kept =
          session.run("SELECT facts FROM persona_run WHERE run = $1", std::span(values).first(1));
      if (!kept) return tl::unexpected(kept.error());
      if (!kept->cells.empty() && kept->text(0, 0) == facts) return {};
      const std::string_view before = kept->cells.empty() ? std::string_view() : kept->text(0, 0);
      return tl::unexpected(prompt::other_facts(fmt::format("run '{}'", run), before, facts));
    });
  }

  Result<std::vector<LedgerEntry>> find(std::string_view run, std::string_view request_hash,
                                        int sample) const override {
    const Value values[] = {std::string(run), std::string(request_hash), std::int64_t{sample}};
    return entries_of(database_->run(fmt::format("SELECT {} FROM persona_run_call WHERE run = $1 AND request_hash = $2 "
                                                 "AND sample = $3 ORDER BY attempt",
                                                 call_columns),
                                     values));
  }

  Status put(std::string_view run, const LedgerEntry& entry) override {
    const Value values[] = {std::string(run),
                            entry.request_hash,
                            std::int64_t{entry.sample},
                            std::int64_t{entry.attempt},
                            entry.role,
                            entry.program,
                            entry.example,
                            entry.request,
                            entry.reply,
                            entry.error,
                            entry.cost ? Value(entry.cost->picodollars) : Value(),
                            entry.tokens,
                            std::int64_t{entry.latency.count()}};
    return ended_well(
        database_->run(fmt::format("INSERT INTO persona_run_call (run, {}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                                   "$10, $11, $12, $13) ON CONFLICT DO NOTHING",
                                   call_columns),
                       values));
  }

  Result<std::vector<LedgerEntry>> entries(std::string_view run) const override {
    if (Result<std::string> there = cell("facts", run); !there) return tl::unexpected(there.error());
    const Value values[] = {std::string(run)};
    return entries_of(database_->run(
        fmt::format("SELECT {} FROM persona_run_call WHERE run = $1 ORDER BY id", call_columns), values));
  }

  Status finish(std::string_view run, std::string_view report) override {
    const Value values[] = {std::string(run), std::string(report)};
    const Result<SqlRows> rows =
        database_->run(fmt::format("UPDATE persona_run SET report = $2, finished_at = {} WHERE run = $1",
                                   now_in(database_->dialect())),
                       values);
    if (!rows) return tl::unexpected(rows.error());
    return rows->affected == 1 ? Status() : no_run(run);
  }

  Result<std::string> report(std::string_view run) const override { return cell("report", run); }

  Result<std::vector<std::string>> runs() const override {
    const Result<SqlRows> rows = database_->run("SELECT run FROM persona_run ORDER BY begun_at, run", {});
    if (!rows) return tl::unexpected(rows.error());
    std::vector<std::string> names;
    for (std::size_t row = 0; row < rows->cells.size(); ++row) names.push_back(rows->text(row, 0));
    return names;
  }

 private:
  Result<std::string> cell(const char* column, std::string_view run) const {
    const Value values[] = {std::string(run)};
    const Result<SqlRows> rows =
        database_->run(fmt::format("SELECT {} FROM persona_run WHERE run = $1", column), values);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->cells.empty()) return no_run(run);
    return rows->text(0, 0);
  }

  const std::shared_ptr<SqlDatabase> database_;
};

}  // namespace

std::shared_ptr<prompt::RunLedger> make_run_ledger(std::shared_ptr<SqlDatabase> database) {
  return std::make_shared<SqlRunLedger>(std::move(database));
}

}  // namespace persona
