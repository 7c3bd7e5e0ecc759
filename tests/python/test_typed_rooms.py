"""Groups, templates, API keys, evidence and usage, in SQLite and Postgres alike, alone and in a transaction."""

import asyncio
import copy
import inspect
import json
import logging
import pickle
import re
import traceback

import pytest

import persona
from persona import records, testing
from persona.records import ApiKey, Evidence, Group, TemplateText, Usage


@pytest.fixture
def clock():
    return testing.FakeClock()


@pytest.fixture
def store(database, clock):
    with database.open_records(clock=clock) as opened:
        yield opened


def test_groups_are_kept_and_changed_by_who_read_them(store):
    assert records.put_group(store, Group("a", "Elders", "over 65", ["p1", "p2"]), actor="ana") == 1
    found = records.find_group(store, "a")
    assert found == Group("a", "Elders", "over 65", ["p1", "p2"], version=1)
    assert records.put_group(store, found.replace(members=["p1"]), actor="bo") == 2
    with pytest.raises(persona.Conflict):
        records.put_group(store, found.replace(name="Old"), actor="cy")
    with pytest.raises(persona.Conflict):
        records.put_group(store, Group("a"), actor="cy")
    for id in "bc":
        records.put_group(store, Group(id), actor="ana")
    assert [group.id for group in records.list_groups(store, after="a", limit=1)] == ["b"]
    assert len(records.list_groups(store)) == 3
    with pytest.raises(persona.NotFound):
        records.find_group(store, "z")
    assert [line.actor for line in store.audit()] == ["ana", "bo", "ana", "ana"]


def test_every_version_of_a_template_can_be_found(store):
    assert records.put_template(store, TemplateText("hello", "Hi {name}"), actor="ana") == 1
    assert records.put_template(store, TemplateText("hello", "Hi {name}", version=1), actor="ana") == 1  # the same
    assert records.put_template(store, TemplateText("hello", "Dear {name}", "politer", 1), actor="bo") == 2
    assert records.find_template(store, "hello") == TemplateText("hello", "Dear {name}", "politer", 2)
    assert records.find_template(store, "hello", 1).text == "Hi {name}"
    assert [one.version for one in records.template_versions(store, "hello")] == [1, 2]
    with pytest.raises(persona.Conflict):
        records.put_template(store, TemplateText("hello", "Yo", version=1), actor="cy")
    for call in (lambda: records.find_template(store, "hello", 3), lambda: records.template_versions(store, "bye")):
        with pytest.raises(persona.NotFound):
            call()


def test_evidence_says_what_backs_what(store):
    for id, weight in (("census", 1), ("survey", 0.5)):
        assert records.put_evidence(store, Evidence("age", id, "a table", "median 40", weight, "p1"), actor="ana") == 1
    found = records.evidence_about(store, "age")
    assert [(one.id, one.weight, one.version) for one in found] == [("census", 1, 1), ("survey", 0.5, 1)]
    assert records.put_evidence(store, found[0].replace(weight=0), actor="ana") == 2 and records.evidence_about(store, "x") == []
    for wrong in (Evidence("age", "x", weight=1.5), Evidence("age", "x", weight=float("nan")), Evidence("a/b", "x")):
        with pytest.raises(persona.InvalidArgument):
            records.put_evidence(store, wrong, actor="ana")
    assert store.erase_person("p1", actor="bo").records == 2 and records.evidence_about(store, "age") == []


def test_usage_is_added_up_once(store):
    cent = persona.Money(0.01)
    for key, at in (("a", 10.0), ("a", 10.0), ("b", 10.0), ("a", 20.0)):
        records.add_usage(store, Usage("acme", "generate", 1000, cent, at), key, actor="ana")
    total = records.total_usage(store, "acme", 0, 20)
    assert (total.entries, total.units, total.cost) == (2, 2000, persona.Money("$0.02"))
    assert records.total_usage(store, "acme", 0, 20.001).entries == 3 and records.total_usage(store, "b", 0, 99).entries == 0
    for wrong in (Usage("", "x"), Usage("a/b", "x"), Usage("a", "x", -1)):
        with pytest.raises(persona.InvalidArgument):
            records.add_usage(store, wrong, "k", actor="ana")


def test_a_key_lets_in_who_has_it_until_it_is_over(store, clock):
    made = records.make_api_key(store, ApiKey(owner="ana", scopes=["read"], expires=clock.today() + 60), actor="admin")
    text = made.text.reveal()
    assert re.fullmatch(rf"persona_{made.key.id}_[0-9a-f]{{64}}", text)
    for presented in (text, made.text, persona.Secret.from_function(lambda: text)):
        assert records.verify_api_key(store, presented, clock.today()) == made.key
    other = records.make_api_key(store, ApiKey(owner="bo"), actor="admin")
    assert records.verify_api_key(store, other.text) == other.key and other.key.expires is None
    assert [key.owner for key in sorted(records.list_api_keys(store), key=lambda key: key.owner)] == ["ana", "bo"]
    records.revoke_api_key(store, other.key.id, actor="admin")
    assert records.list_api_keys(store) == [made.key]
    last = "0" if text[-1] != "0" else "1"
    wrong = ["", "persona_", text[:-1], text[:-1] + last, text.upper(), " " + text, "persona_" + "0" * 16 + text[24:], other.text,
             persona.Secret(), persona.Secret.from_environment("THERE_IS_NO_SUCH"), "persona_" + "\0" * 16 + text[24:],
             "persona_" + "ü" * 8 + text[24:], "x" * 10**6]
    told = set()
    for presented in wrong:
        with pytest.raises(persona.Unauthenticated) as raised:
            records.verify_api_key(store, presented, clock.today())
        told.add(raised.value.message)
    assert len(told) == 1  # which of them is not said
    with pytest.raises(persona.Unauthenticated):
        records.verify_api_key(store, text, clock.today() + 60)
    with pytest.raises(persona.NotFound):
        records.revoke_api_key(store, "nobody", actor="admin")


