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
    {.version = 2,
     .name = "jobs",
     .up = R"sql(
CREATE TABLE persona_job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  arguments text NOT NULL,        -- JSON
  queue text NOT NULL,
  priority bigint NOT NULL,         -- greater comes first
  most_attempts bigint NOT NULL,
  back_off_ms bigint NOT NULL,
  unique_key text,                -- of those that wait or run, one has it
  idempotency_key text,           -- of all, one has it
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'completed', 'cancelled', 'dead')),
  attempt bigint NOT NULL DEFAULT 0,
  last_attempt bigint NOT NULL,     -- the attempt after which it is dead
  made_ms bigint NOT NULL,          -- milliseconds since 1970, UTC; so are the others
  due_ms bigint NOT NULL,
  lease_ms bigint,                  -- of a running one: when its worker counts as dead
  ended_ms bigint,
  worker text NOT NULL DEFAULT '',
  progress double precision NOT NULL DEFAULT 0,
  cancel_asked bigint NOT NULL DEFAULT 0,
  result text,                    -- JSON
  error text NOT NULL DEFAULT ''
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX persona_job_idempotency ON persona_job (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX persona_job_unique ON persona_job (unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running');
CREATE INDEX persona_job_claim ON persona_job (queue, priority DESC, due_ms, id) WHERE state = 'waiting';
CREATE INDEX persona_job_due ON persona_job (queue, due_ms) WHERE state = 'waiting';
CREATE INDEX persona_job_lease ON persona_job (lease_ms) WHERE state = 'running';
CREATE TABLE persona_schedule (
  name text PRIMARY KEY,
  cron text NOT NULL,
  next_ms bigint NOT NULL,
  kind text NOT NULL,
  arguments text NOT NULL,
  queue text NOT NULL,
  priority bigint NOT NULL,
  most_attempts bigint NOT NULL,
  back_off_ms bigint NOT NULL,
  unique_key text
);
)sql",
     .down = R"sql(
DROP TABLE persona_job;
DROP TABLE persona_schedule;
)sql"},
};

}  // namespace

std::span<const Migration> migrations() {
  return schema_migrations;
}

}  // namespace persona::postgres
