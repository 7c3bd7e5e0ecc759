"""What the tests of the Python package share."""

import os
import pathlib

import pytest

import persona
import postgres_server
from people import town_builder

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="session")
def generator():
    return persona.PersonaGenerator.compile(town_builder())


@pytest.fixture(scope="session")
def people(generator):
    return generator.generate(count=20_000, seed=7)


@pytest.fixture(scope="session")
def postgres():
    """A running server, for all tests that leave it running."""
    if postgres_server.programs() is None:
        pytest.skip("there is no initdb: Postgres is not tested")
    server = postgres_server.PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    """A new database of either kind: `open`, `open_records` and `open_jobs` without where it is."""
    if request.param == "sqlite":
        return postgres_server.Database(persona.sqlite, tmp_path / "people.db", {})
    return postgres_server.fresh_postgres(request.getfixturevalue("postgres"))


@pytest.fixture
def command():
    """The persona command of the same build."""
    binary = pathlib.Path(os.environ.get("PERSONA_CLI", ROOT / "build" / "persona"))
    if not binary.exists():
        pytest.skip(f"{binary} is not built; PERSONA_CLI names another")
    return binary
