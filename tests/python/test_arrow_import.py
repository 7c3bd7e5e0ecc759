"""Populations out of pyarrow, pandas, Polars and DuckDB, and out of Arrow files."""

import datetime
import decimal

import pytest

import persona
from persona import prompt

pyarrow = pytest.importorskip("pyarrow")
import pyarrow.feather  # noqa: E402
import pyarrow.ipc  # noqa: E402

DAY = datetime.date(2026, 11, 21)
KINDS = {
    "yes": pyarrow.array([True, None, False]),
    "tiny": pyarrow.array([-1, None, 7], pyarrow.int8()),
    "count": pyarrow.array([0, None, 2**63 - 1], pyarrow.uint64()),
    "half": pyarrow.array([0.5, None, -2], pyarrow.float16()),
    "real": pyarrow.array([1 / 3, None, 1e300]),
    "name": pyarrow.array(["Zoë", None, ""]),
    "view": pyarrow.array(["short", None, "longer than twelve bytes"], pyarrow.string_view()),
    "level": pyarrow.array(["low", None, "high"]).dictionary_encode(),
    "day": pyarrow.array([DAY, None, DAY]),
    "instant": pyarrow.array([DAY, None, DAY], pyarrow.date64()),
    "topics": pyarrow.array([["art", "sport"], None, []], pyarrow.list_(pyarrow.string())),
    "nothing": pyarrow.nulls(3),
}


def rows(population):
    return [dict(person.items()) for person in population]


def table():
    return pyarrow.table(KINDS)


def file_of(arrow, path, **options):
    with pyarrow.ipc.new_file(path, arrow.schema, options=pyarrow.ipc.IpcWriteOptions(**options)) as out:
        out.write(arrow)
    return path


@pytest.mark.parametrize("given", [table(), table().to_batches()[0], pyarrow.concat_tables([table()] * 1),
                                   table().to_reader()], ids=["table", "batch", "joined", "reader"])
def test_every_type_of_pyarrow_comes_over(given):
    people = persona.Population.from_arrow(given)
    assert rows(people) == table().to_pylist()
    assert [c.type for c in people.columns] == ["boolean", "int32", "int64", "float64", "float64", "text", "text",
                                                "category", "date", "date", "list", "text"]
    assert people["level"].labels == ["low", "high"]


def test_what_went_out_comes_back(people):
    back = persona.Population.from_arrow(pyarrow.table(people))
    assert back == people
    assert [c.field for c in back.columns] == [c.field for c in people.columns]
    part = people[333:777]
    assert persona.Population.from_arrow(pyarrow.table(part)) == part == persona.Population.from_arrow(part)


def test_slices_and_chunks_with_other_dictionaries_are_joined():
    first, second = pyarrow.array(["b", None]).dictionary_encode(), pyarrow.array(["a", "b"]).dictionary_encode()
    chunked = pyarrow.table({"kind": pyarrow.chunked_array([first, second])})
    people = persona.Population.from_arrow(chunked)
    assert people["kind"].to_list() == ["b", None, "a", "b"] and people["kind"].labels == ["b", "a"]
    many = pyarrow.concat_tables([table()] * 5)
    assert rows(persona.Population.from_arrow(many.slice(2, 9))) == many.slice(2, 9).to_pylist()
    assert len(persona.Population.from_arrow(table().slice(0, 0))) == 0


def test_pandas_comes_over():
    pandas = pytest.importorskip("pandas", minversion="2.2")
    frame = pandas.DataFrame({"age": [3, 4, 5], "level": pandas.Categorical(["b", "a", None], ["a", "b"], ordered=True),
                              "name": ["x", None, "z"], "income": [1.5, float("nan"), 2]})
    people = persona.Population.from_arrow(frame)
    assert people["age"].to_list() == [3, 4, 5] and people["name"].to_list() == ["x", None, "z"]
    assert people["level"].labels == ["a", "b"] and people["level"].ordered
    assert people["level"].to_list() == ["b", "a", None]


def test_polars_comes_over():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"age": [3, None], "name": ["x", "longer than twelve bytes"], "day": [DAY, None],
                              "level": polars.Series(["b", None], dtype=polars.Enum(["a", "b"]))})
    people = persona.Population.from_arrow(frame)
    assert rows(people) == frame.to_dicts() and people["level"].labels == ["a", "b"]


def test_duckdb_comes_over():
    duckdb = pytest.importorskip("duckdb")
    people = persona.Population.from_arrow(duckdb.sql("select range::int as i, 'n' || range as name from range(5000)"))
    assert people["i"].to_list() == list(range(5000)) and people["name"][4999] == "n4999"


