"""check, report, describe, schema, help: what they say, and with which exit code."""

import copy
import json

import pytest

from town import TOWN


def test_check_shows_what_compiling_finds(persona):
    text = persona("check", "town.json").stdout
    assert "town: 4 attributes" in text and "lognormal" in text and "USD/year" in text
    assert "age ~ income" in text and "0.300" in text and "% of candidates accepted" in text


def test_check_as_json_is_for_programs(persona):
    found = json.loads(persona("check", "town.json", "--json").stdout)
    assert [attribute["name"] for attribute in found["attributes"]] == ["sex", "age", "income", "hours"]
    correlation = found["correlations"][0]
    assert correlation["asked"] == correlation["used"] == 0.3 and correlation["lowest"] < 0.3 < correlation["highest"]
    assert 0.9 < found["acceptance"] <= 1 and len(found["spec_hash"]) == 64


def test_a_wrong_specification_is_named_with_its_place(persona):
    town = copy.deepcopy(TOWN)
    town["attributes"][1]["distribution"]["sd"] = -1
    persona.write("wrong.json", town)
    done = persona("check", "wrong.json", code=1)
    assert done.stdout == "" and done.stderr.startswith("persona: wrong.json: /attributes/1/distribution/sd: ")
    assert "age" in done.stderr


def test_a_syntax_error_is_shown_with_a_caret(persona):
    persona.write("broken.json", '{\n  "persona": 1,\n  "name": ]\n}\n')
    done = persona("check", "broken.json", code=1)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("persona: broken.json:3:11: not JSON: ")
    assert lines[1].rstrip() == '    "name": ]' and lines[2].index("^") == lines[1].index("]")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"persona": 99}', "\xff", "[" * 100_000])
def test_what_is_no_specification_is_refused(persona, text):
    (persona.folder / "wrong.json").write_bytes(text.encode("latin-1"))
    done = persona("check", "wrong.json", code=1)
    assert done.stderr.startswith("persona: wrong.json")


def test_what_cannot_be_had_is_refused(persona):
    town = copy.deepcopy(TOWN)
    town["constraints"] = ["hours > 1000"]
    persona.write("wrong.json", town)
    assert persona("generate", "wrong.json", "-n", 10, "-o", "a.csv", code=1).stderr.startswith("persona: wrong.json: ")
    assert persona.files() == {"wrong.json"}


def test_files_that_cannot_be_read_are_named(persona):
    assert "nowhere.json" in persona("check", "nowhere.json", code=1).stderr
    assert "nowhere.db" in persona("describe", "nowhere.db", code=1).stderr
    persona("check", ".", code=1)
    persona.write("text.db", "this is not a database, but long enough to be taken for one" * 20)
    assert "text.db" in persona("describe", "text.db", code=1).stderr


def test_report_passes_the_people_of_its_own_specification(persona):
    done = persona("report", "town.json", "--count", 20_000, "--seed", 3, "--html", "r.html", "--json", "r.json")
    assert "income" in done.stdout
    report = json.loads((persona.folder / "r.json").read_text())
    assert report["rows"] == 20_000 and (persona.folder / "r.html").stat().st_size > 5_000
    persona("report", "town.json", "--count", 20_000, "--seed", 3, "--exact")


def test_report_reads_people_of_an_arrow_file(persona):
    persona("generate", "town.json", "-n", 20_000, "--seed", 3, "-o", "people.arrow")
    persona("report", "town.json", "--data", "people.arrow", "--json", "read.json")
    persona("report", "town.json", "--count", 20_000, "--seed", 3, "--json", "drawn.json")
    read, drawn = (json.loads((persona.folder / name).read_text()) for name in ("read.json", "drawn.json"))
    assert read["rows"] == 20_000 and read["lines"] == drawn["lines"]
    assert "--name" in persona("report", "town.json", "--data", "people.arrow", "--name", "x", code=2).stderr
    (persona.folder / "cut.arrow").write_bytes((persona.folder / "people.arrow").read_bytes()[:-1])
    assert "cut off" in persona("report", "town.json", "--data", "cut.arrow", code=1).stderr


def test_report_fails_people_of_another_specification(persona):
    persona("generate", "town.json", "-n", 20_000, "-o", "people.db")
    assert "do not say" not in persona("report", "town.json", "--data", "people.db").stdout
    town = copy.deepcopy(TOWN)
    town["attributes"][0]["distribution"]["weights"]["female"] = 60
    persona.write("other.json", town)
    drawn_from = "these people do not say that they were drawn from this specification"
    assert drawn_from in persona("report", "other.json", "--data", "people.db", code=1).stdout


def test_describe_lists_and_summarises(persona):
    persona("generate", "town.json", "-n", 2000, "--seed", 5, "-o", "people.db")
    text = persona("describe", "people.db").stdout
    assert "1 population" in text and "2,000" in text and "income" in text
    persona("generate", "town.json", "-n", "1e9", "--recipe", "--name", "everybody", "-o", "people.db")
    text = persona("describe", "people.db").stdout
    assert "2 populations" in text and "1,000,000,000" in text and "--name" in text
    text = persona("describe", "people.db", "--name", "everybody", "--rows", 1000).stdout
    assert "of the first 1,000 people" in text and "income" in text
    assert "'everybody', 'town'" in persona("describe", "people.db", "--name", "nobody", code=1).stderr


def test_schema_is_a_json_schema(persona):
    schema = json.loads(persona("schema").stdout)
    assert "$schema" in schema and "attributes" in schema["properties"]


def test_version_and_help_are_fine(persona):
    assert persona("--version").stdout.startswith("persona 0.")
    text = persona("--help").stdout
    for command in ("generate", "check", "report", "describe", "schema"):
        assert command in text
        assert "Example" in persona(command, "--help").stdout or command == "schema"


@pytest.mark.parametrize("arguments, named", [
    ([], "command is required"),
    (["dance"], "dance"),
    (["generate", "town.json", "-n", "5"], "--out"),
    (["generate", "town.json", "-o", "a.csv"], "--count"),
    (["generate", "town.json", "-n", "5", "-o", "people.xyz"], "people.xyz"),
    (["generate", "town.json", "-n", "5", "-o", "-", "--format", "db"], "stdout"),
    (["generate", "town.json", "-n", "5", "-o", "a.csv", "--recipe"], "--recipe"),
    (["generate", "town.json", "-n", "5", "-o", "a.csv", "--replace"], "--replace"),
    (["generate", "town.json", "-n", "5", "-o", "a.csv", "--name", "x"], "--name"),
    (["generate", "town.json", "-n", "5", "-o", "a.csv", "--report", "r.pdf"], "r.pdf"),
    (["generate", "town.json", "-n", "5", "-o", "a.csv", "--report", "no/r.html"], "'no'"),
    (["generate", "town.json", "-n", "5", "-o", "a.csv", "--names", "given.csv"], "--names"),
    (["report", "town.json", "--data", "a.db", "--count", "5"], "--data"),
    (["report", "town.json", "--name", "x"], "--name"),
    (["check"], "spec"),
])
def test_wrong_usage_is_2_and_says_what(persona, arguments, named):
    done = persona(*arguments, code=2)
    assert named in done.stderr and done.stderr.startswith("persona: ") and done.stdout == ""
    assert persona.files() == set()
