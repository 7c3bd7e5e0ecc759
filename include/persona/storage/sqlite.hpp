//! Populations in one SQLite file. Component `persona::sqlite`.
#pragma once

#include <persona/population/names.hpp>
#include <persona/storage/storage.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace persona::sqlite {

struct Options {
  bool read_only = false;
  bool create = true;  //!< make the file where there is none
  std::chrono::milliseconds busy_timeout{5000};
  bool durable = false;                         //!< synchronous=FULL: survive power loss, not only a crash
  std::shared_ptr<const NameTable> names = {};  //!< for recipes; null is the built-in table
  bool replace = false;  //!< a new population takes the place of one of its name, which stays until `finish`
  //! Bytes a page of a file that is made, a power of two from 512 to 65536. 0 is by who makes it: 32 kB for populations
  //! and `open_database`, 4 kB for a room of small transactions alone (jobs: three times as fast as on 32 kB).
  int page_bytes = 0;
};

//! Opens a database and brings its schema up to date under a lock. WAL, STRICT tables, one table
//! with one typed column per attribute for each population stored as rows: plain SQL can read it
//! (docs/storage.md). Any number of threads and processes may read while one sink writes.
//!
//! @errors
//!   - io, not_found: the file cannot be opened; the message names it
//!   - unsupported: a later version of persona or another application wrote it; with `read_only`,
//!     also an earlier version of persona
//!   - corrupted: not a database, or a damaged one
//!   - unavailable: another process holds the lock beyond `busy_timeout`
//!   - invalid_argument: no such size of a page
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<Storage>> open(const std::string& path, Options options = {});

//! The schema version this library writes.
PERSONA_EXPORT int schema_version();

//! The version of a file; 0 for an empty one. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<int> schema_version(const std::string& path);

//! Brings a file up or down to a version, 1 .. schema_version(). Going below a version drops what
//! only it can hold. Storages that are open answer `conflict` from then on.
//! @errors as `open`; invalid_argument: no such version
[[nodiscard]] PERSONA_EXPORT Status migrate(const std::string& path, int version);

}  // namespace persona::sqlite
