//! The versions of the schema and the SQL that leads from one to the next and back.
#include "postgres/migrations.hpp"

namespace persona::postgres {
namespace {

constexpr Migration schema_migrations[] = {
    {.version = 1,
     .name = "populations",
     .up = R"sql(
CREATE SEQUENCE persona_rows_number;
CREATE TABLE persona_population (
  name text COLLATE "C" PRIMARY KEY,
  form text NOT NULL CHECK (form IN ('rows', 'recipe')),
  view_name text,             -- the rows under a name one can read; NULL for a recipe
  table_name text,            -- where the rows are: a number that is never used again
  spec text NOT NULL,         -- JSON, or empty
  spec_hash text NOT NULL,
  names_hash text NOT NULL,
  seed text NOT NULL,         -- decimal; unsigned 64 bits do not fit a bigint
  start bigint NOT NULL,
  count bigint NOT NULL,
  fields text NOT NULL,       -- JSON: type, unit, labels ... of each column
  indexes text[] NOT NULL,    -- attributes that have an index, in the order of columns
  created_at text NOT NULL    -- ISO 8601, UTC
);
)sql",
     .down = ""},
};

}  // namespace

std::span<const Migration> migrations() {
  return schema_migrations;
}

}  // namespace persona::postgres
