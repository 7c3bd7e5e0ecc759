//! Connections to one database file, and statements on them.
#include "sqlite/connection.hpp"

#include "sqlite/encryption.hpp"
#include "sqlite/failure.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

constexpr int steps_between_checks = 20'000;  // of SQLite's machine: well under a millisecond

// What SQLite would only call "unable to open database file".
Status check_path(const std::string& path, const Options& options) {
  namespace fs = std::filesystem;
  if (path.empty() || path == ":memory:")
    return fail(Errc::invalid_argument, "a database needs a file; MemoryStorage needs none");
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return fail(Errc::io, fmt::format("'{}' is a directory, not a database", path), path);
  if (fs::exists(path, ignored)) return {};
  if (options.read_only || !options.create)
    return fail(Errc::not_found, fmt::format("there is no file '{}'", path), path);
  const fs::path parent = fs::path(path).parent_path();
  if (parent.empty() || fs::is_directory(parent, ignored)) return {};
  return fail(Errc::not_found, fmt::format("there is no directory '{}' for '{}'", parent.string(), path), path);
}

// A read-only file in a directory that cannot be written: SQLite may not even make its -shm file.
bool is_immutable(const std::string& path) {
  std::error_code ignored;
  return !std::filesystem::exists(path + "-wal", ignored);
}

// As a URI, because SQLite reads names that begin with "file:" as one anyway on some systems.
std::string uri_of(const std::string& path, std::string_view parameters) {
  std::string uri = "file:";
  if (path.front() != '/') uri += "./";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#')
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    else
      uri += c;
  }
  return uri.append(parameters);
}

// The first that is read of a file shows whether it is a database, and whether the key is its own. May throw.
Status check_header(SQLite::Database& database, const std::string& path, bool has_key) {
  const int code = database.tryExec("PRAGMA application_id");
  if (code == SQLITE_OK) return {};
  if ((code & 0xff) != SQLITE_NOTADB) throw_failure(database.getHandle(), code);
  if (has_key)
    return fail(Errc::unauthenticated,
                fmt::format("the key does not open '{}': it has another, is not encrypted, or is no database", path),
                path);
  return fail(Errc::corrupted, fmt::format("'{}' is not an SQLite database, or encrypted and opened without key", path),
              path);
}

Result<Connection> connect_to(const std::string& uri, const std::string& path, const Options& options,
                              const KeyStatement& key) {
  int flags = SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX;  // whoever holds a connection has it alone
  flags |= options.read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE;
  if (!options.read_only && options.create) flags |= SQLite::OPEN_CREATE;
  auto database = std::make_unique<SQLite::Database>(uri, flags, static_cast<int>(options.busy_timeout.count()));
  if (Status taken = key.run(*database, path); !taken) return tl::unexpected(taken.error());
  if (Status header = check_header(*database, path, options.key.is_set()); !header)
    return tl::unexpected(header.error());
  database->exec("PRAGMA foreign_keys = ON");
  database->exec("PRAGMA secure_delete = FAST");
  database->exec(options.durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  return database;
}

int stop_asked(void* context) {
  return static_cast<const Context*>(context)->check() ? 0 : 1;
}

}  // namespace

Result<Connection> connect(const std::string& path, const Options& options) {
  if (Status status = check_path(path, options); !status) return tl::unexpected(status.error());
  const Result<KeyStatement> key = KeyStatement::of(options.key, path);
  if (!key) return tl::unexpected(key.error());
  Result<Connection> connection = guarded(path, [&] { return connect_to(uri_of(path, ""), path, options, *key); });
  const bool barred = !connection && connection.error().code == Errc::io;
  if (!barred || !options.read_only || !is_immutable(path)) return connection;
  return guarded(path, [&] { return connect_to(uri_of(path, "?immutable=1"), path, options, *key); });
}

Statement::Statement(SQLite::Database& database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(database.getHandle(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) throw_failure(database.getHandle(), code);
  statement_.reset(statement);
}

void Statement::bind(int index, const Value& value) {
  struct Bind {
    sqlite3_stmt* statement;
    int index;
    int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
    int operator()(bool v) const { return sqlite3_bind_int(statement, index, v ? 1 : 0); }
    int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, index, v); }
    int operator()(double v) const { return sqlite3_bind_double(statement, index, v); }
    int operator()(Date v) const { return (*this)(to_string(v)); }
    int operator()(const std::vector<std::string>&) const { return SQLITE_MISUSE; }
    int operator()(const std::string& v) const {
      return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
  };
  const int code = std::visit(Bind{statement_.get(), index}, value);
  if (code != SQLITE_OK) throw_failure(sqlite3_db_handle(statement_.get()), code);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW || code == SQLITE_DONE) return code == SQLITE_ROW;
  throw_failure(sqlite3_db_handle(statement_.get()), code);
}

std::string_view Statement::text(int column) {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void bind_all(Statement& statement, std::span<const SqlParameter> parameters, int first) {
  for (const SqlParameter& parameter : parameters) statement.bind(first++, parameter.values.front());
}

InterruptScope::InterruptScope(SQLite::Database& database, const Context& context) : handle_(database.getHandle()) {
  sqlite3_progress_handler(handle_, steps_between_checks, stop_asked, const_cast<Context*>(&context));
}

InterruptScope::~InterruptScope() {
  sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
}

WriteTransaction::WriteTransaction(SQLite::Database& database, Access access) : database_(database) {
  database_.exec(access == Access::reads ? "BEGIN" : access == Access::writes ? "BEGIN IMMEDIATE" : "BEGIN EXCLUSIVE");
}

WriteTransaction::~WriteTransaction() {
  // Some errors have rolled back already; then there is nothing left to do.
  if (open_ && sqlite3_get_autocommit(database_.getHandle()) == 0) database_.tryExec("ROLLBACK");
}

void WriteTransaction::commit() {
  database_.exec("COMMIT");
  open_ = false;
}

std::int64_t ask_number(SQLite::Database& database, std::string_view sql) {
  Statement statement(database, sql);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace persona::sqlite
