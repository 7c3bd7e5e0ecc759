#!/usr/bin/env python3
"""Every block of code in README.md is a marked part of a program in examples/, which the tests run.

A block is preceded by `<!-- examples/first.cpp:people -->`; the program holds the same lines between
`[people]` and `[/people]` marks, in comments of its language. Leading spaces common to all lines do not count.
"""

import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?:<!-- (?P<path>[\w./-]+):(?P<mark>[\w-]+) -->\n)?^```(?P<language>\w*)\n(?P<code>.*?)^```$",
                   re.MULTILINE | re.DOTALL)


def marked_part(path, mark):
    comment = r"^[ \t]*(?://|#)[ \t]*"
    found = re.search(rf"{comment}\[{mark}\]\n(.*?){comment}\[/{mark}\]", path.read_text(), re.MULTILINE | re.DOTALL)
    return found and textwrap.dedent(found[1]).strip()


def problems(document):
    text = document.read_text()
    for block in BLOCK.finditer(text):
        where = f"{document.name}:{text.count(chr(10), 0, block.start('code'))}"
        if block["language"] in ("", "text", "json"):
            continue
        if not block["path"]:
            yield f"{where}: the {block['language']} block names no program in examples/"
        elif not (path := ROOT / block["path"]).exists():
            yield f"{where}: there is no {block['path']}"
        elif (part := marked_part(path, block["mark"])) is None:
            yield f"{where}: {block['path']} has no part [{block['mark']}]"
        elif part != block["code"].strip():
            yield f"{where}: differs from [{block['mark']}] in {block['path']}"


def examples_that_nobody_runs():
    lists = "".join(path.read_text() for path in [ROOT / "examples/CMakeLists.txt"] if path.exists())
    for path in sorted((ROOT / "examples").glob("*.*")):
        if path.suffix in (".cpp", ".py", ".sh") and path.stem not in lists:
            yield f"{path.relative_to(ROOT)} is not run by examples/CMakeLists.txt"


if __name__ == "__main__":
    readme = ROOT / "README.md"
    if not readme.exists():
        sys.exit("there is no README.md")
    found = [*problems(readme), *examples_that_nobody_runs()]
    count = len([b for b in BLOCK.finditer(readme.read_text()) if b["path"]])
    print(*found, f"{count} blocks compared, {len(found)} problems", sep="\n")
    sys.exit(bool(found) or count == 0)
