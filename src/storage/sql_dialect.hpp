//! The two ways of writing SQL.
#pragma once

#include <persona/core/value.hpp>

#include <vector>

namespace persona {

enum class SqlDialect {
  sqlite,    //!< ?, ?, ...; lists are JSON
  postgres,  //!< $1, $2, ...; many values are one array, lists are arrays
};

//! What a parameter stands for: one value, or an array of values of one kind.
struct SqlParameter {
  std::vector<Value> values;  //!< one unless it is an array; of an array at least one
  bool is_array = false;
};

}  // namespace persona
