"""A stream as an iterator: the call runs on a thread of its own, its pieces come through a queue."""

from __future__ import annotations

import atexit
import contextlib
import contextvars
import queue
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from ._errors import Cancelled
from ._llm import Context, LLMProvider, Reply, Request, TextDelta, ThinkingDelta, ToolCallDelta


_live: dict[threading.Thread, Context] = {}
_ending = threading.Event()


@atexit.register
def _end_streams() -> None:
    """No thread of ours wants the interpreter while it goes down."""
    _ending.set()
    for thread, context in list(_live.items()):
        context.stop()
        thread.join(2)


class Deltas(Iterator[Any]):
    """The pieces of an answer while it is written; afterwards ``reply`` is the whole.

    Leaving early ends the call: at the end of a ``with`` block, by ``close``, or when nobody holds it any more.
    """

    def __init__(self, provider: LLMProvider, request: Request, context: Context | None = None) -> None:
        self._queue: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._context = Context(parent=context)
        self._reply: Reply | None = None
        self._over = False
        run = contextvars.copy_context().run
        arguments = (_play, provider, request, self._context, self._queue.put)
        threading.Thread(target=run, args=arguments, name="persona-stream", daemon=True).start()

    def __iter__(self) -> Deltas:
        return self

    def __next__(self) -> TextDelta | ThinkingDelta | ToolCallDelta:
        if self._over:
            raise StopIteration
        kind, value = self._wait()
        if kind == "piece":
            piece: TextDelta | ThinkingDelta | ToolCallDelta = value
            return piece
        self._over = True
        if kind == "failure":
            raise value
        self._reply = value
        raise StopIteration

    def _wait(self) -> tuple[str, Any]:
        while True:
            with contextlib.suppress(queue.Empty):
                return self._queue.get(timeout=0.2)  # a Ctrl-C just before a wait is only seen after it

    @property
    def reply(self) -> Reply:
        """The whole answer, waited for; pieces that were not read yet are passed over."""
        for _ in self:
            pass
        if self._reply is None:
            raise Cancelled("the stream was left before its end")
        return self._reply

    def close(self) -> None:
        """Ends the call if it is not over."""
        self._context.stop()
        self._over = True

    def __enter__(self) -> Deltas:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        context = getattr(self, "_context", None)
        if context is not None:
            context.stop()


def _play(provider: LLMProvider, request: Request, context: Context, put: Any) -> None:
    def show(piece: Any) -> None:
        context.check()
        put(("piece", piece))

    _live[threading.current_thread()] = context
    try:
        if _ending.is_set():
            return
        put(("reply", provider.stream(request, show, context)))
    except BaseException as failure:  # the reader's thread raises it
        put(("failure", failure))
    finally:
        _live.pop(threading.current_thread(), None)


def deltas(self: LLMProvider, request: Request, context: Context | None = None) -> Deltas:
    """The same answer as an iterator of its pieces; ``reply`` is the whole afterwards.

    ``for piece in provider.deltas(request): print(piece.text, end="")``
    """
    return Deltas(self, request, context)
