"""Storages, records and job queues for asyncio: each member as ``NAME_async``, on a thread of the pool of calls.

Cancelling a task ends a read at once, and a wait; what writes goes on to its end by itself, and counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from ._aio import _executor, _waited
from ._errors import PersonaError
from ._llm import Context
from ._persona import PersonaGenerator, Population, PopulationRecord, PopulationSpec, Storage
from ._storage import (
    AuditLine,
    Erasure,
    Job,
    JobAttempt,
    JobOutcome,
    JobQueue,
    NewJob,
    Record,
    RecordChange,
    Records,
)

_T = TypeVar("_T")


class _Closing:
    async def close_async(self: Any) -> None:
        """As ``close``, without blocking the event loop; the end of an ``async with`` block does it too."""
        await _waited(lambda own: self.close(), None)

    async def __aenter__(self: _T) -> _T:
        return self

    async def __aexit__(self: Any, *raised: object) -> None:
        await _waited(lambda own: self.close(), None)


class _Storage:
    async def put_async(
        self: Any,
        name: str,
        people: Population | Iterable[Population],
        spec: PopulationSpec | None = None,
        indexes: Sequence[str] = (),
    ) -> None:
        """As ``put``, without blocking the event loop. Cancelling the task does not end it."""
        await _waited(lambda own: self.put(name, people, spec, indexes), None)

    async def put_recipe_async(
        self: Any, name: str, generator: PersonaGenerator, count: int, seed: int = 0, start: int = 0
    ) -> None:
        """As ``put_recipe``, without blocking the event loop."""
        await _waited(lambda own: self.put_recipe(name, generator, count, seed, start), None)

    async def list_async(self: Any) -> list[PopulationRecord]:
        """As ``list``, without blocking the event loop."""
        return await _waited(lambda own: self.list(), None)

    async def find_async(self: Any, name: str) -> PopulationRecord:
        """As ``find``, without blocking the event loop."""
        return await _waited(lambda own: self.find(name), None)

    async def read_async(
        self: Any,
        name: str,
        filters: Sequence[Any] = (),
        columns: Sequence[str] = (),
        after: int | None = None,
        limit: int = 1000,
        context: Context | None = None,
    ) -> Population:
        """As ``read``, without blocking the event loop. Cancelling the task stops the database's work too."""
        return await _waited(lambda own: self.read(name, filters, columns, after, limit, own), context)

    async def count_async(
        self: Any, name: str, filters: Sequence[Any] = (), context: Context | None = None
    ) -> int:
        """As ``count``, without blocking the event loop. Cancelling the task stops the database's work too."""
        return await _waited(lambda own: self.count(name, filters, own), context)

    async def remove_async(self: Any, name: str) -> None:
        """As ``remove``, without blocking the event loop."""
        await _waited(lambda own: self.remove(name), None)


class _Records:
    async def put_async(self: Any, change: RecordChange | Sequence[RecordChange]) -> Any:
        """As ``put``, without blocking the event loop. Cancelling the task does not end it."""
        return await _waited(lambda own: self.put(change), None)

    async def find_async(self: Any, kind: str, id: str) -> Record:
        """As ``find``, without blocking the event loop."""
        return await _waited(lambda own: self.find(kind, id), None)

    async def list_async(
        self: Any, kind: str, after: str = "", limit: int = 100, with_removed: bool = False
    ) -> list[Record]:
        """As ``list``, without blocking the event loop."""
        return await _waited(lambda own: self.list(kind, after, limit, with_removed), None)

    async def history_async(self: Any, kind: str, id: str) -> list[Record]:
        """As ``history``, without blocking the event loop."""
        return await _waited(lambda own: self.history(kind, id), None)

    async def remove_async(self: Any, kind: str, id: str, *, actor: str, expected: int | None = None) -> int:
        """As ``remove``, without blocking the event loop."""
        return await _waited(lambda own: self.remove(kind, id, actor=actor, expected=expected), None)

    async def restore_async(self: Any, kind: str, id: str, *, actor: str) -> int:
        """As ``restore``, without blocking the event loop."""
        return await _waited(lambda own: self.restore(kind, id, actor=actor), None)

    async def purge_async(self: Any, kind: str, before: float, *, actor: str) -> int:
        """As ``purge``, without blocking the event loop."""
        return await _waited(lambda own: self.purge(kind, before, actor=actor), None)

    async def export_person_async(self: Any, person: str) -> Any:
        """As ``export_person``, without blocking the event loop."""
        return await _waited(lambda own: self.export_person(person), None)

    async def erase_person_async(self: Any, person: str, *, actor: str) -> Erasure:
        """As ``erase_person``, without blocking the event loop."""
        return await _waited(lambda own: self.erase_person(person, actor=actor), None)

    async def audit_async(self: Any, after: int = 0, limit: int = 100) -> list[AuditLine]:
        """As ``audit``, without blocking the event loop."""
        return await _waited(lambda own: self.audit(after, limit), None)


