"""Synthetic people from a specification: statistically right, reproducible, fast.

    import persona

    generator = persona.PersonaGenerator.compile("town.json")
    people = generator.generate(count=1_000_000, seed=7)
    people["age"].to_numpy()        # a view, no copy
    people.to_pandas()              # also pyarrow.table(people), polars.DataFrame(people)
    generator.check(people).passed

The names and the people are those of the C++ library, bit for bit.
"""

from ._errors import (
    AlreadyExists,
    Cancelled,
    Conflict,
    Corrupted,
    DeadlineExceeded,
    Infeasible,
    Internal,
    InvalidArgument,
    IoError,
    NotFound,
    PersonaError,
    Unavailable,
    Unsupported,
)
from ._persona import (
    Attribute,
    Bernoulli,
    Beta,
    Binomial,
    Case,
    Categorical,
    Column,
    ColumnSummary,
    CompileReport,
    Condition,
    Constant,
    Constraint,
    Correlation,
    CorrelationFinding,
    DateRange,
    Derived,
    Drift,
    Exponential,
    FidelityLine,
    FidelityReport,
    Field,
    Gamma,
    Geometric,
    GivenName,
    Histogram,
    Identity,
    LogNormal,
    MarginalChart,
    MemoryStorage,
    Mixture,
    MultiSelect,
    NameTable,
    NegativeBinomial,
    Normal,
    Ordinal,
    Origin,
    Pareto,
    Persona,
    PersonaGenerator,
    Place,
    Poisson,
    Population,
    PopulationRecord,
    PopulationSpec,
    PopulationStream,
    Quantiles,
    Segment,
    SpecBuilder,
    Storage,
    StudentT,
    Summary,
    Surname,
    Triangular,
    Truncation,
    Uniform,
    UniformInteger,
    Weibull,
    ZeroInflated,
    Zipf,
    __version__,
    parse_spec,
    read_spec,
    spec_schema,
)
from . import sqlite

__all__ = [name for name in dir() if not name.startswith("_")] + ["__version__"]

# What users see in messages and documentation is where they find it.
for _name in __all__:
    _object = globals()[_name]
    if isinstance(_object, type):
        _object.__module__ = "persona"
del _name, _object
