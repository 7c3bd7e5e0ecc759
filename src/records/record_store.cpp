//! Records in the tables of a database.
#include "records/record_store.hpp"

#include "records/record_row.hpp"

#include <persona/core/hash.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

// Whom a tombstone is of can be tried, not read.
std::string tombstone_of(std::string_view person) {
  return content_hash(fmt::format("persona-tombstone:{}", person));
}

tl::unexpected<Error> no_record(std::string_view kind, std::string_view id) {
  return fail(Errc::not_found, fmt::format("there is no {} '{}'", kind, id));
}

class SqlRecords final : public Records {
 public:
  SqlRecords(std::shared_ptr<SqlDatabase> database, std::shared_ptr<Clock> clock, Age age)
      : database_(std::move(database)), clock_(std::move(clock)), age_(age) {
    if (age_ == Age::may_be_late) current_ = std::make_unique<SqlRecords>(database_, clock_, Age::current);
  }

  Result<std::vector<std::int64_t>> put(const std::vector<RecordChange>& changes) override {
    for (const RecordChange& change : changes)
      if (Status sound = check_change(change); !sound) return tl::unexpected(sound.error());
    std::vector<std::int64_t> versions;
    const Status done = write([&](SqlSession& session) -> Status {
      versions.clear();
      for (const RecordChange& change : changes) {
        const Result<std::int64_t> version = put_one(session, change);
        if (!version) return tl::unexpected(version.error());
        versions.push_back(*version);
      }
      return {};
    });
    return done ? Result<std::vector<std::int64_t>>(std::move(versions)) : tl::unexpected(done.error());
  }

  Result<Record> find(std::string_view kind, std::string_view id) const override {
    const Value values[] = {std::string(kind), std::string(id)};
    return read<Record>([&](SqlSession& session) -> Result<Record> {
      auto found = select_in(session, "persona_record WHERE kind = $1 AND id = $2 AND removed = 0", values);
      if (!found) return tl::unexpected(found.error());
      if (found->empty()) return no_record(kind, id);
      return std::move(found->front());
    });
  }

  Result<std::vector<Record>> list(const RecordQuery& query) const override {
    const Value values[] = {query.kind, query.after, std::int64_t{query.with_removed ? 1 : 0},
                            std::int64_t{std::max(0, query.limit)}};
    return read<std::vector<Record>>([&](SqlSession& session) {
      return select_in(session, "persona_record WHERE kind = $1 AND id > $2 AND removed <= $3 ORDER BY id LIMIT $4",
                       values);
    });
  }

  Result<std::vector<Record>> history(std::string_view kind, std::string_view id) const override {
    const Value values[] = {std::string(kind), std::string(id)};
    return read<std::vector<Record>>([&](SqlSession& session) -> Result<std::vector<Record>> {
      auto versions = select_in(session, "persona_record_version WHERE kind = $1 AND id = $2 ORDER BY version", values);
      if (versions && versions->empty()) return no_record(kind, id);
      return versions;
    });
  }

  Result<std::int64_t> remove(std::string_view kind, std::string_view id, std::string_view actor,
                              std::optional<std::int64_t> expected) override {
    return flag(kind, id, actor, true, expected);
  }

  Result<std::int64_t> restore(std::string_view kind, std::string_view id, std::string_view actor) override {
    return flag(kind, id, actor, false, {});
  }

  Result<std::int64_t> purge(std::string_view kind, RecordTime before, std::string_view actor) override {
    if (Status named = check_actor(actor); !named) return tl::unexpected(named.error());
    const Value values[] = {std::string(kind), std::int64_t{before.time_since_epoch().count()}, std::string(actor),
                            now_ms()};
    std::int64_t gone = 0;
    const Status done = write([&](SqlSession& session) -> Status {
      // Whoever deletes says first who it is: the trigger of the audit trail reads it.
      for (const char* sql : {"UPDATE persona_deletion SET actor = $3, action = 'purge', at_ms = $4 WHERE one = 1",
                              "DELETE FROM persona_record WHERE kind = $1 AND removed = 1 AND changed_ms < $2",
                              "DELETE FROM persona_record_version WHERE kind = $1 AND changed_ms < $2 AND NOT EXISTS "
                              "(SELECT 1 FROM persona_record r WHERE r.kind = persona_record_version.kind AND r.id = "
                              "persona_record_version.id AND r.version = persona_record_version.version)"}) {
        const Result<SqlRows> rows = session.run(sql, values);
        if (!rows) return tl::unexpected(rows.error());
        gone = rows->affected;
      }
      return end_deletion(session);
    });
    return done ? Result<std::int64_t>(gone) : tl::unexpected(done.error());
  }

