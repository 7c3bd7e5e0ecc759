//! Which schema a file has, and bringing it to another version.
#pragma once

#include "sqlite/connection.hpp"

#include <string>

namespace persona::sqlite {

//! 0 for a database without tables. May throw SQLite::Exception.
//! @errors unsupported: another application's, or of a later version
[[nodiscard]] Result<int> version_of(SQLite::Database& database, const std::string& path);

//! Up or down, all or nothing, while no other process does the same. May throw SQLite::Exception.
//! @errors as `version_of`; corrupted: its history is not that of this library
[[nodiscard]] Status bring_to(SQLite::Database& database, const std::string& path, int version);

//! Pages of populations are written and read many at once; those of other rooms by small transactions.
inline constexpr int population_page_bytes = 32'768, room_page_bytes = 4'096;

//! Makes any file one with a write-ahead log, and an empty one one with pages of that size. May throw.
void use_write_ahead_log(SQLite::Database& database, const Options& options);

//! Opens or makes the file and brings it to the schema of this library.
//! @param page_bytes  of a file that is made, unless the options say it
//! @errors as `open`
[[nodiscard]] Status prepare_file(const std::string& path, Options options, int page_bytes);

//! Is the schema still the one this library works with? Call it within a transaction. May throw.
//! @errors conflict: another process migrated the file
[[nodiscard]] Status check_unchanged(SQLite::Database& database, const std::string& path);

}  // namespace persona::sqlite
