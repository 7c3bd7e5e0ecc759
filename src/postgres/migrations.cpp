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
CREATE INDEX persona_job_due ON persona_job (due_ms, queue) WHERE state = 'waiting';
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
    {.version = 3,
     .name = "records",
     .up = R"sql(
CREATE TABLE persona_record (
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body text COLLATE "C" NOT NULL,             -- JSON
  person text COLLATE "C" NOT NULL,           -- whom it is about, or empty
  actor text COLLATE "C" NOT NULL,            -- who changed it
  changed_ms bigint NOT NULL,
  removed bigint NOT NULL DEFAULT 0,  -- 1: removed, to be restored or purged
  PRIMARY KEY (kind, id)
);
CREATE TABLE persona_record_version (
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body text COLLATE "C" NOT NULL,             -- JSON
  person text COLLATE "C" NOT NULL,           -- whom it is about, or empty
  actor text COLLATE "C" NOT NULL,            -- who changed it
  changed_ms bigint NOT NULL,
  removed bigint NOT NULL DEFAULT 0,  -- 1: removed, to be restored or purged
  PRIMARY KEY (kind, id, version)
);
CREATE INDEX persona_record_person ON persona_record_version (person) WHERE person <> '';
CREATE TABLE persona_record_key (
  key text COLLATE "C" PRIMARY KEY,           -- of a change that is not done twice
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  made_ms bigint NOT NULL
);
CREATE INDEX persona_record_key_of ON persona_record_key (kind, id);
CREATE TABLE persona_tombstone (
  hash text COLLATE "C" PRIMARY KEY,          -- SHA-256 of 'persona-tombstone:' and an erased person
  erased_ms bigint NOT NULL
);
CREATE TABLE persona_deletion (  -- who deletes at this moment; read by the trigger
  one bigint PRIMARY KEY CHECK (one = 1),
  actor text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  at_ms bigint NOT NULL
);
INSERT INTO persona_deletion VALUES (1, '', 'delete', 0);
CREATE TABLE persona_audit (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL
);
CREATE FUNCTION persona_record_kept() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE what text := 'create';
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO persona_audit (at_ms, actor, action, kind, id, version)
    SELECT CASE WHEN actor = '' THEN (extract(epoch FROM clock_timestamp()) * 1000)::bigint ELSE at_ms END, CASE WHEN actor = '' THEN 'plain SQL' ELSE actor END,
    action, OLD.kind, OLD.id, OLD.version FROM persona_deletion;
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    what := CASE WHEN NEW.removed > OLD.removed THEN 'remove' WHEN NEW.removed < OLD.removed THEN 'restore' ELSE 'change' END;
  END IF;
  INSERT INTO persona_record_version VALUES (NEW.kind, NEW.id, NEW.version, NEW.body, NEW.person, NEW.actor, NEW.changed_ms, NEW.removed);
  INSERT INTO persona_audit (at_ms, actor, action, kind, id, version)
    VALUES (NEW.changed_ms, NEW.actor, what, NEW.kind, NEW.id, NEW.version);
  RETURN NULL;
END $$;
CREATE TRIGGER persona_record_kept AFTER INSERT OR UPDATE OR DELETE ON persona_record
  FOR EACH ROW EXECUTE FUNCTION persona_record_kept();
CREATE FUNCTION persona_audit_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER persona_audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON persona_audit
  FOR EACH STATEMENT EXECUTE FUNCTION persona_audit_unchanged();
)sql",
     .down = R"sql(
DROP TABLE persona_record;
DROP TABLE persona_record_version;
DROP TABLE persona_record_key;
DROP TABLE persona_tombstone;
DROP TABLE persona_deletion;
DROP TABLE persona_audit;
DROP FUNCTION persona_record_kept;
DROP FUNCTION persona_audit_unchanged;
)sql"},
};

}  // namespace

std::span<const Migration> migrations() {
  return schema_migrations;
}

}  // namespace persona::postgres
