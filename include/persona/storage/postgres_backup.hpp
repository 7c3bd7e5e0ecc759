//! Backups of a schema of Postgres while it is in use, by its own pg_dump and pg_restore. Component
//! `persona::postgres`.
#pragma once

#include <persona/core/context.hpp>
#include <persona/storage/backup.hpp>
#include <persona/storage/postgres.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace persona::postgres {

//! Writes one state of the schema into a file of pg_dump's custom format. Others go on reading and writing. The file
//! appears once it is whole, was read back and compared table by table. Roles and their rights are not in it.
//!
//! pg_dump and pg_restore are looked for on PATH; they must be at least as new as the server. They get the password by
//! their environment.
//!
//! @errors as `open`; not_found: no pg_dump, or no such schema; already_exists: `to` is there and no backup;
//!         corrupted: it does not hold the same; cancelled, deadline_exceeded: nothing is left behind
[[nodiscard]] PERSONA_EXPORT Result<BackupReport> backup(const std::string& connection, const std::string& to,
                                                         const Options& options = {}, const Context& context = {});

//! Makes the schema what a backup of a schema of this name was, in one transaction: others see the old or the new, and
//! what they have open must be opened again. It keeps the backup's schema version; opening it brings it up to date.
//!
//! @errors as `open`; already_exists: the schema holds something and `replace` is not set; invalid_argument: the backup
//!         is none, or of another schema; corrupted: what is there now is not what it held; cancelled
[[nodiscard]] PERSONA_EXPORT Result<BackupReport> restore(const std::string& from, const std::string& connection,
                                                          const Options& options = {}, RestoreOptions how = {},
                                                          const Context& context = {});

//! All tables of the schema, of any version. @errors as `open`; not_found: no such schema
[[nodiscard]] PERSONA_EXPORT Result<std::vector<TableContent>> contents(const std::string& connection,
                                                                        const Options& options = {},
                                                                        const Context& context = {});

//! Makes room for new rows where old ones were, and tells the planner what is there. Others go on.
//! @return by how many bytes the schema is smaller on disk
[[nodiscard]] PERSONA_EXPORT Result<std::int64_t> vacuum(const std::string& connection, const Options& options = {},
                                                         const Context& context = {});

}  // namespace persona::postgres
