//! What the tables of a file hold. Call within a transaction; may throw SQLite::Exception.
#pragma once

#include "sqlite/connection.hpp"

#include <persona/storage/backup.hpp>

#include <vector>

namespace persona::sqlite {

//! In order of name. @errors cancelled, deadline_exceeded
[[nodiscard]] Result<std::vector<TableContent>> read_contents(SQLite::Database& database, const Context& context);

//! Is there no row but those that every new database has?
bool holds_nothing(SQLite::Database& database);

}  // namespace persona::sqlite
