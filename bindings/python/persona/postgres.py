"""A schema of a Postgres database: populations (``persona.postgres.open("host=db dbname=people")``), records, jobs.

    with persona.postgres.open("postgresql://ana@db.example.org/people?sslmode=verify-full",
                               password=persona.Secret.from_environment("PEOPLE_PASSWORD")) as database:
        database.put("sample", people, indexes=["age"])

Only in builds with libpq; without it every function raises ``Unsupported``. An error of the database has its SQLSTATE
as ``service.type``; ``service.retryable`` says whether to try again, ``service.sent`` that it may have been done although
no answer came. No error, ``repr`` or message holds the connection string or the password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from . import _storage
from ._aio import _waited
from ._errors import Unsupported
from ._llm import Clock, Secret
from ._persona import NameTable, Storage
from ._storage import JobQueue, Records

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "Options",
    "migrate",
    "open",
    "open_async",
    "open_jobs",
    "open_jobs_async",
    "open_records",
    "open_records_async",
    "schema_version",
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
    :raises: as ``open``; Unsupported: ``read_only``
    """
    opened: Records = _native("_open_postgres_records")(_where(connection), _options(options), clock)
    return opened


def open_jobs(connection: str | Secret, *, clock: Clock | None = None, **options: Unpack[Options]) -> JobQueue:
    """Opens the job queue of a schema. Workers that wait are woken by NOTIFY.

    :param clock: None is the machine's
    :param options: the keywords of ``open``
    :raises: as ``open``; Unsupported: ``read_only``
    """
    opened: JobQueue = _native("_open_postgres_jobs")(_where(connection), _options(options), clock)
    return opened


def schema_version(connection: str | Secret | None = None, **options: Unpack[Options]) -> int:
    """The version of a schema, 0 where there is none; without a connection the version this library writes.

    :raises: as ``open``
    """
    ask = _native("_postgres_schema_version")
    version: int = ask() if connection is None else ask(_where(connection), _options(options))
    return version


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
