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
    {.version = 4,
     .name = "answers and accounts of language models",
     .up = R"sql(
CREATE TABLE persona_reply (
  key text COLLATE "C" PRIMARY KEY,          -- see llm::cache_key
  reply text COLLATE "C" NOT NULL,           -- JSON
  stored_ms bigint NOT NULL,    -- milliseconds since 1970, UTC
  expires_ms bigint NOT NULL
);
CREATE INDEX persona_reply_expires ON persona_reply (expires_ms);
CREATE TABLE persona_account (
  account text COLLATE "C" PRIMARY KEY,
  cap_picodollars bigint,       -- NULL: no limit
  cap_tokens bigint,
  cap_calls bigint,
  spent_picodollars bigint NOT NULL DEFAULT 0,
  spent_tokens bigint NOT NULL DEFAULT 0,
  spent_calls bigint NOT NULL DEFAULT 0,
  reserved_picodollars bigint NOT NULL DEFAULT 0,
  reserved_tokens bigint NOT NULL DEFAULT 0,
  reserved_calls bigint NOT NULL DEFAULT 0
);
CREATE TABLE persona_reservation (
  reservation text COLLATE "C" PRIMARY KEY,
  accounts text COLLATE "C" NOT NULL,        -- JSON list
  picodollars bigint NOT NULL,
  tokens bigint NOT NULL,
  calls bigint NOT NULL,
  made_ms bigint NOT NULL,
  booked bigint NOT NULL        -- 1: its lease is over, it was booked at its most
);
CREATE INDEX persona_reservation_open ON persona_reservation (made_ms) WHERE booked = 0;
)sql",
     .down = R"sql(
DROP TABLE persona_reply;
DROP TABLE persona_account;
DROP TABLE persona_reservation;
)sql"},
    {.version = 5,
     .name = "runs of prompt optimizers",
     .up = R"sql(
CREATE TABLE persona_run (
  run text COLLATE "C" PRIMARY KEY,
  facts text COLLATE "C" NOT NULL,           -- JSON: program, data, options; a resumed run has the same
  report text COLLATE "C" NOT NULL,          -- JSON; empty while it runs
  begun_at text COLLATE "C" NOT NULL,        -- ISO 8601, UTC
  finished_at text COLLATE "C"
);
CREATE TABLE persona_run_call (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order they ended
  run text COLLATE "C" NOT NULL REFERENCES persona_run ON DELETE CASCADE,
  request_hash text COLLATE "C" NOT NULL,
  sample bigint NOT NULL,       -- which of several answers to one request
  attempt bigint NOT NULL,      -- 0, and one more for each that failed before
  role text COLLATE "C" NOT NULL,            -- task, proposer, judge
  program text COLLATE "C" NOT NULL,         -- hash; empty where none was run
  example text COLLATE "C" NOT NULL,         -- id; empty where there is none
  request text COLLATE "C" NOT NULL,         -- JSON
  reply text COLLATE "C" NOT NULL,           -- JSON; empty: it failed
  error text COLLATE "C" NOT NULL,           -- JSON; empty: it did not
  picodollars bigint,           -- NULL: not known
  tokens bigint NOT NULL,
  latency_us bigint NOT NULL,
  UNIQUE (run, request_hash, sample, attempt)
);
CREATE INDEX persona_run_call_example ON persona_run_call (run, program, example);
)sql",
     .down = R"sql(
DROP TABLE persona_run_call;
DROP TABLE persona_run;
)sql"},
};

}  // namespace

std::span<const Migration> migrations() {
  return schema_migrations;
}

}  // namespace persona::postgres
