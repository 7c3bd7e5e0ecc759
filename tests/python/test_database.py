"""All rooms of a database at once: what is done in one transaction is there whole or not at all."""

import gc
import os
import signal
import subprocess
import sys
import threading

import pytest

import persona
from persona import jobs, records, testing
from persona.records import RecordChange
from postgres_server import fresh_postgres


class Mine(Exception):
    """Nobody else raises it."""


@pytest.fixture
def rooms(database):
    with database.open_database() as opened:
        yield opened


def change(id="1", **more):
    return RecordChange("note", id, {"id": id}, **{"actor": "ana", **more})


def put_both(rooms):
    return rooms.records.put(change()), rooms.jobs.enqueue(jobs.NewJob("send", {"note": "1"}))


def nothing_is_there(rooms):
    return rooms.records.list("note") == [] and rooms.jobs.list() == [] and rooms.records.audit() == []


def test_what_the_work_returns_is_returned_and_all_is_there(rooms):
    version, number = rooms.transact(put_both)
    assert version == 1 and rooms.records.find("note", "1").body == {"id": "1"}
    assert rooms.jobs.find(number).work.arguments == {"note": "1"}
    assert rooms.transact(lambda inside: None) is None


@pytest.mark.parametrize("kind", [Mine, KeyboardInterrupt, SystemExit, persona.NotFound])
def test_what_the_work_raises_undoes_all_and_is_raised_itself(rooms, kind):
    thrown = kind("no")

    def work(inside):
        put_both(inside)
        raise thrown

    with pytest.raises(kind) as raised:
        rooms.transact(work)
    assert raised.value is thrown and raised.traceback[-1].name == "work"
    assert nothing_is_there(rooms)
    rooms.transact(put_both)


def test_an_error_of_a_room_keeps_what_it_says(rooms):
    rooms.records.put(change())
    with pytest.raises(persona.Conflict, match="version 1, not 7") as raised:
        rooms.transact(lambda inside: (inside.jobs.enqueue(jobs.NewJob("a")), inside.records.put(change(expected=7))))
    assert raised.value.code == "conflict" and rooms.jobs.list() == []


def test_what_fails_in_one_call_may_be_caught(rooms):
    def work(inside):
        inside.records.put(change("a"))
        with pytest.raises(persona.Conflict):
            inside.records.put([change("b"), change("a", expected=9)])
        inside.records.put(change("c"))

    rooms.transact(work)
    assert [one.id for one in rooms.records.list("note")] == ["a", "c"]


def test_rooms_are_over_with_their_transaction(rooms):
    kept = []
    rooms.transact(kept.append)
    with pytest.raises(Mine):
        rooms.transact(lambda inside: (kept.append(inside), exec("raise Mine", {"Mine": Mine})))
    for inside in kept:
        for call in (lambda: inside.records.find("note", "1"), lambda: inside.records.put(change()),
                     lambda: inside.jobs.enqueue(jobs.NewJob("a")), lambda: inside.jobs.list(),
                     lambda: records.put_group(inside.records, records.Group("a"), actor="ana")):
            with pytest.raises(ValueError, match="over"):
                call()
    assert nothing_is_there(rooms)


def test_the_databases_own_rooms_are_closed_meanwhile(rooms, people):
    rooms.populations.put("town", people[:50])

    def work(inside):
        inside.records.put(change())
        for call in (lambda: rooms.records.find("note", "1"), lambda: rooms.records.put(change("2")),
                     lambda: rooms.jobs.enqueue(jobs.NewJob("a")), lambda: rooms.transact(put_both), rooms.status,
                     lambda: rooms.copy_rooms(rooms)):
            with pytest.raises(persona.Conflict, match="use the rooms that it gives"):
                call()
        assert rooms.populations.count("town") == 50  # waits for nobody
        return inside.records.find("note", "1").version

    assert rooms.transact(work) == 1 and rooms.records.find("note", "1").version == 1


