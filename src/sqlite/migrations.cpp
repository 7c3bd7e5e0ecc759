//! The versions of the schema and the SQL that leads from one to the next and back.
#include "sqlite/migrations.hpp"

#include <persona/core/hash.hpp>

namespace persona::sqlite {
namespace {

constexpr Migration schema_migrations[] = {
    {.version = 1,
     .name = "populations as rows",
     .up = R"sql(
CREATE TABLE persona_population (
  name TEXT PRIMARY KEY,
  table_name TEXT,            -- where the rows are
  spec TEXT NOT NULL,         -- JSON, or empty
  spec_hash TEXT NOT NULL,
  seed TEXT NOT NULL,         -- decimal; unsigned 64 bits do not fit an INTEGER
  start INTEGER NOT NULL,
  count INTEGER NOT NULL,
  fields TEXT NOT NULL,       -- JSON: type, unit, labels ... of each column
  created_at TEXT NOT NULL    -- ISO 8601, UTC
) STRICT, WITHOUT ROWID;
)sql",
     .down = ""},
    {.version = 2,
     .name = "populations as recipes",
     .up = R"sql(
ALTER TABLE persona_population ADD COLUMN form TEXT NOT NULL DEFAULT 'rows' CHECK (form IN ('rows', 'recipe'));
ALTER TABLE persona_population ADD COLUMN names_hash TEXT NOT NULL DEFAULT '';
)sql",
     .down = R"sql(
DELETE FROM persona_population WHERE form = 'recipe';
ALTER TABLE persona_population DROP COLUMN form;
ALTER TABLE persona_population DROP COLUMN names_hash;
)sql"},
};

}  // namespace

std::span<const Migration> migrations() {
  return schema_migrations;
}

std::string checksum(const Migration& migration) {
  std::string text(migration.up);
  return content_hash(text.append("\n-- down\n").append(migration.down));
}

}  // namespace persona::sqlite
