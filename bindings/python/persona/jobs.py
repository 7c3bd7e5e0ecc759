"""Work that outlives the process that asked for it, and workers that do it.

    from persona import jobs, sqlite

    queue = sqlite.open_jobs("people.db")           # or persona.postgres.open_jobs("host=db")
    queue.enqueue(jobs.NewJob("greet", {"whom": "Ana"}))

    def greet(job: jobs.RunningJob) -> str:         # or `async def`
        return "Hello " + job.arguments["whom"]

    jobs.Worker(queue, {"greet": greet}).run()      # until Ctrl-C, or `stop` from elsewhere

Times are seconds, moments are seconds since 1970, arguments and results are plain objects.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import inspect
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ._aio import _executor
from ._errors import Cancelled, InvalidArgument
from ._llm import Context
from ._storage import (
    Job,
    JobAttempt,
    JobOutcome,
    JobQueue,
    NewJob,
    RunningJob,
    WorkerOptions,
    WorkerReport,
    _run_worker,
)

__all__ = [
    "DoNotRetry",
    "Job",
    "JobAttempt",
    "JobOutcome",
    "JobQueue",
    "NewJob",
    "RunningJob",
    "Worker",
    "WorkerOptions",
    "WorkerReport",
]


class DoNotRetry(InvalidArgument):
    """Raised by a handler: the job is dead at once, because it would fail again."""


class _Loop:
    """An event loop on a thread of its own, there from its first use until the end of a ``with`` block."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def get(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._thread is None:
                ready = threading.Event()
                self._thread = threading.Thread(
                    target=lambda: asyncio.run(self._serve(ready)), name="persona.jobs", daemon=True
                )
                self._thread.start()
                ready.wait()
        assert self._loop is not None
        return self._loop

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        ready.set()
        await self._over.wait()

    def __enter__(self) -> _Loop:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._thread is not None and self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join()


def _finish(work: Awaitable[Any], job: RunningJob, loop: asyncio.AbstractEventLoop) -> Any:
    """What an ``async def`` comes to; its task is cancelled when the job is to end early."""

    async def whole() -> Any:
        task = asyncio.current_task()
        assert task is not None
        job._call_on_stop(lambda: loop.call_soon_threadsafe(task.cancel))
        return await work

    try:
        return asyncio.run_coroutine_threadsafe(whole(), loop).result()
    except (concurrent.futures.CancelledError, asyncio.CancelledError):
        raise Cancelled("the task of the job was cancelled") from None


class Worker:
    """Claims and runs the jobs of a queue.

    A handler is a function of a RunningJob, plain or ``async``; what it returns is the result, as JSON has it. What it
    raises is kept as the error of the job, which is tried again later with a back-off. After DoNotRetry, InvalidArgument,
    Unsupported and NotFound it is dead at once. It may run twice: what it does must be harmless then.

    While handlers run, signs of life are given for them from a thread that needs no Python. When a job is cancelled,
    its lease was lost, or the worker must stop at once, ``job.context`` is stopped and the task of an ``async`` handler
    cancelled; a plain handler looks for itself (``job.context.check()``), or hands the context on to a call of persona.

    :param handlers: by kind; a job of another kind fails finally
    :param options: None is one job at a time of the queue "default"
    """

    def __init__(
        self,
        queue: JobQueue,
        handlers: Mapping[str, Callable[[RunningJob], Any]],
        options: WorkerOptions | None = None,
    ) -> None:
        self._queue = queue
        self._handlers = dict(handlers)
        self._options = WorkerOptions() if options is None else options
        self._stop, self._hurry = Context(), Context()

    def run(self) -> WorkerReport:
        """Works until ``stop`` is called. Plain handlers run on threads of the worker, ``async`` ones on one event loop.

        Ctrl-C stops it at once: handlers are told, and when all have ended, the jobs that they left were given back and
        KeyboardInterrupt is raised.

        :raises InvalidArgument: no such options
        :raises PersonaError: what the queue answers when it fails for good; what is only unavailable is waited for
        """
        with _Loop() as own:
            return self._run(own.get)

    async def run_async(self) -> WorkerReport:
        """As ``run``; ``async`` handlers run on the event loop of the caller, which is not blocked.

        Cancelling the task stops the worker at once, and waits until jobs are given back.
        """
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()
        call = loop.run_in_executor(_executor(), context.run, self._run, lambda: loop)
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            self.stop(hurry=True)
            await asyncio.wait([call])
            call.exception()  # seen by nobody, and that is right
            raise

    def stop(self, hurry: bool = False) -> None:
        """No further job is claimed; those under way are finished, or, with ``hurry``, told to end and given back.

        From any thread, handler or signal handler. A worker that was stopped does not run again.
        """
        self._stop.stop()
        if hurry:
            self._hurry.stop()

    def _run(self, loop: Callable[[], asyncio.AbstractEventLoop]) -> WorkerReport:
        context = contextvars.copy_context()

        def handled(handler: Callable[[RunningJob], Any]) -> Callable[[RunningJob], Any]:
            def work(job: RunningJob) -> Any:
                own = context.copy()
                made = own.run(handler, job)
                return own.run(_finish, made, job, loop()) if inspect.isawaitable(made) else made

            return work

        handlers = {kind: handled(handler) for kind, handler in self._handlers.items()}
        return _run_worker(self._queue, handlers, self._options, self._stop, self._hurry)


for _name in __all__:
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = "persona.jobs"
del _name
