"""Data frames of pandas and Polars, and Arrow tables, as input rows."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cityrules.io.arrow import ArrowRows
from cityrules.io.columns import check_columns
from cityrules.io.frame import FrameRows
from cityrules.io.open import open_rows, open_sources
from cityrules.io.rows import DataError

WHOLE = {
    "no": [1, 2, 3],
    "street": ["东街", None, ""],
    "size": [Decimal("1.50"), None, Decimal("-0.07")],
    "found": [dt.date(2024, 3, 1), None, dt.date(1, 1, 1)],
    "late": [True, None, False],
}
TEXTS = [("1", "东街", "1.50", "2024-03-01", "true"), ("2", None, None, None, None),
         ("3", None, "-0.07", "0001-01-01", "false")]  # fmt: skip


def texts(thing: Any) -> list[tuple[str | None, ...]]:
    rows = list(open_rows(thing, "x").rows())
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert [row.bad for row in rows] == [None] * len(rows)
    return [row.texts for row in rows]


@pytest.mark.parametrize("make", [pa.table, pl.DataFrame, pd.DataFrame, lambda data: pa.table(data).to_batches()[0]])
def test_the_same_values_are_the_same_texts(make: Any) -> None:
    assert texts(make(WHOLE)) == TEXTS


def test_a_stream_that_can_be_read_once_is_kept() -> None:
    rows = open_rows(pa.table(WHOLE).to_reader(), "x")
    assert [[row.texts for row in rows.rows()] for _ in range(2)] == [TEXTS, TEXTS]


def test_a_relation_of_a_database_is_a_table() -> None:
    assert texts(duckdb.sql("select 1 as a, 'x' as b")) == [("1", "x")]


def test_a_frame_has_no_whole_numbers_beside_a_gap() -> None:
    """An identifier in such a column was read as `12.0`, and named nobody."""
    frame = pd.DataFrame({"no": [12, None, 1e16, 0.1]})
    assert frame["no"].dtype == float
    assert texts(frame) == [("12",), (None,), ("10000000000000000",), ("0.1",)]


def test_what_a_frame_counts_as_missing_is_nothing() -> None:
    frame = pd.DataFrame({"a": pd.Series([np.nan, pd.NaT, None, pd.NA, "x"], dtype=object)})
    assert texts(frame) == [(None,)] * 4 + [("x",)]


def test_columns_of_mixed_objects() -> None:
    frame = pd.DataFrame({"a": [1, "x", Decimal("2.50"), dt.date(2024, 1, 2)]}, index=[7, 7, 8, 9])
    assert texts(frame) == [("1",), ("x",), ("2.50",), ("2024-01-02",)]


def test_short_floats_keep_their_own_digits() -> None:
    frame = pd.DataFrame({"a": np.array([0.1, 2.5], dtype="float32")})
    assert texts(frame) == texts(pl.DataFrame({"a": pl.Series([0.1, 2.5], dtype=pl.Float32)})) == [("0.1",), ("2.5",)]


def test_days_in_a_frame_are_first_instants() -> None:
    frame = pd.DataFrame({"a": pd.to_datetime(["2024-03-01", "2024-03-01 08:30"], format="ISO8601")})
    assert texts(frame) == texts(pl.from_dicts([{"a": dt.datetime(2024, 3, 1)}, {"a": dt.datetime(2024, 3, 1, 8, 30)}]))
    assert texts(frame) == [("2024-03-01T00:00:00",), ("2024-03-01T08:30:00",)]


def test_words_of_categories() -> None:
    for thing in (pd.DataFrame({"a": pd.Categorical(["大", None, "小"])}),
                  pl.DataFrame({"a": pl.Series(["大", None, "小"], dtype=pl.Categorical)})):  # fmt: skip
        assert texts(thing) == [("大",), (None,), ("小",)]


def test_parts_of_a_second_are_not_lost() -> None:
    series = pl.Series(["2024-03-01T00:00:00.000000001"]).str.to_datetime(time_unit="ns")
    assert texts(pl.DataFrame({"a": series})) == [("2024-03-01T00:00:00.000000001",)]
    assert texts(pd.DataFrame({"a": [pd.Timestamp("2024-03-01T00:00:00.000000001")]})) == texts(
        pl.DataFrame({"a": series})
    )


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_column_with_a_zone_cannot_be_read(library: str) -> None:
    moment = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    data = {"no": ["1"], "found": [moment]}
    rows = open_rows(pd.DataFrame(data) if library == "pandas" else pl.DataFrame(data), "x")
    assert rows.columns == ("no",)
    assert [found.code for found in check_columns(rows, ["no"], ["found"], kind="x")] == ["CR513"]
    assert check_columns(rows, ["no"]) == []


def test_a_frame_needs_its_optional_columns_unless_it_has_none_at_all() -> None:
    for make in (pd.DataFrame, pl.DataFrame):
        assert [d.code for d in check_columns(open_rows(make({"no": ["1"]}), "x"), ["no"], ["note"])] == ["CR512"]
        assert check_columns(open_rows(make({}), "x"), ["no"], ["note"]) == []


def test_names_of_columns_must_be_texts_and_differ() -> None:
    for frame, code in ((pd.DataFrame([[1, 2]]), "CR541"), (pd.DataFrame([[1, 2]], columns=["a", "a"]), "CR511")):
        with pytest.raises(DataError) as caught:
            open_rows(frame, "x")
        assert [found.code for found in caught.value.diagnostics] == [code]


def test_a_table_of_polars_is_not_taken_for_rows_of_our_own() -> None:
    """It has `rows` and `columns` like them."""
    assert isinstance(open_rows(pl.DataFrame({"a": [1]}), "x"), ArrowRows)
    assert isinstance(open_rows(pd.DataFrame({"rows": [1], "columns": [2]}), "x"), FrameRows)


def test_several_frames_are_several_sources() -> None:
    frames = [pd.DataFrame({"a": [1]}), pl.DataFrame({"a": [2]}), pa.table({"a": [3]}), [{"a": 4}]]
    assert [[row.texts for row in rows.rows()] for rows in open_sources(frames, "x")] == [
        [("1",)], [("2",)], [("3",)], [("4",)],
    ]  # fmt: skip


def test_what_only_looks_like_a_stream_is_told() -> None:
    class Broken:
        def __arrow_c_stream__(self, _schema: object = None) -> object:
            raise RuntimeError("the connection\nis gone")

    with pytest.raises(DataError) as caught:
        open_rows(Broken(), "x")
    assert [found.code for found in caught.value.diagnostics] == ["CR569"]
    assert "the connection is gone" in str(caught.value)


def test_without_pyarrow_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError) as caught:
        open_rows(pl.DataFrame({"a": [1]}), "x")
    assert "cityrules[arrow]" in caught.value.show("zh")
    assert texts(pd.DataFrame({"a": [1]})) == [("1",)]
