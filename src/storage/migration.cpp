//! One step from a version of a schema to the next, and back.
#include "storage/migration.hpp"

#include <persona/core/hash.hpp>

namespace persona {

std::string checksum(const Migration& migration) {
  std::string text(migration.up);
  return content_hash(text.append("\n-- down\n").append(migration.down));
}

std::vector<std::string> dropped_tables(const Migration& migration) {
  constexpr std::string_view drop = "DROP TABLE ";
  std::vector<std::string> tables;
  for (auto at = migration.down.find(drop); at != migration.down.npos; at = migration.down.find(drop, at + 1)) {
    const auto first = at + drop.size();
    tables.emplace_back(migration.down.substr(first, migration.down.find(';', first) - first));
  }
  return tables;
}

}  // namespace persona
