//! The key of an encrypted file, which SQLCipher takes in place of SQLite.
#include "sqlite/encryption.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/failure.hpp"

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

// SQLite passes over pragmas that it does not know. In memory: opening the file would make it.
Result<bool> can_encrypt(const std::string& path) {
  return guarded(path, [&]() -> Result<bool> {
    SQLite::Database database(":memory:");
    Statement version(database, "PRAGMA cipher_version");
    return version.step();
  });
}

}  // namespace

Result<KeyStatement> KeyStatement::of(const Secret& key, const std::string& path) {
  KeyStatement statement;
  if (!key.is_set()) return statement;
  const Result<bool> able = can_encrypt(path);
  if (!able) return tl::unexpected(able.error());
  if (!*able)
    return fail(Errc::unsupported,
                fmt::format("'{}' cannot have a key: this is SQLite {}, which does not encrypt; link SQLCipher", path,
                            sqlite3_libversion()),
                path);
  const Result<std::string> text = key.reveal();
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return fail(Errc::unauthenticated, fmt::format("the key of '{}' is empty", path), path);
  if (text->find('\0') != std::string::npos)  // SQLite would quote the rest of the statement in its log
    return fail(Errc::invalid_argument, fmt::format("the key of '{}' has a zero byte in it", path), path);
  statement.sql_ = "PRAGMA key = '";
  for (const char c : *text) statement.sql_.append(c == '\'' ? 2 : 1, c);
  statement.sql_ += '\'';
  return statement;
}

Status KeyStatement::run(SQLite::Database& database, const std::string& path) const {
  if (sql_.empty()) return {};
  int code = sqlite3_exec(database.getHandle(), sql_.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK)  // what sorting and vacuuming spill would lie in the system's folder, and in plain
    code = sqlite3_exec(database.getHandle(), "PRAGMA temp_store = MEMORY", nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return fail(Errc::internal, fmt::format("SQLCipher does not take the key of '{}': {}", path, sqlite3_errstr(code)),
              path);
}

}  // namespace persona::sqlite
