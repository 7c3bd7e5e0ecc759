//! The versions of the schema and the SQL that leads from one to the next and back.
#include "sqlite/migrations.hpp"

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
    {.version = 3,
     .name = "answers and accounts of language models",
     .up = R"sql(
CREATE TABLE persona_reply (
  key TEXT PRIMARY KEY,          -- see llm::cache_key
  reply TEXT NOT NULL,           -- JSON
  stored_ms INTEGER NOT NULL,    -- milliseconds since 1970, UTC
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX persona_reply_expires ON persona_reply (expires_ms);
CREATE TABLE persona_account (
  account TEXT PRIMARY KEY,
  cap_picodollars INTEGER,       -- NULL: no limit
  cap_tokens INTEGER,
  cap_calls INTEGER,
  spent_picodollars INTEGER NOT NULL DEFAULT 0,
  spent_tokens INTEGER NOT NULL DEFAULT 0,
  spent_calls INTEGER NOT NULL DEFAULT 0,
  reserved_picodollars INTEGER NOT NULL DEFAULT 0,
  reserved_tokens INTEGER NOT NULL DEFAULT 0,
  reserved_calls INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE persona_reservation (
  reservation TEXT PRIMARY KEY,
  accounts TEXT NOT NULL,        -- JSON list
  picodollars INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  made_ms INTEGER NOT NULL,
  booked INTEGER NOT NULL        -- 1: its lease is over, it was booked at its most
) STRICT, WITHOUT ROWID;
CREATE INDEX persona_reservation_open ON persona_reservation (made_ms) WHERE booked = 0;
)sql",
     .down = R"sql(
DROP TABLE persona_reply;
DROP TABLE persona_account;
DROP TABLE persona_reservation;
)sql"},
    {.version = 4,
     .name = "runs of prompt optimizers",
     .up = R"sql(
CREATE TABLE persona_run (
  run TEXT PRIMARY KEY,
  facts TEXT NOT NULL,           -- JSON: program, data, options; a resumed run has the same
  report TEXT NOT NULL,          -- JSON; empty while it runs
  begun_at TEXT NOT NULL,        -- ISO 8601, UTC
  finished_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE persona_run_call (
  id INTEGER PRIMARY KEY,        -- in the order they ended
  run TEXT NOT NULL REFERENCES persona_run ON DELETE CASCADE,
  request_hash TEXT NOT NULL,
  sample INTEGER NOT NULL,       -- which of several answers to one request
  attempt INTEGER NOT NULL,      -- 0, and one more for each that failed before
  role TEXT NOT NULL,            -- task, proposer, judge
  program TEXT NOT NULL,         -- hash; empty where none was run
  example TEXT NOT NULL,         -- id; empty where there is none
  request TEXT NOT NULL,         -- JSON
  reply TEXT NOT NULL,           -- JSON; empty: it failed
  error TEXT NOT NULL,           -- JSON; empty: it did not
  picodollars INTEGER,           -- NULL: not known
  tokens INTEGER NOT NULL,
  latency_us INTEGER NOT NULL,
  UNIQUE (run, request_hash, sample, attempt)
) STRICT;
CREATE INDEX persona_run_call_example ON persona_run_call (run, program, example);
)sql",
     .down = R"sql(
DROP TABLE persona_run_call;
DROP TABLE persona_run;
)sql"},
    {.version = 5,
     .name = "jobs",
     .up = R"sql(
CREATE TABLE persona_job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  arguments TEXT NOT NULL,        -- JSON
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,         -- greater comes first
  most_attempts INTEGER NOT NULL,
  back_off_ms INTEGER NOT NULL,
  unique_key TEXT,                -- of those that wait or run, one has it
  idempotency_key TEXT,           -- of all, one has it
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'completed', 'cancelled', 'dead')),
  attempt INTEGER NOT NULL DEFAULT 0,
  last_attempt INTEGER NOT NULL,     -- the attempt after which it is dead
  made_ms INTEGER NOT NULL,          -- milliseconds since 1970, UTC; so are the others
  due_ms INTEGER NOT NULL,
  lease_ms INTEGER,                  -- of a running one: when its worker counts as dead
  ended_ms INTEGER,
  worker TEXT NOT NULL DEFAULT '',
  progress REAL NOT NULL DEFAULT 0,
  cancel_asked INTEGER NOT NULL DEFAULT 0,
  result TEXT,                    -- JSON
  error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX persona_job_idempotency ON persona_job (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX persona_job_unique ON persona_job (unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running');
CREATE INDEX persona_job_claim ON persona_job (queue, priority DESC, due_ms, id) WHERE state = 'waiting';
CREATE INDEX persona_job_due ON persona_job (due_ms, queue) WHERE state = 'waiting';
CREATE INDEX persona_job_lease ON persona_job (lease_ms) WHERE state = 'running';
CREATE TABLE persona_schedule (
  name TEXT PRIMARY KEY,
  cron TEXT NOT NULL,
  next_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  arguments TEXT NOT NULL,
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,
  most_attempts INTEGER NOT NULL,
  back_off_ms INTEGER NOT NULL,
  unique_key TEXT
) STRICT, WITHOUT ROWID;
)sql",
     .down = R"sql(
DROP TABLE persona_job;
DROP TABLE persona_schedule;
)sql"},
    {.version = 6,
     .name = "records",
     .up = R"sql(
CREATE TABLE persona_record (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,             -- JSON
  person TEXT NOT NULL,           -- whom it is about, or empty
  actor TEXT NOT NULL,            -- who changed it
  changed_ms INTEGER NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0,  -- 1: removed, to be restored or purged
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE persona_record_version (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,             -- JSON
  person TEXT NOT NULL,           -- whom it is about, or empty
  actor TEXT NOT NULL,            -- who changed it
  changed_ms INTEGER NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0,  -- 1: removed, to be restored or purged
  PRIMARY KEY (kind, id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX persona_record_person ON persona_record_version (person) WHERE person <> '';
CREATE TABLE persona_record_key (
  key TEXT PRIMARY KEY,           -- of a change that is not done twice
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX persona_record_key_of ON persona_record_key (kind, id);
CREATE TABLE persona_tombstone (
  hash TEXT PRIMARY KEY,          -- SHA-256 of 'persona-tombstone:' and an erased person
  erased_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE persona_deletion (  -- who deletes at this moment; read by the trigger
  one INTEGER PRIMARY KEY CHECK (one = 1),
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO persona_deletion VALUES (1, '', 'delete', 0);
CREATE TABLE persona_audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE TRIGGER persona_record_made AFTER INSERT ON persona_record BEGIN
  INSERT INTO persona_record_version VALUES (NEW.kind, NEW.id, NEW.version, NEW.body, NEW.person, NEW.actor, NEW.changed_ms, NEW.removed);
  INSERT INTO persona_audit (at_ms, actor, action, kind, id, version)
    VALUES (NEW.changed_ms, NEW.actor, 'create', NEW.kind, NEW.id, NEW.version);
END;
CREATE TRIGGER persona_record_changed AFTER UPDATE ON persona_record BEGIN
  INSERT INTO persona_record_version VALUES (NEW.kind, NEW.id, NEW.version, NEW.body, NEW.person, NEW.actor, NEW.changed_ms, NEW.removed);
  INSERT INTO persona_audit (at_ms, actor, action, kind, id, version)
    VALUES (NEW.changed_ms, NEW.actor, CASE WHEN NEW.removed > OLD.removed THEN 'remove' WHEN NEW.removed < OLD.removed THEN 'restore' ELSE 'change' END,
    NEW.kind, NEW.id, NEW.version);
END;
CREATE TRIGGER persona_record_gone AFTER DELETE ON persona_record BEGIN
  INSERT INTO persona_audit (at_ms, actor, action, kind, id, version)
    SELECT CASE WHEN actor = '' THEN CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) ELSE at_ms END, CASE WHEN actor = '' THEN 'plain SQL' ELSE actor END,
    action, OLD.kind, OLD.id, OLD.version FROM persona_deletion;
END;
CREATE TRIGGER persona_audit_changed BEFORE UPDATE ON persona_audit BEGIN
  SELECT RAISE(ABORT, 'the audit trail is never changed');
END;
CREATE TRIGGER persona_audit_deleted BEFORE DELETE ON persona_audit BEGIN
  SELECT RAISE(ABORT, 'the audit trail is never changed');
END;
)sql",
     .down = R"sql(
DROP TABLE persona_record;
DROP TABLE persona_record_version;
DROP TABLE persona_record_key;
DROP TABLE persona_tombstone;
DROP TABLE persona_deletion;
DROP TABLE persona_audit;
)sql"},
};

}  // namespace

std::span<const Migration> migrations() {
  return schema_migrations;
}

}  // namespace persona::sqlite
