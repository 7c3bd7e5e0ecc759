//! Backups of an SQLite file while it is in use. Component `persona::sqlite`.
#pragma once

#include <persona/core/context.hpp>
#include <persona/storage/backup.hpp>
#include <persona/storage/sqlite.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace persona::sqlite {

// A key is that of the database; its backups have the same.

//! Writes one state of the whole database into a file of its own, which is a database too. Others go on reading and
//! writing. The file appears once it is whole and was compared table by table; another backup of its name gives way.
//!
//! @errors as `open`; already_exists: `to` is there and no database of this key; corrupted: it does not hold the same;
//!         cancelled, deadline_exceeded: nothing is left behind
[[nodiscard]] PERSONA_EXPORT Result<BackupReport> backup(const std::string& path, const std::string& to,
                                                         const Context& context = {}, const Secret& key = {});

//! Makes a database what a backup of it was, in one transaction: those who have it open see the old or the new. It
//! keeps the backup's schema version; opening it brings it up to date.
//!
//! @errors as `open`; already_exists: the database holds something and `replace` is not set;
//!         corrupted, unsupported: the backup is damaged, or none; cancelled
[[nodiscard]] PERSONA_EXPORT Result<BackupReport> restore(const std::string& from, const std::string& path,
                                                          RestoreOptions options = {}, const Context& context = {},
                                                          const Secret& key = {});

//! All tables, of any schema version. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::vector<TableContent>> contents(const std::string& path,
                                                                        const Context& context = {},
                                                                        const Secret& key = {});

//! Gives the room of what was removed back to the system, and leaves no trace of it in the file or its log.
//! @return by how many bytes it is smaller
//! @errors as `open`; unavailable: somebody is using it
[[nodiscard]] PERSONA_EXPORT Result<std::int64_t> vacuum(const std::string& path, const Context& context = {},
                                                         const Secret& key = {});

}  // namespace persona::sqlite
