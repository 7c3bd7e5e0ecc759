//! One step from a version of a schema to the next, and back.
#pragma once

#include <persona/core/config.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona {

struct Migration {
  int version = 0;
  std::string_view name, up;
  std::string_view down;  //!< back to the version before; version 1 has none
};

//! Names the content of a migration, both ways.
PERSONA_EXPORT std::string checksum(const Migration& migration);

//! The tables that going back drops, in order of the migration.
PERSONA_EXPORT std::vector<std::string> dropped_tables(const Migration& migration);

}  // namespace persona
