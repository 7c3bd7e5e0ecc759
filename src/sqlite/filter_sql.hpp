//! Checked filters as SQL.
#pragma once

#include "sqlite/connection.hpp"
#include "sqlite/fields_json.hpp"
#include "storage/checked_query.hpp"

#include <span>
#include <string>
#include <vector>

namespace persona::sqlite {

//! A condition and what is bound to its question marks, in order.
struct Condition {
  std::string sql;
  std::vector<Value> bound;
};

//! A column of the table that is called p in the statement. Never mistaken for a string literal, which
//! is what SQLite makes of a quoted name that it does not know.
std::string column_of(const StoredField& field);

//! All filters, joined by AND; "1" for none.
//! @param searchable  of each filter: may SQLite use an index for it? Empty: of all
Condition condition_of(std::span<const CheckedFilter> filters, std::span<const StoredField> fields,
                       const std::vector<bool>& searchable = {});

//! @param first  index of the first question mark of the condition in the statement
void bind_all(Statement& statement, std::span<const Value> values, int first);

}  // namespace persona::sqlite
