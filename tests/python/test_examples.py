"""What README.md and docs/python.md show is what happens."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

import persona
import postgres_server

ROOT = pathlib.Path(__file__).parents[2]


def test_the_quickstart_runs(tmp_path):
    done = subprocess.run([sys.executable, ROOT / "examples" / "quickstart.py", ROOT / "examples" / "massachusetts.json"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "income" in done.stdout and "Persona({" in done.stdout


def test_a_model_is_asked():
    done = subprocess.run([sys.executable, ROOT / "examples" / "ask.py"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "{'topic': 'card lost'}\n"), done.stderr


def test_a_prompt_is_made_better():
    done = subprocess.run([sys.executable, ROOT / "examples" / "optimize.py", ROOT / "examples" / "kinds.jsonl"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "optimizer halving" in done.stdout


def test_an_order_is_placed_copied_and_restored(database, tmp_path, monkeypatch):
    if database.module is persona.postgres:
        monkeypatch.setenv("PATH", f"{postgres_server.programs()}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("PEOPLE_PASSWORD", database.options["password"])
        monkeypatch.setenv("PEOPLE_SCHEMA", database.options["schema"])
    done = subprocess.run([sys.executable, ROOT / "examples" / "outbox.py", str(database.where), tmp_path / "copy.db"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["placed {'what': 'tea', 'cups': 2} waiting",
                                        "not placed: the shop is closed ['7']",
                                        "copied [('guests', 1000)] True True", "restored True"]


def test_the_blocks_of_the_page_run_in_order(tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "python.md").read_text()
    names = {"persona": persona, "path": ROOT / "examples" / "massachusetts.json"}
    blocks = re.findall(r"```python\n(.*?)```", page, re.S)
    assert len(blocks) >= 3
    for block in blocks:
        exec(block.replace("100_000", "2_000"), names)
    assert len(names["page"]) == 20 or names["page"].names[0] == "index"
