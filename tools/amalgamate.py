#!/usr/bin/env python3
"""Makes dist/persona.hpp and dist/persona.cpp: the whole library as one pair of files.

usage: tools/amalgamate.py [--out FOLDER]

    g++ -std=c++20 -O2 -ffp-contract=off program.cpp persona.cpp -lmuparser

The pair needs tl-expected, and to compile persona.cpp the headers of nlohmann/json, fmt, Boost.Math, Eigen,
muParser and FlatBuffers. With -DPERSONA_WITH_SQLITE it also holds persona::sqlite (-lSQLiteCpp -lsqlite3), with
-DPERSONA_WITH_HTTP persona::http (-lcurl).
"""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]\s*(//.*)?$')
CONDITION = re.compile(r"^\s*#\s*(if|ifdef|ifndef|endif)\b")


class Unit:
    """One file in the making: each own header once, where it is first needed; each foreign one once."""

    def __init__(self, already=()):
        self.seen = set(already)
        self.lines = []

    def resolve(self, includer, quote, name):
        near = [includer.parent / name, ROOT / "src" / name] if quote == '"' else []
        for candidate in [*near, ROOT / "include" / name]:
            if candidate.exists():
                return candidate.resolve()
        return None

    def add(self, path):
        path = path.resolve()
        if path in self.seen:
            return
        if path.suffix != ".inc":  # a body that is meant to be included more than once
            self.seen.add(path)
        depth = 0
        for line in path.read_text().splitlines():
            if condition := CONDITION.match(line):
                depth += -1 if condition[1] == "endif" else 1
            include = INCLUDE.match(line)
            own = include and self.resolve(path, include[1], include[2])
            if own:
                self.add(own)
            elif include and depth == 0:
                self.foreign(line, include[2])
            elif line.strip() != "#pragma once":
                self.lines.append(line)

    def foreign(self, line, name):
        if name in self.seen:
            return
        self.seen.add(name)
        if name.startswith("Eigen/"):  # Debian keeps it in a folder of its own; one command should do without -I
            self.lines += [f"#if __has_include(<{name}>)", line, "#else", f"#include <eigen3/{name}>", "#endif"]
        else:
            self.lines.append(line)

    def guarded(self, paths, macro):
        self.lines.append(f"#ifdef {macro}")
        seen = set(self.seen)
        for path in paths:
            self.add(path)
        self.seen = {one for one in self.seen if one in seen or isinstance(one, Path)}
        self.lines.append(f"#endif  // {macro}")

    def text(self):
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)) + "\n"


def listed(name):
    """The files of a list in src/CMakeLists.txt, which is the order of no importance."""
    found = re.search(rf"set\({name}\n(.*?)^\)", (ROOT / "src/CMakeLists.txt").read_text(), re.MULTILINE | re.DOTALL)
    return found[1].split()


def amalgamate(out):
    version = re.search(r'PERSONA_VERSION "([0-9.]+)"', (ROOT / "include/persona/core/version.hpp").read_text())[1]
    licence = [f"// {line}".rstrip() for line in (ROOT / "LICENSE").read_text().strip().splitlines()]
    include = ROOT / "include/persona"

    header = Unit()
    header.lines = [f"//! persona {version}, the public headers in one file; persona.cpp holds the rest.", *licence,
                    "#pragma once"]
    for name in ("../persona.hpp", *listed("persona_headers")):
        if not name.startswith("testing/"):
            header.add(include / name)
    header.guarded([include / "http/curl.hpp", include / "http/fetch.hpp", include / "llm/environment.hpp"],
                   "PERSONA_WITH_HTTP")
    header.guarded([include / "storage/sqlite.hpp"], "PERSONA_WITH_SQLITE")

    source = Unit(already=[one for one in header.seen if isinstance(one, Path)])
    source.lines = [f"//! persona {version} in one file; persona.hpp holds the public headers.",
                    "// Compile with -std=c++20 -ffp-contract=off and link with -lmuparser.", *licence,
                    "#ifndef FMT_HEADER_ONLY", "#define FMT_HEADER_ONLY", "#endif", '#include "persona.hpp"']
    for name in (*listed("persona_sources"), *listed("persona_llm_sources"), *listed("persona_prompt_sources"),
                 *listed("persona_jobs_sources"), *listed("persona_records_sources"), *listed("persona_rooms_sources")):
        source.add(ROOT / "src" / name)
    source.guarded([ROOT / "src" / name for name in listed("persona_http_sources")], "PERSONA_WITH_HTTP")
    source.guarded([ROOT / "src" / name for name in listed("persona_sqlite_sources")], "PERSONA_WITH_SQLITE")

    out.mkdir(parents=True, exist_ok=True)
    for name, unit in (("persona.hpp", header), ("persona.cpp", source)):
        (out / name).write_text(unit.text())
        print(f"{out / name}: {len(unit.text().splitlines())} lines")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    amalgamate(parser.parse_args().out)
