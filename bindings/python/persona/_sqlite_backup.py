"""Backups of an SQLite file, and what else is done to it whole. ``persona.sqlite`` has these functions."""

from __future__ import annotations

from os import PathLike, fspath

from ._aio import _waited
from ._builds import sqlite_native
from ._llm import Context
from ._storage import BackupReport, TableContent


def backup(path: str | PathLike[str], to: str | PathLike[str], *, context: Context | None = None) -> BackupReport:
    """Writes one state of the whole database into a file of its own, which is a database too.

    Others go on reading and writing. The file appears once it is whole and was compared table by table; another backup of
    its name gives way.

    :raises: as ``open``; AlreadyExists: ``to`` is there and no database; Corrupted: it does not hold the same;
        Cancelled, DeadlineExceeded: nothing is left behind
    """
    report: BackupReport = sqlite_native("_backup_sqlite")(fspath(path), fspath(to), context)
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
    report: BackupReport = sqlite_native("_restore_sqlite")(fspath(source), fspath(path), replace, context)
    return report


def contents(path: str | PathLike[str], *, context: Context | None = None) -> list[TableContent]:
    """All tables, of any schema version.

    :raises: as ``open``
    """
    tables: list[TableContent] = sqlite_native("_sqlite_contents")(fspath(path), context)
    return tables


def vacuum(path: str | PathLike[str], *, context: Context | None = None) -> int:
    """Gives the room of what was removed back to the system, and leaves no trace of it in the file or its log.

    :returns: by how many bytes it is smaller
    :raises: as ``open``; Unavailable: somebody is using it
    """
    smaller: int = sqlite_native("_vacuum_sqlite")(fspath(path), context)
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
