"""Storages, records and jobs from asyncio: the same answers, and the event loop goes on."""

import asyncio
import inspect
import time

import pytest

import persona
from persona import jobs, records
from postgres_server import PostgresServer, fresh_postgres, programs


def twins(kind):
    members = {name for name in vars(kind) if not name.startswith("_")}
    return {name for name in members if not name.endswith("_async")}, {name[:-6] for name in members if name.endswith("_async")}


@pytest.mark.parametrize("kind", [persona.Storage, records.Records, jobs.JobQueue])
def test_every_member_has_a_twin(kind):
    plain, waited = twins(kind)
    assert plain == waited
    for name in plain:
        twin = getattr(kind, f"{name}_async")
        assert inspect.iscoroutinefunction(twin) or inspect.isasyncgenfunction(twin) and name == "each_page"


@pytest.mark.parametrize("module", [persona.sqlite, persona.postgres])
def test_everything_that_opens_has_a_twin(module):
    for name in ("open", "open_records", "open_jobs"):
        assert inspect.iscoroutinefunction(getattr(module, f"{name}_async"))


def test_a_storage_answers_the_same(database, generator, people):
    async def main():
        async with await database.open_async() as storage:
            await storage.put_async("town", people[:500], generator.spec, ["age"])
            await storage.put_async("batches", generator.stream(count=300, seed=7, batch_rows=100))
            await storage.put_recipe_async("recipe", generator, count=100, seed=7)
            assert [one.name for one in await storage.list_async()] == ["batches", "recipe", "town"]
            assert (await storage.find_async("town")).indexes == ["age"]
            filters = [("age", ">", 40)]
            assert await storage.read_async("town", filters, ["age"], limit=20) == storage.read("town", filters, ["age"], limit=20)
            assert await storage.count_async("town", filters) == storage.count("town", filters)
            pages = await asyncio.gather(*(storage.read_async("town", after=i, limit=1) for i in range(200)))
            assert [page["index"][0] for page in pages] == list(range(1, 201))
            pages = [page async for page in storage.each_page_async("town", filters, ["age"], limit=50)]
            assert pages == list(storage.each_page("town", filters, ["age"], limit=50)) and len(pages) > 2
            await storage.remove_async("recipe")
            with pytest.raises(persona.NotFound):
                await storage.find_async("recipe")
        with pytest.raises(ValueError, match="closed"):
            await storage.list_async()

    asyncio.run(main())


def test_records_answer_the_same(database):
    async def main():
        async with await database.open_records_async() as store:
            def change(id, **more):
                return records.RecordChange("note", id, {"id": id}, actor="ana", **more)

            assert await store.put_async([change("a", person="p"), change("b")]) == [1, 1]
            numbers = await asyncio.gather(*(store.put_async(change(f"n{i}")) for i in range(100)))
            assert numbers == [1] * 100
            found = await asyncio.gather(*(store.find_async("note", f"n{i}") for i in range(100)))
            assert [one.body["id"] for one in found] == [f"n{i}" for i in range(100)]
            assert await store.put_async(change("b", expected=1)) == 2
            assert [one.version for one in await store.history_async("note", "b")] == [1, 2]
            assert await store.remove_async("note", "b", actor="bo", expected=2) == 3
            assert await store.restore_async("note", "b", actor="bo") == 4
            assert len(await store.list_async("note", limit=1000)) == 102
            assert (await store.export_person_async("p"))["person"] == "p"
            assert (await store.erase_person_async("p", actor="bo")).records == 1
            assert await store.purge_async("note", 0, actor="bo") == 0
            assert await store.audit_async(limit=3) == store.audit(limit=3)
            outcomes = await asyncio.gather(*(store.put_async(change("b", expected=4)) for _ in range(20)), return_exceptions=True)
            assert outcomes.count(5) == 1 and sum(isinstance(one, persona.Conflict) for one in outcomes) == 19

    asyncio.run(main())


