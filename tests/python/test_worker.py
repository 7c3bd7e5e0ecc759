"""Workers with handlers written in Python, in SQLite and Postgres alike."""

import asyncio
import contextvars
import gc
import os
import signal
import subprocess
import sys
import threading
import weakref

import pytest

import persona
from persona import jobs, testing
from persona.jobs import NewJob, Worker, WorkerOptions

QUICK = {"first_back_off": 0.001}


@pytest.fixture
def queue(database):
    with database.open_jobs() as opened:
        yield opened


def run_until(queue, worker, state=lambda job: job.ended is not None):
    """Runs the worker on another thread until all jobs are as they should be."""
    reports, failures = [], []

    def run():
        try:
            reports.append(worker.run())
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and not all(state(job) for job in queue.list(limit=1000)):
        thread.join(0.01)
    worker.stop()
    thread.join()
    if failures:
        raise failures[0]
    return reports[0]


def test_plain_and_async_handlers_do_jobs(queue):
    numbers = queue.enqueue([NewJob(kind, {"n": n}) for n in range(10) for kind in ("plain", "async")])

    async def later(job):
        await asyncio.sleep(0)
        return [job.arguments["n"], "async"]

    worker = Worker(queue, {"plain": lambda job: job.arguments, "async": later}, WorkerOptions(threads=3, name="me"))
    assert run_until(queue, worker).completed == 20
    results = [queue.find(number).result for number in numbers]
    assert results == [result for n in range(10) for result in ({"n": n}, [n, "async"])]
    assert {queue.find(number).worker for number in numbers} == {"me"}
    assert worker.run() == jobs.WorkerReport()  # a worker that was stopped does not run again


def test_what_is_raised_is_kept_and_tried_again(queue):
    def flaky(job):
        if job.job.attempt < 3:
            raise ValueError(f"no luck {job.job.attempt}\0")
        return job.job.attempt

    number, dead = queue.enqueue([NewJob("flaky", **QUICK), NewJob("flaky", most_attempts=2, **QUICK)])
    report = run_until(queue, Worker(queue, {"flaky": flaky}))
    assert (report.completed, report.failed) == (1, 4)
    assert queue.find(number).result == 3
    assert queue.find(dead).state == "dead"
    assert queue.find(dead).error.startswith("internal: ValueError: no luck 2") and "test_worker.py:" in queue.find(dead).error


async def refuse_async(job):
    raise jobs.DoNotRetry("never again")


def refuse(error):
    def handler(job):
        raise error
    return handler


@pytest.mark.parametrize(("handler", "told"), [
    (refuse(jobs.DoNotRetry("never again")), "invalid_argument: never again"),
    (refuse_async, "invalid_argument: never again"),
    (refuse(persona.NotFound("no spec")), "not_found: no spec"),
    (refuse(NotImplementedError("not here")), "unsupported: NotImplementedError: not here"),
    (lambda job: {1, 2}, "invalid_argument: the result of 'a' is no JSON: TypeError"),
    (lambda job: float("nan"), "invalid_argument: the result of 'a' is no JSON: ValueError"),
    (None, "unsupported: no handler of this worker does 'a'"),
])
def test_some_failures_are_final(queue, handler, told):
    number = queue.enqueue(NewJob("a", **QUICK))
    run_until(queue, Worker(queue, {} if handler is None else {"a": handler}))
    assert queue.find(number).state == "dead" and queue.find(number).attempt == 1
    assert queue.find(number).error.startswith(told)


def test_signs_of_life_are_given_while_a_handler_works(database):
    clock = testing.FakeClock()  # a lease ends when we say so, however slow the machine is
    queue = database.open_jobs(clock=clock)
    enough, others = threading.Event(), []

    def busy(job):
        job.progress(0.25)
        while not enough.is_set():  # Python that never waits
            pass

    busy_one = queue.enqueue(NewJob("busy", priority=1))
    queue.enqueue([NewJob("quick", n) for n in range(20)])
    worker = Worker(queue, {"busy": busy, "quick": lambda job: others.append(job.arguments)}, WorkerOptions(threads=2, lease=0.3))
    leases = set()

    def well(job):
        if job.id == busy_one and job.lease_end:
            if job.lease_end not in leases:
                leases.add(job.lease_end)
                clock.advance(0.2)
            if len(leases) >= 4 and len(others) == 20 and job.progress == 0.25:
                enough.set()
        return job.ended is not None

    assert run_until(queue, worker, well).completed == 21
    assert queue.find(busy_one).attempt == 1  # nobody else could have it
    queue.close()


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_a_cancelled_job_tells_its_handler(queue, kind):
    begun, cleaned = threading.Event(), []

    def plain(job):
        begun.set()
        while not job.context.stopped:
            threading.Event().wait(0.005)
        cleaned.append(1)
        job.context.check()

    async def coroutine(job):
        begun.set()
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(0)
            cleaned.append(1)

    number = queue.enqueue(NewJob("a"))
    worker = Worker(queue, {"a": plain if kind == "plain" else coroutine}, WorkerOptions(lease=0.2))
    threading.Thread(target=lambda: (begun.wait(60), queue.cancel(number))).start()
    report = run_until(queue, worker)
    assert (report.cancelled, cleaned, queue.find(number).state) == (1, [1], "cancelled")