def test_a_transaction_of_another_database_is_another(database, tmp_path):
    with database.open_database() as one, persona.sqlite.open_database(tmp_path / "other.db") as other:
        def work(inside):
            inside.records.put(change())

            def deeper(others):
                others.records.put(change())
                with pytest.raises(persona.Conflict):
                    one.records.put(change("2"))

            other.transact(deeper)
            raise Mine

        with pytest.raises(Mine):
            one.transact(work)
        assert nothing_is_there(one) and [note.id for note in other.records.list("note")] == ["1"]


def test_other_threads_may_use_the_rooms_one_at_a_time(rooms):
    def work(inside):
        def write(number):
            for i in range(20):
                inside.records.put([change(f"{number}-{i}"), change("shared")])

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        return inside.records.find("note", "shared").version

    assert rooms.transact(work) == 80 and len(rooms.records.list("note", limit=1000)) == 81


def test_a_thread_that_goes_on_too_long_finds_it_over(rooms):
    begun, outcomes = threading.Event(), []

    def write(inside):
        try:
            for i in range(10**6):
                inside.records.put(change(str(i)))
                begun.set()
        except ValueError as error:
            outcomes.append((i, str(error)))

    def work(inside):
        thread = threading.Thread(target=write, args=(inside,))
        thread.start()
        begun.wait()
        return thread

    rooms.transact(work).join()
    written, told = outcomes[0]
    assert "over" in told and len(rooms.records.list("note", limit=10**6)) == written >= 1


