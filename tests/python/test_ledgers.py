"""Answers, accounts and runs in a database: the same in an SQLite file and in Postgres, for all who share it."""

import asyncio
import inspect
import pathlib
import threading

import pytest

import persona
from persona import llm, prompt, testing
from postgres_server import PASSWORD, fresh_postgres

KINDS = pathlib.Path(__file__).parents[2] / "examples" / "kinds.jsonl"


def ask(**more):
    return llm.Request("gpt-4o-mini", "hello", temperature=0, **more)


def test_answers_are_kept_for_all_who_open_it(database):
    first = llm.cached(testing.ScriptedProvider(["once", "again"]), database.open_cache())
    assert first.complete(ask()).source == "provider"
    cache, nobody = database.open_cache(), testing.ScriptedProvider([])
    other = llm.cached(nobody, cache)
    reply = other.complete(ask())
    assert (reply.text, reply.source) == ("once", "stored_cache")
    cache.erase(llm.cache_key("scripted", ask()))
    with pytest.raises(persona.Unavailable):
        other.complete(ask())
    assert first.complete(ask()).text == "again"


def test_a_cap_is_kept_by_all_together(database):
    ledgers = [database.open_ledger() for _ in range(2)]
    ledgers[0].set_cap("a", llm.Cap(calls=10, money=persona.Money("$1")))
    outcomes = []

    def spend(ledger):
        for _ in range(10):
            try:
                reservation = ledger.reserve(["a", "b"], llm.Charge(calls=1, money="$0.01"))
                ledger.settle(reservation, llm.Charge(calls=1, money="$0.005"))
                outcomes.append("paid")
            except persona.QuotaExceeded:
                outcomes.append("refused")

    threads = [threading.Thread(target=spend, args=(ledger,)) for ledger in ledgers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert outcomes.count("paid") == 10 and outcomes.count("refused") == 10
    balance = database.open_ledger().balance("a")
    assert balance.spent == llm.Charge(calls=10, money="$0.05") and balance.cap.calls == 10
    assert balance.reserved == llm.Charge() and ledgers[1].balance("b").spent.calls == 10
    with pytest.raises(persona.NotFound):
        ledgers[0].settle("nothing", llm.Charge())


def test_what_the_dead_reserved_is_booked_at_its_most(postgres):
    fresh, clock = fresh_postgres(postgres), testing.FakeClock()
    ledger = fresh.open_ledger(lease=60, clock=clock)
    left = ledger.reserve(["a"], llm.Charge(tokens=100))
    clock.advance(30)
    assert fresh.open_ledger(lease=60, clock=clock).balance("a").spent.tokens == 0
    clock.advance(31)
    late = fresh.open_ledger(lease=60, clock=clock)
    assert (late.balance("a").spent.tokens, late.balance("a").reserved.tokens) == (100, 0)
    ledger.settle(left, llm.Charge(tokens=7))  # it was alive after all
    assert late.balance("a").spent.tokens == 7


def test_answers_expire_by_the_clock_that_was_given(postgres):
    fresh, clock = fresh_postgres(postgres), testing.FakeClock()
    options = llm.CacheOptions(time_to_live=60, clock=clock)
    model = llm.cached(testing.ScriptedProvider(["old", "new"]), fresh.open_cache(clock=clock), options)
    assert [model.complete(ask()).text for _ in range(2)] == ["old", "old"]
    clock.advance(120)
    assert model.complete(ask()).text == "new"


def optimizer(ledger, **options):
    train, validation, _ = prompt.split(prompt.read_dataset(str(KINDS)), 0.4, 0.6)
    return prompt.PromptOptimizer(
        prompt.predict("sentence -> kind: 'animal'|'plant'|'tool'"), train=train, validation=validation,
        metric=prompt.exact_match("kind"), model=llm.offline(), model_name="offline", budget=prompt.Budget(calls=500),
        ledger=ledger, **options)


def test_a_run_is_kept_and_pays_nothing_twice(database):
    first = optimizer(database.open_run_ledger()).optimize()
    ledger = database.open_run_ledger()
    again = optimizer(ledger).optimize()
    assert again.report.to_json() == first.report.to_json()
    assert again.report.spent.replayed_calls == again.report.spent.calls == first.report.spent.calls > 0
    assert ledger.runs == ["run"] and len(ledger.entries("run")) >= first.report.spent.calls
    assert prompt.parse_report(ledger.report("run")).to_json() == first.report.to_json()
    for call in (ledger.entries, ledger.report):
        with pytest.raises(persona.NotFound):
            call("nowhere")
    with database.open_database() as rooms:
        assert (rooms.status().runs, rooms.status().finished_runs) == (1, 1)


@pytest.mark.parametrize("kind", [llm.ResponseCache, llm.Ledger, prompt.RunLedger])
def test_every_member_has_a_twin(kind):
    members = {name for name in vars(kind) if not name.startswith("_")}
    assert {name[:-6] for name in members if name.endswith("_async")} == {n for n in members if not n.endswith("_async")}
    assert all(inspect.iscoroutinefunction(getattr(kind, name)) for name in members if name.endswith("_async"))


def test_the_same_from_asyncio(database):
    async def main():
        ledger = database.open_ledger()
        await ledger.set_cap_async("a", llm.Cap(tokens=5))
        reservation = await ledger.reserve_async(["a"], llm.Charge(tokens=4))
        with pytest.raises(persona.QuotaExceeded):
            await ledger.reserve_async(["a"], llm.Charge(tokens=2))
        await ledger.settle_async(reservation, llm.Charge(tokens=3))
        assert (await ledger.balance_async("a")).spent.tokens == 3
        await database.open_cache().erase_async("nothing")
        runs = database.open_run_ledger()
        await asyncio.to_thread(optimizer(runs).optimize)
        assert await runs.runs_async() == ["run"] and await runs.report_async("run") == runs.report("run")
        assert len(await runs.entries_async("run")) == len(runs.entries("run"))
        openings = database.open_cache_async(), database.open_ledger_async(lease=5), database.open_run_ledger_async()
        for opening, kind in zip(openings, ("ResponseCache", "Ledger", "RunLedger")):
            assert type(await opening).__name__ == kind

    asyncio.run(main())


def test_options_are_those_of_open_and_no_password_is_told(postgres):
    fresh = fresh_postgres(postgres)
    for name in ("open_cache", "open_ledger", "open_run_ledger", "open_database"):
        opening = getattr(persona.postgres, name)
        with pytest.raises(persona.Unauthenticated) as refused:
            opening(f"{fresh.where} password=wrong-secret")
        with pytest.raises(TypeError) as wrong:
            opening(fresh.where, password=PASSWORD, nonsense="wrong-secret")
        with pytest.raises(TypeError) as shown:
            opening(fresh.where, password=PASSWORD, connections="wrong-secret"[:0])
        told = str(refused.value) + str(wrong.value) + str(shown.value)
        assert "wrong-secret" not in told and PASSWORD not in told
        with pytest.raises(persona.PersonaError):
            opening(fresh.where, **{**fresh.options, "create": False})
