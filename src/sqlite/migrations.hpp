//! The versions of the schema and the SQL that leads from one to the next and back.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace persona::sqlite {

struct Migration {
  int version = 0;
  std::string_view name, up;
  std::string_view down;  //!< back to the version before; version 1 has none
};

//! Versions 1, 2, ... in order. Published SQL is never changed: a change is a new version.
std::span<const Migration> migrations();

//! Names the content of a migration, both ways.
std::string checksum(const Migration& migration);

}  // namespace persona::sqlite