def test_a_key_is_shown_once_and_nowhere_else(store, clock, caplog):
    made = records.make_api_key(store, ApiKey(owner="ana", scopes=["read"]), actor="admin")
    text = made.text.reveal()
    secret = text.split("_")[2]
    logging.getLogger("x").warning("made %s %r %s", made, made, vars(type(made)))
    shown = [repr(made), str(made), f"{made}", caplog.text, json.dumps(store.list("api_key")[0].body),
             repr(store.history("api_key", made.key.id)), repr(store.audit()), repr(records.list_api_keys(store))]
    for call in (lambda: records.verify_api_key(store, text[:-1] + "x"), lambda: records.verify_api_key(text, text),
                 lambda: records.verify_api_key(store, text.encode()), lambda: records.verify_api_key(store, [text]),
                 lambda: records.verify_api_key(store, text, "now"), lambda: records.verify_api_key(None, text),
                 lambda: asyncio.run(records.verify_api_key_async(text, store))):
        with pytest.raises((persona.PersonaError, TypeError)) as raised:
            call()
        shown.append("".join(traceback.format_exception_only(raised.value)))
    assert not [one for one in shown if secret in one]
    for travel in (pickle.dumps, copy.deepcopy, copy.copy):
        with pytest.raises(TypeError):
            travel(made)


def test_they_stand_or_fall_with_a_transaction(database):
    with database.open_database() as rooms:
        def work(inside):
            records.put_group(inside.records, Group("a"), actor="ana")
            records.put_template(inside.records, TemplateText("t", "x"), actor="ana")
            records.put_evidence(inside.records, Evidence("age", "1"), actor="ana")
            records.add_usage(inside.records, Usage("acme", "x", 1), "k", actor="ana")
            made = records.make_api_key(inside.records, ApiKey(owner="ana"), actor="ana")
            assert records.verify_api_key(inside.records, made.text).owner == "ana"
            return made

        def fails(inside):
            work(inside)
            raise KeyError

        with pytest.raises(KeyError):
            rooms.transact(fails)
        assert rooms.status().records == {}
        made = rooms.transact(work)
        assert rooms.status().records == dict.fromkeys(["api_key", "evidence", "group", "template", "usage"], 1)
        assert records.verify_api_key(rooms.records, made.text) == made.key


def test_every_function_has_a_twin_that_answers_the_same(database):
    plain = {name for name in records.__all__ if name.islower() and not name.endswith("_async")}
    assert {name[:-6] for name in records.__all__ if name.endswith("_async")} == plain
    assert all(inspect.iscoroutinefunction(getattr(records, f"{name}_async")) for name in plain)

    async def main():
        async with await database.open_records_async() as store:
            assert await records.put_group_async(store, Group("a"), actor="ana") == 1
            assert await records.find_group_async(store, "a") == records.find_group(store, "a")
            assert await records.list_groups_async(store, limit=5) == [Group("a", version=1)]
            assert await records.put_template_async(store, TemplateText("t", "x"), actor="ana") == 1
            assert await records.find_template_async(store, "t") == (await records.template_versions_async(store, "t"))[0]
            assert await records.put_evidence_async(store, Evidence("age", "1"), actor="ana") == 1
            assert len(await records.evidence_about_async(store, "age")) == 1
            await records.add_usage_async(store, Usage("acme", "x", 7), "k", actor="ana")
            assert (await records.total_usage_async(store, "acme", 0, 1)).units == 7
            made = await records.make_api_key_async(store, ApiKey(owner="ana"), actor="ana")
            assert await records.verify_api_key_async(store, made.text.reveal()) == made.key
            await records.revoke_api_key_async(store, made.key.id, actor="ana")
            assert await records.list_api_keys_async(store) == []

    asyncio.run(main())


def test_values_look_like_data_and_wrong_types_are_refused(store):
    for value in (Group("a", members=["b"]), TemplateText("t", "x"), Evidence("a", "b"), Usage("a", "b", 1),
                  ApiKey(owner="ana", expires=5.5), records.UsageTotal(1, 2)):
        assert pickle.loads(pickle.dumps(value)) == value == copy.copy(value)
        assert repr(value).startswith(type(value).__name__ + "(")
    for call in (lambda: Group(7), lambda: records.put_group(store, {"id": "a"}, actor="x"), lambda: Usage(at="noon"),
                 lambda: records.put_group(store, Group("a")), lambda: records.put_group(None, Group("a"), actor="x"),
                 lambda: records.total_usage(store, "a", None, 1), lambda: ApiKey(scopes="read")):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ValueError):
        records.put_group(store, Group("a"), actor="\ud800")
    with pytest.raises(persona.InvalidArgument):
        records.put_group(store, Group("a"), actor="")
    store.close()
    with pytest.raises(ValueError, match="closed"):
        records.find_group(store, "a")
