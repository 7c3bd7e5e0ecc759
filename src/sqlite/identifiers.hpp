//! Names that SQLite has free.
#pragma once

#include "storage/sql_names.hpp"

#include <SQLiteCpp/Database.h>

#include <string>

namespace persona::sqlite {

//! SQLite does not tell apart names that differ only in the case of ASCII letters.
inline constexpr NameRules name_rules{.folds_case = true};

//! A table or index name nobody has: `wanted`, else `wanted_2`, `wanted_3` ... SQLite's and persona's
//! own names ("sqlite_...", "persona_...") get "population_" before them. May throw SQLite::Exception.
std::string free_name(SQLite::Database& database, const std::string& wanted);

}  // namespace persona::sqlite