def test_work_of_many_threads_is_one_after_the_other(rooms):
    def add(inside):
        found = inside.records.list("note")
        count = found[0].body["n"] if found else 0
        inside.records.put(RecordChange("note", "count", {"n": count + 1}, actor="ana",
                                        expected=found[0].version if found else 0))

    def work(failures):
        for _ in range(10):
            while True:  # the version that it read may be old on Postgres
                try:
                    rooms.transact(add)
                    break
                except persona.Conflict:
                    failures.append(1)

    failures = []
    threads = [threading.Thread(target=work, args=(failures,)) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert rooms.records.find("note", "count").body == {"n": 40}


def test_work_must_be_a_plain_function(rooms):
    async def later(inside):
        raise AssertionError("never run")

    with pytest.raises(TypeError, match="transact_async"):
        rooms.transact(later)
    for wrong in (None, 7):
        with pytest.raises(TypeError):
            rooms.transact(wrong)
    with pytest.raises(TypeError):
        rooms.transact()
    with pytest.raises(TypeError):
        rooms.transact(lambda: None)


def test_a_worker_has_no_use_for_the_queue_of_a_transaction(rooms):
    def work(inside):
        jobs.Worker(inside.jobs, {}).run()

    with pytest.raises(persona.InvalidArgument, match="transaction"):
        rooms.transact(work)


def test_a_worker_does_what_a_transaction_enqueued(rooms):
    def greet(job):
        worker.stop()
        return job.arguments

    worker = jobs.Worker(rooms.jobs, {"greet": greet})
    thread = threading.Thread(target=worker.run)
    thread.start()
    number = rooms.transact(lambda inside: inside.jobs.enqueue(jobs.NewJob("greet", 7)))
    thread.join()
    assert rooms.jobs.find(number).result == 7


def test_rooms_are_the_same_objects_and_closed_with_their_database(database, people):
    with database.open_database() as rooms:
        assert rooms.records is rooms.records and rooms.jobs is rooms.jobs and rooms.populations is rooms.populations
        rooms.populations.put("town", people[:10])
        with rooms.records as store:
            store.put(change())
        assert rooms.records.find("note", "1").version == 1  # opened anew
        kept = (rooms.populations, rooms.records, rooms.jobs)
    for call in (lambda: kept[0].list(), lambda: kept[1].find("note", "1"), lambda: kept[2].list(), lambda: rooms.records,
                 lambda: rooms.transact(put_both), rooms.status):
        with pytest.raises(ValueError, match="closed"):
            call()
    rooms.close()


def test_a_room_keeps_its_database(database):
    rooms = database.open_database()
    store = rooms.records
    del rooms
    gc.collect()
    assert store.put(change()) == 1


def test_status_counts_what_is_there(rooms, people, generator):
    empty = rooms.status()
    assert (empty.populations, empty.jobs, empty.records, empty.runs, empty.finished_runs) == ([], {}, {}, 0, 0)
    rooms.populations.put("town", people[:500])
    rooms.populations.put_recipe("recipe", generator, count=10**6, seed=7)
    rooms.records.put([change("1"), change("2"), RecordChange("group", "a", {}, actor="ana")])
    rooms.records.remove("note", "2", actor="ana")
    rooms.jobs.enqueue([jobs.NewJob("a"), jobs.NewJob("a")])
    rooms.jobs.claim()
    status = rooms.status()
    assert [(one.record.name, one.record.count) for one in status.populations] == [("recipe", 10**6), ("town", 500)]
    assert all(one.bytes is None or one.bytes > 0 for one in status.populations)
    assert status.jobs == {"running": 1, "waiting": 1} and status.records == {"group": 1, "note": 1}
    assert status.bytes > 0 and "records={'group': 1, 'note': 1}" in repr(status)


def test_who_may_only_read_changes_nothing(database):
    with database.open_database() as rooms:
        rooms.transact(put_both)
    with database.open_database(read_only=True) as rooms:
        assert rooms.records.find("note", "1").version == 1 and rooms.status().jobs == {"waiting": 1}
        for call in (lambda: rooms.transact(put_both), lambda: rooms.records.put(change("2"))):
            with pytest.raises(persona.PersonaError):
                call()


def test_options_and_clock_reach_the_rooms(database, people):
    clock = testing.FakeClock()
    with database.open_database(clock=clock, replace=True) as rooms:
        rooms.transact(put_both)
        assert rooms.records.find("note", "1").changed == pytest.approx(clock.today(), abs=0.002)
        for count in (10, 20):
            rooms.populations.put("town", people[:count])
        assert rooms.populations.count("town") == 20
    with pytest.raises(TypeError):
        database.open_database(nonsense=1)
    steps = database.module.schema_steps()
    assert [step.version for step in steps] == list(range(1, database.module.schema_version() + 1))
    assert "persona_job" in [table for step in steps for table in step.tables]


def test_postgres_runs_work_again_where_another_was_faster(postgres):
    fresh = fresh_postgres(postgres)
    with fresh.open_database() as rooms:
        rooms.records.put([change("a"), change("b")])
        met, runs = threading.Barrier(2), []

        def work(first, second):
            def once(inside):
                runs.append(first)
                inside.records.put(change(first))
                if len(runs) <= 2:
                    met.wait()  # both hold their first row: the second is a deadlock, which the database ends
                inside.records.put(change(second))
                return runs.count(first)

            return rooms.transact(once)

        answers = []
        threads = [threading.Thread(target=lambda pair=pair: answers.append(work(*pair))) for pair in ("ab", "ba")]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert max(answers) >= 2 and sum(answers) == len(runs)  # one of them was run again, and says so
        assert [rooms.records.find("note", id).version for id in "ab"] == [3, 3]


KILLED = """
import os, signal, sys, persona
from persona import jobs, records
with persona.sqlite.open_database(sys.argv[1]) as rooms:
    def work(inside):
        inside.records.put(records.RecordChange("note", "1", {}, actor="ana"))
        inside.jobs.enqueue(jobs.NewJob("a"))
        os.kill(os.getpid(), getattr(signal, sys.argv[2]))
        signal.pause()
    try:
        rooms.transact(work)
    except KeyboardInterrupt:
        print(len(rooms.records.list("note")), "interrupted")
"""


def test_a_process_that_is_killed_leaves_nothing(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "a.db", "SIGKILL"], env=os.environ)
    assert done.returncode == -signal.SIGKILL
    with persona.sqlite.open_database(tmp_path / "a.db") as rooms:
        assert nothing_is_there(rooms)
        rooms.transact(put_both)


def test_ctrl_c_in_the_work_undoes_it(tmp_path):
    code = "import signal; signal.signal(signal.SIGTERM, lambda *_: None)\n" + KILLED  # and with handlers of its own
    for script in (KILLED, code):
        done = subprocess.run([sys.executable, "-c", script, tmp_path / "a.db", "SIGINT"], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "0 interrupted\n"), done.stderr
