//! Names that SQLite has free.
#include "sqlite/identifiers.hpp"

#include "sqlite/connection.hpp"

namespace persona::sqlite {

std::string free_name(SQLite::Database& database, const std::string& wanted) {
  Statement same(database, "SELECT 1 FROM sqlite_schema WHERE lower(name) = ?");
  const auto taken = [&](const std::string& name) {
    same.reset();
    same.bind(1, folded_name(name));
    return same.step();
  };
  const std::string lower = folded_name(wanted);
  const bool reserved = lower.starts_with("sqlite_") || lower.starts_with("persona_");
  return first_free_name(reserved ? "population_" + wanted : wanted, name_rules, taken);
}

}  // namespace persona::sqlite
