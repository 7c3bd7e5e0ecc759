"""Populations in one SQLite file: ``persona.sqlite.open("people.db")``."""

from __future__ import annotations

from os import PathLike

from ._errors import Unsupported
from ._persona import Storage

__all__ = ["open"]


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
