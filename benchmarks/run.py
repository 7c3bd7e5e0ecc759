#!/usr/bin/env python3
"""Runs the benchmarks, each against its peer, and prints what benchmarks/results.json then holds.

usage: run.py [--build FOLDER] [--only NAME]     NAME of a file (export) or of a result (csv_1e6x10)
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def chosen(only):
    """The benchmarks by name, bench_NAME.cpp and bench_NAME.py together."""
    stems = sorted({path.stem for kind in ("cpp", "py") for path in HERE.glob(f"bench_*.{kind}")})
    for stem in stems:
        texts = [path.read_text() for kind in ("cpp", "py") if (path := HERE / f"{stem}.{kind}").exists()]
        if not only or stem.removeprefix("bench_") == only or any(f'"{only}"' in text for text in texts):
            yield stem


def commands(stem, build):
    if (HERE / f"{stem}.cpp").exists():
        yield [build / "benchmarks" / stem]
    if (HERE / f"{stem}.py").exists():
        yield [sys.executable, HERE / f"{stem}.py"]


def table(results):
    print(f"\n{'':40}{'persona':>14}  {'unit':10}{'ratio':>9}{'target':>9}")
    for one in results:
        ratio, target = (f"{one[key]:.1f}x" if one.get(key) else "" for key in ("ratio", "target"))
        print(f"{one['name']:40}{one['value']:14.4g}  {one['unit']:10}{ratio:>9}{target:>9}  "
              f"{'pass' if one['pass'] else 'FAIL'}  {one['peer']}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=HERE.parent / "build")
    parser.add_argument("--only", metavar="NAME")
    arguments = parser.parse_args()
    stems = list(chosen(arguments.only))
    if not stems:
        sys.exit(f"there is no benchmark '{arguments.only}'")
    results = Path(os.environ.get("PERSONA_RESULTS", HERE / "results.json"))
    failed = [stem for stem in stems for command in commands(stem, arguments.build) if subprocess.run(command).returncode]
    if results.exists():
        table(json.loads(results.read_text()))
    if failed:
        sys.exit(f"below target or broken: {', '.join(dict.fromkeys(failed))}")
