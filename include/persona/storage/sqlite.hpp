//! Populations in one SQLite file. Component `persona::sqlite`.
#pragma once

#include <persona/storage/storage.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace persona::sqlite {

struct Options {
  bool read_only = false;
  bool create = true;  //!< make the file where there is none
  std::chrono::milliseconds busy_timeout{5000};
  bool durable = false;  //!< synchronous=FULL: survive power loss, not only a crash
};

//! Opens a database and brings its schema up to date under a lock. WAL, STRICT tables, one table
//! with one typed column per attribute for each population stored as rows: plain SQL can read it.
//!
//! @errors
//!   - io, not_found: the file cannot be opened; the message names it
//!   - unsupported: a later version of persona wrote it
//!   - corrupted: not a database, or a damaged one
//!   - unavailable: another process holds the lock beyond `busy_timeout`
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<Storage>> open(const std::string& path, Options options = {});

//! The schema version this library writes.
PERSONA_EXPORT int schema_version();

//! The version of a file. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<int> schema_version(const std::string& path);

//! Brings a file up or down to a version. Going below a version drops what only it can hold.
//! @errors as `open`; invalid_argument: no such version
[[nodiscard]] PERSONA_EXPORT Status migrate(const std::string& path, int version);

}  // namespace persona::sqlite
