"""Calls for asyncio: each waits on a thread of a pool of its own, and ends when its task is cancelled."""

from __future__ import annotations

import asyncio
import contextvars
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ._errors import Cancelled, PersonaError
from ._llm import (
    Context,
    Embeddings,
    EmbedRequest,
    LLMProvider,
    Reply,
    Request,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    complete_many,
)

_T = TypeVar("_T")
_threads = 1024  # at most: made when they are needed, kept for the next call
_pool: ThreadPoolExecutor | None = None


def _executor() -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(_threads, thread_name_prefix="persona")
    return _pool


def _forget_pool() -> None:
    global _pool
    _pool = None  # its threads are the parent's


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pool)


async def _waited(work: Callable[[Context], _T], given: Context | None) -> _T:
    context = Context(parent=given)  # this call's own, to be stopped alone
    loop = asyncio.get_running_loop()
    call = loop.run_in_executor(_executor(), contextvars.copy_context().run, work, context)
    try:
        return await asyncio.shield(call)
    except asyncio.CancelledError:
        context.stop()
        call.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen by nobody, and that is right
        raise


async def complete_async(self: LLMProvider, request: Request, context: Context | None = None) -> Reply:
    """As ``complete``, without blocking the event loop. Cancelling the task stops the call."""
    answer: Any = await _waited(lambda own: self.complete(request, own), context)
    return Reply(text=answer) if isinstance(answer, str) else answer


async def embed_async(self: LLMProvider, request: EmbedRequest, context: Context | None = None) -> Embeddings:
    """As ``embed``, without blocking the event loop. Cancelling the task stops the call."""
    return await _waited(lambda own: self.embed(request, own), context)


async def count_tokens_async(self: LLMProvider, request: Request, context: Context | None = None) -> int:
    """As ``count_tokens``, without blocking the event loop. Cancelling the task stops the call."""
    return await _waited(lambda own: self.count_tokens(request, own), context)


async def complete_many_async(
    provider: LLMProvider, requests: Sequence[Request], concurrency: int = 8, context: Context | None = None
) -> list[Reply | PersonaError]:
    """As ``complete_many``, without blocking the event loop. Cancelling the task stops all calls."""
    return await _waited(lambda own: complete_many(provider, requests, concurrency, own), context)


class AsyncDeltas(AsyncIterator[Any]):
    """The pieces of an answer while it is written; afterwards ``reply`` is the whole.

    The call begins with the first piece asked for. Leaving early ends it: by ``aclose``, at the end of an ``async
    with`` block, or when nobody holds it any more.
    """

    def __init__(self, provider: LLMProvider, request: Request, context: Context | None = None) -> None:
        self._asked = (provider, request, context)
        self._pieces: asyncio.Queue[Any] | None = None
        self._call: asyncio.Task[Any] | None = None
        self._over = False

    def __aiter__(self) -> AsyncDeltas:
        return self

    def _begin(self) -> asyncio.Queue[Any]:
        provider, request, given = self._asked
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[Any] = asyncio.Queue()

        def show(piece: Any) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        async def play() -> Reply:
            try:
                return await _waited(lambda own: provider.stream(request, show, own), given)
            finally:
                pieces.put_nowait(None)

        self._call = loop.create_task(play())
        return pieces

    async def __anext__(self) -> TextDelta | ThinkingDelta | ToolCallDelta:
        if self._over:
            raise StopAsyncIteration
        if self._pieces is None:
            self._pieces = self._begin()
        try:
            piece: TextDelta | ThinkingDelta | ToolCallDelta | None = await self._pieces.get()
        except asyncio.CancelledError:
            self._leave()
            raise
        if piece is not None:
            return piece
        self._over = True
        assert self._call is not None
        await self._call  # raises what the call failed with
        raise StopAsyncIteration

    @property
    def reply(self) -> Reply:
        """The whole answer, once the last piece was read."""
        if self._call is None or not self._call.done() or self._call.cancelled():
            raise Cancelled("the stream was not read to its end")
        whole: Reply = self._call.result()
        return whole

    def _leave(self) -> None:
        self._over = True
        if self._call is not None and not self._call.done():
            self._call.cancel()

    async def aclose(self) -> None:
        """Ends the call if it is not over."""
        self._leave()

    async def __aenter__(self) -> AsyncDeltas:
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._leave()


def stream_async(self: LLMProvider, request: Request, context: Context | None = None) -> AsyncDeltas:
    """As ``deltas``, for ``async for``. Cancelling the task that reads stops the call."""
    return AsyncDeltas(self, request, context)
