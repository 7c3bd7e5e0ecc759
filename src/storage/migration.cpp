//! One step from a version of a schema to the next, and back.
#include "storage/migration.hpp"

#include <persona/core/hash.hpp>

namespace persona {

std::string checksum(const Migration& migration) {
  std::string text(migration.up);
  return content_hash(text.append("\n-- down\n").append(migration.down));
}

}  // namespace persona
