"""One SQLite file: populations (``persona.sqlite.open("people.db")``), records, jobs, answers, accounts and runs.

``open_database`` opens populations, records and jobs at once; ``backup`` and ``restore`` work while it is in use.
"""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypedDict

from . import _llm, _prompt
from ._aio import _waited
from ._builds import sqlite_native
from ._llm import Clock, Ledger, ResponseCache, Secret
from ._persona import NameTable, Storage
from ._prompt import RunLedger
from ._sqlite_backup import (
    _secret_key,
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
    "CacheOptions",
    "LedgerOptions",
    "Options",
    "RoomOptions",
    "RunLedgerOptions",
    "backup",
    "backup_async",
    "contents",
    "contents_async",
    "migrate",
    "open",
    "open_async",
    "open_cache",
    "open_cache_async",
    "open_database",
    "open_database_async",
    "open_jobs",
    "open_jobs_async",
    "open_ledger",
    "open_ledger_async",
    "open_records",
    "open_records_async",
    "open_run_ledger",
    "open_run_ledger_async",
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
    page_bytes: int
    key: str | Secret | None


class Options(RoomOptions, total=False):
    """The keywords of ``open``."""

    names: NameTable | None
    replace: bool


class CacheOptions(TypedDict, total=False):
    """The keywords of ``open_cache``."""

    busy_timeout: float
    page_bytes: int
    key: str | Secret | None


class LedgerOptions(CacheOptions, total=False):
    """The keywords of ``open_ledger``."""

    lease: float


class RunLedgerOptions(TypedDict, total=False):
    """The keywords of ``open_run_ledger``."""

    durable: bool
    create: bool
    page_bytes: int
    key: str | Secret | None


def _room_options(given: RoomOptions, names: NameTable | None = None, replace: bool = False) -> Any:
    for name in given:
        if name not in RoomOptions.__annotations__:
            raise TypeError(f"a room of persona.sqlite has no option {name!r}")
    return sqlite_native("_SqliteOptions")(
        given.get("read_only", False),
        given.get("create", True),
        given.get("busy_timeout", 5.0),
        given.get("durable", False),
        names,
        replace,
        given.get("page_bytes", 0),
        _secret_key(given.get("key")),
    )


def open(
    path: str | PathLike[str],
    *,
    read_only: bool = False,
    create: bool = True,
    busy_timeout: float = 5.0,
    durable: bool = False,
    names: NameTable | None = None,
    replace: bool = False,
    page_bytes: int = 0,
    key: str | Secret | None = None,
) -> Storage:
    """Opens a database and brings its schema up to date under a lock.

    One STRICT table with one typed column per attribute for each population stored as rows:
    plain SQL can read it.

    :param create: make the file where there is none
    :param busy_timeout: seconds to wait for another process
    :param durable: survive power loss, not only a crash
    :param names: for recipes; None is the built-in table
    :param replace: a new population takes the place of one of its name
    :param page_bytes: of a file that is made, a power of two from 512 to 65536; 0: 32 kB here and in ``open_database``,
        4 kB where another room makes it, and wherever there is a key
    :param key: encrypts the file; for builds with SQLCipher. Read anew for each connection
    :raises NotFound, IoError: the file cannot be opened
    :raises InvalidArgument: no such size of a page
    :raises Unsupported: a later version of persona wrote it, this build has no SQLite, or a key was
        given and it has no SQLCipher: nothing is made then
    :raises Unauthenticated: the key does not open the file, or is not where the secret looks for it
    :raises Corrupted: not a database, a damaged one, or an encrypted one that was opened without its key
    :raises Unavailable: another process holds the lock beyond ``busy_timeout``
    """
    options = sqlite_native("_SqliteOptions")(
        read_only, create, busy_timeout, durable, names, replace, page_bytes, _secret_key(key)
    )
    opened: Storage = sqlite_native("_open_sqlite")(fspath(path), options)
    return opened


def open_records(
    path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[RoomOptions]
) -> Records:
    """Opens the records of a file, for any number of threads and processes. It may be the file of a storage.

    :param clock: None is the machine's
    :param options: keywords of ``open``: ``read_only``, ``create``, ``busy_timeout``, ``durable``, ``page_bytes``,
        ``key``
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


def schema_version(path: str | PathLike[str] | None = None, *, key: str | Secret | None = None) -> int:
    """The version of a file, 0 for an empty one; without a path the version this library writes.

    :raises: as ``open``
    """
    version: int = sqlite_native("_sqlite_schema_version")(None if path is None else fspath(path), _secret_key(key))
    return version


def schema_steps() -> list[SchemaStep]:
    """The versions of the schema, the first one first."""
    steps: list[SchemaStep] = sqlite_native("_sqlite_schema_steps")()
    return steps


def migrate(path: str | PathLike[str], version: int, *, key: str | Secret | None = None) -> None:
    """Brings a file up or down to a version, 1 .. ``schema_version()``.

    Going below a version drops what only it can hold. Storages that are open raise Conflict from then on.

    :raises: as ``open``; InvalidArgument: no such version
    """
    sqlite_native("_migrate_sqlite")(fspath(path), version, _secret_key(key))


def open_cache(
    path: str | PathLike[str], *, busy_timeout: float = 5.0, page_bytes: int = 0, key: str | Secret | None = None
) -> ResponseCache:
    """Keeps answers of language models in a file, for any number of threads and processes.

    It may be the file of a storage. What has expired is removed now and then.

    :param busy_timeout: seconds to wait for another process
    :param page_bytes, key: as of ``open``
    :raises NotFound, IoError, Unsupported, Corrupted, Unavailable: as ``open``
    """
    opened: ResponseCache = sqlite_native("open_cache", _llm)(fspath(path), busy_timeout, page_bytes, _secret_key(key))
    return opened


def open_ledger(
    path: str | PathLike[str],
    *,
    busy_timeout: float = 5.0,
    lease: float = 3600.0,
    page_bytes: int = 0,
    key: str | Secret | None = None,
) -> Ledger:
    """Keeps accounts in a file: no cap is passed by all threads and processes together.

    :param busy_timeout: seconds to wait for another process
    :param lease: seconds, longer than any call: an older reservation was left by a process that died, and is booked
        at its most
    :param page_bytes, key: as of ``open``
    :raises NotFound, IoError, Unsupported, Corrupted, Unavailable: as ``open``
    """
    opened: Ledger = sqlite_native("open_ledger", _llm)(fspath(path), busy_timeout, lease, page_bytes, _secret_key(key))
    return opened


def open_run_ledger(
    path: str | PathLike[str],
    *,
    durable: bool = False,
    create: bool = True,
    page_bytes: int = 0,
    key: str | Secret | None = None,
) -> RunLedger:
    """Keeps runs of prompt optimizers in the tables ``persona_run`` and ``persona_run_call``.

    What was answered survives the death of the process: the same run goes on there and pays nothing twice.

    :param durable: survive power loss too
    :param page_bytes, key: as of ``open``
    :raises NotFound, IoError, Unsupported, Corrupted, Unavailable: as ``open``
    """
    native = sqlite_native("open_run_ledger", _prompt)
    opened: RunLedger = native(fspath(path), durable, create, page_bytes, _secret_key(key))
    return opened


async def open_cache_async(path: str | PathLike[str], **options: Unpack[CacheOptions]) -> ResponseCache:
    """As ``open_cache``, without blocking the event loop."""
    return await _waited(lambda own: open_cache(path, **options), None)


async def open_ledger_async(path: str | PathLike[str], **options: Unpack[LedgerOptions]) -> Ledger:
    """As ``open_ledger``, without blocking the event loop."""
    return await _waited(lambda own: open_ledger(path, **options), None)


async def open_run_ledger_async(path: str | PathLike[str], **options: Unpack[RunLedgerOptions]) -> RunLedger:
    """As ``open_run_ledger``, without blocking the event loop."""
    return await _waited(lambda own: open_run_ledger(path, **options), None)
