"""Storages from Python: memory, SQLite and Postgres alike."""

import datetime
import sqlite3
import threading

import pytest

import persona
from postgres_server import fresh_postgres


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def storage(request, tmp_path):
    if request.param == "memory":
        opened = persona.MemoryStorage()
    elif request.param == "sqlite":
        opened = persona.sqlite.open(tmp_path / "people.db")
    else:
        opened = fresh_postgres(request.getfixturevalue("postgres")).open()
    with opened:
        yield opened


def without_index(page):
    return page.select([name for name in page.names if name != "index"])


def test_rows_come_back_as_they_went_in(storage, generator, people):
    storage.put("town", people, spec=generator.spec)
    record = storage.find("town")
    assert (record.name, record.form, record.count, record.seed) == ("town", "rows", 20_000, 7)
    assert record.spec_hash == generator.spec_hash and persona.PopulationSpec.parse(record.spec) == generator.spec
    assert without_index(storage.read("town", limit=0)) == people
    assert [r.name for r in storage.list()] == ["town"]
    storage.remove("town")
    assert storage.list() == []


def test_batches_are_kept_one_by_one(storage, generator, people):
    storage.put("town", generator.stream(count=20_000, seed=7, batch_rows=4_096))
    assert without_index(storage.read("town", limit=0)) == people

    def broken():
        yield people[:10]
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        storage.put("half", broken())
    assert [r.name for r in storage.list()] == ["town"]
    with pytest.raises(ValueError):
        storage.put("nobody", [])


def test_a_recipe_is_drawn_again(storage, generator, people):
    storage.put_recipe("town", generator, count=20_000, seed=7)
    assert storage.find("town").form == "recipe"
    assert without_index(storage.read("town", limit=0)) == people


def test_pages_and_filters(storage, people):
    storage.put("town", people)
    old = people.filter("age >= 65 and sex == 'female'")
    filters = [("age", ">=", 65), ("sex", "==", "female")]
    assert storage.count("town", filters) == len(old)
    rows, after = [], None
    while len(page := storage.read("town", filters, columns=["age"], after=after, limit=500)):
        assert page.names == ["index", "age"] and len(page) <= 500
        rows += page["age"].to_list()
        after = page["index"][-1]
    assert rows == old["age"].to_list()
    assert storage.count("town", [("age", "is_missing")]) == people["age"].null_count
    assert storage.count("town", [("education", "in", ["college", "advanced"])]) == len(
        people.filter("education != 'school'"))
    assert storage.count("town", [("education", "begins_with", "coll")]) == len(people.filter("education == 'college'"))
    day = datetime.date(1980, 1, 1)
    assert storage.count("town", [("born", "<", day)]) == sum(b < day for b in people["born"])


@pytest.mark.parametrize(("rows", "limit", "pages"), [(95, 20, [20] * 4 + [15]), (40, 20, [20, 20]), (10, 0, [10])])
def test_pages_come_one_after_the_other(storage, people, rows, limit, pages):
    storage.put("town", people[:rows])
    read = list(storage.each_page("town", columns=["age"], limit=limit))
    assert [len(page) for page in read] == pages
    assert [age for page in read for age in page["age"]] == list(people[:rows]["age"])
    assert list(storage.each_page("town", after=rows)) == []
    context = persona.Context()
    context.stop()
    with pytest.raises(persona.Cancelled):
        list(storage.each_page("town", context=context))


@pytest.mark.parametrize("filters", [[("nothing", "==", 1)], [("age", "==", "old")]])
def test_filters_that_do_not_fit_are_refused(storage, people, filters):
    storage.put("town", people[:10])
    with pytest.raises(persona.InvalidArgument):
        storage.read("town", filters)


@pytest.mark.parametrize("filters", [[("age", "~", 1)], [("age",)], [("age", ">", 1, 2)]])
def test_filters_that_are_none_are_refused(storage, people, filters):
    storage.put("town", people[:10])
    with pytest.raises(ValueError):
        storage.read("town", filters)


def test_names_are_taken_once_and_must_exist(storage, people):
    storage.put("town", people[:10])
    with pytest.raises(persona.AlreadyExists, match="town"):
        storage.put("town", people[:10])
    for call in (storage.find, storage.read, storage.count, storage.remove):
        with pytest.raises(persona.NotFound, match="nowhere"):
            call("nowhere")


def test_threads_may_share_it(storage, people):
    storage.put("town", people)
    counts = []
    threads = [threading.Thread(target=lambda: counts.append(storage.count("town", [("age", ">", 50)]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(counts)) == 1 and len(counts) == 4


def test_a_database_is_a_file_for_others(people, tmp_path):
    path = tmp_path / "people.db"
    with persona.sqlite.open(path) as storage:
        storage.put("town", people)
    with pytest.raises(ValueError, match="closed"):
        storage.list()
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with persona.sqlite.open(path, read_only=True) as storage:
        assert storage.find("town").count == 20_000
    with pytest.raises(persona.PersonaError):
        persona.sqlite.open(tmp_path / "nowhere.db", create=False)
