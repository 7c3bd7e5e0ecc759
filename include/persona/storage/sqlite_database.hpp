//! All rooms of an SQLite file, opened once. Component `persona::sqlite`.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/database.hpp>
#include <persona/storage/sqlite.hpp>

#include <memory>
#include <string>
#include <vector>

namespace persona::sqlite {

//! With `read_only`, what changes anything answers an error. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<Database>> open_database(
    const std::string& path, Options options = {}, std::shared_ptr<Clock> clock = system_clock());

//! The versions of the schema, the first one first.
PERSONA_EXPORT std::vector<SchemaStep> schema_steps();

}  // namespace persona::sqlite
