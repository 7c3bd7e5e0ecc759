"""Populations as pandas.DataFrame, with or without pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from ._persona import Column, Population


def _series(column: Column) -> Any:
    import pandas

    if column.type == "category":
        codes = column.codes
        if column.null_count:
            codes = codes.copy()
            codes[~column.valid] = -1
        dtype = pandas.CategoricalDtype(column.labels, ordered=column.ordered)
        return pandas.Categorical.from_codes(codes, dtype=dtype)
    if column.null_count and column.type in ("int32", "int64", "boolean"):
        dtype = {"int32": "Int32", "int64": "Int64", "boolean": "boolean"}[column.type]
        return pandas.array(column.to_list(), dtype=dtype)
    if column.type == "date":
        return column.to_numpy().astype("datetime64[s]")
    return column.to_numpy()


def to_pandas(population: Population) -> pandas.DataFrame:
    """Numbers share memory; labels become Categorical, missing whole numbers and yes-or-no pandas' own NA types."""
    try:
        import pandas
    except ImportError:
        raise ImportError("to_pandas needs pandas: pip install pandas") from None
    columns = {column.name: _series(column) for column in population.columns}
    return pandas.DataFrame(columns, copy=False)
