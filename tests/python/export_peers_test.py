"""What persona writes is what pandas, pyarrow and Polars read.

Needs the library of tests/population/export_sample.cpp: PERSONA_EXPORT_SAMPLE, or build*/tests/libexport_sample.so.
"""

import csv
import ctypes
import datetime
import json
import os
import pathlib

import pytest

pyarrow = pytest.importorskip("pyarrow")
import pyarrow.ipc  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXTS = ["plain", 'comma, "quote"', "zeilen\numbruch\t\\", "Zoë 名前 🙂", ""]
LEVELS = ["low", "mid, dle", 'h"igh']
TOPICS = ["art", "be, er", "ça"]


def row(i):
    """The formula of tests/population/example.hpp."""
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=i * 400 - 3000)
    return {
        "real": i / 3 - 5 if i % 7 != 3 else None,
        "money": (i * i - 50) / 100 if i % 11 != 4 else None,
        "small": i - 4 if i % 5 != 2 else None,
        "large": (i - 3) * 1_000_000_007_000 if i % 13 != 1 else None,
        "yes": i % 3 == 0 if i % 4 != 3 else None,
        "day": day if i % 6 != 5 else None,
        "level": LEVELS[i % 3] if i % 8 != 6 else None,
        "text": TEXTS[i % 5] if i % 9 != 8 else None,
        "chosen": [t for k, t in enumerate(TOPICS) if i >> k & 1] if i % 10 != 9 else None,
    }


ROWS = [row(i) for i in range(1000)]


@pytest.fixture(scope="module")
def library():
    places = [os.environ.get("PERSONA_EXPORT_SAMPLE", ""), *map(str, ROOT.glob("build*/tests/libexport_sample.so"))]
    place = next((p for p in places if os.path.exists(p)), None)
    if place is None:
        pytest.skip("export_sample is not built")
    return ctypes.CDLL(place)


@pytest.fixture(scope="module")
def folder(library, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    assert library.write_samples(os.fsencode(folder)) == 0
    assert sorted(p.name for p in folder.iterdir()) == [
        "empty.arrow", "sample.arrow", "sample.arrows", "sample.csv", "sample.ndjson"]
    return folder


def test_ndjson_reads_back(folder):
    lines = (folder / "sample.ndjson").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    iso = [{**r, "day": r["day"].isoformat() if r["day"] else None} for r in ROWS]
    assert [json.loads(line) for line in lines] == iso


def test_csv_reads_back(folder):
    def field(value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        return ";".join(value) if isinstance(value, list) else str(value)

    with open(folder / "sample.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [[field(v) for v in r.values()] for r in ROWS] == [list(r.values()) for r in rows]


def test_pandas_reads_the_csv(folder):
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(folder / "sample.csv", engine="python", keep_default_na=False, na_values=[""])
    known = [r["real"] for r in ROWS if r["real"] is not None]
    assert table["real"].dropna().tolist() == known
    assert table["money"].dropna().tolist() == [r["money"] for r in ROWS if r["money"] is not None]
    assert table["text"].fillna("").tolist() == [r["text"] or "" for r in ROWS]
    assert table["large"].isna().tolist() == [r["large"] is None for r in ROWS]


@pytest.mark.parametrize("name", ["sample.arrow", "sample.arrows"])
def test_pyarrow_reads_arrow(folder, name):
    opened = pyarrow.ipc.open_file if name.endswith(".arrow") else pyarrow.ipc.open_stream
    with pyarrow.memory_map(str(folder / name)) as source:
        table = opened(source).read_all()
        table.validate(full=True)
        assert table.to_pylist() == ROWS
        schema = table.schema
    assert schema.field("level").type == pyarrow.dictionary(pyarrow.int8(), pyarrow.utf8(), ordered=True)
    assert schema.field("chosen").type.value_type == pyarrow.dictionary(pyarrow.int32(), pyarrow.utf8())
    assert schema.field("day").type == pyarrow.date32()
    assert schema.field("text").type == pyarrow.large_utf8()
    assert schema.field("yes").type == pyarrow.bool_()
    assert schema.field("real").metadata == {b"unit": b"km"}
    assert schema.field("money").metadata == {b"description": b"what is left", b"decimals": b"2"}


def test_an_empty_arrow_file_has_its_schema(folder):
    table = pyarrow.ipc.open_file(str(folder / "empty.arrow")).read_all()
    assert table.num_rows == 0
    assert table.schema.names == list(ROWS[0])


def test_pandas_and_polars_read_arrow(folder):
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_feather(folder / "sample.arrow")
    assert frame["level"].cat.ordered
    assert frame["level"].cat.categories.tolist() == LEVELS
    polars = pytest.importorskip("polars")
    for frame in (polars.read_ipc(folder / "sample.arrow"),
                  polars.read_ipc_stream(folder / "sample.arrows")):
        assert frame.to_dicts() == ROWS


def c_struct(size):
    """Memory for an Arrow C struct of so many words, and its address."""
    memory = (ctypes.c_void_p * size)()
    return memory, ctypes.addressof(memory)


def test_pyarrow_imports_a_slice_through_the_c_data_interface(library):
    (schema, schema_at), (array, array_at) = c_struct(9), c_struct(10)
    library.export_sample(schema, array)
    batch = pyarrow.RecordBatch._import_from_c(array_at, schema_at)
    batch.validate(full=True)
    assert batch.to_pylist() == ROWS[13:813]
    assert batch.schema.field("level").type.ordered
    assert batch.schema.field("real").metadata == {b"unit": b"km"}


def test_pyarrow_imports_a_stream(library):
    stream, stream_at = c_struct(5)
    library.export_sample_stream(stream)
    reader = pyarrow.RecordBatchReader._import_from_c(stream_at)
    batches = list(reader)
    assert [batch.num_rows for batch in batches] == [333, 333, 333, 1]
    assert pyarrow.Table.from_batches(batches).to_pylist() == ROWS
