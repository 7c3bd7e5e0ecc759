"""Columns in numpy, pyarrow, polars and pandas, without copies."""

import gc
import sys

import numpy as np
import pytest

import persona


def test_numbers_are_views_that_cannot_be_written(people):
    income = people["income"]
    array = income.to_numpy()
    assert array.dtype == np.float64 and array.shape == (20_000,) and not array.flags.owndata
    assert np.shares_memory(array, np.asarray(income)) and np.shares_memory(array, people["income"].to_numpy())
    assert np.shares_memory(array[100:], people[100:]["income"].to_numpy())
    with pytest.raises(ValueError):
        array[0] = 1
    assert array.sum() == pytest.approx(sum(income.to_list()))


def test_labels_have_codes_without_a_copy(people):
    education = people["education"]
    assert education.labels == ["school", "college", "advanced"] and education.ordered
    assert education.codes.dtype == np.int8 and np.shares_memory(education.codes, people["education"].codes)
    assert list(education.to_numpy()[:50]) == [education.labels[code] for code in education.codes[:50]]
    with pytest.raises(TypeError):
        people["income"].codes


def test_missing_values_are_nan_and_none(people):
    age = people["age"]
    array, valid = age.to_numpy(), age.valid
    assert 250 < age.null_count < 550  # 400 asked, sd 20
    assert np.isnan(array).sum() == (~valid).sum() == age.null_count
    assert [value is None for value in age] == list(~valid)
    assert array[valid].min() >= 18 and array[valid].max() <= 95


def test_other_types_become_what_numpy_has(people):
    assert people["employed"].to_numpy().dtype == bool
    assert people["born"].to_numpy().dtype == np.dtype("datetime64[D]")
    assert people["born"].to_numpy()[5].astype(object) == people["born"][5]
    assert people["name"].to_numpy().dtype == object
    assert list(people["languages"].to_numpy()[:9]) == people["languages"].to_list()[:9]
    assert np.asarray(people["income"], dtype=np.float32).dtype == np.float32
    assert np.array(people["income"]).flags.writeable


def test_a_view_outlives_its_population(generator):
    people = generator.generate(count=1000, seed=3)
    expected = people["income"].to_list()
    view = people["income"].to_numpy()
    del people
    gc.collect()
    assert view.tolist() == expected


def test_pyarrow_shares_the_memory(people):
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(people)
    assert table.column_names == people.names and table.num_rows == len(people)
    for name in people.names:
        ours = people[name].to_list()
        assert table[name].to_pylist() == ours, name
    address = people["income"].to_numpy().__array_interface__["data"][0]
    assert table["income"].chunk(0).buffers()[1].address == address
    batch = pyarrow.record_batch(people)
    assert batch.column("income").buffers()[1].address == address
    assert pyarrow.array(people["sex"]).to_pylist() == people["sex"].to_list()
    assert pyarrow.schema(people).names == people.names


def test_slices_cross_at_their_place(people):
    pyarrow = pytest.importorskip("pyarrow")
    part = people[333:777]
    table = pyarrow.table(part)
    for name in people.names:
        assert table[name].to_pylist() == people[name].to_list()[333:777], name


def test_polars_reads_them(people):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(people)
    assert frame.columns == people.names and frame.height == len(people)
    assert frame["income"].to_list() == people["income"].to_list()
    assert frame["sex"].cast(polars.String).to_list() == people["sex"].to_list()
    assert frame["age"].null_count() == people["age"].null_count


def test_pandas_reads_them(people):
    pandas = pytest.importorskip("pandas")
    frame = people.to_pandas()
    assert list(frame.columns) == people.names and len(frame) == len(people)
    assert frame["education"].cat.ordered and list(frame["education"].cat.categories) == people["education"].labels
    assert frame["age"].isna().sum() == people["age"].null_count and str(frame["age"].dtype) in ("Int32", "Int64")
    assert np.shares_memory(frame["income"].to_numpy(), people["income"].to_numpy())
    assert frame["born"].dtype.kind == "M" and frame["name"].iloc[3] == people["name"][3]
    assert frame.groupby("sex", observed=True)["income"].mean().idxmax() == "male"


def test_without_pandas_the_error_says_what_to_do(people, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        people.to_pandas()


def test_columns_are_made_from_values():
    column = persona.Column.from_values(persona.Field("x", "int32", unit="m"), [1, None, np.int64(3)])
    assert column.to_list() == [1, None, 3] and column.unit == "m" and column.null_count == 1
    labels = persona.Column.from_values(persona.Field("l", "category", labels=["a", "b"]), ["b", None, "a"])
    assert labels.codes[0] == 1 and labels.to_list() == ["b", None, "a"]
    people = persona.Population.make([column, labels])
    assert people.names == ["x", "l"] and dict(people[0]) == {"x": 1, "l": "b"}
    with pytest.raises(persona.InvalidArgument):
        persona.Column.from_values(persona.Field("x", "int32"), ["text"])
    with pytest.raises(TypeError):
        persona.Column.from_values(persona.Field("x"), [object()])
    with pytest.raises(persona.InvalidArgument):
        persona.Population.make([column, column])
