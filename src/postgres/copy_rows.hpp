//! Rows as the binary COPY of Postgres wants them, straight from columns.
//! https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4
#pragma once

#include <persona/population/population.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace persona::postgres {

//! What a COPY begins and ends with.
std::string copy_header();
std::string copy_trailer();

//! The type of column that holds an attribute, as it is written in CREATE TABLE.
std::string_view sql_type(ColumnType type);

//! The same as a number.
unsigned type_id(ColumnType type);

//! Calls `send` with the bytes of all rows, in pieces of some 100 kB.
//! @errors those of `send`; invalid_argument: a day that Postgres does not know
[[nodiscard]] Status copy_rows(const Population& rows, const std::function<Status(std::string_view)>& send);

}  // namespace persona::postgres
