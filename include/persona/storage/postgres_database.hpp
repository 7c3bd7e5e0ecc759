//! All rooms of a schema of Postgres, opened once. Component `persona::postgres`.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/database.hpp>
#include <persona/storage/postgres.hpp>

#include <memory>
#include <string>
#include <vector>

namespace persona::postgres {

//! With `read_only`, what changes anything answers an error. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<Database>> open_database(
    const std::string& connection, Options options = {}, std::shared_ptr<Clock> clock = system_clock());

//! The versions of the schema, the first one first.
PERSONA_EXPORT std::vector<SchemaStep> schema_steps();

}  // namespace persona::postgres
