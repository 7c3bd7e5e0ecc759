"""The generator: the same people in Python, in C++, in any batch, thread and process."""

import multiprocessing
import subprocess

import pytest

import persona
from people import town_builder


def test_people_are_those_of_the_command_bit_for_bit(generator, people, command, tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    (tmp_path / "town.json").write_text(generator.spec.to_json())
    subprocess.run([command, "generate", tmp_path / "town.json", "--count", "20000", "--seed", "7", "--quiet",
                    "--out", tmp_path / "people.arrow"], check=True)
    with pyarrow.ipc.open_file(tmp_path / "people.arrow") as file:
        written = file.read_all()
    ours = pyarrow.table(people)
    assert written.column_names == ours.column_names
    for name in written.column_names:
        assert written[name].combine_chunks().to_pylist() == ours[name].combine_chunks().to_pylist(), name


def test_batches_threads_and_starts_do_not_matter(generator, people):
    assert generator.generate(count=20_000, seed=7, threads=1) == people
    assert generator.generate(count=500, seed=7, start=9_000) == people[9_000:9_500]
    batches = list(generator.stream(count=20_000, seed=7, batch_rows=3_000))
    assert [len(batch) for batch in batches] == [3_000] * 6 + [2_000]
    assert persona.Population.concatenate(batches) == people
    assert generator.generate(count=100, seed=8) != people[:100]


def test_one_person_is_a_row(generator, people):
    person = generator.persona(7, 123)
    assert dict(person) == dict(people[123]) == people.person(123).get("nothing", dict(person))
    assert person.index == 123 and person.seed == 7 and list(person) == people.names
    assert generator.persona(7, 2**40)["sex"] in ("female", "male")
    assert generator.generate(count=1, seed=7, start=2**40)[0]["name"] == generator.persona(7, 2**40)["name"]


def test_compile_takes_any_form_of_specification(tmp_path):
    spec = town_builder().build()
    path = tmp_path / "town.json"
    path.write_text(spec.to_json())
    for source in (spec, town_builder(), spec.to_dict(), spec.to_json(), path, str(path)):
        generator = persona.PersonaGenerator.compile(source)
        assert generator.spec == spec and generator.spec_hash == spec.content_hash


def test_the_report_says_what_compiling_found(generator):
    report = generator.report
    assert 0.9 < report.acceptance < 1
    found = report.correlations[0]
    assert found.asked.a == "age" and found.lowest < found.used < found.highest and not found.moved
    assert [field.name for field in generator.fields] == [a.name for a in generator.spec.attributes]


def test_check_judges_every_line(generator, people):
    report = generator.check(people)
    assert report.passed and report.rows == 20_000 and len(report.lines) > 8
    assert {line.verdict for line in report.lines} <= {"pass", "moved"}
    assert report.correlation.shape == (len(report.numeric),) * 2
    assert report.to_html().lstrip().lower().startswith("<!doctype html>") and "srcdoc" in report._repr_html_()
    assert "income" in str(report) and '"rows"' in report.to_json()
    richer = generator.generate(count=20_000, seed=7).filter("income > 20000")
    assert not generator.check(richer).passed
    assert generator.check(people, exact=True).exact


def test_names_may_be_brought_along():
    names = persona.NameTable.make([persona.GivenName("Zora", "female"), persona.GivenName("Zoltan", "male")],
                                   [persona.Surname("Quill")])
    generator = persona.PersonaGenerator.compile(town_builder(), names=names)
    assert set(generator.generate(count=50, seed=1)["name"].to_list()) == {"Zora Quill", "Zoltan Quill"}
    assert generator.names_hash == names.hash != persona.NameTable.builtin().hash


def test_progress_is_told_on_the_callers_thread(generator):
    told = []
    generator.generate(count=300_000, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (300_000, 300_000) and told == sorted(told)

    def refuse(done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        generator.generate(count=300_000, seed=1, progress=refuse)


def test_counts_beyond_reason_are_refused(generator):
    with pytest.raises(persona.InvalidArgument):
        generator.generate(count=2, start=2**63)
    with pytest.raises(TypeError):
        generator.generate(count=-1)
    with pytest.raises(ValueError):
        generator.stream(count=1, batch_rows=0)


def test_people_go_straight_into_a_file(generator, people, tmp_path):
    generator.write(tmp_path / "people.csv", count=20_000, seed=7)
    assert (tmp_path / "people.csv").read_text() == people.to_csv()
    generator.write(tmp_path / "people.txt", count=20_000, seed=7, format="ndjson")
    assert (tmp_path / "people.txt").read_text() == people.to_ndjson()
    with pytest.raises(persona.IoError):
        generator.write(tmp_path / "no" / "people.csv", count=1)


def drawn_in_child(queue, generator):
    queue.put(generator.generate(count=100, seed=7).to_csv())


def test_a_generator_works_after_a_fork(generator, people):
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=drawn_in_child, args=(queue, generator))
    child.start()
    assert queue.get(timeout=60) == people[:100].to_csv()
    child.join(timeout=60)
    assert child.exitcode == 0
