#!/usr/bin/env python3
"""Every block of code in README.md is a marked part of a program in examples/, which the tests run.

A block is preceded by `<!-- examples/first.cpp [people] -->`; the program holds the same lines between two
comments that say `[people]`. Leading spaces common to all lines do not count. A block of `make` commands needs no
program, but Makefile must know them. Documents under docs/ may hold other blocks; those they mark are compared.
"""

import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?:<!-- (?P<path>[\w./-]+) \[(?P<mark>[\w-]+)\] -->\n)?^```(?P<language>\w*)\n(?P<code>.*?)^```$",
                   re.MULTILINE | re.DOTALL)


def marked_part(path, mark):
    comment = r"^[ \t]*(?://|#)[ \t]*"
    found = re.search(rf"{comment}\[{mark}\]\n(.*?){comment}\[{mark}\]", path.read_text(), re.MULTILINE | re.DOTALL)
    return found and textwrap.dedent(found[1]).strip()


def unknown_targets(code):
    """The targets of a block that only calls make, which Makefile lacks; None for any other block."""
    lines = [line for line in code.splitlines() if line.strip()]
    if not all(line.startswith("make") for line in lines):
        return None
    targets = [words[1] for words in map(str.split, lines) if len(words) > 1 and words[1] != "#"]
    makefile = (ROOT / "Makefile").read_text()
    return [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)]


def problems(document, all_blocks):
    text = document.read_text()
    for block in BLOCK.finditer(text):
        where = f"{document.relative_to(ROOT)}:{text.count(chr(10), 0, block.start('code'))}"
        if block["path"]:
            path = ROOT / block["path"]
            part = marked_part(path, block["mark"]) if path.exists() else None
            if part is None:
                yield f"{where}: there is no part [{block['mark']}] in {block['path']}"
            elif part != block["code"].strip():
                yield f"{where}: differs from [{block['mark']}] in {block['path']}"
        elif all_blocks and block["language"] not in ("", "text", "json"):
            unknown = unknown_targets(block["code"])
            if unknown is None:
                yield f"{where}: the {block['language']} block names no program in examples/"
            elif unknown:
                yield f"{where}: Makefile lacks {', '.join(unknown)}"


def examples_that_nobody_runs():
    lists = "".join(path.read_text() for path in [ROOT / "examples/CMakeLists.txt"] if path.exists())
    for path in sorted((ROOT / "examples").glob("*.*")):
        if path.suffix in (".cpp", ".py", ".sh") and path.stem not in lists:
            yield f"{path.relative_to(ROOT)} is not run by examples/CMakeLists.txt"


if __name__ == "__main__":
    readme = ROOT / "README.md"
    documents = [readme, *sorted((ROOT / "docs").rglob("*.md"))]
    found = [problem for document in documents for problem in problems(document, all_blocks=document == readme)]
    found += examples_that_nobody_runs()
    count = sum(1 for document in documents for block in BLOCK.finditer(document.read_text()) if block["path"])
    print(*found, f"{count} blocks compared, {len(found)} problems", sep="\n")
    sys.exit(bool(found) or count == 0)
