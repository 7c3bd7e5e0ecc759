"""Databases copied, backed up and restored: compared before they count."""

import asyncio
import os
import pathlib

import pytest

import persona
from persona import database as databases
from persona import jobs, records
from postgres_server import PASSWORD, Database, fresh_postgres, programs


@pytest.fixture(autouse=True)
def pg_dump_on_path(monkeypatch):
    if programs() is not None:
        monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")


def fill(rooms, people, generator):
    rooms.populations.put("town", people[:2000], generator.spec, indexes=["age"])
    rooms.populations.put_recipe("recipe", generator, count=10**6, seed=7)
    rooms.records.put([records.RecordChange("note", "1", {"n": 1}, actor="ana"),
                       records.RecordChange("note", "2", {"n": 2}, person="p", actor="bo")])
    rooms.records.erase_person("p", actor="officer")
    rooms.jobs.enqueue([jobs.NewJob("a", [1]), jobs.NewJob("b", unique_key="u")])
    rooms.jobs.claim()


@pytest.fixture
def filled(database, people, generator):
    with database.open_database() as rooms:
        fill(rooms, people, generator)
        yield rooms


def test_populations_are_copied_between_any_two(filled, tmp_path):
    memory = persona.MemoryStorage()
    copied = databases.copy(filled.populations, memory)
    assert [(one.name, one.form, one.count) for one in copied] == [("recipe", "recipe", 10**6), ("town", "rows", 2000)]
    with persona.sqlite.open_database(tmp_path / "other.db") as other:
        for one in copied:
            assert databases.copy(memory, other.populations, populations=[one.name], page=300) == [one]
        for storage in (filled.populations, memory, other.populations):
            assert databases.population_content(storage, "town", page=77) == copied[1].content
        assert other.populations.read("town", limit=0) == filled.populations.read("town", limit=0)
        assert other.populations.find("town").indexes == ["age"] and other.populations.find("recipe").seed == 7
        with pytest.raises(persona.AlreadyExists):
            databases.copy(memory, other.populations)
        with pytest.raises(persona.NotFound):
            databases.copy(memory, other.populations, populations=["nowhere"])
        assert databases.copy(memory, other.populations, replace=True) == copied


def test_a_copy_that_is_stopped_leaves_nothing(filled):
    stopped, memory = persona.Context(), persona.MemoryStorage()
    stopped.stop()
    with pytest.raises(persona.Cancelled):
        databases.copy(filled.populations, memory, context=stopped)
    with pytest.raises(persona.DeadlineExceeded):
        databases.population_content(filled.populations, "town", context=persona.Context(timeout=0))
    assert memory.list() == []


def test_the_other_rooms_are_copied_with_their_history(filled, postgres, tmp_path):
    for other in (fresh_postgres(postgres), Database(persona.sqlite, tmp_path / "other.db", {})):
        with other.open_database() as target:
            stopped = persona.Context()
            stopped.stop()
            with pytest.raises(persona.Cancelled):
                filled.copy_rooms(target, stopped)
            assert target.records.audit() == []
            rows = filled.copy_rooms(target)
            assert rows > 6 and target.records.audit() == filled.records.audit()
            assert target.records.history("note", "1") == filled.records.history("note", "1")
            for mine, copied in zip(filled.jobs.list(), target.jobs.list(), strict=True):
                assert repr(mine) == repr(copied)
            with pytest.raises(persona.Conflict, match="erased"):
                target.records.put(records.RecordChange("note", "3", {}, person="p", actor="ana"))
            with pytest.raises(persona.AlreadyExists):
                filled.copy_rooms(target)
    with pytest.raises(persona.InvalidArgument):
        filled.copy_rooms(filled)


