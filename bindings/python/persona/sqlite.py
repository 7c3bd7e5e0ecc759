"""One SQLite file: populations (``persona.sqlite.open("people.db")``), records, jobs, answers, accounts and runs.

``open_database`` opens populations, records and jobs at once; ``backup`` and ``restore`` work while it is in use.
"""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypedDict

from ._aio import _waited
from ._builds import sqlite_native
from ._errors import Unsupported
from ._llm import Clock, Ledger, ResponseCache
from ._persona import NameTable, Storage
from ._prompt import RunLedger
from ._sqlite_backup import (
    backup,
    backup_async,
    contents,
    contents_async,
    restore,
    restore_async,
    vacuum,
    vacuum_async,
)
from ._storage import Database, JobQueue, Records, SchemaStep

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "Options",
    "RoomOptions",
    "backup",
    "backup_async",
    "contents",
    "contents_async",
    "migrate",
    "open",
    "open_async",
    "open_cache",
    "open_database",
    "open_database_async",
    "open_jobs",
    "open_jobs_async",
    "open_ledger",
    "open_records",
    "open_records_async",
    "open_run_ledger",
    "restore",
    "restore_async",
    "schema_steps",
    "schema_version",
    "vacuum",
    "vacuum_async",
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


def _room_options(given: RoomOptions, names: NameTable | None = None, replace: bool = False) -> Any:
    for name in given:
        if name not in RoomOptions.__annotations__:
            raise TypeError(f"a room of persona.sqlite has no option {name!r}")
    usual: RoomOptions = {"read_only": False, "create": True, "busy_timeout": 5.0, "durable": False}
    return sqlite_native("_SqliteOptions")(*{**usual, **given}.values(), names, replace)


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
    options = sqlite_native("_SqliteOptions")(read_only, create, busy_timeout, durable, names, replace)
    opened: Storage = sqlite_native("_open_sqlite")(fspath(path), options)
    return opened


def open_records(
    path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[RoomOptions]
) -> Records:
    """Opens the records of a file, for any number of threads and processes. It may be the file of a storage.

    :param clock: None is the machine's
    :param options: keywords of ``open``: ``read_only``, ``create``, ``busy_timeout``, ``durable``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: Records = sqlite_native("_open_sqlite_records")(fspath(path), _room_options(options), clock)
    return opened


def open_jobs(path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[RoomOptions]) -> JobQueue:
    """Opens the job queue of a file. Parameters and errors as of ``open_records``."""
    opened: JobQueue = sqlite_native("_open_sqlite_jobs")(fspath(path), _room_options(options), clock)
    return opened


def open_database(path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[Options]) -> Database:
    """Opens all rooms of a file: populations, records and jobs, with transactions across records and jobs.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    names, replace = options.pop("names", None), options.pop("replace", False)
    chosen = _room_options(options, names, replace)
    opened: Database = sqlite_native("_open_sqlite_database")(fspath(path), chosen, clock)
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


async def open_database_async(
    path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[Options]
) -> Database:
    """As ``open_database``, without blocking the event loop."""
    return await _waited(lambda own: open_database(path, clock=clock, **options), None)


def schema_version(path: str | PathLike[str] | None = None) -> int:
    """The version of a file, 0 for an empty one; without a path the version this library writes.

    :raises: as ``open``
    """
    version: int = sqlite_native("_sqlite_schema_version")(None if path is None else fspath(path))
    return version


def schema_steps() -> list[SchemaStep]:
    """The versions of the schema, the first one first."""
    steps: list[SchemaStep] = sqlite_native("_sqlite_schema_steps")()
    return steps


def migrate(path: str | PathLike[str], version: int) -> None:
    """Brings a file up or down to a version, 1 .. ``schema_version()``.

    Going below a version drops what only it can hold. Storages that are open raise Conflict from then on.

    :raises: as ``open``; InvalidArgument: no such version
    """
    sqlite_native("_migrate_sqlite")(fspath(path), version)


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
