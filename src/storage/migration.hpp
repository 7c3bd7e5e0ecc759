//! One step from a version of a schema to the next, and back.
#pragma once

#include <persona/core/config.hpp>

#include <string>
#include <string_view>

namespace persona {

struct Migration {
  int version = 0;
  std::string_view name, up;
  std::string_view down;  //!< back to the version before; version 1 has none
};

//! Names the content of a migration, both ways.
PERSONA_EXPORT std::string checksum(const Migration& migration);

}  // namespace persona
