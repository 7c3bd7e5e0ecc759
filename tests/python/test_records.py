"""Records from Python, in SQLite and Postgres alike."""

import pickle
import sqlite3
import threading

import pytest

import persona
from persona import records, testing
from persona.records import RecordChange

BODIES = [{"text": "hi", "n": 1, "deep": {"list": [1, 2.5, None, True]}}, [], {}, "a text", 'a "quoted" {text}', 3, 0.1, True,
          None, 2**53 + 1, {"naïve ✓": "\u0001 \\ \x7f"}]


@pytest.fixture
def clock():
    return testing.FakeClock()


@pytest.fixture
def store(database, clock):
    with database.open_records(clock=clock) as opened:
        yield opened


def change(id="1", body=None, **more):
    return RecordChange("note", id, {"text": "here"} if body is None else body, **{"actor": "ana", **more})


@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_a_body_comes_back_as_it_went_in(store, body):
    assert store.put(RecordChange("note", "1", body, actor="ana")) == 1
    found = store.find("note", "1").body
    assert found == body and type(found) is type(body)


@pytest.mark.parametrize("body", [{1, 2}, object(), float("nan"), {"a": float("inf")}, b"bytes", {("a", 1): 2}], ids=repr)
def test_what_json_does_not_have_is_refused(body):
    with pytest.raises((TypeError, ValueError)):
        RecordChange("note", "1", body, actor="ana")


def test_every_change_is_a_version(store, clock):
    assert store.put([change(), change("2")]) == [1, 1]
    clock.advance(10)
    assert store.put(change(body={"text": "there"}, expected=1, actor="bo")) == 2
    found = store.find("note", "1")
    assert (found.version, found.actor, found.body["text"], found.is_removed) == (2, "bo", "there", False)
    old, new = store.history("note", "1")
    assert new == found and old.body == {"text": "here"} and found.changed - old.changed == pytest.approx(10, abs=0.002)
    assert [one.id for one in store.list("note")] == ["1", "2"] and store.list("other") == []
    assert [one.id for one in store.list("note", after="1", limit=5)] == ["2"] and len(store.list("note", limit=1)) == 1


def test_a_change_of_another_version_is_a_conflict_and_nothing_is_done(store):
    store.put(change())
    with pytest.raises(persona.Conflict, match="version 1, not 7") as raised:
        store.put([change("2"), change(expected=7)])
    assert raised.value.code == "conflict"
    with pytest.raises(persona.Conflict):
        store.put(change(expected=0))
    with pytest.raises(KeyError, match="note '2'"):
        store.find("note", "2")
    assert store.find("note", "1").version == 1


def test_a_change_with_a_key_is_made_once(store):
    once = change(idempotency_key="order 7")
    assert store.put(once) == 1 and store.put([once, once]) == [1, 1]
    with pytest.raises(persona.Conflict, match="order 7"):
        store.put(change("2", idempotency_key="order 7"))


def test_removed_is_not_gone_until_it_is_purged(store, clock):
    store.put(change())
    assert store.remove("note", "1", actor="bo", expected=1) == 2
    for call in (lambda: store.find("note", "1"), lambda: store.remove("note", "1", actor="bo")):
        with pytest.raises(persona.NotFound):
            call()
    assert store.list("note") == [] and [one.is_removed for one in store.list("note", with_removed=True)] == [True]
    with pytest.raises(persona.Conflict):
        store.put(change())
    assert store.restore("note", "1", actor="bo") == 3 and store.find("note", "1").body == {"text": "here"}
    store.remove("note", "1", actor="bo")
    clock.advance(100)
    assert store.purge("note", clock.today() - 200, actor="bo") == 0
    assert store.purge("note", clock.today() - 50, actor="bo") == 4
    with pytest.raises(persona.NotFound):
        store.restore("note", "1", actor="bo")


def test_the_audit_trail_tells_who_did_what(store):
    store.put([change(), change("2", person="p1")])
    store.put(change(actor="bo"))
    store.remove("note", "1", actor="cy")
    store.erase_person("p1", actor="di")
    told = store.audit()
    assert [(line.actor, line.action, line.id) for line in told][:4] == [
        ("ana", "create", "1"), ("ana", "create", "2"), ("bo", "change", "1"), ("cy", "remove", "1")]
    assert ("di", "erase", "2") in [(line.actor, line.action, line.id) for line in told]
    assert store.audit(after=told[0].number, limit=2) == told[1:3]


def test_all_of_one_person_is_exported_and_erased(store):
    store.put([change(person="p1"), change("2", person="p1"), change("3", person="p2")])
    store.put(change(body={"secret": 1}, person="p1"))
    known = store.export_person("p1")
    assert known["person"] == "p1" and [one["body"] for one in known["records"]].count({"secret": 1}) == 1
    assert len(known["records"]) == 3 and len(known["audit"]) == 3
    erased = store.erase_person("p1", actor="bo")
    assert erased.records == 2 and isinstance(erased.at, float)
    assert store.export_person("p1")["records"] == [] and [one.id for one in store.list("note")] == ["3"]
    with pytest.raises(persona.Conflict, match="erased"):
        store.put(change("4", person="p1"))


@pytest.mark.parametrize("wrong", [{"kind": ""}, {"id": ""}, {"actor": ""}])
def test_a_change_must_say_what_and_who(store, wrong):
    with pytest.raises(persona.InvalidArgument):
        store.put(change().replace(**wrong))


def test_wrong_types_and_closed_stores(store):
    for call in (lambda: store.put({"kind": "note"}), lambda: store.put([1]), lambda: store.list("note", limit="all"),
                 lambda: store.purge("note", "yesterday", actor="x"), lambda: store.remove("note", "1"),
                 lambda: RecordChange("note", "1", expected="1"), lambda: store.audit(after=None)):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ValueError):
        store.purge("note", float("nan"), actor="x")
    store.close()
    store.close()
    with pytest.raises(ValueError, match="closed"):
        store.find("note", "1")


def test_many_threads_may_write(database):
    with database.open_records() as store:
        failures = []

        def write(number):
            for i in range(10):
                try:
                    store.put([change(f"{number}-{i}"), change("shared")])
                except persona.PersonaError as error:
                    failures.append(error)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert failures == [] and store.find("note", "shared").version == 40
        assert len(store.audit(limit=1000)) == 80


def test_values_look_like_data(store):
    store.put(change(person="p1"))
    found, made = store.find("note", "1"), change(expected=0)
    assert repr(made) == ("RecordChange(kind='note', id='1', body={'text': 'here'}, actor='ana', expected=0)")
    assert "version=1" in repr(found) and "person='p1'" in repr(found)
    for value in (found, made, store.audit()[0], records.Erasure(1, 2.5)):
        other = value.replace(**({"id": "9"} if hasattr(value, "id") else {"records": 9}))
        assert pickle.loads(pickle.dumps(value)) == value != other
    with pytest.raises(AttributeError):
        found.id = "2"


def test_a_document_that_somebody_broke_is_corrupted(tmp_path):
    with persona.sqlite.open_records(tmp_path / "people.db") as store:
        store.put(change())
        with sqlite3.connect(tmp_path / "people.db") as plain:
            plain.execute("UPDATE persona_record SET body = '{', version = 2 WHERE id = '1'")
        found = store.find("note", "1")
        with pytest.raises(persona.Corrupted):
            found.body
