"""Job queues from Python, in SQLite and Postgres alike."""

import pickle
import threading
import time

import pytest

import persona
from persona import jobs, testing
from persona.jobs import JobAttempt, JobOutcome, NewJob


@pytest.fixture
def clock():
    return testing.FakeClock()


@pytest.fixture
def queue(database, clock):
    with database.open_jobs(clock=clock) as opened:
        yield opened


def test_a_job_goes_from_hand_to_hand(queue, clock):
    number = queue.enqueue(NewJob("greet", {"whom": ["Ana", None]}, priority=3, most_attempts=2, first_back_off=7))
    waiting = queue.find(number)
    assert (waiting.state, waiting.attempt, waiting.lease_end, waiting.ended, waiting.result) == ("waiting", 0, None, None, None)
    assert waiting.work == NewJob("greet", {"whom": ["Ana", None]}, priority=3, most_attempts=2, first_back_off=7)
    assert waiting.made == waiting.due == pytest.approx(clock.today(), abs=0.002)
    claimed, = queue.claim(worker="me", lease=60)
    assert (claimed.state, claimed.attempt, claimed.worker) == ("running", 1, "me")
    assert claimed.lease_end - clock.today() == pytest.approx(60, abs=0.002) and queue.claim() == []
    assert queue.heartbeat(claimed, 0.5, lease=90) is False
    assert queue.find(number).progress == 0.5 and queue.find(number).lease_end > claimed.lease_end
    assert queue.complete(claimed, {"said": "hello"}) is True and queue.complete(claimed, 1) is False
    done = queue.find(number)
    assert (done.state, done.result, done.progress, done.is_cancel_asked) == ("completed", {"said": "hello"}, 1, False)
    assert done.ended == pytest.approx(clock.today(), abs=0.002)


def test_priority_delay_and_keys(queue, clock):
    numbers = queue.enqueue([NewJob("a"), NewJob("b", priority=1), NewJob("c", delay=30), NewJob("d", queue="other")])
    assert len(set(numbers)) == 4 and [job.work.kind for job in queue.claim(most=9, lease=60)] == ["b", "a"]
    clock.advance(31)
    assert [job.work.kind for job in queue.claim(most=9)] == ["c"]
    assert [job.work.kind for job in queue.claim("other")] == ["d"]
    once = NewJob("e", unique_key="u", idempotency_key="i")
    assert len(set(queue.enqueue([once, once]))) == 1
    job, = queue.claim()
    assert queue.complete([JobOutcome(job, "done"), JobOutcome(JobAttempt(numbers[3], 9), None)]) == [True, False]
    assert queue.enqueue(once) == job.id and queue.enqueue(NewJob("e", unique_key="u")) != job.id


def test_a_failure_waits_twice_as_long_each_time_and_then_is_dead(queue, clock):
    number = queue.enqueue(NewJob("a", first_back_off=10, most_attempts=3))
    for wait in (10, 20):
        queue.fail(queue.claim()[0], "no luck")
        failed = queue.find(number)
        assert failed.state == "waiting" and failed.due - clock.today() == pytest.approx(wait, abs=0.002)
        clock.advance(wait)
    queue.fail(queue.claim()[0], "no luck at all")
    assert [job.error for job in queue.list(state="dead")] == ["no luck at all"]
    queue.revive(number)
    assert queue.find(number).state == "waiting"
    queue.fail(queue.claim()[0], "never", retry=False)
    assert queue.find(number).state == "dead"
    assert queue.forget(clock.today()) == 0 and queue.forget(clock.today() + 1) == 1
    with pytest.raises(KeyError, match=f"job {number}"):
        queue.find(number)


def test_what_an_older_attempt_says_counts_for_nothing(queue, clock):
    number = queue.enqueue(NewJob("a"))
    old, = queue.claim(lease=5)
    clock.advance(6)
    new, = queue.claim()
    assert (new.id, new.attempt) == (number, 2)
    for call in (lambda: queue.heartbeat(old), lambda: queue.fail(old, "late"), lambda: queue.release(old)):
        with pytest.raises(persona.Conflict) as raised:
            call()
        assert raised.value.code == "conflict"
    assert queue.complete(old) is False
    queue.release(JobAttempt(new))
    assert queue.claim()[0].id == number