@pytest.mark.parametrize("column, words", [
    (pyarrow.array([datetime.datetime(2026, 1, 1)]), r"column 'x' is of the Arrow type timestamp\[us\]"),
    (pyarrow.array([decimal.Decimal("1.5")]), r"decimal\(2,1\)"),
    (pyarrow.array([{"a": 1}]), "struct"),
    (pyarrow.array([[1, 2]]), "list of int64"),
    (pyarrow.array([5]).dictionary_encode(), "dictionary of int64"),
    (pyarrow.array([b"x"]), "binary"),
])
def test_other_types_are_refused_by_name(column, words, tmp_path):
    with pytest.raises(persona.Unsupported, match=words):
        persona.Population.from_arrow(pyarrow.table({"x": column}))
    with pytest.raises(persona.Unsupported, match=words):
        persona.read_arrow(file_of(pyarrow.table({"x": column}), tmp_path / "x.arrow"))


def test_values_beyond_a_column_are_refused():
    with pytest.raises(persona.InvalidArgument, match="column 'x': row 1: 9223372036854775808 is beyond"):
        persona.Population.from_arrow(pyarrow.table({"x": pyarrow.array([1, 2**63], pyarrow.uint64())}))
    with pytest.raises(TypeError, match="this is a list"):
        persona.Population.from_arrow([1])


def test_what_a_producer_raises_is_told():
    def batches():
        yield table().to_batches()[0]
        raise ValueError("the source broke off")

    with pytest.raises(persona.PersonaError, match="the source broke off"):
        persona.Population.from_arrow(pyarrow.RecordBatchReader.from_batches(table().schema, batches()))


def test_files_and_streams_of_pyarrow_are_read(tmp_path):
    path = file_of(table(), tmp_path / "kinds.arrow")
    assert rows(persona.read_arrow(path)) == table().to_pylist()
    old = file_of(table().drop_columns("view"), tmp_path / "old.arrow", metadata_version=pyarrow.ipc.MetadataVersion.V4,
                  use_legacy_format=True)
    assert rows(persona.read_arrow(old)) == table().drop_columns("view").to_pylist()
    pyarrow.feather.write_feather(table(), tmp_path / "kinds.feather", compression="uncompressed")
    assert persona.read_arrow(tmp_path / "kinds.feather") == persona.read_arrow(str(path))
    sink = pyarrow.BufferOutputStream()
    options = pyarrow.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
    chunks = [["a"], ["a", "b"], ["c"]]  # an addition, then another dictionary
    with pyarrow.ipc.new_stream(sink, pyarrow.schema({"k": pyarrow.dictionary(pyarrow.int32(), pyarrow.string())}),
                                options=options) as out:
        for labels in chunks:
            out.write(pyarrow.record_batch({"k": pyarrow.array(labels).dictionary_encode()}))
    assert persona.parse_arrow(sink.getvalue().to_pybytes())["k"].to_list() == ["a", "a", "b", "c"]


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
def test_compressed_files_say_how_to_write_them(tmp_path, codec):
    path = file_of(pyarrow.table({"x": list(range(1000))}), tmp_path / "x.arrow", compression=codec)
    with pytest.raises(persona.Unsupported, match=rf"{codec.upper()}.*compression='uncompressed'"):
        persona.read_arrow(path)


def test_files_that_are_no_arrow_are_told(tmp_path):
    with pytest.raises(persona.NotFound):
        persona.read_arrow(tmp_path / "none.arrow")
    (tmp_path / "x.arrow").write_bytes(file_of(table(), tmp_path / "y.arrow").read_bytes()[:-1])
    with pytest.raises(persona.Corrupted, match="x.arrow: it is cut off"):
        persona.read_arrow(tmp_path / "x.arrow")


def test_data_sets_are_read_from_arrow(tmp_path):
    arrow = pyarrow.table({"id": ["one", "two"], "text": ["an oak", "a fox"], "kind": ["plant", "animal"],
                           "weight": [1.0, 2.5], "segment": pyarrow.array(["wood", "field"]).dictionary_encode()})
    file_of(arrow, tmp_path / "kinds.arrow")
    data = prompt.read_dataset(str(tmp_path / "kinds.arrow"))
    assert [(e.id, e.weight, e.segment) for e in data] == [("one", 1, "wood"), ("two", 2.5, "field")]
    assert data[0].fields == {"text": "an oak", "kind": "plant"}
    lines = '{"text": "an oak", "kind": "plant"}\n{"text": "a fox", "kind": "animal"}\n'
    pyarrow.feather.write_feather(arrow.select(["text", "kind"]), tmp_path / "kinds.feather", compression="uncompressed")
    unnamed = prompt.read_dataset(str(tmp_path / "kinds.feather"))
    assert list(unnamed) == list(prompt.parse_jsonl(lines))  # the same ids, made from the content
    file_of(pyarrow.table({"id": ["one", "one"]}), tmp_path / "twice.arrow")
    with pytest.raises(persona.InvalidArgument, match="twice.arrow: example 'one' stands there twice"):
        prompt.read_dataset(str(tmp_path / "twice.arrow"))
