//! Populations in a Postgres database. Component `persona::postgres`.
#pragma once

#include <persona/core/secret.hpp>
#include <persona/population/names.hpp>
#include <persona/storage/storage.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace persona::postgres {

struct Options {
  std::string schema = "persona";  //!< holds all tables; lower case letters, digits and _
  Secret password = {};            //!< read anew for each connection; better here than in the connection string
  unsigned connections = 8;        //!< most at the same time
  std::chrono::milliseconds pool_timeout{5000};     //!< how long a call waits for one of them
  std::chrono::milliseconds connect_timeout{5000};  //!< whole seconds, two at least
  std::chrono::milliseconds statement_timeout{0};   //!< the database ends what takes longer; 0: nothing
  std::chrono::milliseconds lock_timeout{5000};     //!< the same for waiting for a lock
  bool read_only = false;                           //!< for a replica, or for those who may only read
  bool create = true;                               //!< make the schema where there is none
  std::shared_ptr<const NameTable> names = {};      //!< for recipes; null is the built-in table
  bool replace = false;  //!< a new population takes the place of one of its name, which stays until `finish`

  //! Standbys for reads of populations and records, in turn. The database itself is read where none of them answers and
  //! has what was written here, or the one that was asked does not know what it was asked for. What others wrote, they
  //! may show late, each another while.
  std::vector<std::string> replicas = {};
};

//! Opens a database and brings its schema up to date under a lock. One table with one typed column per attribute
//! for each population stored as rows: plain SQL can read it (docs/storage.md). Any number of threads and processes
//! may read and write at the same time.
//!
//! Errors of the database have its SQLSTATE as `service->type`; `service->retryable` says whether to try again,
//! `service->sent` that it may have been done although no answer came. No message holds a password.
//!
//! @param connection  "postgresql://user@host/database?sslmode=verify-full" or "host=... dbname=...", as libpq
//!                    reads it (TLS too); what it leaves out comes from PGHOST, PGUSER, ... and the password file
//! @errors
//!   - invalid_argument: a connection string or schema that is none
//!   - unavailable: nobody answers there, or all connections are in use for `pool_timeout`
//!   - unauthenticated, permission_denied, not_found: the user, or the database, is not as told
//!   - unsupported: a later version of persona wrote it; with `read_only`, also an earlier one
//!   - corrupted: its history is not that of this library
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<Storage>> open(const std::string& connection, Options options = {});

//! The schema version this library writes.
PERSONA_EXPORT int schema_version();

//! The version of a schema; 0 where there is none. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<int> schema_version(const std::string& connection, const Options& options = {});

//! Brings a schema up or down to a version, 1 .. schema_version(). Going below a version drops what only it can
//! hold. Storages that are open answer `conflict` from then on.
//! @errors as `open`; invalid_argument: no such version
[[nodiscard]] PERSONA_EXPORT Status migrate(const std::string& connection, int version, const Options& options = {});

}  // namespace persona::postgres