def test_a_backup_is_what_was_there(filled, database, tmp_path):
    to = tmp_path / "monday.backup"
    report = database.backup(to=to)
    assert report.tables == database.contents() and report.bytes == to.stat().st_size
    rows = {table.table: table.rows for table in report.tables}
    assert rows["persona_population"] == 2 and rows["persona_record"] == 1 and rows["persona_job"] == 2
    assert 2000 in rows.values() and all(len(table.hash) == 32 for table in report.tables)
    before = filled.records.audit()
    filled.records.put(records.RecordChange("note", "after", {}, actor="ana"))
    filled.populations.remove("town")
    assert database.contents() != report.tables
    restore = restoring(database, to)
    with pytest.raises(persona.AlreadyExists):
        restore()
    assert restore(replace=True).tables == report.tables == database.contents()
    with database.open_database() as rooms:
        assert rooms.records.audit() == before and rooms.populations.count("town") == 2000
        with pytest.raises(persona.NotFound):
            rooms.records.find("note", "after")
    assert database.backup(to=to).tables == report.tables  # gives way to the newer one


def restoring(database, source):
    return lambda **how: database.module.restore(source, database.where, **{**database.options, **how})


def test_what_is_no_backup_is_refused_and_nothing_is_lost(filled, database, tmp_path):
    torn = tmp_path / "torn"
    torn.write_bytes(b"PGDMP\x01 or SQLite format 3\0" + bytes(5000))
    before = database.contents()
    with pytest.raises(persona.PersonaError):
        restoring(database, torn)(replace=True)
    with pytest.raises(persona.PersonaError):
        restoring(database, tmp_path / "nowhere")(replace=True)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ana")
    with pytest.raises(persona.AlreadyExists):
        database.backup(to=letter)
    assert database.contents() == before and letter.read_text() == "Dear Ana" and len(list(tmp_path.glob("letter*"))) == 1


def test_a_backup_that_is_stopped_leaves_nothing(filled, database, tmp_path):
    stopped = persona.Context()
    stopped.stop()
    names = sorted(path.name for path in tmp_path.iterdir())
    for context, error in ((stopped, persona.Cancelled), (persona.Context(timeout=0), persona.DeadlineExceeded)):
        with pytest.raises(error):
            database.backup(to=tmp_path / "b", context=context)
        with pytest.raises(error):
            database.contents(context=context)
    assert not (tmp_path / "b").exists() and sorted(path.name for path in tmp_path.iterdir()) == names


def test_vacuum_gives_room_back(database, people):
    with database.open() as storage:
        for name in ("a", "b"):
            storage.put(name, people)
        storage.remove("a")
    before = database.contents()
    smaller = database.vacuum()
    assert smaller > 0 or database.module is persona.postgres  # there a population that is removed goes at once
    assert database.contents() == before


def test_the_same_from_asyncio(filled, database, tmp_path):
    module, to = database.module, tmp_path / "b"

    async def main():
        report = await module.backup_async(database.where, to, **database.options)
        assert report.tables == await module.contents_async(database.where, **database.options)
        restored = await module.restore_async(to, database.where, **{**database.options, "replace": True})
        assert restored.tables == report.tables
        async with await module.open_database_async(database.where, **database.options) as rooms:
            memory = persona.MemoryStorage()
            copied = await databases.copy_async(rooms.populations, memory, page=500)
            assert await databases.population_content_async(memory, "town") == copied[1].content
            with pytest.raises(persona.Conflict):  # within the work
                await rooms.transact_async(lambda inside: rooms.copy_rooms_async(rooms))
            async with await persona.sqlite.open_database_async(tmp_path / "c.db") as other:
                assert await rooms.copy_rooms_async(other) > 0
        assert isinstance(await module.vacuum_async(database.where, **database.options), int)

    asyncio.run(main())


def test_no_password_is_told(postgres, tmp_path):
    fresh = fresh_postgres(postgres)
    with fresh.open():
        pass
    for call in (lambda: fresh.backup(to=tmp_path / "no" / "folder"), lambda: restoring(fresh, tmp_path / "x")(),
                 lambda: persona.postgres.backup(f"{fresh.where} password=wrong-secret", tmp_path / "x"),
                 lambda: persona.postgres.contents(fresh.where, password="wrong-secret"),
                 lambda: persona.postgres.vacuum(fresh.where, password=PASSWORD, context=7)):
        with pytest.raises((persona.PersonaError, TypeError)) as raised:
            call()
        assert PASSWORD not in str(raised.value) and "wrong-secret" not in str(raised.value)
    assert not pathlib.Path(tmp_path / "x").exists()
