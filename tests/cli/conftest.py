"""The persona command as a user has it: PERSONA_CLI names the binary, build/persona if it is not set."""

import json
import os
import pathlib
import subprocess

import pytest
from town import TOWN

ROOT = pathlib.Path(__file__).parents[2]
BINARY = pathlib.Path(os.environ.get("PERSONA_CLI", ROOT / "build" / "persona")).resolve()

class Persona:
    """Runs the command in a folder of its own."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.write("town.json", TOWN)

    def write(self, name: str, document) -> str:
        text = document if isinstance(document, str) else json.dumps(document, indent=2)
        (self.folder / name).write_text(text)
        return name

    def __call__(self, *arguments, code: "int | None" = 0, **options) -> subprocess.CompletedProcess:
        done = subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, capture_output=True,
                              timeout=120, **{"text": True, **options})
        assert code is None or done.returncode == code, f"{arguments} ended with {done.returncode}: {done.stderr}"
        return done

    def start(self, *arguments, **options) -> subprocess.Popen:
        return subprocess.Popen([BINARY, *map(str, arguments)], cwd=self.folder, **options)

    def files(self) -> set:
        return {path.name for path in self.folder.iterdir()} - {"town.json"}


@pytest.fixture
def persona(tmp_path) -> Persona:
    if not BINARY.exists():
        pytest.skip(f"{BINARY} is not built; PERSONA_CLI names another")
    return Persona(tmp_path)