  Result<JsonText> export_person(std::string_view person) const override {
    const Value values[] = {std::string(person)};
    Result<std::vector<Record>> versions;
    std::vector<AuditLine> lines;
    const Status done = database_->transact([&](SqlSession& session) -> Status {
      versions = select_in(session, "persona_record_version WHERE person = $1 ORDER BY kind, id, version", values);
      if (!versions) return tl::unexpected(versions.error());
      const Result<SqlRows> audit = session.run(
          fmt::format(
              "SELECT {} FROM persona_audit WHERE EXISTS (SELECT 1 FROM persona_record_version v WHERE v.person = "
              "$1 AND v.kind = persona_audit.kind AND v.id = persona_audit.id) ORDER BY number",
              audit_columns),
          values);
      if (!audit) return tl::unexpected(audit.error());
      lines = audit_of(*audit);
      return {};
    });
    if (!done) return tl::unexpected(done.error());
    return person_json(person, *versions, lines);
  }

  Result<Erasure> erase_person(std::string_view person, std::string_view actor) override {
    if (Status named = check_actor(actor); !named) return tl::unexpected(named.error());
    if (person.empty()) return fail(Errc::invalid_argument, "an erasure needs to know whom");
    const std::int64_t now = now_ms();
    const Value values[] = {std::string(person), std::string(actor), now, tombstone_of(person)};
    Erasure erasure{.records = 0, .at = RecordTime(std::chrono::milliseconds(now))};
    const Status done = write([&](SqlSession& session) -> Status {
      // A record that was about the person once is erased with every version that it ever had.
      constexpr const char* theirs =
          "(SELECT 1 FROM persona_record_version v WHERE v.person = $1 AND v.kind = {0}.kind AND v.id = {0}.id)";
      const auto theirs_of = [&](const char* table) { return fmt::format(fmt::runtime(theirs), table); };
      const std::string statements[] = {
          "UPDATE persona_deletion SET actor = $2, action = 'erase', at_ms = $3 WHERE one = 1",
          std::string("INSERT INTO persona_tombstone (hash, erased_ms) VALUES ($4, $3) ")
              .append("ON CONFLICT (hash) DO UPDATE SET erased_ms = $3"),
          "DELETE FROM persona_record_key WHERE EXISTS " + theirs_of("persona_record_key"),
          "DELETE FROM persona_record WHERE EXISTS " + theirs_of("persona_record"),
          "DELETE FROM persona_record_version WHERE EXISTS " + theirs_of("persona_record_version")};
      for (const std::string& sql : statements) {
        const Result<SqlRows> rows = session.run(sql, values);
        if (!rows) return tl::unexpected(rows.error());
        if (sql.starts_with("DELETE FROM persona_record WHERE")) erasure.records = rows->affected;
      }
      return end_deletion(session);
    });
    return done ? Result<Erasure>(erasure) : tl::unexpected(done.error());
  }

  Result<std::vector<AuditLine>> audit(std::int64_t after, int limit) const override {
    const Value values[] = {after, std::int64_t{std::max(0, limit)}};
    return read<std::vector<AuditLine>>([&](SqlSession& session) -> Result<std::vector<AuditLine>> {
      const Result<SqlRows> rows = session.run(
          fmt::format("SELECT {} FROM persona_audit WHERE number > $1 ORDER BY number LIMIT $2", audit_columns),
          values);
      return rows ? Result<std::vector<AuditLine>>(audit_of(*rows)) : tl::unexpected(rows.error());
    });
  }

