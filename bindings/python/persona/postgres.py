"""A schema of a Postgres database: populations (``persona.postgres.open("host=db dbname=people")``), records, jobs, answers,
accounts and runs.

    with persona.postgres.open("postgresql://ana@db.example.org/people?sslmode=verify-full",
                               password=persona.Secret.from_environment("PEOPLE_PASSWORD")) as database:
        database.put("sample", people, indexes=["age"])

``open_database`` opens populations, records and jobs at once; ``backup`` and ``restore`` work while they are in use.

Only in builds with libpq; without it every function raises ``Unsupported``. An error of the database has its SQLSTATE
as ``service.type``; ``service.retryable`` says whether to try again, ``service.sent`` that it may have been done although
no answer came. No error, ``repr`` or message holds the connection string or the password.
"""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypedDict

from . import _storage
from ._aio import _waited
from ._errors import Unsupported
from ._llm import Clock, Context, Ledger, ResponseCache, Secret
from ._persona import NameTable, Storage
from ._prompt import RunLedger
from ._storage import BackupReport, Database, JobQueue, Records, SchemaStep, TableContent

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "Options",
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


class Options(TypedDict, total=False):
    """The keywords of ``open``, which the other functions take as well; times are seconds."""

    schema: str
    password: str | Secret | None
    connections: int
    pool_timeout: float
    connect_timeout: float
    statement_timeout: float
    lock_timeout: float
    read_only: bool
    create: bool
    names: NameTable | None
    replace: bool


def _native(name: str) -> Any:
    found = getattr(_storage, name, None)
    if found is None:
        raise Unsupported("this persona was built without Postgres: its build needs libpq 14 (Debian's libpq-dev)")
    return found


def _where(connection: str | Secret) -> Secret:
    if not isinstance(connection, (str, Secret)):
        raise TypeError(f"connection is a str or a Secret, not {type(connection).__name__}")
    return Secret(connection)


def _options(given: Options) -> Any:
    make = _native("_PostgresOptions")
    for name in given:
        if name not in Options.__annotations__:
            raise TypeError(f"persona.postgres has no option {name!r}")
    return make(**{**given, "password": Secret(given.get("password"))})


def open(
    connection: str | Secret,
    *,
    schema: str = "persona",
    password: str | Secret | None = None,
    connections: int = 8,
    pool_timeout: float = 5.0,
    connect_timeout: float = 5.0,
    statement_timeout: float = 0.0,
    lock_timeout: float = 5.0,
    read_only: bool = False,
    create: bool = True,
    names: NameTable | None = None,
    replace: bool = False,
) -> Storage:
    """Opens a database and brings its schema up to date under a lock.

    One table with one typed column per attribute for each population stored as rows: plain SQL can read it. Any number
    of threads and processes may read and write at the same time.

    :param connection: ``"postgresql://user@host/database?sslmode=verify-full"`` or ``"host=... dbname=..."``, as libpq
        reads it (TLS too); what it leaves out comes from PGHOST, PGUSER, ... and the password file
    :param schema: holds all tables; lower case letters, digits and _
    :param password: read anew for each connection; better here than in the connection string
    :param connections: most at the same time
    :param pool_timeout: seconds a call waits for one of them
    :param connect_timeout: whole seconds, two at least
    :param statement_timeout: seconds after which the database ends a statement; 0: it does not
    :param lock_timeout: the same for waiting for a lock
    :param read_only: for a replica, or for those who may only read
    :param create: make the schema where there is none
    :param names: for recipes; None is the built-in table
    :param replace: a new population takes the place of one of its name
    :raises InvalidArgument: a connection string, schema or time that is none
    :raises Unavailable: nobody answers there, or all connections are in use for ``pool_timeout``
    :raises Unauthenticated, PermissionDenied, NotFound: the user, or the database, is not as told
    :raises Unsupported: a later version of persona wrote it (with ``read_only`` also an earlier one), or this build has
        no libpq
    :raises Corrupted: its history is not that of this library
    """
    given: Options = {
        "schema": schema,
        "password": password,
        "connections": connections,
        "pool_timeout": pool_timeout,
        "connect_timeout": connect_timeout,
        "statement_timeout": statement_timeout,
        "lock_timeout": lock_timeout,
        "read_only": read_only,
        "create": create,
        "names": names,
        "replace": replace,
    }
    opened: Storage = _native("_open_postgres")(_where(connection), _options(given))
    return opened