def test_in_a_hurry_jobs_are_given_back_else_finished(queue):
    for hurry in (True, False):
        begun = threading.Event()

        async def slow(job):
            begun.set()
            await asyncio.sleep(1000 if hurry else 0.01)
            return "slow"

        number = queue.enqueue(NewJob("slow"))
        worker = Worker(queue, {"slow": slow})
        thread = threading.Thread(target=lambda: (begun.wait(60), worker.stop(hurry=hurry)))
        thread.start()
        report = worker.run()
        thread.join()
        assert queue.find(number).state == ("waiting" if hurry else "completed")
        assert (report.completed, report.cancelled) == ((0, 1) if hurry else (1, 0))
        if hurry:
            queue.cancel(number)


def test_a_running_job_may_be_kept(queue):
    kept = []

    def handler(job):
        kept.append(job)
        with pytest.raises(ValueError):
            job.progress(1.5)
        return job.context.remaining

    number = queue.enqueue(NewJob("a", {"n": 1}))
    run_until(queue, Worker(queue, {"a": handler}))
    kept[0].progress(0.5)
    kept[0]._call_on_stop(lambda: None)
    assert (kept[0].job.id, kept[0].arguments) == (number, {"n": 1}) and "RunningJob" in repr(kept[0])


def test_context_variables_reach_handlers(queue):
    where = contextvars.ContextVar("where", default="nowhere")

    async def coroutine(job):
        return where.get()

    numbers = queue.enqueue([NewJob("plain"), NewJob("async")])

    async def main():
        where.set("here")
        worker = Worker(queue, {"plain": lambda job: where.get(), "async": coroutine})
        task = asyncio.create_task(worker.run_async())
        while any(job.ended is None for job in await queue.list_async()):
            await asyncio.sleep(0.01)
        worker.stop()
        await task

    asyncio.run(main())
    assert [queue.find(number).result for number in numbers] == ["here", "here"]


def test_run_async_uses_the_callers_loop_and_gives_back_when_cancelled(queue):
    numbers = queue.enqueue([NewJob("slow") for _ in range(8)])
    loops, begun = set(), []

    async def slow(job):
        loops.add(asyncio.get_running_loop())
        begun.append(job.job.id)
        await asyncio.sleep(1000)

    async def main():
        worker = Worker(queue, {"slow": slow}, WorkerOptions(threads=8))
        task = asyncio.create_task(worker.run_async())
        while len(begun) < 8:
            await asyncio.sleep(0.005)
        assert loops == {asyncio.get_running_loop()}
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert {job.state for job in await queue.list_async()} == {"waiting"}

    asyncio.run(main())
    assert sorted(begun) == numbers


def test_handlers_go_when_nobody_holds_them(queue):
    class Handler:
        def __call__(self, job):
            return 1

    handler = Handler()
    gone = weakref.ref(handler)
    worker = Worker(queue, {"a": handler})
    queue.enqueue(NewJob("a"))
    run_until(queue, worker)
    del handler, worker
    gc.collect()
    assert gone() is None


def test_wrong_options_and_handlers(queue):
    with pytest.raises(persona.InvalidArgument):
        Worker(queue, {}, WorkerOptions(lease=0)).run()
    with pytest.raises(TypeError):
        Worker("queue", {}).run()
    with pytest.raises(TypeError):
        WorkerOptions(threads=-1)
    number = queue.enqueue(NewJob("a", most_attempts=1))
    run_until(queue, Worker(queue, {"a": "no function"}))
    assert "not callable" in queue.find(number).error
    queue.close()
    with pytest.raises(ValueError, match="closed"):
        Worker(queue, {}).run()


WORK = """
import asyncio, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background process has it ignored
import persona
from persona import jobs
place, where, options = eval(sys.argv[1])
queue = getattr(persona, place).open_jobs(where, **options)
def plain(job):
    os.write(1, b"begun\\n")  # two threads do
    while True:
        job.context.check()
        time.sleep(0.005)
async def coroutine(job):
    os.write(1, b"begun\\n")  # two threads do
    await asyncio.sleep(1000)
worker = jobs.Worker(queue, {"plain": plain, "async": coroutine}, jobs.WorkerOptions(threads=2))
try:
    %s
except KeyboardInterrupt:
    print(*(job.state for job in queue.list()), flush=True)
"""


@pytest.mark.parametrize("call", ["worker.run()", "asyncio.run(worker.run_async())"])
def test_ctrl_c_gives_jobs_back(database, queue, call):
    queue.enqueue([NewJob("plain"), NewJob("async")])
    place = repr((database.module.__name__.split(".")[1], str(database.where), database.options))
    process = subprocess.Popen([sys.executable, "-c", WORK % call, place], stdout=subprocess.PIPE, text=True)
    assert [process.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "waiting waiting\n"
    assert process.wait() == 0
    assert [job.error for job in queue.list()] == ["", ""]
