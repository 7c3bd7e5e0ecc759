//! Names of tables and columns: readable where they can be, safe always.
#pragma once

#include <persona/core/config.hpp>
#include <persona/population/column.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! What a database makes of a name.
struct NameRules {
  bool folds_case = false;                             //!< does not tell apart ASCII letters of two cases
  std::size_t most_bytes = 0;                          //!< it cuts what is longer; 0: it does not
  std::span<const std::string_view> own_columns = {};  //!< that every table has
};

//! In double quotes, with those inside doubled. @pre no NUL in it
PERSONA_EXPORT std::string sql_name(std::string_view name);

//! ASCII letters in lower case.
PERSONA_EXPORT std::string folded_name(std::string_view name);

//! `wanted`, else `wanted_2`, `wanted_3` ... that is not taken; cut between characters where it is too long.
PERSONA_EXPORT std::string first_free_name(std::string_view wanted, const NameRules& rules,
                                           const std::function<bool(const std::string&)>& is_taken);

//! One column name per field: its name where that is free.
PERSONA_EXPORT std::vector<std::string> column_names(std::span<const Field> fields, const NameRules& rules);

}  // namespace persona
