"""Backups of a schema of Postgres, and what else is done to it whole. ``persona.postgres`` has these functions."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING

from ._aio import _waited
from ._builds import postgres_native
from ._llm import Context, Secret
from ._postgres_place import Options, native_options, where
from ._storage import BackupReport, TableContent

if TYPE_CHECKING:
    from typing_extensions import Unpack


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
    write = postgres_native("_backup_postgres")
    report: BackupReport = write(where(connection), fspath(to), native_options(options), context)
    return report


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
    read = postgres_native("_restore_postgres")
    report: BackupReport = read(fspath(source), where(connection), native_options(options), replace, context)
    return report


def contents(
    connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]
) -> list[TableContent]:
    """All tables of the schema, of any version.

    :param options: the keywords of ``open``
    :raises: as ``open``; NotFound: no such schema
    """
    tables: list[TableContent] = postgres_native("_postgres_contents")(where(connection), native_options(options), context)
    return tables


def vacuum(connection: str | Secret, *, context: Context | None = None, **options: Unpack[Options]) -> int:
    """Makes room for new rows where old ones were, and tells the planner what is there. Others go on.

    :param options: the keywords of ``open``
    :returns: by how many bytes the schema is smaller on disk
    :raises: as ``open``
    """
    smaller: int = postgres_native("_vacuum_postgres")(where(connection), native_options(options), context)
    return smaller


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
