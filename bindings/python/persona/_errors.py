"""What can go wrong: one class a code, each also the exception Python would have used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._llm import Money


@dataclass(frozen=True)
class ServiceFailure:
    """What a remote service said when it failed.

    ``status`` is HTTP's, 0 where no answer came; ``type`` the service's own word; ``retry_after`` seconds;
    ``retryable``: the same call may succeed later; ``sent``: the service may have done the work, and may charge
    for it; ``cost`` what the failure is booked at.
    """

    status: int = 0
    type: str = ""
    request_id: str = ""
    retry_after: float | None = None
    retryable: bool = False
    sent: bool = False
    cost: Money | None = None


class PersonaError(Exception):
    """Anything persona refuses or fails to do.

    ``code`` says what the caller can do about it, ``message`` what happened and to what, ``path``
    where: a JSON pointer into the specification (``/attributes/3/round``) or a file; empty where
    neither applies. ``service`` is a ServiceFailure where a remote service failed, else None.
    """

    code = "internal"

    def __init__(self, message: str = "", path: str = "", service: ServiceFailure | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.service = service

    def __str__(self) -> str:
        named = not self.path or self.path in self.message
        return self.message if named else f"{self.path}: {self.message}"

    def __reduce__(self) -> tuple[type[PersonaError], tuple[str, str, ServiceFailure | None]]:
        return type(self), (self.message, self.path, self.service)


class InvalidArgument(PersonaError, ValueError):
    """The request is wrong: mend it."""

    code = "invalid_argument"


class NotFound(PersonaError, KeyError):
    """There is no such thing."""

    code = "not_found"


class AlreadyExists(PersonaError, ValueError):
    """The name is taken."""

    code = "already_exists"


class Conflict(PersonaError):
    """Somebody else changed it: read again."""

    code = "conflict"


class Infeasible(PersonaError, ValueError):
    """Well formed, but no population can satisfy it."""

    code = "infeasible"


class Unsupported(PersonaError, NotImplementedError):
    """This build, format or version cannot do it."""

    code = "unsupported"


class Cancelled(PersonaError):
    """Stopped on request. Ctrl-C raises KeyboardInterrupt instead."""

    code = "cancelled"


class DeadlineExceeded(PersonaError, TimeoutError):
    """The time was up."""

    code = "deadline_exceeded"


class Unavailable(PersonaError):
    """A resource is busy or gone: try again."""

    code = "unavailable"


class IoError(PersonaError, OSError):
    """A file or stream failed."""

    code = "io"


class Corrupted(PersonaError):
    """Stored bytes are not what was written."""

    code = "corrupted"


class Internal(PersonaError, RuntimeError):
    """A defect of persona."""

    code = "internal"


class Unauthenticated(PersonaError):
    """A key is missing or wrong."""

    code = "unauthenticated"


class PermissionDenied(PersonaError):
    """The key may not do this."""

    code = "permission_denied"


class RateLimited(PersonaError):
    """Too fast: wait."""

    code = "rate_limited"


class QuotaExceeded(PersonaError):
    """No money is left, the provider's or your own budget's."""

    code = "quota_exceeded"


class ContextTooLong(PersonaError):
    """The input does not fit the model."""

    code = "context_too_long"


class Refused(PersonaError):
    """The model or its provider declines to answer."""

    code = "refused"


class Truncated(PersonaError):
    """The answer was cut off before its end."""

    code = "truncated"


class InvalidOutput(PersonaError):
    """The answer is not what was asked for."""

    code = "invalid_output"
