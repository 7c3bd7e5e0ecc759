"""One SQLite file: populations (``persona.sqlite.open("people.db")``), answers, accounts and runs of optimizers."""

from __future__ import annotations

from os import PathLike, fspath

from ._errors import Unsupported
from ._llm import Ledger, ResponseCache
from ._persona import Storage
from ._prompt import RunLedger

__all__ = ["open", "open_cache", "open_ledger", "open_run_ledger"]


def open(
    path: str | PathLike[str],
    *,
    read_only: bool = False,
    create: bool = True,
    busy_timeout: float = 5.0,
    durable: bool = False,
) -> Storage:
    """Opens a database and brings its schema up to date under a lock.

    One STRICT table with one typed column per attribute for each population stored as rows:
    plain SQL can read it.

    :param create: make the file where there is none
    :param busy_timeout: seconds to wait for another process
    :param durable: survive power loss, not only a crash
    :raises NotFound, IoError: the file cannot be opened
    :raises Unsupported: a later version of persona wrote it, or this build has no SQLite
    :raises Corrupted: not a database, or a damaged one
    :raises Unavailable: another process holds the lock beyond ``busy_timeout``
    """
    try:
        from ._persona import open_sqlite
    except ImportError:
        raise Unsupported("this persona was built without SQLite") from None
    return open_sqlite(path, read_only, create, busy_timeout, durable)


def open_cache(path: str | PathLike[str], *, busy_timeout: float = 5.0) -> ResponseCache:
    """Keeps answers of language models in a file, for any number of threads and processes.

    It may be the file of a storage. What has expired is removed now and then.

    :param busy_timeout: seconds to wait for another process
    :raises NotFound, IoError, Unsupported, Corrupted, Unavailable: as ``open``
    """
    try:
        from ._llm import open_cache as native
    except ImportError:
        raise Unsupported("this persona was built without SQLite") from None
    return native(fspath(path), busy_timeout)


def open_ledger(path: str | PathLike[str], *, busy_timeout: float = 5.0, lease: float = 3600.0) -> Ledger:
    """Keeps accounts in a file: no cap is passed by all threads and processes together.

    :param busy_timeout: seconds to wait for another process
    :param lease: seconds, longer than any call: an older reservation was left by a process that died, and is booked
        at its most
    :raises NotFound, IoError, Unsupported, Corrupted, Unavailable: as ``open``
    """
    try:
        from ._llm import open_ledger as native
    except ImportError:
        raise Unsupported("this persona was built without SQLite") from None
    return native(fspath(path), busy_timeout, lease)


def open_run_ledger(path: str | PathLike[str], *, durable: bool = False, create: bool = True) -> RunLedger:
    """Keeps runs of prompt optimizers in the tables ``persona_run`` and ``persona_run_call``.

    What was answered survives the death of the process: the same run goes on there and pays nothing twice.

    :param durable: survive power loss too
    :raises NotFound, IoError, Unsupported, Corrupted, Unavailable: as ``open``
    """
    try:
        from ._prompt import open_run_ledger as native
    except ImportError:
        raise Unsupported("this persona was built without SQLite") from None
    return native(fspath(path), durable, create)
