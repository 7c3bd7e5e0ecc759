"""What the tests of the Python package share."""

import os
import pathlib

import pytest

import persona
from people import town_builder

ROOT = pathlib.Path(__file__).parents[2]


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
