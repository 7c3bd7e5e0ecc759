//! What SQLite reports, as errors of persona.
#include "sqlite/failure.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace persona::sqlite {

Error failure(const std::string& path, const SQLite::Exception& exception) {
  const char* what = exception.what();
  const auto error = [&](Errc code, std::string message) { return Error{code, std::move(message), path}; };
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error(Errc::unavailable, fmt::format("'{}' is locked by another connection or process", path));
    case SQLITE_NOTADB: return error(Errc::corrupted, fmt::format("'{}' is not an SQLite database", path));
    case SQLITE_CORRUPT: return error(Errc::corrupted, fmt::format("'{}' is damaged: {}", path, what));
    case SQLITE_FULL: return error(Errc::io, fmt::format("no room is left for '{}'", path));
    case SQLITE_READONLY: return error(Errc::io, fmt::format("'{}' cannot be written: {}", path, what));
    case SQLITE_CANTOPEN: return error(Errc::io, fmt::format("cannot open '{}': {}", path, what));
    case SQLITE_PERM:
    case SQLITE_AUTH: return error(Errc::io, fmt::format("no permission for '{}': {}", path, what));
    case SQLITE_IOERR: return error(Errc::io, fmt::format("reading or writing '{}' failed: {}", path, what));
    case SQLITE_CONSTRAINT: return error(Errc::already_exists, fmt::format("in '{}': {}", path, what));
    case SQLITE_TOOBIG: return error(Errc::invalid_argument, fmt::format("too big for SQLite in '{}': {}", path, what));
    case SQLITE_INTERRUPT: return error(Errc::cancelled, fmt::format("reading '{}' was interrupted", path));
    case SQLITE_SCHEMA:
      return error(Errc::conflict, fmt::format("the tables of '{}' were changed meanwhile: {}", path, what));
    default: return error(Errc::internal, fmt::format("SQLite on '{}': {}", path, what));
  }
}

void throw_failure(sqlite3* handle, int code) {
  throw SQLite::Exception(handle, code);
}

}  // namespace persona::sqlite
