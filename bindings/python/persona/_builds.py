"""What is there only in some builds."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from . import _storage
from ._errors import Unsupported


def sqlite_native(name: str, module: ModuleType = _storage) -> Any:
    """A function of the module. Raises Unsupported in builds without SQLite."""
    return _found(module, name, "this persona was built without SQLite")


def postgres_native(name: str) -> Any:
    """A function of the module. Raises Unsupported in builds without libpq."""
    return _found(_storage, name, "this persona was built without Postgres: its build needs libpq 14 (Debian's libpq-dev)")


def _found(module: ModuleType, name: str, otherwise: str) -> Any:
    found = getattr(module, name, None)
    if found is None:
        raise Unsupported(otherwise)
    return found
