//! Which schema a file has, and bringing it to another version.
#include "sqlite/schema.hpp"

#include "sqlite/failure.hpp"
#include "sqlite/migrations.hpp"

#include <bit>
#include <chrono>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

constexpr std::int64_t application_id = 0x50455253;  // "PERS"

void execute(SQLite::Database& database, std::string_view sql) {
  database.exec(std::string(sql));
}

void record_migration(SQLite::Database& database, const Migration& migration) {
  Statement insert(database,
                   "INSERT INTO persona_migration (version, name, checksum, applied_at) "
                   "VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
  insert.bind(1, std::int64_t{migration.version});
  insert.bind(2, std::string(migration.name));
  insert.bind(3, checksum(migration));
  insert.step();
}

void forget_migration(SQLite::Database& database, const Migration& migration) {
  Statement remove(database, "DELETE FROM persona_migration WHERE version = ?");
  remove.bind(1, std::int64_t{migration.version});
  remove.step();
}

void begin_history(SQLite::Database& database) {
  execute(database, fmt::format("PRAGMA application_id = {}", application_id));
  execute(database,
          "CREATE TABLE persona_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
          "checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT");
}

// What was done to the file must be what this library would have done.
Status check_history(SQLite::Database& database, const std::string& path, int version) {
  int known = 0;
  Statement applied(database, "SELECT version, checksum FROM persona_migration ORDER BY version");
  for (const Migration& migration : migrations().first(static_cast<std::size_t>(version)))
    if (applied.step() && applied.integer(0) == migration.version && applied.text(1) == checksum(migration)) ++known;
  if (known == version && !applied.step()) return {};
  return fail(Errc::corrupted,
              fmt::format("'{}' says that its schema has version {}, but its table persona_migration does not agree",
                          path, version),
              path);
}

}  // namespace

Result<int> version_of(SQLite::Database& database, const std::string& path) {
  // One statement sees one state: another may be making the schema at this moment.
  Statement state(database,
                  "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) "
                  "FROM pragma_application_id, pragma_user_version");
  state.step();
  const std::int64_t application = state.integer(0), version = state.integer(1);
  if (application == 0 && version == 0 && state.integer(2) == 0) return 0;
  if (application != application_id)
    return fail(Errc::unsupported, fmt::format("'{}' is a database of another application", path), path);
  if (version >= 1 && version <= schema_version()) return static_cast<int>(version);
  return fail(Errc::unsupported,
              fmt::format("'{}' has schema version {}; this persona knows 1 to {}", path, version, schema_version()),
              path);
}

Status bring_to(SQLite::Database& database, const std::string& path, int version) {
  WriteTransaction transaction(database, Access::excludes);
  const Result<int> current = version_of(database, path);
  if (!current) return tl::unexpected(current.error());
  if (*current == 0)
    begin_history(database);
  else if (Status history = check_history(database, path, *current); !history)
    return history;
  const auto all = migrations();
  for (int v = *current + 1; v <= version; ++v) {
    const Migration& migration = all[static_cast<std::size_t>(v - 1)];
    execute(database, migration.up);
    record_migration(database, migration);
  }
  for (int v = *current; v > version; --v) {
    const Migration& migration = all[static_cast<std::size_t>(v - 1)];
    execute(database, migration.down);
    forget_migration(database, migration);
  }
  execute(database, fmt::format("PRAGMA user_version = {}", version));
  transaction.commit();
  return {};
}

void use_write_ahead_log(SQLite::Database& database, const Options& options) {
  using clock = std::chrono::steady_clock;
  {
    Statement mode(database, "PRAGMA journal_mode");
    if (mode.step() && mode.text(0) == "wal") return;
  }
  if (options.page_bytes != 0 && !options.key.is_set())  // of no effect once there are tables
    execute(database, fmt::format("PRAGMA page_size = {}", options.page_bytes));
  // SQLite does not wait for others who do the same at this moment; so we do.
  for (const auto end = clock::now() + options.busy_timeout;; sqlite3_sleep(2)) {
    const int code = database.tryExec("PRAGMA journal_mode = WAL");
    if (code == SQLITE_OK) return;
    if ((code & 0xff) != SQLITE_BUSY || clock::now() >= end) throw_failure(database.getHandle(), code);
  }
}

Status check_unchanged(SQLite::Database& database, const std::string& path) {
  if (ask_number(database, "PRAGMA user_version") == schema_version()) return {};
  return fail(Errc::conflict, fmt::format("another process gave '{}' another schema version: open it again", path),
              path);
}

Status prepare_file(const std::string& path, Options options, int page_bytes) {
  static_assert(SQLITE_VERSION_NUMBER >= 3'037'000, "SQLite 3.37 or SQLCipher 4.5, for STRICT tables");
  if (options.key.is_set() && options.page_bytes != 0 && options.page_bytes != encrypted_page_bytes)
    return fail(Errc::invalid_argument, fmt::format("pages of {} bytes: those of an encrypted file have {}",
                                                    options.page_bytes, encrypted_page_bytes));
  if (options.page_bytes == 0) options.page_bytes = page_bytes;
  if (options.page_bytes < 512 || options.page_bytes > 65'536 ||
      !std::has_single_bit(static_cast<unsigned>(options.page_bytes)))
    return fail(Errc::invalid_argument, fmt::format("pages of {} bytes: SQLite has those of a power of two from 512 to "
                                                    "65536",
                                                    options.page_bytes));
  if (sqlite3_libversion_number() < 3'037'000)
    return fail(Errc::unsupported, fmt::format("SQLite {} knows no STRICT tables; 3.37 does", sqlite3_libversion()));
  Result<Connection> connection = connect(path, options);
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path, [&]() -> Status {
    const Result<int> version = version_of(**connection, path);
    if (!version) return tl::unexpected(version.error());
    if (options.read_only && *version != schema_version())
      return fail(Errc::unsupported,
                  fmt::format("'{}' has schema version {}: open it for writing once to bring it to {}", path, *version,
                              schema_version()),
                  path);
    if (options.read_only) return {};
    use_write_ahead_log(**connection, options);
    if (*version == schema_version()) return {};
    return bring_to(**connection, path, schema_version());
  });
}

int schema_version() {
  return static_cast<int>(migrations().size());
}

}  // namespace persona::sqlite
