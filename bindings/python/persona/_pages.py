"""One page of a storage after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from ._llm import Context
from ._persona import Population, Storage


def each_page(
    self: Any,
    name: str,
    filters: Sequence[Any] = (),
    columns: Sequence[str] = (),
    after: int | None = None,
    limit: int = 1000,
    context: Context | None = None,
) -> Iterator[Population]:
    """All pages that ``read`` gives, of ``limit`` rows each (0: 1000); one is in memory at a time.

    Raises as ``read``.
    """
    limit = limit or 1000
    while True:
        page = self.read(name, filters, columns, after, limit, context)
        if len(page) > 0:
            yield page
        if len(page) < limit:
            return
        after = int(page["index"][-1])


async def each_page_async(
    self: Any,
    name: str,
    filters: Sequence[Any] = (),
    columns: Sequence[str] = (),
    after: int | None = None,
    limit: int = 1000,
    context: Context | None = None,
) -> AsyncIterator[Population]:
    """As ``each_page``, for ``async for``, without blocking the event loop."""
    limit = limit or 1000
    while True:
        page = await self.read_async(name, filters, columns, after, limit, context)
        if len(page) > 0:
            yield page
        if len(page) < limit:
            return
        after = int(page["index"][-1])


def register() -> None:
    """Gives storages these members."""
    setattr(Storage, "each_page", each_page)
    setattr(Storage, "each_page_async", each_page_async)
