"""Caches and ledgers for asyncio: each member as ``NAME_async``, on a thread of the pool of calls."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from ._aio import _waited
from ._llm import Balance, Cap, Charge, Ledger, ResponseCache
from ._prompt import LedgerEntry, RunLedger


class _ResponseCache:
    async def erase_async(self: Any, key: str) -> None:
        """As ``erase``, without blocking the event loop."""
        await _waited(lambda own: self.erase(key), None)


class _Ledger:
    async def set_cap_async(self: Any, account: str, cap: Cap) -> None:
        """As ``set_cap``, without blocking the event loop."""
        await _waited(lambda own: self.set_cap(account, cap), None)

    async def balance_async(self: Any, account: str) -> Balance:
        """As ``balance``, without blocking the event loop."""
        return await _waited(lambda own: self.balance(account), None)

    async def reserve_async(self: Any, accounts: Sequence[str], most: Charge) -> str:
        """As ``reserve``, without blocking the event loop. Cancelling the task does not end it: it stays reserved."""
        return await _waited(lambda own: self.reserve(accounts, most), None)

    async def settle_async(self: Any, reservation: str, charge: Charge) -> None:
        """As ``settle``, without blocking the event loop. Cancelling the task does not end it."""
        await _waited(lambda own: self.settle(reservation, charge), None)


class _RunLedger:
    async def entries_async(self: Any, run: str) -> list[LedgerEntry]:
        """As ``entries``, without blocking the event loop."""
        return await _waited(lambda own: self.entries(run), None)

    async def report_async(self: Any, run: str) -> str:
        """As ``report``, without blocking the event loop."""
        return await _waited(lambda own: self.report(run), None)

    async def runs_async(self: Any) -> list[str]:
        """As ``runs``, without blocking the event loop."""
        return await _waited(lambda own: self.runs, None)


def register() -> None:
    """Gives the classes of the module their members for asyncio."""
    for kind, twins in ((ResponseCache, _ResponseCache), (Ledger, _Ledger), (RunLedger, _RunLedger)):
        for name, member in vars(twins).items():
            if inspect.iscoroutinefunction(member):
                setattr(kind, name, member)
