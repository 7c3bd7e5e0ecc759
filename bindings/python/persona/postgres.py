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

from typing import TYPE_CHECKING

from ._aio import _waited
from ._builds import postgres_native
from ._llm import Clock, Ledger, ResponseCache, Secret
from ._persona import NameTable, Storage
from ._postgres_backup import (
    backup,
    backup_async,
    contents,
    contents_async,
    restore,
    restore_async,
    vacuum,
    vacuum_async,
)
from ._postgres_place import Options, native_options, where
from ._prompt import RunLedger
from ._storage import (
    Database,
    Health,
    JobQueue,
    PoolHealth,
    Records,
    ReplicaHealth,
    SchemaStep,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Unpack

__all__ = [
    "Options",
    "Health",
    "PoolHealth",
    "ReplicaHealth",
    "backup",
    "backup_async",
    "contents",
    "contents_async",
    "health",
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
    replicas: Sequence[str | Secret] = (),
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
    :param replicas: the connection strings of standbys for reads of populations and records, with the same user and
        password; they are asked in turn. The database itself is read where none of them answers and has what was
        written here, or the one that was asked does not know what it was asked for. What others wrote, they may show
        late, each another while
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
        "replicas": replicas,
    }
    opened: Storage = postgres_native("_open_postgres")(where(connection), native_options(given))
    return opened


def open_records(connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]) -> Records:
    """Opens the records of a schema, for any number of threads and processes.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: Records = postgres_native("_open_postgres_records")(where(connection), native_options(options), clock)
    return opened


def open_jobs(connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]) -> JobQueue:
    """Opens the job queue of a schema. Workers that wait are woken by NOTIFY.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: JobQueue = postgres_native("_open_postgres_jobs")(where(connection), native_options(options), clock)
    return opened


def open_database(connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]) -> Database:
    """Opens all rooms of a schema: populations, records and jobs, with transactions across records and jobs.

    Populations have ``connections`` of their own, the others share as many.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; with ``read_only`` every change raises IoError
    """
    opened: Database = postgres_native("_open_postgres_database")(where(connection), native_options(options), clock)
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
    opened: ResponseCache = postgres_native("_open_postgres_cache")(where(connection), native_options(options), clock)
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
    opened: Ledger = postgres_native("_open_postgres_ledger")(where(connection), native_options(options), lease, clock)
    return opened


def open_run_ledger(connection: str | Secret, **options: Unpack[Options]) -> RunLedger:
    """Keeps runs of prompt optimizers in the tables ``persona_run`` and ``persona_run_call``.

    What was answered survives the death of the process, and of the server's machine as far as its settings say so: the
    same run goes on there and pays nothing twice.

    :param options: the keywords of ``open``
    :raises: as ``open``
    """
    opened: RunLedger = postgres_native("_open_postgres_run_ledger")(where(connection), native_options(options))
    return opened


def health(storage: Storage) -> Health:
    """How the connections of a storage are, and its standbys.

    Of a database, its ``populations`` tell, and their standbys are those of its records too.

    :raises InvalidArgument: not a storage of Postgres
    """
    answer: Health = postgres_native("_postgres_health")(storage)
    return answer


def schema_version(connection: str | Secret | None = None, **options: Unpack[Options]) -> int:
    """The version of a schema, 0 where there is none; without a connection the version this library writes.

    :raises: as ``open``
    """
    ask = postgres_native("_postgres_schema_version")
    version: int = ask() if connection is None else ask(where(connection), native_options(options))
    return version


def schema_steps() -> list[SchemaStep]:
    """The versions of the schema, the first one first."""
    steps: list[SchemaStep] = postgres_native("_postgres_schema_steps")()
    return steps


def migrate(connection: str | Secret, version: int, **options: Unpack[Options]) -> None:
    """Brings a schema up or down to a version, 1 .. ``schema_version()``.

    Going below a version drops what only it can hold. Storages that are open raise Conflict from then on.

    :raises: as ``open``; InvalidArgument: no such version
    """
    postgres_native("_migrate_postgres")(where(connection), version, native_options(options))


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