  const Records& current() const override { return current_ ? *current_ : *this; }

 private:
  // Deletions of plain SQL are nobody's of ours.
  static Status end_deletion(SqlSession& session) {
    const Result<SqlRows> done = session.run("UPDATE persona_deletion SET actor = '', action = 'delete' WHERE one = 1");
    return done ? Status() : tl::unexpected(done.error());
  }

  std::int64_t now_ms() const {
    return std::chrono::floor<std::chrono::milliseconds>(clock_->today()).time_since_epoch().count();
  }

  template <class Work>
  Status write(const Work& work) {
    return database_->transact([&](SqlSession& session) {
      session.will_be_read();
      return work(session);
    });
  }

  template <class T, class Work>
  Result<T> read(const Work& work) const {
    Result<T> answer;
    const Status done = database_->read(age_, [&](SqlSession& session) -> Status {
      answer = work(session);
      return answer ? Status() : tl::unexpected(answer.error());
    });
    return done ? std::move(answer) : tl::unexpected(done.error());
  }

  static Result<std::vector<Record>> select_in(SqlSession& session, const std::string& from,
                                               std::span<const Value> values) {
    const Result<SqlRows> rows = session.run(fmt::format("SELECT {} FROM {}", record_columns, from), values);
    return rows ? Result<std::vector<Record>>(records_of(*rows)) : tl::unexpected(rows.error());
  }

  // The record as it is now; nobody else changes it before the transaction ends.
  static Result<std::optional<Record>> locked(SqlSession& session, std::string_view kind, std::string_view id) {
    const Value values[] = {std::string(kind), std::string(id)};
    const char* lock = session.dialect() == SqlDialect::postgres ? " FOR UPDATE" : "";
    const auto found = select_in(session, fmt::format("persona_record WHERE kind = $1 AND id = $2{}", lock), values);
    if (!found) return tl::unexpected(found.error());
    return found->empty() ? std::optional<Record>() : std::optional<Record>(found->front());
  }

  static Status check_expected(const std::optional<Record>& old, std::optional<std::int64_t> expected,
                               std::string_view kind, std::string_view id) {
    const std::int64_t version = old ? old->version : 0;
    if (!expected || *expected == version) return {};
    return fail(Errc::conflict,
                fmt::format("{} '{}' has version {}, not {}: read it again", kind, id, version, *expected));
  }

  // What was done under a key before; 0 where nothing was. Taking the key makes others wait who want it.
  static Result<std::int64_t> done_before(SqlSession& session, const RecordChange& change, std::int64_t now) {
    if (change.idempotency_key.empty()) return 0;
    const Value values[] = {change.idempotency_key, change.kind, change.id, now};
    const Result<SqlRows> taken = session.run(
        "INSERT INTO persona_record_key (key, kind, id, version, made_ms) VALUES ($1, $2, $3, 0, $4) ON CONFLICT DO "
        "NOTHING",
        values);
    if (!taken) return tl::unexpected(taken.error());
    if (taken->affected == 1) return 0;
    const Value key[] = {change.idempotency_key};
    const Result<SqlRows> old = session.run("SELECT kind, id, version FROM persona_record_key WHERE key = $1", key);
    if (!old) return tl::unexpected(old.error());
    if (!old->cells.empty() && old->text(0, 0) == change.kind && old->text(0, 1) == change.id)
      return old->integer(0, 2);
    return fail(Errc::conflict, fmt::format("the key '{}' was used for another record", change.idempotency_key));
  }

  static Status check_not_erased(SqlSession& session, const RecordChange& change) {
    if (change.person.empty()) return {};
    const Value hash[] = {tombstone_of(change.person)};
    const Result<SqlRows> stone = session.run("SELECT 1 FROM persona_tombstone WHERE hash = $1", hash);
    if (!stone) return tl::unexpected(stone.error());
    if (stone->cells.empty()) return {};
    return fail(Errc::conflict, fmt::format("{} '{}' is about a person who was erased", change.kind, change.id));
  }

