"""All rooms of a database from asyncio: `async` work is a task of the caller's loop, and cancelling undoes it."""

import asyncio
import contextvars
import threading

import pytest

import persona
from persona import jobs
from persona.records import RecordChange


class Mine(Exception):
    """Nobody else raises it."""


def change(id="1", **more):
    return RecordChange("note", id, {"id": id}, **{"actor": "ana", **more})


def in_rooms(database, main):
    """Runs `main(rooms)`, which is `async`."""
    async def whole():
        async with await database.open_database_async() as rooms:
            await main(rooms)
        with pytest.raises(ValueError, match="closed"):
            await rooms.status_async()

    asyncio.run(whole())


def test_plain_and_async_work_answer_the_same(database):
    async def main(rooms):
        here = threading.get_ident()

        def plain(inside):
            assert threading.get_ident() != here
            return inside.records.put(change("a"))

        async def waited(inside):
            assert threading.get_ident() == here
            numbers = await asyncio.gather(*(inside.jobs.enqueue_async(jobs.NewJob("x", i)) for i in range(20)))
            return await inside.records.put_async(change("b")), len(set(numbers))

        assert await rooms.transact_async(plain) == 1
        assert await rooms.transact_async(waited) == (1, 20)
        assert await rooms.transact_async(lambda inside: inside.records.put_async(change("c"))) == 1
        status = await rooms.status_async()
        assert status.records == {"note": 3} and status.jobs == {"waiting": 20}

    in_rooms(database, main)


@pytest.mark.parametrize("kind", [Mine, persona.NotFound])
def test_what_async_work_raises_undoes_all_and_is_raised_itself(database, kind):
    async def main(rooms):
        thrown = kind("no")

        async def work(inside):
            await inside.records.put_async(change())
            raise thrown

        with pytest.raises(kind) as raised:
            await rooms.transact_async(work)
        assert raised.value is thrown and await rooms.records.list_async("note") == []

    in_rooms(database, main)


def test_the_databases_own_rooms_are_closed_to_the_work_alone(database):
    async def main(rooms):
        begun = asyncio.Event()

        async def outside():
            await begun.wait()
            return await rooms.records.list_async("note")

        reading = asyncio.create_task(outside())

        async def work(inside):
            await inside.records.put_async(change())
            begun.set()
            for call in (rooms.records.find_async("note", "1"), rooms.status_async(), rooms.transact_async(work)):
                with pytest.raises(persona.Conflict, match="use the rooms that it gives"):
                    await call
            return asyncio.create_task(later())

        over = asyncio.Event()

        async def later():
            await over.wait()
            return await rooms.records.list_async("note")

        task = await rooms.transact_async(work)
        over.set()
        assert len(await task) == 1  # it came from the transaction, but that is over
        assert len(await reading) in (0, 1)

    in_rooms(database, main)


def test_cancelling_undoes_everything_before_it_is_told(database):
    async def main(rooms):
        begun, ended = asyncio.Event(), []

        async def work(inside):
            await inside.records.put_async(change())
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                await inside.records.put_async(change("last words"))
                ended.append(True)

        task = asyncio.create_task(rooms.transact_async(work))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == [True] and await rooms.records.list_async("note") == []
        assert await rooms.transact_async(lambda inside: inside.records.put(change())) == 1

    in_rooms(database, main)


def test_cancelling_undoes_plain_work_too(database):
    async def main(rooms):
        loop, begun, may_end = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

        def work(inside):
            inside.records.put(change())
            loop.call_soon_threadsafe(begun.set)
            may_end.wait()

        task = asyncio.create_task(rooms.transact_async(work))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await rooms.records.list_async("note") == []

    in_rooms(database, main)


def test_work_that_cancels_itself_is_cancelled(database):
    async def main(rooms):
        async def work(inside):
            await inside.records.put_async(change())
            raise asyncio.CancelledError

        with pytest.raises(persona.Cancelled):
            await rooms.transact_async(work)
        assert await rooms.records.list_async("note") == []

    in_rooms(database, main)


def test_many_transactions_and_the_event_loop_goes_on(database):
    async def main(rooms):
        mark = contextvars.ContextVar("mark", default=0)

        async def one(number):
            mark.set(number)

            async def work(inside):
                assert mark.get() == number
                await inside.records.put_async(change(str(number)))
                await asyncio.sleep(0)
                await inside.jobs.enqueue_async(jobs.NewJob("x", number))

            await rooms.transact_async(work)

        await asyncio.gather(*(one(number) for number in range(30)))
        notes = {note.id for note in await rooms.records.list_async("note")}
        assert notes == {str(job.work.arguments) for job in await rooms.jobs.list_async()} and len(notes) == 30

    in_rooms(database, main)