def open_records(connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]) -> Records:
    """Opens the records of a schema, for any number of threads and processes.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: Records = _native("_open_postgres_records")(_where(connection), _options(options), clock)
    return opened


def open_jobs(connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]) -> JobQueue:
    """Opens the job queue of a schema. Workers that wait are woken by NOTIFY.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: JobQueue = _native("_open_postgres_jobs")(_where(connection), _options(options), clock)
    return opened


def open_database(connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]) -> Database:
    """Opens all rooms of a schema: populations, records and jobs, with transactions across records and jobs.

    Populations have ``connections`` of their own, the others share as many.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: Database = _native("_open_postgres_database")(_where(connection), _options(options), clock)
    return opened


def open_cache(
    connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]
) -> ResponseCache:
    """Keeps answers of language models in a schema, for any number of threads and processes.

    It may be the schema of a storage. What has expired is removed now and then.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``
    """
    opened: ResponseCache = _native("_open_postgres_cache")(_where(connection), _options(options), clock)
    return opened


def open_ledger(
    connection: str | Secret, *, lease: float = 3600.0, clock: Clock | None = None, **options: Unpack[Options]
) -> Ledger:
    """Keeps accounts in a schema: no cap is passed by all threads and processes together.

    :param lease: seconds, longer than any call: an older reservation was left by a process that died, and is booked
        at its most
    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``
    """
    opened: Ledger = _native("_open_postgres_ledger")(_where(connection), _options(options), lease, clock)
    return opened


def open_run_ledger(connection: str | Secret, **options: Unpack[Options]) -> RunLedger:
    """Keeps runs of prompt optimizers in the tables ``persona_run`` and ``persona_run_call``.

    What was answered survives the death of the process, and of the server's machine as far as its settings say so: the
    same run goes on there and pays nothing twice.

    :param options: the keywords of ``open``
    :raises: as ``open``
    """
    opened: RunLedger = _native("_open_postgres_run_ledger")(_where(connection), _options(options))
    return opened


def backup(
    connection: str | Secret, to: str | PathLike[str], *, context: Context | None = None, **options: Unpack[Options]
) -> BackupReport:
    """Writes one state of the schema into a file of pg_dump's custom format. Others go on reading and writing.

    The file appears once it is whole, was read back and compared table by table. Roles and their rights are not in it.
    pg_dump and pg_restore are looked for on PATH; they must be at least as new as the server. They get the password by
    their environment.

    :param options: the keywords of ``open``
    :raises: as ``open``; NotFound: no pg_dump, or no such schema; AlreadyExists: ``to`` is there and no backup;
        Corrupted: it does not hold the same; Cancelled, DeadlineExceeded: nothing is left behind
    """
    write = _native("_backup_postgres")
    report: BackupReport = write(_where(connection), fspath(to), _options(options), context)
    return report


# `replace` is an option of `open` too, of populations; here it is what it says.
def restore(
    source: str | PathLike[str], connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]
) -> BackupReport:
    """Makes the schema what a backup of a schema of this name was, in one transaction: others see the old or the new.

    What they have open must be opened again. It keeps the backup's schema version; opening it brings it up to date. Who
    was erased after the backup is in it still: erase again.

    :param source: the backup
    :param options: the keywords of ``open``; ``replace``: what the schema holds goes, once all of the backup is there
    :raises: as ``open``; AlreadyExists: the schema holds something and ``replace`` is not set; InvalidArgument: the
        backup is none, or of another schema; Corrupted: what is there now is not what it held; Cancelled
    """
    replace = options.get("replace", False)
    read = _native("_restore_postgres")
    report: BackupReport = read(fspath(source), _where(connection), _options(options), replace, context)
    return report


def contents(
    connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]
) -> list[TableContent]:
    """All tables of the schema, of any version.

    :param options: the keywords of ``open``
    :raises: as ``open``; NotFound: no such schema
    """
    tables: list[TableContent] = _native("_postgres_contents")(_where(connection), _options(options), context)
    return tables


def vacuum(connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]) -> int:
    """Makes room for new rows where old ones were, and tells the planner what is there. Others go on.

    :param options: the keywords of ``open``
    :returns: by how many bytes the schema is smaller on disk
    :raises: as ``open``
    """
    smaller: int = _native("_vacuum_postgres")(_where(connection), _options(options), context)
    return smaller


def schema_version(connection: str | Secret | None = None, **options: Unpack[Options]) -> int:
    """The version of a schema, 0 where there is none; without a connection the version this library writes.

    :raises: as ``open``
    """
    ask = _native("_postgres_schema_version")
    version: int = ask() if connection is None else ask(_where(connection), _options(options))
    return version


def schema_steps() -> list[SchemaStep]:
    """The versions of the schema, the first one first."""
    steps: list[SchemaStep] = _native("_postgres_schema_steps")()
    return steps


def migrate(connection: str | Secret, version: int, **options: Unpack[Options]) -> None:
    """Brings a schema up or down to a version, 1 .. ``schema_version()``.

    Going below a version drops what only it can hold. Storages that are open raise Conflict from then on.

    :raises: as ``open``; InvalidArgument: no such version
    """
    _native("_migrate_postgres")(_where(connection), version, _options(options))


async def open_async(connection: str | Secret, **options: Unpack[Options]) -> Storage:
    """As ``open``, without blocking the event loop."""
    return await _waited(lambda own: open(connection, **options), None)


async def open_records_async(
    connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]
) -> Records:
    """As ``open_records``, without blocking the event loop."""
    return await _waited(lambda own: open_records(connection, clock=clock, **options), None)


async def open_jobs_async(
    connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]
) -> JobQueue:
    """As ``open_jobs``, without blocking the event loop."""
    return await _waited(lambda own: open_jobs(connection, clock=clock, **options), None)


async def open_database_async(
    connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]
) -> Database:
    """As ``open_database``, without blocking the event loop."""
    return await _waited(lambda own: open_database(connection, clock=clock, **options), None)


async def open_cache_async(
    connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]
) -> ResponseCache:
    """As ``open_cache``, without blocking the event loop."""
    return await _waited(lambda own: open_cache(connection, clock=clock, **options), None)


async def open_ledger_async(
    connection: str | Secret, *, lease: float = 3600.0, clock: Clock | None = None, **options: Unpack[Options]
) -> Ledger:
    """As ``open_ledger``, without blocking the event loop."""
    return await _waited(lambda own: open_ledger(connection, lease=lease, clock=clock, **options), None)


async def open_run_ledger_async(connection: str | Secret, **options: Unpack[Options]) -> RunLedger:
    """As ``open_run_ledger``, without blocking the event loop."""
    return await _waited(lambda own: open_run_ledger(connection, **options), None)


async def backup_async(
    connection: str | Secret, to: str | PathLike[str], *, context: Context | None = None, **options: Unpack[Options]
) -> BackupReport:
    """As ``backup``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: backup(connection, to, context=own, **options), context)


async def restore_async(
    source: str | PathLike[str], connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]
) -> BackupReport:
    """As ``restore``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: restore(source, connection, context=own, **options), context)


async def contents_async(
    connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]
) -> list[TableContent]:
    """As ``contents``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: contents(connection, context=own, **options), context)


async def vacuum_async(
    connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]
) -> int:
    """As ``vacuum``, without blocking the event loop. Cancelling the task stops it."""
    return await _waited(lambda own: vacuum(connection, context=own, **options), context)
