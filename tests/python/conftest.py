"""What the tests of the Python package share."""

import os
import pathlib

import pytest

import persona

ROOT = pathlib.Path(__file__).parents[2]


def town_builder():
    return (
        persona.SpecBuilder("town")
        .description("A small town")
        .attribute("sex", persona.Categorical(["female", "male"], [51, 49]))
        .attribute("age", persona.Normal(mean=46, sd=18)).unit("years").truncate(18, 95).integer().missing(0.02)
        .attribute("education", persona.Ordinal(["school", "college", "advanced"], [5, 3, 2]))
        .attribute("employed", persona.Bernoulli(0.7))
        .attribute("income", persona.LogNormal(mu=10.3, sigma=0.6)).unit("USD/year").round(100)
        .when("sex", "male", persona.LogNormal(10.5, 0.6))
        .attribute("born", persona.DateRange(*DAYS))
        .attribute("languages", persona.MultiSelect(["en", "es", "zh"], [0.9, 0.2, 0.1]))
        .attribute("name", persona.Identity("full_name", sex="sex"))
        .correlate("age", "education", 0.2, kind="spearman")
        .require("income < 200000", "a small town")
    )


def days():
    from datetime import date

    return date(1950, 1, 1), date(1999, 12, 31)


DAYS = days()


@pytest.fixture(scope="session")
def generator():
    return persona.PersonaGenerator.compile(town_builder())


@pytest.fixture(scope="session")
def people(generator):
    return generator.generate(count=20_000, seed=7)


@pytest.fixture
def command():
    """The persona command of the same build."""
    binary = pathlib.Path(os.environ.get("PERSONA_CLI", ROOT / "build" / "persona"))
    if not binary.exists():
        pytest.skip(f"{binary} is not built; PERSONA_CLI names another")
    return binary
