//! Names that Postgres has free.
#pragma once

#include "postgres/connection.hpp"
#include "storage/sql_names.hpp"

#include <string>
#include <string_view>

namespace persona::postgres {

inline constexpr std::string_view system_columns[] = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
inline constexpr NameRules name_rules{.folds_case = false, .most_bytes = 63, .own_columns = system_columns};

//! A name for a view that nothing in the schema has: `wanted`, else `wanted_2`, `wanted_3` ... Names that begin
//! as Postgres's and persona's own ("pg_...", "persona_...") get "population_" before them.
[[nodiscard]] inline Result<std::string> free_name(Connection& connection, const std::string& wanted) {
  Status asked;
  const auto taken = [&](const std::string& name) {
    const Value values[] = {name};
    const Result<Rows> found = connection.run(
        "SELECT 1 FROM pg_catalog.pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace "
        "UNION ALL SELECT 1 FROM pg_catalog.pg_type WHERE typname = $1 AND typnamespace = "
        "current_schema()::regnamespace",
        Parameters(values));
    if (!found) asked = tl::unexpected(found.error());
    return found && found->size() > 0;
  };
  const bool reserved = wanted.starts_with("pg_") || wanted.starts_with("persona_");
  std::string name = first_free_name(reserved ? "population_" + wanted : wanted, name_rules, taken);
  if (!asked) return tl::unexpected(asked.error());
  return name;
}

}  // namespace persona::postgres
