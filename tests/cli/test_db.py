"""persona db: a file and a schema looked after by the same verbs."""

import itertools
import json
import os
import pathlib
import signal
import sqlite3
import subprocess

import pytest
from postgres_here import PASSWORD, PROGRAMS, Postgres

KINDS = pathlib.Path(__file__).parents[2] / "examples" / "kinds.jsonl"
numbers = itertools.count()


@pytest.fixture(scope="module")
def postgres():
    if not PROGRAMS:
        pytest.skip("no Postgres is installed")
    server = Postgres()
    yield server
    server.stop()


class FileDatabase:
    def __init__(self, persona):
        self.persona = persona
        self.address = ["people.db"]
        self.environment = None

    def db(self, verb, *arguments, **options):
        return self.persona("db", verb, *self.address, *arguments, env=self.environment, **options)


class SchemaDatabase(FileDatabase):
    def __init__(self, persona, server):
        super().__init__(persona)
        self.address = [server.address, "--schema", f"test_{next(numbers)}"]
        self.environment = server.environment


@pytest.fixture(params=["file", "schema"])
def database(request, persona):
    if request.param == "file":
        made = FileDatabase(persona)
    else:
        made = SchemaDatabase(persona, request.getfixturevalue("postgres"))
    persona("generate", "town.json", "-n", 500, "-o", "source.db", "-q")
    persona("generate", "town.json", "-n", "1e9", "--recipe", "--name", "everybody", "-o", "source.db", "-q")
    to = [made.address[0], *made.address[1:]]
    persona("db", "copy", "source.db", *to, env=made.environment)
    return made


def test_status_tells_what_is_there(database):
    shown = database.db("status").stdout
    assert "schema version" in shown and "everybody" in shown and "1,000,000,000" in shown and "500" in shown
    assert "jobs: none" in shown and "records: none" in shown


def test_a_backup_is_restored_where_nothing_is_or_where_that_is_wanted(database):
    made = database.db("backup", "--out", "b").stdout
    assert "the same on both sides" in made
    refused = database.db("restore", "--from", "b", code=1).stderr
    assert "--replace" in refused
    assert "the same on both sides" in database.db("restore", "--from", "b", "--replace").stdout
    assert "everybody" in database.db("status").stdout


def test_rolling_back_says_what_goes_and_waits_for_a_yes(database):
    newest = int(database.db("status").stdout.split("schema version ")[1].split(",")[0])
    told = database.db("rollback", code=1).stdout
    assert "goes for good" in told and "--yes" in told
    assert f"schema version {newest}" in database.db("status").stdout
    database.db("rollback", "--yes")
    assert f"schema version {newest - 1} of {newest}" in database.db("status").stdout
    assert f"schema version {newest}" in database.db("migrate").stdout
    assert "everybody" in database.db("status").stdout
    assert "there is no schema version 99" in database.db("migrate", "--to", 99, code=1).stderr


def test_names_that_are_taken_are_not_copied_over(database):
    persona, to = database.persona, database.address
    taken = persona("db", "copy", "source.db", *to, env=database.environment, code=1).stderr
    assert "'everybody'" in taken and "--replace" in taken
    again = persona("db", "copy", "source.db", *to, "--replace", env=database.environment).stdout
    persona("db", "copy", to[0], "back.db", *(["--from-schema", to[2]] if len(to) > 1 else []), env=database.environment)
    back = persona("db", "copy", "back.db", "third.db").stdout
    hashes = [line.split()[-1] for line in again.splitlines() if line.startswith(("  town", "  everybody"))]
    assert len(hashes) == 2 and all(hash_ in back for hash_ in hashes)


def test_a_copy_takes_each_key_to_its_own_file(persona):
    persona("generate", "town.json", "-n", 50, "-o", "source.db", "-q")
    plain = {key: value for key, value in os.environ.items() if key != "PERSONA_DATABASE_KEY"}
    wrong = persona("db", "copy", "source.db", "copy.db", env={**plain, "PERSONA_FROM_KEY": "of-from"}, code=1).stderr
    assert "source.db" in wrong and "of-from" not in wrong
    keyed = {**plain, "PERSONA_FROM_KEY": "", "PERSONA_DATABASE_KEY": "of-to"}
    made = persona("db", "copy", "source.db", "copy.db", env=keyed, code=None)
    if made.returncode == 0:  # a build with SQLCipher
        assert b"SQLite format" not in (persona.folder / "copy.db").read_bytes()[:16]
    else:
        assert "copy.db" in made.stderr and "source.db" not in made.stderr and "of-to" not in made.stderr


def test_a_person_is_exported_and_erased(persona):
    persona("db", "migrate", "people.db")
    with sqlite3.connect(persona.folder / "people.db") as plain:
        plain.execute("INSERT INTO persona_record VALUES ('note', 'a', 1, '{\"said\": \"hello\"}', 'p-1', 'ana', 0, 0)")
    plain.close()
    persona("db", "export", "people.db", "--person", "p-1", "--out", "p.json")
    assert "hello" in (persona.folder / "p.json").read_text()
    assert "hello" in persona("db", "export", "people.db", "--person", "p-1", "--out", "-").stdout
    assert "--yes" in persona("db", "erase", "people.db", "--person", "p-1", "--actor", "ana", code=1).stdout
    assert "1 record" in persona("db", "erase", "people.db", "--person", "p-1", "--actor", "ana", "--yes").stdout
    known = json.loads(persona("db", "export", "people.db", "--person", "p-1", "--out", "-").stdout)
    assert "hello" not in json.dumps(known)
    persona("db", "erase", "people.db", "--person", "p-1", code=2)


