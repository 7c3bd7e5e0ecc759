//! Checked filters as SQL, in the dialect of either database.
#pragma once

#include "storage/checked_query.hpp"
#include "storage/fields_json.hpp"
#include "storage/sql_dialect.hpp"

#include <span>
#include <string>
#include <vector>

namespace persona {

//! A condition and its parameters in order. Nothing of a filter is in the text but the number of its values.
struct SqlCondition {
  std::string sql;
  std::vector<SqlParameter> parameters;
};

struct ConditionStyle {
  SqlDialect dialect = SqlDialect::sqlite;
  int first_parameter = 1;       //!< how its first parameter is numbered in the statement
  std::vector<bool> searchable;  //!< SQLite: of each filter, may an index be used for it? Empty: of all
};

//! A column of the table that is called p in the statement. Never mistaken for a string literal, which
//! is what SQLite makes of a quoted name that it does not know.
PERSONA_EXPORT std::string column_of(const StoredField& field);

//! All filters, joined by AND; "TRUE" for none.
PERSONA_EXPORT SqlCondition condition_of(std::span<const CheckedFilter> filters, std::span<const StoredField> fields,
                                         const ConditionStyle& style);

}  // namespace persona
