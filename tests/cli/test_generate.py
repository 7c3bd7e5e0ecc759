"""`persona generate`: every format, numbers as people write them, what is on which stream."""

import csv
import io
import json
import os
import sqlite3
import subprocess

import pytest

NAMES = ["sex", "age", "income", "hours"]


def draw(persona, *arguments, **options):
    return persona("generate", "town.json", "--seed", 7, *arguments, **options)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_header_and_a_line_a_person(persona):
    draw(persona, "--count", 1000, "--out", "people.csv")
    rows = rows_of((persona.folder / "people.csv").read_text())
    assert len(rows) == 1000 and list(rows[0]) == NAMES
    assert {row["sex"] for row in rows} == {"female", "male"}
    assert all(18 <= int(row["age"]) <= 95 for row in rows if row["age"])


@pytest.mark.parametrize("extension", ["ndjson", "jsonl"])
def test_ndjson_is_one_object_a_line_with_the_values_of_the_csv(persona, extension):
    draw(persona, "-n", 200, "--out", f"people.{extension}")
    lines = (persona.folder / f"people.{extension}").read_text().splitlines()
    people = [json.loads(line) for line in lines]
    shown = [{k: "" if v is None else str(v) for k, v in person.items()} for person in people]
    assert shown == rows_of(draw(persona, "-n", 200, "--out", "-").stdout)


def test_arrow_is_read_by_pyarrow_and_polars(persona):
    pyarrow = pytest.importorskip("pyarrow")
    draw(persona, "-n", 100_000, "--out", "people.arrow")
    with pyarrow.ipc.open_file(persona.folder / "people.arrow") as file:
        table = file.read_all()
    assert table.column_names == NAMES and table.num_rows == 100_000
    assert 0.005 < table["age"].null_count / table.num_rows < 0.015
    polars = pytest.importorskip("polars")
    frame = polars.read_ipc(persona.folder / "people.arrow")
    assert frame["income"].to_list() == table["income"].to_pylist()


def test_a_database_is_plain_sqlite(persona):
    draw(persona, "-n", 500, "--out", "people.db")
    with sqlite3.connect(persona.folder / "people.db") as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = next(name for name in tables if "income" in
                     [column[1] for column in database.execute(f'PRAGMA table_info("{name}")')])
        assert database.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (500,)


def test_stdout_is_csv_unless_a_format_is_given(persona):
    text = draw(persona, "-n", 3, "-o", "-").stdout
    assert text.splitlines()[0] == ",".join(NAMES) and len(text.splitlines()) == 4
    assert json.loads(draw(persona, "-n", 1, "-o", "-", "--format", "ndjson").stdout)["sex"] in ("female", "male")


def test_arrow_on_stdout_is_the_stream_format(persona):
    pyarrow = pytest.importorskip("pyarrow")
    data = draw(persona, "-n", 1000, "-o", "-", "--format", "arrow", text=False).stdout
    assert pyarrow.ipc.open_stream(data).read_all().num_rows == 1000


def test_a_format_goes_before_the_extension(persona):
    draw(persona, "-n", 2, "-o", "people.txt", "--format", "ndjson")
    assert len((persona.folder / "people.txt").read_text().splitlines()) == 2


@pytest.mark.parametrize("text, number", [("1_000", 1000), ("1e3", 1000), ("1,000", 1000), ("2k", 2000), ("0.1e4", 1000),
                                          ("0.001M", 1000)])
def test_counts_are_written_as_people_write_them(persona, text, number):
    assert len(draw(persona, "-n", text, "-o", "-").stdout.splitlines()) == number + 1


@pytest.mark.parametrize("text", ["", "ten", "-5", "0", "1.5", "1e-1", "1e30", "99999999999999999999", "5x", "1e", "."])
def test_other_counts_are_wrong_usage(persona, text):
    done = persona("generate", "town.json", "-n", text, "-o", "-", code=2)
    assert "--count" in done.stderr and not done.stdout


def test_start_continues_where_another_run_ended(persona):
    whole = draw(persona, "-n", 30, "-o", "-").stdout.splitlines()
    part = draw(persona, "-n", 10, "--start", 20, "-o", "-", "--threads", 1).stdout.splitlines()
    assert part[1:] == whole[21:]


def test_the_specification_may_come_from_stdin(persona):
    text = (persona.folder / "town.json").read_text()
    assert persona("generate", "-", "-n", 2, "-o", "-", input=text).stdout == persona(
        "generate", "town.json", "-n", 2, "-o", "-").stdout


def test_the_summary_is_on_stderr_and_says_what_happened(persona):
    done = draw(persona, "-n", 2000, "-o", "people.csv", "--report", "report.html")
    assert done.stdout == ""
    assert "people.csv: 2,000 people x 4 attributes in " in done.stderr and "candidates accepted" in done.stderr
    assert "report.html: " in done.stderr and " lines hold" in done.stderr
    assert draw(persona, "-n", 10, "-o", "people.csv", "--quiet").stderr == ""


def test_reports_measure_the_people_that_are_written(persona):
    draw(persona, "-n", 5000, "-o", "people.ndjson", "--report", "a.json", "--report", "a.html", "--report", "a.txt")
    report = json.loads((persona.folder / "a.json").read_text())
    assert report["rows"] == 5000 and report["seed"] == 7
    assert (persona.folder / "a.html").read_text().lstrip().lower().startswith("<!doctype html>")
    assert "income" in (persona.folder / "a.txt").read_text()


def test_names_come_from_the_tables_given(persona):
    persona.write("given.csv", "decade,sex,name,count\n1950,F,Zora,10\n1950,M,Zoltan,10\n")
    persona.write("surnames.csv", "name,count\nQUILL,5\n")
    persona.write("named.json", {"persona": 1, "name": "named", "attributes": [
        {"name": "who", "distribution": {"family": "full_name"}}]})
    text = persona("generate", "named.json", "-n", 20, "-o", "-", "--names", "given.csv,surnames.csv").stdout
    assert {line.split()[0] for line in text.splitlines()[1:]} == {"Zoltan", "Zora"}
    assert "quill" in text.lower()


def test_a_reader_who_leaves_ends_it_quietly(persona):
    process = persona.start("generate", "town.json", "-n", "1e9", "-o", "-", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b",".join(name.encode() for name in NAMES) + b"\n"
    process.stdout.close()
    assert process.wait(timeout=60) == -13  # SIGPIPE
    assert process.stderr.read() == b""


def test_an_existing_file_is_replaced_as_a_whole(persona):
    persona.write("people.csv", "old")
    inode = os.stat(persona.folder / "people.csv").st_ino
    draw(persona, "-n", 1, "-o", "people.csv")
    assert os.stat(persona.folder / "people.csv").st_ino != inode
    assert persona.files() == {"people.csv"}
