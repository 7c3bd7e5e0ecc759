"""A database filled for tests and demos: everything is made up, and the same from its seed alone."""

import pytest

import persona
from persona import database as databases
from persona.testing import fill_rooms


def content(rooms):
    kinds = ("group", "template", "evidence", "usage", "note")
    records = [(one.id, one.version, one.body, one.person) for kind in kinds for one in rooms.records.list(kind, limit=1000)]
    jobs = [(job.work.arguments, job.state, job.result, job.error) for job in rooms.jobs.list(queue="sample", limit=1000)]
    return databases.population_content(rooms.populations, "sample people"), records, jobs


def test_the_same_seed_fills_two_databases_the_same(database, tmp_path):
    sizes = {"people": 50, "records": 20, "jobs": 7}
    with database.open_database() as rooms, persona.sqlite.open_database(tmp_path / "other.db") as other:
        fill_rooms(rooms, **sizes, seed=3)
        fill_rooms(other, **sizes, seed=3)
        assert content(rooms) == content(other)
        status = rooms.status()
        assert status.jobs == {"cancelled": 1, "completed": 2, "dead": 2, "running": 1, "waiting": 1}
        assert [(one.record.name, one.record.count) for one in status.populations] == [
            ("sample everybody", 50_000), ("sample people", 50)]
        with pytest.raises(persona.AlreadyExists):
            fill_rooms(rooms, **sizes, seed=3)


def test_another_seed_fills_it_otherwise(tmp_path):
    with persona.sqlite.open_database(tmp_path / "a.db") as one, persona.sqlite.open_database(tmp_path / "b.db") as other:
        fill_rooms(one, seed=3)
        fill_rooms(other, seed=4)
        ours, theirs = content(one), content(other)
        assert ours[0] != theirs[0] and ours[1] != theirs[1] and ours[2] == theirs[2]  # jobs say nothing of people


def test_nobody_fills_nothing(tmp_path):
    with persona.sqlite.open_database(tmp_path / "a.db") as rooms:
        with pytest.raises(persona.InvalidArgument, match="need a person"):
            fill_rooms(rooms, people=0)
        assert rooms.status().populations == []
