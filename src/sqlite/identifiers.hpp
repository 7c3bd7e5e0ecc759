//! Names of tables and columns: readable where they can be, safe always.
#pragma once

#include <persona/population/column.hpp>

#include <SQLiteCpp/Database.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::sqlite {

//! In double quotes, with those inside doubled. @pre no NUL in it
std::string sql_name(std::string_view name);

//! A table or index name nobody has: `wanted`, else `wanted_2`, `wanted_3` ... SQLite's and persona's
//! own names ("sqlite_...", "persona_...") get "population_" before them. May throw SQLite::Exception.
std::string free_name(SQLite::Database& database, const std::string& wanted);

//! One column name per field: its name, or name_2, name_3 ... where an earlier one differs only in the
//! case of ASCII letters, which SQLite does not tell apart.
std::vector<std::string> column_names(std::span<const Field> fields);

}  // namespace persona::sqlite
