//! The tables that both databases have alike, row by row from one into the other.
#include "storage/room_tables.hpp"

#include "storage/cell_bytes.hpp"
#include "storage/row_sum.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace persona {
namespace {

constexpr std::int64_t rows_in_a_page = 1000;

struct RoomTable {
  std::string_view name;
  std::vector<std::string_view> columns;  // the key first
  std::size_t keys = 1;
  bool is_numbered = false;  // the database gives the first one
};

std::vector<RoomTable> room_tables() {
  return {
      {"persona_job",
       {"id",           "kind",       "arguments",
        "queue",        "priority",   "most_attempts",
        "back_off_ms",  "unique_key", "idempotency_key",
        "state",        "attempt",    "last_attempt",
        "made_ms",      "due_ms",     "lease_ms",
        "ended_ms",     "worker",     "progress",
        "cancel_asked", "result",     "error"},
       1,
       true},
      {"persona_schedule",
       {"name", "cron", "next_ms", "kind", "arguments", "queue", "priority", "most_attempts", "back_off_ms",
        "unique_key"}},
      {"persona_record", {"kind", "id", "version", "body", "person", "actor", "changed_ms", "removed"}, 2},
      {"persona_record_version", {"kind", "id", "version", "body", "person", "actor", "changed_ms", "removed"}, 3},
      {"persona_record_key", {"key", "kind", "id", "version", "made_ms"}},
      {"persona_tombstone", {"hash", "erased_ms"}},
      {"persona_reply", {"key", "reply", "stored_ms", "expires_ms"}},
      {"persona_account",
       {"account", "cap_picodollars", "cap_tokens", "cap_calls", "spent_picodollars", "spent_tokens", "spent_calls",
        "reserved_picodollars", "reserved_tokens", "reserved_calls"}},
      {"persona_reservation", {"reservation", "accounts", "picodollars", "tokens", "calls", "made_ms", "booked"}},
      {"persona_run", {"run", "facts", "report", "begun_at", "finished_at"}},
      {"persona_run_call",
       {"id", "run", "request_hash", "sample", "attempt", "role", "program", "example", "request", "reply", "error",
        "picodollars", "tokens", "latency_us"},
       1,
       true},
      {"persona_audit", {"number", "at_ms", "actor", "action", "kind", "id", "version"}, 1, true},
  };
}

Status done(const Result<SqlRows>& rows) {
  return rows ? Status() : tl::unexpected(rows.error());
}

std::string numbers(std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("{}${}", i == 0 ? "" : ", ", first + i);
  return text;
}

std::string bytes_of(const std::vector<Value>& cells) {
  CellBytes bytes;
  for (const Value& cell : cells) bytes.value(cell);
  return bytes.bytes();
}

Status each_row(SqlSession& session, const RoomTable& table, const Context& context,
                const std::function<Status(const std::vector<Value>&)>& take) {
  const std::vector<std::string_view> keys(table.columns.begin(),
                                           table.columns.begin() + static_cast<std::ptrdiff_t>(table.keys));
  const std::string order = fmt::format("{}", fmt::join(keys, ", "));
  const std::string select = fmt::format("SELECT {} FROM {}", fmt::join(table.columns, ", "), table.name);
  std::vector<Value> last;
  for (;;) {
    if (Status go = context.check(); !go) return go;
    const std::string after = last.empty() ? "" : fmt::format(" WHERE ({}) > ({})", order, numbers(1, table.keys));
    const Result<SqlRows> rows =
        session.run(fmt::format("{}{} ORDER BY {} LIMIT {}", select, after, order, rows_in_a_page), last);
    if (!rows) return tl::unexpected(rows.error());
    for (const std::vector<Value>& cells : rows->cells)
      if (Status taken = take(cells); !taken) return taken;
    if (static_cast<std::int64_t>(rows->cells.size()) < rows_in_a_page) return {};
    const std::vector<Value>& end = rows->cells.back();
    last.assign(end.begin(), end.begin() + static_cast<std::ptrdiff_t>(table.keys));
  }
}

Status check_room_empty(SqlSession& session) {
  for (const RoomTable& table : room_tables()) {
    const Result<SqlRows> rows = session.run(fmt::format("SELECT 1 FROM {} LIMIT 1", table.name));
    if (!rows) return tl::unexpected(rows.error());
    if (!rows->cells.empty())
      return fail(Errc::already_exists,
                  fmt::format("the target holds rows of {} already: history is never overwritten", table.name));
  }
  return {};
}

// Rows that bring their history write none: the triggers of records rest until the transaction has what it needs.
class QuietTriggers {
 public:
  static Result<QuietTriggers> of(SqlSession& session) {
    QuietTriggers quiet;
    if (session.dialect() == SqlDialect::postgres) {
      quiet.again_ = {"ALTER TABLE persona_record ENABLE TRIGGER USER"};
      if (Status off = done(session.run("ALTER TABLE persona_record DISABLE TRIGGER USER")); !off)
        return tl::unexpected(off.error());
      return quiet;
    }
    const Result<SqlRows> triggers =
        session.run("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'persona_record'");
    if (!triggers) return tl::unexpected(triggers.error());
    for (std::size_t row = 0; row < triggers->cells.size(); ++row) {
      quiet.again_.push_back(triggers->text(row, 1));
      if (Status off = done(session.run("DROP TRIGGER " + triggers->text(row, 0))); !off)
        return tl::unexpected(off.error());
    }
    return quiet;
  }

