"""Where a Postgres database is and how it is opened, for C++; what is secret goes as a Secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from ._builds import postgres_native
from ._llm import Secret
from ._persona import NameTable


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
    replicas: Sequence[str | Secret]


Options.__module__ = "persona.postgres"  # where users find it


def where(connection: str | Secret) -> Secret:
    if not isinstance(connection, (str, Secret)):
        raise TypeError(f"connection is a str or a Secret, not {type(connection).__name__}")
    return Secret(connection)


def native_options(given: Options) -> Any:
    make = postgres_native("_PostgresOptions")
    for name in given:
        if name not in Options.__annotations__:
            raise TypeError(f"persona.postgres has no option {name!r}")
    replicas = given.get("replicas", ())
    if isinstance(replicas, (str, Secret)):
        raise TypeError("replicas are connection strings in a list, one alone too")
    secrets = {"password": Secret(given.get("password")), "replicas": [where(replica) for replica in replicas]}
    return make(**{**given, **secrets})
