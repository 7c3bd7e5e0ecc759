"""Databases for asyncio: each member as ``NAME_async``, on a thread of the pool of calls."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from ._aio import _executor, _waited
from ._errors import Cancelled
from ._llm import Context
from ._persona import Storage
from ._storage import CopiedPopulation, Database, DatabaseStatus, Rooms, copy, population_content


class _Work:
    """What a transaction is to do, on its thread; ``async`` work is done on the caller's event loop meanwhile."""

    def __init__(self, work: Callable[[Rooms], Any]) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[Any] | None = None
        self._is_cancelled = False

    def __call__(self, rooms: Rooms) -> Any:
        self._check()
        made = self._work(rooms)
        if inspect.isawaitable(made):
            made = self._finish(made)
        self._check()
        return made

    def cancel(self) -> None:
        """On the event loop."""
        self._is_cancelled = True
        if self._task is not None:
            self._task.cancel()

    def _check(self) -> None:
        if self._is_cancelled:
            raise Cancelled("the task of a transaction was cancelled")

    def _finish(self, made: Awaitable[Any]) -> Any:
        async def whole() -> Any:
            self._task = asyncio.current_task()
            if self._is_cancelled and self._task is not None:
                self._task.cancel()
            return await made

        try:
            return asyncio.run_coroutine_threadsafe(whole(), self._loop).result()
        except (concurrent.futures.CancelledError, asyncio.CancelledError):
            raise Cancelled("the work of a transaction was cancelled") from None


class _Database:
    async def transact_async(self: Any, work: Callable[[Rooms], Any]) -> Any:
        """As ``transact``, without blocking the event loop; ``work`` may be ``async``, and is then a task of this loop.

        Cancelling the task cancels ``async`` work, and undoes everything unless it is being committed already. When
        CancelledError comes, the transaction is over.
        """
        whole = _Work(work)
        loop = asyncio.get_running_loop()
        call = loop.run_in_executor(_executor(), contextvars.copy_context().run, self.transact, whole)
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            whole.cancel()
            await asyncio.wait([call])
            call.exception()  # seen by nobody, and that is right
            raise

    async def status_async(self: Any) -> DatabaseStatus:
        """As ``status``, without blocking the event loop."""
        return await _waited(lambda own: self.status(), None)

    async def copy_rooms_async(self: Any, to: Database, context: Context | None = None) -> int:
        """As ``copy_rooms``, without blocking the event loop. Cancelling the task stops it, and nothing is copied."""
        return await _waited(lambda own: self.copy_rooms(to, own), context)

    async def close_async(self: Any) -> None:
        """As ``close``, without blocking the event loop; the end of an ``async with`` block does it too."""
        await _waited(lambda own: self.close(), None)

    async def __aenter__(self: Any) -> Any:
        return self

    async def __aexit__(self: Any, *raised: object) -> None:
        await _waited(lambda own: self.close(), None)


async def copy_async(
    source: Storage,
    to: Storage,
    *,
    populations: Sequence[str] = (),
    page: int = 10_000,
    replace: bool = False,
    context: Context | None = None,
) -> list[CopiedPopulation]:
    """As ``copy``, without blocking the event loop. Cancelling the task stops it."""

    def work(own: Context) -> list[CopiedPopulation]:
        return copy(source, to, populations=populations, page=page, replace=replace, context=own)

    return await _waited(work, context)


async def population_content_async(
    storage: Storage, name: str, page: int = 10_000, context: Context | None = None
) -> str:
    """As ``population_content``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: population_content(storage, name, page, own), context)


def register() -> None:
    """Gives the class of the module its members for asyncio."""
    for name, member in vars(_Database).items():
        if inspect.iscoroutinefunction(member):
            setattr(Database, name, member)