  Status end(SqlSession& session) const {
    for (const std::string& sql : again_)
      if (Status on = done(session.run(sql)); !on) return on;
    return {};
  }

 private:
  std::vector<std::string> again_;
};

Status copy_table(SqlSession& from, SqlSession& to, const RoomTable& table, RowSum& sum, const Context& context) {
  const bool postgres = to.dialect() == SqlDialect::postgres;
  const std::string insert =
      fmt::format("INSERT INTO {} ({}) {}VALUES ({})", table.name, fmt::join(table.columns, ", "),
                  postgres && table.is_numbered ? "OVERRIDING SYSTEM VALUE " : "", numbers(1, table.columns.size()));
  const Status copied = each_row(from, table, context, [&](const std::vector<Value>& cells) {
    sum.add(bytes_of(cells));
    if (sum.rows() % rows_in_a_page == 0) context.progress({table.name, static_cast<std::uint64_t>(sum.rows()), 0});
    return done(to.run(insert, cells));
  });
  if (!copied || !postgres || !table.is_numbered || sum.rows() == 0) return copied;
  return done(to.run(fmt::format("SELECT setval(pg_get_serial_sequence('{0}', '{1}'), max({1})) FROM {0}", table.name,
                                 table.columns.front())));
}

Status check_same(SqlSession& to, const RoomTable& table, const RowSum& written, const Context& context) {
  RowSum read;
  const Status done = each_row(to, table, context, [&](const std::vector<Value>& cells) -> Status {
    read.add(bytes_of(cells));
    return {};
  });
  if (!done) return done;
  if (read.content("") == written.content("")) return {};
  return fail(Errc::corrupted, fmt::format("{} reads back otherwise than it was written", table.name));
}

Status copy_all(SqlSession& from, SqlSession& to, std::int64_t& rows, const Context& context) {
  rows = 0;
  to.will_be_read();
  if (Status empty = check_room_empty(to); !empty) return empty;
  const Result<QuietTriggers> quiet = QuietTriggers::of(to);
  if (!quiet) return tl::unexpected(quiet.error());
  for (const RoomTable& table : room_tables()) {
    RowSum sum;
    if (Status copied = copy_table(from, to, table, sum, context); !copied) return copied;
    if (Status same = check_same(to, table, sum, context); !same) return same;
    rows += sum.rows();
  }
  return quiet->end(to);
}

}  // namespace

Result<std::int64_t> copy_room_tables(SqlDatabase& from, SqlDatabase& to, const Context& context) {
  std::int64_t rows = 0;
  const Status copied = from.transact([&](SqlSession& source) -> Status {
    // All tables as of one moment; in SQLite they are anyway.
    if (source.dialect() == SqlDialect::postgres)
      if (Status one = done(source.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")); !one) return one;
    return to.transact([&](SqlSession& target) { return copy_all(source, target, rows, context); });
  });
  return copied ? Result<std::int64_t>(rows) : tl::unexpected(copied.error());
}

}  // namespace persona