def _give_back(queue: JobQueue, claimed: list[Job]) -> None:
    with contextlib.suppress(IndexError, PersonaError, ValueError):  # what stays ends with its lease
        while True:
            queue.release(claimed.pop())


class _JobQueue:
    async def enqueue_async(self: Any, job: NewJob | Sequence[NewJob]) -> Any:
        """As ``enqueue``, without blocking the event loop. Cancelling the task does not end it."""
        return await _waited(lambda own: self.enqueue(job), None)

    async def claim_async(
        self: Any, queue: str = "default", worker: str = "", most: int = 1, lease: float = 30.0
    ) -> list[Job]:
        """As ``claim``, without blocking the event loop. What a cancelled task has claimed is given back."""
        claimed: list[Job] = []

        def claim(own: Context) -> list[Job]:
            claimed.extend(self.claim(queue, worker, most, lease))
            if own.stopped:  # nobody is there to do them
                _give_back(self, claimed)
            return claimed

        try:
            return await _waited(claim, None)
        except asyncio.CancelledError:
            if claimed:
                _executor().submit(_give_back, self, claimed)
            raise

    async def heartbeat_async(self: Any, attempt: JobAttempt | Job, progress: float = 0.0, lease: float = 30.0) -> bool:
        """As ``heartbeat``, without blocking the event loop."""
        return await _waited(lambda own: self.heartbeat(attempt, progress, lease), None)

    async def complete_async(self: Any, attempt: JobAttempt | Job | Sequence[JobOutcome], result: Any = None) -> Any:
        """As ``complete``, without blocking the event loop. Cancelling the task does not end it."""
        given = (attempt, result) if isinstance(attempt, (JobAttempt, Job)) else (attempt,)
        return await _waited(lambda own: self.complete(*given), None)

    async def fail_async(self: Any, attempt: JobAttempt | Job, error: str, retry: bool = True) -> None:
        """As ``fail``, without blocking the event loop."""
        await _waited(lambda own: self.fail(attempt, error, retry), None)

    async def release_async(self: Any, attempt: JobAttempt | Job) -> None:
        """As ``release``, without blocking the event loop."""
        await _waited(lambda own: self.release(attempt), None)

    async def cancel_async(self: Any, id: int) -> None:
        """As ``cancel``, without blocking the event loop."""
        await _waited(lambda own: self.cancel(id), None)

    async def revive_async(self: Any, id: int) -> None:
        """As ``revive``, without blocking the event loop."""
        await _waited(lambda own: self.revive(id), None)

    async def find_async(self: Any, id: int) -> Job:
        """As ``find``, without blocking the event loop."""
        return await _waited(lambda own: self.find(id), None)

    async def list_async(
        self: Any, queue: str = "", state: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Job]:
        """As ``list``, without blocking the event loop."""
        return await _waited(lambda own: self.list(queue, state, after, limit), None)

    async def forget_async(self: Any, before: float) -> int:
        """As ``forget``, without blocking the event loop."""
        return await _waited(lambda own: self.forget(before), None)

    async def schedule_async(self: Any, name: str, cron: str, job: NewJob) -> None:
        """As ``schedule``, without blocking the event loop."""
        await _waited(lambda own: self.schedule(name, cron, job), None)

    async def unschedule_async(self: Any, name: str) -> None:
        """As ``unschedule``, without blocking the event loop."""
        await _waited(lambda own: self.unschedule(name), None)

    async def wait_async(
        self: Any, queue: str = "default", most: float = 1.0, context: Context | None = None
    ) -> None:
        """As ``wait``, without blocking the event loop. Cancelling the task ends it."""
        await _waited(lambda own: self.wait(queue, most, own), context)


def register() -> None:
    """Gives the classes of the module their members for asyncio."""
    for kind, twins in ((Storage, _Storage), (Records, _Records), (JobQueue, _JobQueue)):
        for name, member in [*vars(_Closing).items(), *vars(twins).items()]:
            if inspect.iscoroutinefunction(member):
                setattr(kind, name, member)
