//! Which version a schema has, and bringing it to another.
#pragma once

#include "postgres/connection.hpp"

#include <string>

namespace persona::postgres {

//! 0 where there is no schema, or nothing of persona in it.
//! @errors unsupported: of a later version
[[nodiscard]] Result<int> version_of(Connection& connection, const std::string& schema);

//! Up or down, all or nothing, while nobody else does the same.
//! @errors as `version_of`; corrupted: its history is not that of this library; not_found: no schema, none to be made
[[nodiscard]] Status bring_to(Connection& connection, const Options& options, int version);

//! Brings the schema to the version of this library, as far as the options allow.
[[nodiscard]] Status prepare_schema(Connection& connection, const Options& options);

//! Is the schema still the one this library works with?
//! @errors conflict: somebody migrated it
[[nodiscard]] Status check_unchanged(Connection& connection, const std::string& schema);

}  // namespace persona::postgres
