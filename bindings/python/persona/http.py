"""How bytes reach a server, and how pages of the web that somebody else named are read.

Only in builds with libcurl; without it every function raises ``Unsupported``.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from . import _llm
from ._errors import Unsupported
from ._llm import Context, FetchOptions, Page, Transport

__all__ = ["FetchOptions", "Page", "Transport", "curl_transport", "fetch", "is_public_address", "readable_text"]


def _native(name: str) -> Any:
    found = getattr(_llm, name, None)
    if found is None:
        raise Unsupported("this persona was built without HTTP (libcurl)")
    return found


_lock = threading.Lock()
_shared: Transport | None = None


def _default_transport() -> Transport:
    """One for the process: connections are shared by all providers that name no other."""
    global _shared
    with _lock:
        if _shared is None:
            _shared = curl_transport()
        return _shared


def _renew_lock() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def curl_transport(
    *, proxy: str = "", ca_file: str = "", connections_per_host: int = 8, plain_http: bool = False
) -> Transport:
    """One event thread, pooled connections, HTTP/2 where the server has it. Certificates are always checked.

    In a forked child it starts anew.

    :param proxy: empty is what the environment says (HTTPS_PROXY, NO_PROXY)
    :param ca_file: certificates to trust instead of the system's
    :param plain_http: keys may go out without TLS to other machines: a proxy does it
    :raises Unavailable: libcurl cannot start
    :raises NotFound: there is no ``ca_file`` that can be read
    :raises Unsupported: this persona was built without libcurl
    """
    made: Transport = _native("_curl_transport")(proxy, ca_file, connections_per_host, plain_http)
    return made


def fetch(url: str, options: FetchOptions | None = None, context: Context | None = None) -> Page:
    """Fetches http or https at ports 80 and 443, without being led into one's own house.

    The address that is connected to is judged, at every redirect: none that is private, loopback, link-local or
    reserved. No proxy, cookies, credentials, nor a step from https to http.

    :raises InvalidArgument: not such a URL
    :raises PermissionDenied: an address or host that may not be reached
    :raises Unsupported: neither text, HTML nor JSON
    :raises InvalidOutput: larger than allowed
    :raises NotFound: the server says so
    :raises Unavailable, Cancelled, DeadlineExceeded:
    """
    page: Page = _native("_fetch")(url, FetchOptions() if options is None else options, context)
    return page


def readable_text(page: Page, max_bytes: int = 32_768) -> str:
    """A page's text for a prompt: no markup, scripts, hidden elements nor invisible characters."""
    text: str = _native("_readable_text")(page, max_bytes)
    return text


def is_public_address(address: str) -> bool:
    """Whether an address, as text, belongs to the public Internet."""
    public: bool = _native("_is_public_address")(address)
    return public