def test_a_sample_fills_a_database_once(database):
    assert "30 people, 11 records and 5 jobs" in database.db("sample", "--people", "30", "--records", "11", "--jobs", "5").stdout
    status = database.db("status").stdout
    assert "jobs: 1 cancelled, 1 completed, 1 dead, 1 running, 1 waiting" in status and "sample everybody" in status
    assert "sample people" in database.db("sample", code=1).stderr
    database.db("sample", "--people", "0", code=2)


def test_vacuum_and_a_database_that_is_not_there(database):
    assert "smaller by" in database.db("vacuum").stdout
    missing = database.persona("db", "status", "nobody.db", code=1).stderr
    assert "nobody.db" in missing
    assert not (database.persona.folder / "nobody.db").exists()


def test_no_password_is_shown_or_given_to_a_command_line(persona, postgres):
    schema = f"test_{next(numbers)}"
    address = postgres.address.replace("postgresql:///", "postgresql://persona:wrong-secret@/")
    done = persona("db", "status", address, "--schema", schema, code=1, env=postgres.environment)
    assert "wrong-secret" not in done.stdout + done.stderr
    persona("db", "migrate", postgres.address, "--schema", schema, env=postgres.environment)
    # A pg_dump that tells what it was called with.
    tools = persona.folder / "tools"
    tools.mkdir()
    (tools / "pg_dump").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {persona.folder}/called\necho "$PGPASSWORD" > '
                                   f'{persona.folder}/password\nexec {PROGRAMS[-1]}/pg_dump "$@"\n')
    (tools / "pg_dump").chmod(0o755)
    environment = {**postgres.environment, "PATH": f"{tools}:{PROGRAMS[-1]}:/usr/bin:/bin"}
    persona("db", "backup", postgres.address, "--schema", schema, "--out", "b.dump", env=environment)
    assert PASSWORD not in (persona.folder / "called").read_text()
    assert (persona.folder / "password").read_text() == PASSWORD + "\n"
    environment["PATH"] = str(persona.folder)
    gone = persona("db", "backup", postgres.address, "--schema", schema, "--out", "c.dump", env=environment, code=1)
    assert "pg_dump" in gone.stderr and not (persona.folder / "c.dump").exists()


def test_ctrl_c_leaves_no_half_backup_and_no_half_copy(persona):
    persona("generate", "town.json", "-n", "1e6", "-o", "people.db", "-q")
    before = persona.files()
    for arguments in (["backup", "people.db", "--out", "b.db"], ["copy", "people.db", "c.db"]):
        process = persona.start("db", *arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        while process.poll() is None and not persona.files() - before - {"people.db-wal", "people.db-shm"}:
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        process.stderr.close()
        assert persona.files() - {"people.db-wal", "people.db-shm"} == before - {"people.db-wal", "people.db-shm"}


def test_people_and_runs_are_kept_in_a_schema(persona, postgres):
    schema = ["--schema", f"test_{next(numbers)}"]
    environment = postgres.environment
    made = persona("generate", "town.json", "-n", 300, "-o", postgres.address, *schema, env=environment)
    assert "300 people" in made.stderr and PASSWORD not in made.stderr
    taken = persona("generate", "town.json", "-n", 300, "-o", postgres.address, *schema, env=environment, code=1)
    assert "--replace" in taken.stderr and "user=persona" not in taken.stderr
    persona("generate", "town.json", "-n", "1e9", "--recipe", "--name", "all", "-o", postgres.address, *schema,
            env=environment)
    listed = persona("describe", postgres.address, *schema, env=environment).stdout
    assert "2 populations" in listed and "1,000,000,000" in listed
    assert "income" in persona("describe", postgres.address, *schema, "--name", "town", env=environment).stdout
    optimize = ["optimize", "sentence -> kind: 'animal'|'plant'|'tool'", "--data", KINDS, "--model", "offline", "--calls",
                "300", "--ledger", postgres.address, *schema, "--run", "small"]
    persona(*optimize, "--json", "first.json", env=environment)
    persona(*optimize, "--json", "again.json", env=environment)
    assert (persona.folder / "first.json").read_text() == (persona.folder / "again.json").read_text()
    assert "finished" in persona("report-run", postgres.address, *schema, env=environment).stdout
    assert "runs: 1 finished" in persona("db", "status", postgres.address, *schema, env=environment).stdout


def test_help_teaches(persona):
    shown = persona("db", "--help").stdout
    verbs = ["status", "migrate", "rollback", "backup", "restore", "copy", "vacuum", "erase", "export", "sample"]
    for verb in verbs:
        assert verb in shown
        assert "Example" in persona("db", verb, "--help").stdout
    assert "persona:" in persona("db", code=2).stderr
