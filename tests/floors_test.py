#!/usr/bin/env python3
"""An include only goes down a floor, and no foreign library shows in a public header."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The first prefix that fits gives the floor. Private headers and sources live where their room does.
FLOORS = [
    ("persona/core/", 0),
    ("persona/population/", 1),
    ("persona/http/transport.hpp", 0.5),
    ("persona/http/", 4),
    ("persona/llm/environment.hpp", 4),
    ("persona/llm/", 1),
    ("persona/storage/postgres", 4),
    ("persona/storage/sqlite", 4),
    ("persona/storage/", 2),
    ("persona/testing/", 2),
    ("persona/prompt/", 2),
    ("persona/persona_generator.hpp", 3),
    ("persona/prompt_optimizer.hpp", 3),
    ("persona.hpp", 3.5),
    ("src/core/", 0),
    ("src/population/", 1),
    ("src/llm/", 1),
    ("src/storage/", 2),
    ("src/testing/", 2),
    ("src/jobs/", 2),
    ("src/records/", 2),
    ("src/prompt/", 2),
    ("src/persona_generator.cpp", 3),
    ("src/prompt_optimizer", 3),
    ("src/postgres/", 4),
    ("src/sqlite/", 4),
    ("src/http/transport", 0.5),
    ("src/http/", 4),
    ("apps/", 5),
    ("bindings/", 5),
]
MAY_SHOW = {"tl/expected.hpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def floor(path):
    for prefix, number in FLOORS:
        if path.startswith(prefix):
            return number
    raise SystemExit(f"{path} has no floor: give it one in {Path(__file__).name}")


def own_path(includer, quote, name):
    """Where an include leads inside the repository: (path with a floor) or None for a foreign header."""
    if quote == '"':
        for candidate in (includer.parent / name, ROOT / "src" / name):
            if candidate.exists():
                return str(candidate.resolve().relative_to(ROOT))
    if name == "persona.hpp" or name.startswith("persona/"):
        return name
    return None


def problems(path):
    text = path.read_text()
    inside = str(path.relative_to(ROOT))
    public = inside.startswith("include/")
    own = inside.removeprefix("include/")
    for quote, name in INCLUDE.findall(text):
        target = own_path(path, quote, name)
        if target and floor(target) > floor(own):
            yield f"{inside} (floor {floor(own)}) includes {name} (floor {floor(target)})"
        if public and not target and re.search(r"[/.]", name) and name not in MAY_SHOW:
            yield f"{inside} shows the foreign header {name}"
        if public and target and target.startswith("src/"):
            yield f"{inside} includes the private header {name}"


def unlisted():
    """Public headers are installed and verified, sources and tests built: they stand in a CMakeLists.txt."""
    for folder, pattern, cmake in (("include/persona", "*.hpp", "src"), ("src", "*.cpp", "src"), ("apps", "*.cpp", "apps"),
                                   ("bindings/python", "*.cpp", "bindings/python"), ("tests", "*_test.cpp", "tests")):
        listed = set((ROOT / cmake / "CMakeLists.txt").read_text().split())
        for path in sorted((ROOT / folder).rglob(pattern)):
            if str(path.relative_to(ROOT / folder)) not in listed:
                yield f"{path.relative_to(ROOT)} is not listed in {cmake}/CMakeLists.txt"


if __name__ == "__main__":
    folders = ("include", "src", "apps", "bindings")
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *folders], cwd=ROOT, text=True,
                             capture_output=True).stdout.split()
    files = [ROOT / name for name in tracked if re.search(r"\.(hpp|cpp|inc)$", name)] or [
        path for folder in folders for path in (ROOT / folder).rglob("*.?pp")]
    found = [problem for path in files if path.exists() for problem in problems(path)] + list(unlisted())
    print(*found, f"{len(files)} files, {len(found)} problems", sep="\n")
    sys.exit(bool(found))
