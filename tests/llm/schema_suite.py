#!/usr/bin/env python3
"""Fetches the public JSON-Schema-Test-Suite and puts the validator to it: schema_suite.py PROGRAM FOLDER.

The suite travels inside the source archive of the `jsonschema` package, at the version of tools/requirements.txt; the
metaschemas in `jsonschema-specifications`, which is installed beside it. Both are kept in FOLDER. 77: not to be had.
"""

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_TO_BE_HAD = 77


def unavailable(why):
    print(f"the JSON-Schema-Test-Suite is not to be had: {why}")
    sys.exit(NOT_TO_BE_HAD)


def fetch_suite(folder):
    version = re.search(r"^jsonschema==(\S+)", (ROOT / "tools/requirements.txt").read_text(), re.M).group(1)
    suite = folder / f"jsonschema-{version}"
    if not (suite / "json/tests").is_dir():
        command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps",
                   "--no-binary", "jsonschema", "-d", str(folder), f"jsonschema=={version}"]
        fetched = subprocess.run(command, text=True, capture_output=True)
        archive = suite.with_suffix(suite.suffix + ".tar.gz")
        if fetched.returncode != 0 or not archive.exists():
            unavailable(fetched.stderr.strip().splitlines()[-1] if fetched.stderr.strip() else "no archive came")
        with tarfile.open(archive) as file:
            inside = [member for member in file.getmembers() if member.name.startswith(f"{suite.name}/json/")]
            file.extractall(folder, inside)
    return suite / "json"


def copy_metaschemas(folder):
    try:
        import jsonschema_specifications
    except ImportError:
        unavailable("jsonschema-specifications is not installed; run tools/setup full")
    schemas = Path(jsonschema_specifications.__file__).parent / "schemas"
    for draft in ("draft202012", "draft7"):
        shutil.copytree(schemas / draft, folder / "metaschemas" / draft, dirs_exist_ok=True)
    return folder / "metaschemas"


if __name__ == "__main__":
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    sys.exit(subprocess.run([program, fetch_suite(folder), copy_metaschemas(folder)]).returncode)
