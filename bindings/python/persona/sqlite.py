"""One SQLite file: populations (``persona.sqlite.open("people.db")``), records, jobs, answers, accounts and runs.

``open_database`` opens populations, records and jobs at once; ``backup`` and ``restore`` work while it is in use.
"""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypedDict

from . import _storage
from ._aio import _waited
from ._errors import Unsupported
from ._llm import Clock, Context, Ledger, ResponseCache
from ._persona import NameTable, Storage
from ._prompt import RunLedger
from ._storage import BackupReport, Database, JobQueue, Records, SchemaStep, TableContent

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


def _native(name: str) -> Any:
    found = getattr(_storage, name, None)
    if found is None:
        raise Unsupported("this persona was built without SQLite")
    return found


def _room_options(given: RoomOptions, names: NameTable | None = None, replace: bool = False) -> Any:
    for name in given:
        if name not in RoomOptions.__annotations__:
            raise TypeError(f"a room of persona.sqlite has no option {name!r}")
    usual: RoomOptions = {"read_only": False, "create": True, "busy_timeout": 5.0, "durable": False}
    return _native("_SqliteOptions")(*{**usual, **given}.values(), names, replace)


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


def open_database(path: str | PathLike[str], *, clock: Clock | None = None, **options: Unpack[Options]) -> Database:
    """Opens all rooms of a file: populations, records and jobs, with transactions across records and jobs.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    names, replace = options.pop("names", None), options.pop("replace", False)
    chosen = _room_options(options, names, replace)
    opened: Database = _native("_open_sqlite_database")(fspath(path), chosen, clock)
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
    version: int = _native("_sqlite_schema_version")(None if path is None else fspath(path))
    return version


def schema_steps() -> list[SchemaStep]:
    """The versions of the schema, the first one first."""
    steps: list[SchemaStep] = _native("_sqlite_schema_steps")()
    return steps


def migrate(path: str | PathLike[str], version: int) -> None:
    """Brings a file up or down to a version, 1 .. ``schema_version()``.

    Going below a version drops what only it can hold. Storages that are open raise Conflict from then on.

    :raises: as ``open``; InvalidArgument: no such version
    """
    _native("_migrate_sqlite")(fspath(path), version)


def backup(path: str | PathLike[str], to: str | PathLike[str], *, context: Context | None = None) -> BackupReport:
    """Writes one state of the whole database into a file of its own, which is a database too.

    Others go on reading and writing. The file appears once it is whole and was compared table by table; another backup of
    its name gives way.

    :raises: as ``open``; AlreadyExists: ``to`` is there and no database; Corrupted: it does not hold the same;
        Cancelled, DeadlineExceeded: nothing is left behind
    """
    report: BackupReport = _native("_backup_sqlite")(fspath(path), fspath(to), context)
    return report


def restore(
    source: str | PathLike[str], path: str | PathLike[str], *, replace: bool = False, context: Context | None = None
) -> BackupReport:
    """Makes a database what a backup of it was, in one transaction: those who have it open see the old or the new.

    It keeps the backup's schema version; opening it brings it up to date. Who was erased after the backup is in it still:
    erase again.

    :param source: the backup
    :param replace: what the database holds goes, once all of the backup is there
    :raises: as ``open``; AlreadyExists: the database holds something and ``replace`` is not set;
        Corrupted, Unsupported: the backup is damaged, or none; Cancelled
    """
    report: BackupReport = _native("_restore_sqlite")(fspath(source), fspath(path), replace, context)
    return report


def contents(path: str | PathLike[str], *, context: Context | None = None) -> list[TableContent]:
    """All tables, of any schema version.

    :raises: as ``open``
    """
    tables: list[TableContent] = _native("_sqlite_contents")(fspath(path), context)
    return tables


def vacuum(path: str | PathLike[str], *, context: Context | None = None) -> int:
    """Gives the room of what was removed back to the system, and leaves no trace of it in the file or its log.

    :returns: by how many bytes it is smaller
    :raises: as ``open``; Unavailable: somebody is using it
    """
    smaller: int = _native("_vacuum_sqlite")(fspath(path), context)
    return smaller


async def backup_async(
    path: str | PathLike[str], to: str | PathLike[str], *, context: Context | None = None
) -> BackupReport:
    """As ``backup``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: backup(path, to, context=own), context)


async def restore_async(
    source: str | PathLike[str], path: str | PathLike[str], *, replace: bool = False, context: Context | None = None
) -> BackupReport:
    """As ``restore``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: restore(source, path, replace=replace, context=own), context)


async def contents_async(path: str | PathLike[str], *, context: Context | None = None) -> list[TableContent]:
    """As ``contents``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: contents(path, context=own), context)


async def vacuum_async(path: str | PathLike[str], *, context: Context | None = None) -> int:
    """As ``vacuum``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: vacuum(path, context=own), context)


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