  Result<std::int64_t> put_one(SqlSession& session, const RecordChange& change) const {
    const std::int64_t now = now_ms();
    if (Status may = check_not_erased(session, change); !may) return tl::unexpected(may.error());
    const Result<std::int64_t> before = done_before(session, change, now);
    if (!before || *before != 0) return before;
    Result<std::int64_t> version = 0;
    while (version && *version == 0) version = write_one(session, change, now);
    if (!version || change.idempotency_key.empty()) return version;
    const Value kept[] = {change.idempotency_key, *version};
    const Result<SqlRows> noted = session.run("UPDATE persona_record_key SET version = $2 WHERE key = $1", kept);
    return noted ? version : tl::unexpected(noted.error());
  }

  // Its new version; 0 where another, whose transaction is over now, has made the record since we looked for it.
  static Result<std::int64_t> write_one(SqlSession& session, const RecordChange& change, std::int64_t now) {
    const Result<std::optional<Record>> old = locked(session, change.kind, change.id);
    if (!old) return tl::unexpected(old.error());
    if (Status fits = check_expected(*old, change.expected, change.kind, change.id); !fits)
      return tl::unexpected(fits.error());
    if (*old && (*old)->is_removed)
      return fail(Errc::conflict, fmt::format("{} '{}' was removed: restore it first", change.kind, change.id));
    const std::int64_t version = *old ? (*old)->version + 1 : 1;
    const Value values[] = {change.kind, change.id, version, change.body.text, change.person, change.actor, now};
    const Result<SqlRows> done = session.run(*old ? "UPDATE persona_record SET version = $3, body = $4, person = $5, "
                                                    "actor = $6, changed_ms = $7 WHERE kind = $1 "
                                                    "AND id = $2"
                                                  : "INSERT INTO persona_record (kind, id, version, body, person, "
                                                    "actor, changed_ms) VALUES ($1, $2, $3, $4, $5, "
                                                    "$6, $7) ON CONFLICT DO NOTHING",
                                             values);
    if (!done) return tl::unexpected(done.error());
    return done->affected == 0 ? 0 : version;
  }

  Result<std::int64_t> flag(std::string_view kind, std::string_view id, std::string_view actor, bool removed,
                            std::optional<std::int64_t> expected) {
    if (Status named = check_actor(actor); !named) return tl::unexpected(named.error());
    std::int64_t version = 0;
    const Status done = write([&](SqlSession& session) -> Status {
      const Result<std::optional<Record>> old = locked(session, kind, id);
      if (!old) return tl::unexpected(old.error());
      if (!*old || (removed && (*old)->is_removed)) return no_record(kind, id);
      if (!removed && !(*old)->is_removed) return fail(Errc::conflict, fmt::format("{} '{}' is not removed", kind, id));
      if (Status fits = check_expected(*old, expected, kind, id); !fits) return fits;
      version = (*old)->version + 1;
      const Value values[] = {std::string(kind),  std::string(id), version,
                              std::string(actor), now_ms(),        std::int64_t{removed ? 1 : 0}};
      const Result<SqlRows> flagged = session.run(
          "UPDATE persona_record SET version = $3, actor = $4, changed_ms = $5, removed = $6 WHERE kind = $1 AND id = "
          "$2",
          values);
      return flagged ? Status() : tl::unexpected(flagged.error());
    });
    return done ? Result<std::int64_t>(version) : tl::unexpected(done.error());
  }

  std::shared_ptr<SqlDatabase> database_;
  std::shared_ptr<Clock> clock_;
  Age age_;
  std::unique_ptr<const Records> current_;  // where this may be late
};

}  // namespace

std::unique_ptr<Records> make_records(std::shared_ptr<SqlDatabase> database, std::shared_ptr<Clock> clock) {
  return std::make_unique<SqlRecords>(std::move(database), std::move(clock), Age::may_be_late);
}

}  // namespace persona