def test_cancelling(queue):
    first, second = queue.enqueue([NewJob("a"), NewJob("b")])
    running, = queue.claim()
    queue.cancel(second)
    assert queue.find(second).state == "cancelled"
    queue.cancel(first)
    assert queue.find(first).is_cancel_asked and queue.heartbeat(running) is True
    queue.fail(running, "told to end")
    assert queue.find(first).state == "cancelled"
    with pytest.raises(persona.Conflict):
        queue.cancel(first)
    with pytest.raises(persona.NotFound):
        queue.cancel(999)
    assert [job.id for job in queue.list(state="cancelled", after=first, limit=1)] == [second]


def test_a_schedule_makes_jobs(queue, clock):
    queue.schedule("nightly", "30 3 * * *", NewJob("report", {"n": 1}))
    assert queue.claim() == []
    clock.advance(86_400)
    assert [job.work.arguments for job in queue.claim()] == [{"n": 1}] and queue.claim() == []
    queue.unschedule("nightly")
    with pytest.raises(persona.NotFound):
        queue.unschedule("nightly")
    with pytest.raises(persona.InvalidArgument, match="minute"):
        queue.schedule("bad", "61 * * * *", NewJob("report"))


def test_waiting_ends_when_a_job_comes_or_by_its_context(database):
    with database.open_jobs() as queue:
        began = time.monotonic()
        queue.wait(most=0.0)
        queue.wait(most=1000, context=persona.Context(timeout=0.01))
        threading.Timer(0.05, lambda: queue.enqueue(NewJob("a"))).start()
        while not queue.claim():
            queue.wait(most=1000)
        context = persona.Context()
        threading.Timer(0.05, context.stop).start()
        queue.wait("other", most=1000, context=context)
        assert time.monotonic() - began < 500


def test_what_no_queue_takes_is_refused(queue):
    for job in (NewJob(""), NewJob("a", queue=""), NewJob("a", most_attempts=0), NewJob("a", delay=-1)):
        with pytest.raises(persona.InvalidArgument):
            queue.enqueue(job)
    for call in (lambda: queue.claim(most=0), lambda: queue.claim(lease=0)):
        with pytest.raises(persona.InvalidArgument):
            call()
    for call in (lambda: queue.enqueue("a"), lambda: queue.enqueue([{"kind": "a"}]), lambda: queue.find("1"),
                 lambda: queue.complete("1"), lambda: queue.forget("now"), lambda: queue.claim(lease="30"),
                 lambda: NewJob("a", priority="high"), lambda: NewJob("a", {"x": {1}}), lambda: queue.heartbeat(1)):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(ValueError, match="'waiting', 'running'"):
        queue.list(state="lost")
    assert queue.list() == []
    queue.close()
    with pytest.raises(ValueError, match="job queue is closed"):
        queue.claim()


def test_values_look_like_data(queue):
    made = NewJob("greet", {"whom": "Ana"}, delay=1.5)
    assert repr(made) == "NewJob(kind='greet', arguments={'whom': 'Ana'}, delay=1.5)"
    assert pickle.loads(pickle.dumps(made)) == made != made.replace(delay=2)
    queue.enqueue(made)
    assert "kind='greet'" in repr(queue.list()[0])


def test_many_threads_claim_each_job_once(database):
    with database.open_jobs() as queue:
        queue.enqueue([NewJob("a", i) for i in range(60)])
        done, lock = [], threading.Lock()

        def work():
            while claimed := queue.claim(most=4):
                with lock:
                    done.extend(job.work.arguments for job in claimed)
                assert queue.complete([JobOutcome(job) for job in claimed]) == [True] * len(claimed)

        threads = [threading.Thread(target=work) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert sorted(done) == list(range(60)) and len(queue.list(state="completed", limit=99)) == 60
