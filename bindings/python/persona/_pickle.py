"""How values travel between processes and through `copy`: each as a call that makes it again.

What the library hands out and nobody makes (reports, summaries, streams, storages) stays where it is.
"""

from __future__ import annotations

import copyreg
from typing import Any

from . import _persona
from ._llm import Money
from ._persona import Column, NameTable, Persona, PersonaGenerator, Population


def _column(field: _persona.Field, values: list[Any]) -> Column:
    return Column.from_values(field, values)


def _population(columns: list[Column], origin: _persona.Origin) -> Population:
    return Population.make(columns, origin)


def _names(given: list[Any], surnames: list[Any], places: list[Any]) -> NameTable:
    return NameTable.make(given, surnames, places)


def _generator(spec: _persona.PopulationSpec, names: NameTable | None, pilot_rows: int, least: float) -> PersonaGenerator:
    return PersonaGenerator.compile(spec, names=names, pilot_rows=pilot_rows, least_acceptance=least)


def _money(picodollars: int) -> Money:
    return Money.from_picodollars(picodollars)


def _members(kind: type, names: list[str]) -> None:
    copyreg.pickle(kind, lambda one: (kind, tuple(getattr(one, name) for name in names)))  # type: ignore[arg-type]


def register() -> None:
    """Teaches `pickle` and `copy` the classes of the module."""
    # These are made from their attributes, in the order in which they are listed.
    same = """Normal LogNormal Gamma Beta Exponential Weibull StudentT Pareto Triangular Uniform Poisson Binomial
        NegativeBinomial Geometric Zipf UniformInteger Quantiles Histogram Categorical Ordinal Bernoulli MultiSelect
        DateRange Constant Derived Identity Mixture ZeroInflated Truncation Condition Case Attribute Correlation
        Constraint Segment GivenName Surname Place Origin"""
    for name in same.split():
        kind = getattr(_persona, name)
        _members(kind, [member for member, value in vars(kind).items() if isinstance(value, property)])
    _members(_persona.Field, ["name", "type", "unit", "description", "labels", "ordered", "decimals"])
    copyreg.pickle(Money, lambda m: (_money, (m.picodollars,)))
    copyreg.pickle(Persona, lambda p: (Persona, (dict(p.items()), p.spec_hash, p.seed, p.index)))
    copyreg.pickle(Column, lambda c: (_column, (c.field, c.to_list())))
    copyreg.pickle(Population, lambda p: (_population, (p.columns, p.origin)))
    copyreg.pickle(NameTable, lambda t: (_names, (t.given, t.surnames, t.places)))
    copyreg.pickle(PersonaGenerator, lambda g: (_generator, (g.spec, *g._options)))
