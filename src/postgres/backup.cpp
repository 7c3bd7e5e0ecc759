//! Backups of a schema of Postgres while it is in use.
#include <persona/storage/postgres_backup.hpp>

#include "postgres/contents.hpp"
#include "postgres/dump.hpp"
#include "postgres/schema.hpp"
#include "storage/part_file.hpp"
#include "storage/sql_names.hpp"

#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

namespace fs = std::filesystem;

constexpr const char* one_state = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto bytes = fs::file_size(path, failed);
  return failed ? 0 : bytes;
}

bool is_dump(const std::string& path) {
  char magic[5] = {};
  std::ifstream(path, std::ios::binary).read(magic, sizeof magic);
  return std::string_view(magic, sizeof magic) == "PGDMP";
}

Result<std::unique_ptr<Connection>> connect_to_schema(const Target& target) {
  Result<std::unique_ptr<Connection>> connection = Connection::connect(target);
  if (!connection) return connection;
  const Result<int> version = version_of(**connection, target.schema);
  if (!version) return tl::unexpected(version.error());
  if (*version == 0)
    return fail(Errc::not_found, fmt::format("{} has no schema '{}' of persona", target.where, target.schema));
  return connection;
}

Status check_same(const std::vector<TableContent>& there, const std::vector<TableContent>& here,
                  const std::string& what) {
  if (there == here) return {};
  return fail(Errc::corrupted, fmt::format("{} does not hold what it should", what));
}

// The number after which populations are named goes on rising: one that is over is never used again.
Result<std::int64_t> last_number(Connection& connection, const std::string& schema) {
  const Value name[] = {schema};
  const Result<Rows> number = connection.run(
      "SELECT coalesce(max(last_value), 1) FROM pg_catalog.pg_sequences WHERE schemaname = $1 AND sequencename = "
      "'persona_rows_number'",
      Parameters(name));
  if (!number) return tl::unexpected(number.error());
  return number->integer(0, 0);
}

Status make_room(Connection& connection, const Target& target, bool replace) {
  const Result<bool> empty = holds_nothing(connection, target.schema);
  if (!empty) return tl::unexpected(empty.error());
  if (!*empty && !replace)
    return fail(Errc::already_exists,
                fmt::format("schema '{}' of {} is not empty; it can be replaced", target.schema, target.where));
  return connection.execute("DROP SCHEMA IF EXISTS " + sql_name(target.schema) + " CASCADE");
}

// In the transaction of the restoration, so that what is wrong is undone.
Status check_restored(Connection& connection, const Target& target, const std::string& file,
                      const std::vector<TableContent>& held, std::int64_t number, const Context& context) {
  if (Status set = connection.execute("SET LOCAL search_path = " + sql_name(target.schema)); !set) return set;
  const Result<int> version = version_of(connection, target.schema);
  if (!version) return tl::unexpected(version.error());
  if (*version == 0) return fail(Errc::invalid_argument, fmt::format("'{}' is no backup of persona", file), file);
  const Value least[] = {number};
  const Result<Rows> set = connection.run(
      "SELECT setval('persona_rows_number', greatest($1, last_value)) FROM persona_rows_number", Parameters(least));
  if (!set) return tl::unexpected(set.error());
  const auto there = read_contents(connection, target.schema, context);
  if (!there) return tl::unexpected(there.error());
  return check_same(held, *there, fmt::format("schema '{}' after the restoration", target.schema));
}

}  // namespace

