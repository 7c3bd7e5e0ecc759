//! Which version a schema has, and bringing it to another.
#include "postgres/schema.hpp"

#include "postgres/migrations.hpp"

#include <fmt/format.h>

namespace persona::postgres {
namespace {

constexpr std::int64_t lock_family = 0x50455253;  // "PERS": whose advisory locks these are

Status record_migration(Connection& connection, const Migration& migration) {
  const Value values[] = {std::int64_t{migration.version}, std::string(migration.name), checksum(migration)};
  const Result<Rows> done = connection.run(
      "INSERT INTO persona_migration (version, name, checksum, applied_at) VALUES ($1, $2, $3, "
      "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'))",
      Parameters(values));
  return done ? Status() : tl::unexpected(done.error());
}

Status forget_migration(Connection& connection, const Migration& migration) {
  const Value values[] = {std::int64_t{migration.version}};
  const Result<Rows> done = connection.run("DELETE FROM persona_migration WHERE version = $1", Parameters(values));
  return done ? Status() : tl::unexpected(done.error());
}

Status begin_history(Connection& connection, const Options& options) {
  const Value name[] = {options.schema};
  const Result<Rows> found =
      connection.run("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", Parameters(name));
  if (!found) return tl::unexpected(found.error());
  if (found->size() == 0 && !options.create)
    return fail(Errc::not_found, fmt::format("{} has no schema '{}'", connection.where(), options.schema));
  if (found->size() == 0)
    if (Status made = connection.execute("CREATE SCHEMA \"" + options.schema + "\""); !made) return made;
  return connection.execute(
      "CREATE TABLE persona_migration (version bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, "
      "applied_at text NOT NULL)");
}

// What was done to the schema must be what this library would have done.
Status check_history(Connection& connection, const std::string& schema, int version) {
  const Result<Rows> applied = connection.run("SELECT version, checksum FROM persona_migration ORDER BY version");
  if (!applied) return tl::unexpected(applied.error());
  bool same = applied->size() == version;
  for (int i = 0; same && i < version; ++i) {
    const Migration& migration = migrations()[static_cast<std::size_t>(i)];
    same = applied->integer(i, 0) == migration.version && applied->text(i, 1) == checksum(migration);
  }
  if (same) return {};
  return fail(Errc::corrupted, fmt::format("schema '{}' of {}: its table persona_migration is not that of this persona",
                                           schema, connection.where()));
}

// Of many who come at once, one does the work.
Status lock_schema(Connection& connection, const std::string& schema) {
  const Value values[] = {lock_family, schema};
  const Result<Rows> locked =
      connection.run("SELECT pg_advisory_xact_lock($1::bigint::int, hashtext($2))", Parameters(values));
  return locked ? Status() : tl::unexpected(locked.error());
}

Status step(Connection& connection, const Migration& migration, bool up) {
  if (Status done = connection.execute(std::string(up ? migration.up : migration.down)); !done) return done;
  return up ? record_migration(connection, migration) : forget_migration(connection, migration);
}

}  // namespace

Result<int> version_of(Connection& connection, const std::string& schema) {
  const Value name[] = {schema};
  const Result<Rows> there = connection.run(
      "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'persona_migration'", Parameters(name));
  if (!there) return tl::unexpected(there.error());
  if (there->size() == 0) return 0;
  const Result<Rows> version = connection.run("SELECT coalesce(max(version), 0) FROM persona_migration");
  if (!version) return tl::unexpected(version.error());
  const std::int64_t number = version->integer(0, 0);
  if (number >= 0 && number <= schema_version()) return static_cast<int>(number);
  return fail(Errc::unsupported, fmt::format("schema '{}' of {} has version {}; this persona knows 1 to {}", schema,
                                             connection.where(), number, schema_version()));
}

Status bring_to(Connection& connection, const Options& options, int version) {
  Result<Transaction> transaction = Transaction::begin(connection);
  if (!transaction) return tl::unexpected(transaction.error());
  if (Status locked = lock_schema(connection, options.schema); !locked) return locked;
  const Result<int> current = version_of(connection, options.schema);
  if (!current) return tl::unexpected(current.error());
  Status sound =
      *current == 0 ? begin_history(connection, options) : check_history(connection, options.schema, *current);
  if (!sound) return sound;
  for (int v = *current + 1; v <= version; ++v)
    if (Status done = step(connection, migrations()[static_cast<std::size_t>(v - 1)], true); !done) return done;
  for (int v = *current; v > version; --v)
    if (Status done = step(connection, migrations()[static_cast<std::size_t>(v - 1)], false); !done) return done;
  return transaction->commit();
}

Status prepare_schema(Connection& connection, const Options& options) {
  const Result<int> version = version_of(connection, options.schema);
  if (!version) return tl::unexpected(version.error());
  if (*version == schema_version()) return {};
  if (options.read_only)
    return fail(Errc::unsupported,
                fmt::format("schema '{}' of {} has version {}: open it for writing once to bring it to {}",
                            options.schema, connection.where(), *version, schema_version()));
  return bring_to(connection, options, schema_version());
}

Status check_unchanged(Connection& connection, const std::string& schema) {
  const Result<int> version = version_of(connection, schema);
  if (version && *version == schema_version()) return {};
  if (!version && version.error().code != Errc::unsupported) return tl::unexpected(version.error());
  return fail(Errc::conflict, fmt::format("somebody gave schema '{}' of {} another version: open it again", schema,
                                          connection.where()));
}

int schema_version() {
  return static_cast<int>(migrations().size());
}

}  // namespace persona::postgres
