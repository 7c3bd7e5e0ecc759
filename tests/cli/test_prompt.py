"""persona optimize, evaluate-prompt, report-run: offline, on the data of the examples."""

import json
import pathlib
import re
import signal
import sqlite3
import time

import pytest

KINDS = pathlib.Path(__file__).parents[2] / "examples" / "kinds.jsonl"
SIGNATURE = "sentence -> kind: 'animal'|'plant'|'tool'"
OFFLINE = ["--data", KINDS, "--model", "offline"]


def test_a_better_program_is_found_saved_and_scored(persona):
    done = persona("optimize", SIGNATURE, *OFFLINE, "--calls", "2000", "-o", "better.json", "--html", "report.html",
                   "--json", "report.json", "--seed", "3")
    report = json.loads((persona.folder / "report.json").read_text())
    assert report["returned"] == report["winner"] != "c0" and report["certificate"]["is_better"]
    assert report["spent"]["calls"] <= 2000
    assert "better" in done.stdout and "\x1b" not in done.stdout and not done.stderr
    page = (persona.folder / "report.html").read_text()
    assert page.startswith("<!doctype html>") and "http" not in page
    scored = persona("evaluate-prompt", "better.json", *OFFLINE, "--at-least", "0.5").stdout
    assert re.search(r"better.json: \d+\.\d % \[", scored)
    (persona.folder / "plain.json").write_text((persona.folder / "better.json").read_text())
    compared = persona("evaluate-prompt", "better.json", *OFFLINE, "--against", "plain.json").stdout
    assert "0 wins, 0 losses, 360 ties" in compared
    persona("evaluate-prompt", SIGNATURE, *OFFLINE, "--at-least", "0.99", code=1)


def test_a_run_goes_on_where_it_was_stopped(persona):
    arguments = ["optimize", SIGNATURE, *OFFLINE, "--calls", "2000", "--seed", "3", "--run", "first"]
    whole = persona(*arguments, "--ledger", "whole.db", "--json", "whole.json")
    database = sqlite3.connect(persona.folder / "whole.db")
    calls = database.execute("SELECT count(*) FROM persona_run_call").fetchone()[0]
    assert calls > 100

    process = persona.start(*arguments, "--ledger", "killed.db", "--threads", "1")
    killed = persona.folder / "killed.db"

    def kept():
        if not killed.exists():
            return 0
        try:
            return sqlite3.connect(killed).execute("SELECT count(*) FROM persona_run_call").fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    while process.poll() is None and kept() < 20:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = kept()
    assert 0 < before
    persona(*arguments, "--ledger", "killed.db", "--json", "resumed.json")
    assert (persona.folder / "resumed.json").read_text() == (persona.folder / "whole.json").read_text()
    assert kept() == calls
    assert "better" in whole.stdout


def test_runs_of_a_ledger(persona):
    persona("optimize", SIGNATURE, *OFFLINE, "--calls", "300", "--ledger", "runs.db", "--run", "small")
    listed = persona("report-run", "runs.db").stdout
    assert re.search(r"small\s+finished\s+\d+", listed)
    persona("report-run", "runs.db", "small", "--html", "run.html")
    assert (persona.folder / "run.html").read_text().startswith("<!doctype html>")
    assert "no run 'other'" in persona("report-run", "runs.db", "other", code=1).stderr
    assert "there is no file" in persona("report-run", "none.db", code=1).stderr
    other = persona("optimize", SIGNATURE, *OFFLINE, "--calls", "300", "--ledger", "runs.db", "--run", "small", "--seed",
                    "9", code=1)
    assert "was begun with another program, data or options: seed was 0, is 9" in other.stderr


def test_an_evaluation_goes_on_too(persona):
    arguments = ["evaluate-prompt", SIGNATURE, *OFFLINE, "--ledger", "runs.db", "--run", "scores"]
    first = persona(*arguments).stdout
    assert persona(*arguments).stdout.splitlines()[0] == first.splitlines()[0]
    rows = sqlite3.connect(persona.folder / "runs.db").execute("SELECT count(*) FROM persona_run_call").fetchone()
    assert rows == (360,)
    assert re.search(r"scores\s+finished", persona("report-run", "runs.db").stdout)
    assert "run 'scores': not the report of an optimization" in persona("report-run", "runs.db", "scores", code=1).stderr


def test_a_forecast_spends_nothing(persona):
    told = persona("optimize", SIGNATURE, *OFFLINE, "--calls", "100000", "--dry-run", "--ledger", "runs.db").stdout
    assert re.search(r"calls +[\d,]+ +[\d,]+ to [\d,]+", told) and "nothing was spent" in told
    rows = sqlite3.connect(persona.folder / "runs.db").execute("SELECT count(*) FROM persona_run_call").fetchone()
    assert rows == (0,)
    persona("optimize", SIGNATURE, *OFFLINE, "--calls", "5", "--dry-run", code=1)


@pytest.mark.parametrize("arguments, said", [
    (["sentence kind", *OFFLINE], "there is no file 'sentence kind'"),
    (["sentence ->", *OFFLINE], "no field name"),
    ([SIGNATURE, "--data", "none.jsonl", "--model", "offline"], "none.jsonl"),
    ([SIGNATURE, "--data", KINDS, "--model", "nobody/model"], "nobody/model"),
    ([SIGNATURE, *OFFLINE, "--metric", "exact_mach"], "did you mean 'exact_match'"),
    ([SIGNATURE, *OFFLINE, "--metric", "exact_match:color"], "has no field 'color' to judge by"),
    ([SIGNATURE, *OFFLINE, "--metric", "exact_match:color:colors"], "has no field 'color' to judge by"),
    ([SIGNATURE, *OFFLINE, "--segment", "color"], "has no field 'color' to be a segment"),
    ([SIGNATURE, *OFFLINE, "--budget", "1"], "no price is known"),
])
def test_bad_input_is_named(persona, arguments, said):
    done = persona("optimize", *arguments, code=1)
    assert said in done.stderr and done.stderr.startswith("persona: ")


@pytest.mark.parametrize("arguments", [
    ["--optimizer", "none"], ["--budget", "much"], ["--time", "soon"], ["--run", "x"], ["--metric", "judged"],
    ["--out", "program.txt"], ["--alpha", "2"], ["--judge", "offline"],
])
def test_wrong_usage(persona, arguments):
    persona("optimize", SIGNATURE, *OFFLINE, *arguments, code=2)


def test_references_are_read(persona):
    rows = [json.loads(line) for line in KINDS.read_text().splitlines()]
    persona.write("none.jsonl", "".join(json.dumps({**row, "kinds": []}) + "\n" for row in rows))
    asked = ["optimize", SIGNATURE, "--data", "none.jsonl", "--model", "offline", "--optimizer", "labeled_few_shot"]
    done = persona(*asked, "--metric", "exact_match:kind:kinds", code=1)
    assert "field 'kinds' is an empty list" in done.stderr
    persona(*asked, "--metric", "judged:kind:kinds", "--judge", "offline", "--rubric", "good", code=2)


def test_segments(persona):
    rows = [json.loads(line) for line in KINDS.read_text().splitlines()]
    persona.write("long.jsonl", "".join(
        json.dumps({**row, "length": "long" if len(row["sentence"]) > 36 else "short"}) + "\n" for row in rows))
    scored = persona("evaluate-prompt", SIGNATURE, "--data", "long.jsonl", "--model", "offline", "--segment", "length",
                     "--failures").stdout
    assert re.search(r"long +\d+ +\d", scored) and re.search(r"short +\d+ +\d", scored)
