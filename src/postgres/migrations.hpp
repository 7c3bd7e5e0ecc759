//! The versions of the schema and the SQL that leads from one to the next and back.
#pragma once

#include "storage/migration.hpp"

#include <span>

namespace persona::postgres {

//! Versions 1, 2, ... in order. Published SQL is never changed: a change is a new version.
std::span<const Migration> migrations();

}  // namespace persona::postgres
