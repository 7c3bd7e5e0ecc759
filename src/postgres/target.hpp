//! Which database to connect to, and as what.
#pragma once

#include <persona/storage/postgres.hpp>

#include <string>
#include <utility>
#include <vector>

namespace persona::postgres {

struct Target {
  std::vector<std::pair<std::string, std::string>> settings;  //!< libpq's, without the password of the options
  std::string where;                                          //!< "'database' at host", for messages
  std::string schema;
  Secret password;
};

//! @errors invalid_argument: libpq cannot read the string (which is not shown: it may hold a password), or a
//!         schema that is none
[[nodiscard]] Result<Target> parse_target(const std::string& connection, const Options& options);

}  // namespace persona::postgres
