"""Doubles for your own tests: no network, no key, no waiting."""

from __future__ import annotations

from ._llm import FakeClock, ScriptedProvider, Step, fails, provider_contract, says
from ._storage import fill_rooms

__all__ = ["FakeClock", "ScriptedProvider", "Step", "fails", "fill_rooms", "provider_contract", "says"]
