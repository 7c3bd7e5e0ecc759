"""One SQLite file: populations (``persona.sqlite.open("people.db")``), records, jobs, answers, accounts and runs."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypedDict

from . import _storage
from ._aio import _waited
from ._errors import Unsupported
from ._llm import Clock, Ledger, ResponseCache
from ._persona import NameTable, Storage
from ._prompt import RunLedger
from ._storage import JobQueue, Records

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "Options",
    "RoomOptions",
    "migrate",
    "open",
    "open_async",
    "open_cache",
    "open_jobs",
    "open_jobs_async",
    "open_ledger",
    "open_records",
    "open_records_async",
    "open_run_ledger",
    "schema_version",
]


class RoomOptions(TypedDict, total=False):
    """The keywords of ``open`` that are of every room; times are seconds."""

    read_only: bool
    create: bool
    busy_timeout: float
    durable: bool


class Options(RoomOptions, total=False):
    """The keywords of ``open``."""

    names: NameTable | None
    replace: bool


def _native(name: str) -> Any:
    found = getattr(_storage, name, None)
    if found is None:
        raise Unsupported("this persona was built without SQLite")
    return found


def _room_options(given: RoomOptions) -> Any:
    for name in given:
        if name not in RoomOptions.__annotations__:
            raise TypeError(f"a room of persona.sqlite has no option {name!r}")
    usual: RoomOptions = {"read_only": False, "create": True, "busy_timeout": 5.0, "durable": False}
    return _native("_SqliteOptions")(*{**usual, **given}.values(), None, False)


def open(
    path: str | PathLike[str],
    *,
    read_only: bool = False,
    create: bool = True,
    busy_timeout: float = 5.0,
    durable: bool = False,
    names: NameTable | None = None,
    replace: bool = False,
) -> Storage:
    """Opens a database and brings its schema up to date under a lock.

    One STRICT table with one typed column per attribute for each population stored as rows:
    plain SQL can read it.

    :param create: make the file where there is none
    :param busy_timeout: seconds to wait for another process
    :param durable: survive power loss, not only a crash
    :param names: for recipes; None is the built-in table
    :param replace: a new population takes the place of one of its name
    :raises NotFound, IoError: the file cannot be opened
    :raises Unsupported: a later version of persona wrote it, or this build has no SQLite
    :raises Corrupted: not a database, or a damaged one
    :raises Unavailable: another process holds the lock beyond ``busy_timeout``
    """
    options = _native("_SqliteOptions")(read_only, create, busy_timeout, durable, names, replace)
    opened: Storage = _native("_open_sqlite")(fspath(path), options)
    return opened


def open_records(
    path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[RoomOptions]
) -> Records:
    """Opens the records of a file, for any number of threads and processes. It may be the file of a storage.

    :param clock: None is the machine's
    :param options: keywords of ``open``: ``read_only``, ``create``, ``busy_timeout``, ``durable``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: Records = _native("_open_sqlite_records")(fspath(path), _room_options(options), clock)
    return opened


def open_jobs(path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[RoomOptions]) -> JobQueue:
    """Opens the job queue of a file. Parameters and errors as of ``open_records``."""
    opened: JobQueue = _native("_open_sqlite_jobs")(fspath(path), _room_options(options), clock)
    return opened


async def open_async(path: str | PathLike[str], **options: Unpack[Options]) -> Storage:
    """As ``open``, without blocking the event loop."""
    return await _waited(lambda own: open(path, **options), None)


async def open_records_async(
    path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[RoomOptions]
) -> Records:
    """As ``open_records``, without blocking the event loop."""
    return await _waited(lambda own: open_records(path, clock=clock, **options), None)


async def open_jobs_async(
    path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[RoomOptions]
) -> JobQueue:
    """As ``open_jobs``, without blocking the event loop."""
    return await _waited(lambda own: open_jobs(path, clock=clock, **options), None)


def schema_version(path: str | PathLike[str] | None = None) -> int:
    """The version of a file, 0 for an empty one; without a path the version this library writes.

    :raises: as ``open``
    """
    version: int = _native("_sqlite_schema_version")(None if path is None else fspath(path))
    return version


def migrate(path: str | PathLike[str], version: int) -> None:
    """Brings a file up or down to a version, 1 .. ``schema_version()``.

    Going below a version drops what only it can hold. Storages that are open raise Conflict from then on.

    :raises: as ``open``; InvalidArgument: no such version
    """
    _native("_migrate_sqlite")(fspath(path), version)


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
