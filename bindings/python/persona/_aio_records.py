"""Groups, templates, keys, evidence and usage for asyncio: each function as ``NAME_async``."""

from __future__ import annotations

from . import _storage
from ._aio import _waited
from ._llm import Secret
from ._storage import ApiKey, Evidence, Group, NewApiKey, Records, TemplateText, Usage, UsageTotal


def verify_api_key(store: Records, text: str | Secret, now: float | None = None) -> ApiKey:
    """Whose key is this? Takes as long for a key that is wrong in its first digit as in its last.

    :param text: what was presented; it is in no message
    :param now: seconds since 1970; None is the machine's clock
    :raises Unauthenticated: no key, an unknown, a wrong, a revoked or an expired one; which of them is not said
    """
    return _storage._verify_api_key(*_presented(store, text), now)


# Types that do not fit are named here, not shown by the function.
def _presented(store: Records, text: str | Secret) -> tuple[Records, Secret]:
    if not isinstance(store, Records):
        raise TypeError(f"store is Records, not {type(store).__name__}")
    return store, Secret(text)


async def put_group_async(store: Records, group: Group, *, actor: str) -> int:
    """As ``put_group``, without blocking the event loop."""
    return await _waited(lambda own: _storage.put_group(store, group, actor=actor), None)


async def find_group_async(store: Records, id: str) -> Group:
    """As ``find_group``, without blocking the event loop."""
    return await _waited(lambda own: _storage.find_group(store, id), None)


async def list_groups_async(store: Records, after: str = "", limit: int = 100) -> list[Group]:
    """As ``list_groups``, without blocking the event loop."""
    return await _waited(lambda own: _storage.list_groups(store, after, limit), None)


async def put_template_async(store: Records, text: TemplateText, *, actor: str) -> int:
    """As ``put_template``, without blocking the event loop."""
    return await _waited(lambda own: _storage.put_template(store, text, actor=actor), None)


async def find_template_async(store: Records, name: str, version: int = 0) -> TemplateText:
    """As ``find_template``, without blocking the event loop."""
    return await _waited(lambda own: _storage.find_template(store, name, version), None)


async def template_versions_async(store: Records, name: str) -> list[TemplateText]:
    """As ``template_versions``, without blocking the event loop."""
    return await _waited(lambda own: _storage.template_versions(store, name), None)


async def make_api_key_async(store: Records, key: ApiKey, *, actor: str) -> NewApiKey:
    """As ``make_api_key``, without blocking the event loop. Cancelling the task does not end it: list the keys then."""
    return await _waited(lambda own: _storage.make_api_key(store, key, actor=actor), None)


async def verify_api_key_async(store: Records, text: str | Secret, now: float | None = None) -> ApiKey:
    """As ``verify_api_key``, without blocking the event loop."""
    given = _presented(store, text)
    return await _waited(lambda own: _storage._verify_api_key(*given, now), None)


async def revoke_api_key_async(store: Records, id: str, *, actor: str) -> None:
    """As ``revoke_api_key``, without blocking the event loop."""
    await _waited(lambda own: _storage.revoke_api_key(store, id, actor=actor), None)


async def list_api_keys_async(store: Records, after: str = "", limit: int = 100) -> list[ApiKey]:
    """As ``list_api_keys``, without blocking the event loop."""
    return await _waited(lambda own: _storage.list_api_keys(store, after, limit), None)


async def put_evidence_async(store: Records, evidence: Evidence, *, actor: str) -> int:
    """As ``put_evidence``, without blocking the event loop."""
    return await _waited(lambda own: _storage.put_evidence(store, evidence, actor=actor), None)


async def evidence_about_async(store: Records, about: str) -> list[Evidence]:
    """As ``evidence_about``, without blocking the event loop."""
    return await _waited(lambda own: _storage.evidence_about(store, about), None)


async def add_usage_async(store: Records, usage: Usage, key: str, *, actor: str) -> None:
    """As ``add_usage``, without blocking the event loop."""
    await _waited(lambda own: _storage.add_usage(store, usage, key, actor=actor), None)


async def total_usage_async(store: Records, account: str, start: float, end: float) -> UsageTotal:
    """As ``total_usage``, without blocking the event loop."""
    return await _waited(lambda own: _storage.total_usage(store, account, start, end), None)