def test_a_queue_answers_the_same(database):
    async def main():
        async with await database.open_jobs_async() as queue:
            number = await queue.enqueue_async(jobs.NewJob("a", 1))
            claimed, = await queue.claim_async(worker="me")
            assert (await queue.find_async(number)).worker == "me"
            assert await queue.heartbeat_async(claimed, 0.5) is False
            assert await queue.complete_async(claimed, {"x": 1}) is True
            assert await queue.complete_async([jobs.JobOutcome(claimed, 1)]) == [False]
            first, second = await queue.enqueue_async([jobs.NewJob("b"), jobs.NewJob("b")])
            await queue.release_async((await queue.claim_async())[0])
            await queue.fail_async((await queue.claim_async())[0], "no", retry=False)
            dead, = await queue.list_async(state="dead")
            await queue.revive_async(dead.id)
            await queue.cancel_async(dead.id)
            await queue.schedule_async("s", "* * * * *", jobs.NewJob("c"))
            await queue.unschedule_async("s")
            assert await queue.forget_async(time.time() + 60) == 2
            assert [job.id for job in await queue.list_async()] == [second if dead.id == first else first]

    asyncio.run(main())


def test_many_tasks_claim_each_job_once(database):
    async def main():
        async with await database.open_jobs_async() as queue:
            await asyncio.gather(*(queue.enqueue_async(jobs.NewJob("a", i)) for i in range(100)))
            done = []

            async def work():
                while claimed := await queue.claim_async():
                    assert await queue.complete_async(claimed[0], claimed[0].work.arguments)
                    done.append(claimed[0].work.arguments)

            await asyncio.gather(*(work() for _ in range(50)))
            assert sorted(done) == list(range(100))

    asyncio.run(main())


def test_the_event_loop_goes_on_and_waits_can_be_cancelled(database):
    async def main():
        async with await database.open_jobs_async() as queue:
            ticks = 0

            async def tick():
                nonlocal ticks
                while True:
                    await asyncio.sleep(0)
                    ticks += 1

            async def wait_for_jobs(name):
                while not await queue.list_async(name):  # a wait may end early
                    await queue.wait_async(name, most=60)

            ticking = asyncio.create_task(tick())
            waiting = [asyncio.create_task(wait_for_jobs("default")) for _ in range(20)]
            while ticks < 1000:
                await asyncio.sleep(0.001)
            assert not any(task.done() for task in waiting)
            await queue.enqueue_async(jobs.NewJob("a"))
            await asyncio.gather(*waiting)
            task = asyncio.create_task(wait_for_jobs("other"))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(wait_for_jobs("other"), 0.01)
            ticking.cancel()

    asyncio.run(main())  # which waits for the threads that wait


def test_what_a_cancelled_task_claims_is_given_back(database):
    async def main():
        async with await database.open_jobs_async() as queue:
            await queue.enqueue_async([jobs.NewJob("a", i) for i in range(30)])
            tasks = [asyncio.create_task(queue.claim_async()) for _ in range(30)]
            await asyncio.sleep(0)
            for task in tasks[::2]:
                task.cancel()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
            kept = {job.id for answer in answers if isinstance(answer, list) for job in answer}
            assert len(kept) <= 15
            while {job.id for job in await queue.list_async(state="running")} != kept:
                await asyncio.sleep(0.01)

    asyncio.run(main())


def test_a_context_ends_a_read(database, generator):
    async def main():
        async with await database.open_async() as storage:
            await storage.put_recipe_async("many", generator, count=10**9, seed=7)
            with pytest.raises(persona.DeadlineExceeded):
                await storage.count_async("many", [("age", ">", 200)], persona.Context(timeout=0.05))
            context = persona.Context()
            task = asyncio.create_task(storage.read_async("many", [("age", ">", 200)], context=context))
            await asyncio.sleep(0.05)
            context.stop()
            with pytest.raises(persona.Cancelled):
                await task
            task = asyncio.create_task(storage.read_async("many", [("age", ">", 200)]))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())  # which waits for the thread that read: it was stopped


def test_a_server_that_stops_meanwhile_fails_every_task_and_comes_back():
    if programs() is None:
        pytest.skip("there is no initdb: Postgres is not tested")
    server = PostgresServer()

    async def main():
        fresh = fresh_postgres(server)
        async with await fresh.open_jobs_async() as queue:
            await queue.enqueue_async([jobs.NewJob("a") for _ in range(5)])
            waiting = asyncio.create_task(queue.wait_async("other", most=1000))
            await asyncio.to_thread(server.stop)
            answers = await asyncio.gather(*(queue.list_async() for _ in range(20)), return_exceptions=True)
            assert all(isinstance(answer, persona.Unavailable) and answer.service.retryable for answer in answers)
            waiting.cancel()
            await asyncio.to_thread(server.start)
            assert all(len(jobs) == 5 for jobs in await asyncio.gather(*(queue.list_async() for _ in range(20))))

    try:
        asyncio.run(main())
    finally:
        server.close()