Result<BackupReport> backup(const std::string& connection, const std::string& to, const Options& options,
                            const Context& context) {
  const Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  std::error_code ignored;
  if (fs::exists(to, ignored) && !is_dump(to))
    return fail(Errc::already_exists, fmt::format("'{}' is there already, and no backup", to), to);
  const auto connected = connect_to_schema(*target);
  if (!connected) return tl::unexpected(connected.error());
  const Result<Transaction> transaction = Transaction::begin(**connected, one_state);
  if (!transaction) return tl::unexpected(transaction.error());
  const Result<Rows> snapshot = (*connected)->run("SELECT pg_export_snapshot()");
  if (!snapshot) return tl::unexpected(snapshot.error());
  PartFile part(to);
  if (Status written = write_dump(*target, snapshot->text(0, 0), part.path(), context); !written)
    return tl::unexpected(written.error());
  Result<std::vector<TableContent>> there = read_contents(**connected, target->schema, context);
  if (!there) return tl::unexpected(there.error());
  const auto held = read_dump(part.path(), target->schema, nullptr, context);
  if (!held) return tl::unexpected(held.error());
  if (Status same = check_same(*there, *held, "the backup"); !same) return tl::unexpected(same.error());
  if (Status go = context.check(); !go) return tl::unexpected(go.error());
  const std::uint64_t bytes = size_of(part.path());
  if (Status kept = part.keep(); !kept) return tl::unexpected(kept.error());
  return BackupReport{*std::move(there), bytes};
}

Result<BackupReport> restore(const std::string& from, const std::string& connection, const Options& options,
                             RestoreOptions how, const Context& context) {
  const Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  if (std::error_code ignored; !fs::exists(from, ignored))
    return fail(Errc::not_found, fmt::format("there is no file '{}'", from), from);
  if (!is_dump(from)) return fail(Errc::invalid_argument, fmt::format("'{}' is no backup of Postgres", from), from);
  const auto connected = Connection::connect(*target);
  if (!connected) return tl::unexpected(connected.error());
  Result<Transaction> transaction = Transaction::begin(**connected);
  if (!transaction) return tl::unexpected(transaction.error());
  const Result<std::int64_t> number = last_number(**connected, target->schema);
  if (!number) return tl::unexpected(number.error());
  if (Status room = make_room(**connected, *target, how.replace); !room) return tl::unexpected(room.error());
  Result<std::vector<TableContent>> held = read_dump(from, target->schema, connected->get(), context);
  if (!held) return tl::unexpected(held.error());
  if (Status same = check_restored(**connected, *target, from, *held, *number, context); !same)
    return tl::unexpected(same.error());
  if (Status done = transaction->commit(); !done) return tl::unexpected(done.error());
  return BackupReport{*std::move(held), size_of(from)};
}

Result<std::vector<TableContent>> contents(const std::string& connection, const Options& options,
                                           const Context& context) {
  const Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  const auto connected = connect_to_schema(*target);
  if (!connected) return tl::unexpected(connected.error());
  const Result<Transaction> transaction = Transaction::begin(**connected, one_state);
  if (!transaction) return tl::unexpected(transaction.error());
  return read_contents(**connected, target->schema, context);
}

Result<std::int64_t> vacuum(const std::string& connection, const Options& options, const Context& context) {
  const Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  const auto connected = connect_to_schema(*target);
  if (!connected) return tl::unexpected(connected.error());
  const Result<std::vector<std::string>> tables = all_tables(**connected, target->schema);
  if (!tables) return tl::unexpected(tables.error());
  std::int64_t smaller = 0;
  std::uint64_t done = 0;
  for (const std::string& table : *tables) {
    const std::string name = sql_name(target->schema) + "." + sql_name(table);
    const Value named[] = {name};
    const auto bytes = [&]() -> std::int64_t {
      const Result<Rows> size = (*connected)->run("SELECT pg_total_relation_size(to_regclass($1))", Parameters(named));
      return size && size->size() == 1 ? size->integer(0, 0) : 0;
    };
    const std::int64_t before = bytes();
    const Result<Rows> cleaned = (*connected)->run_once("VACUUM (ANALYZE) " + name, {}, context);
    if (!cleaned) return tl::unexpected(cleaned.error());
    smaller += before - bytes();
    context.progress({"cleaning", ++done, tables->size()});
  }
  return smaller;
}

}  // namespace persona::postgres
