#!/usr/bin/env python3
"""Files say what they are for and stay short; links in documents lead somewhere."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = {"include": 150, "src": 300, "apps": 300, "bindings": 300, "tests": 250, "benchmarks": 300}
TABLES = {"src/population/names_us_given.cpp", "src/population/names_us_places.cpp", "src/population/names_us_surnames.cpp"}
WORDS = re.compile(r"\b(TODO|FIXME|XXX)\b")


def problems(path):
    inside = str(path.relative_to(ROOT))
    lines = path.read_text().splitlines()
    if not lines or not lines[0].startswith("//! "):
        yield f"{inside}: the first line is not '//! what this file is for'"
    most = LONGEST[inside.split("/")[0]]
    if len(lines) > most * 4 / 3 and inside not in TABLES:  # a third of grace: the figure is a guide
        yield f"{inside}: {len(lines)} lines, more than {most}: look for the second concept"
    for number, line in enumerate(lines, 1):
        if WORDS.search(line):
            yield f"{inside}:{number}: unfinished: {line.strip()}"


def broken_links(document):
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text()):
        if not re.match(r"[a-z]+:", link) and not (document.parent / link).exists():
            yield f"{document.relative_to(ROOT)}: there is no {link}"


if __name__ == "__main__":
    sources = [path for folder in LONGEST for path in sorted((ROOT / folder).rglob("*.?pp"))]
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found = [problem for path in sources for problem in problems(path)]
    found += [problem for path in documents for problem in broken_links(path)]
    print(*found, f"{len(sources)} sources, {len(documents)} documents, {len(found)} problems", sep="\n")
    sys.exit(bool(found))
