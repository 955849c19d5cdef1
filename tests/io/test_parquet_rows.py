"""Parquet in: every type becomes the text that CSV would hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from cityrules.io.columns import check_columns
from cityrules.io.open import open_rows
from cityrules.io.parquet import ParquetRows
from cityrules.io.rows import DataError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def texts_of(folder: Path, *columns: tuple[object, object]) -> list[tuple[tuple[str | None, ...], str | None]]:
    arrays = [pa.array(values, type_) for values, type_ in columns]
    pq.write_table(pa.table(arrays, [f"c{n}" for n in range(len(arrays))]), folder / "t.bin")
    return [(row.texts, row.bad) for row in ParquetRows(folder / "t.bin").rows()]


def test_each_type(tmp_path: Path) -> None:
    moment = dt.datetime(2024, 3, 1, 8, 30)
    columns: list[tuple[list[object], object, list[str | None]]] = [
        ([1, None, -(2**63)], pa.int64(), ["1", None, str(-(2**63))]),
        ([2**64 - 1, 0, None], pa.uint64(), [str(2**64 - 1), "0", None]),
        ([Decimal("1.50"), None, Decimal("-0.07")], pa.decimal128(10, 2), ["1.50", None, "-0.07"]),
        ([Decimal("0.0000001"), Decimal(0), None], pa.decimal256(40, 7), ["0.0000001", "0.0000000", None]),
        (["东街", "", None], pa.string(), ["东街", None, None]),
        (["x", None, "y"], pa.large_string(), ["x", None, "y"]),
        (["大", None, "大"], pa.dictionary(pa.int8(), pa.string()), ["大", None, "大"]),
        ([True, False, None], pa.bool_(), ["true", "false", None]),
        ([dt.date(2024, 3, 1), None, dt.date(1, 1, 1)], pa.date32(), ["2024-03-01", None, "0001-01-01"]),
        ([dt.date(2024, 3, 1), None, None], pa.date64(), ["2024-03-01", None, None]),
        ([moment, None, None], pa.timestamp("s"), ["2024-03-01T08:30:00", None, None]),
        ([moment, None, None], pa.timestamp("ns"), ["2024-03-01T08:30:00", None, None]),
        ([0.1, 0.1 + 0.2, 1e16], pa.float64(), ["0.1", "0.30000000000000004", "10000000000000000"]),
        ([0.1, None, 16777216.0], pa.float32(), ["0.1", None, "16777216"]),
        ([None, None, None], pa.null(), [None, None, None]),
    ]
    got = texts_of(tmp_path, *[(values, type_) for values, type_, _ in columns])
    assert [bad for _, bad in got] == [None, None, None]
    for place, (_, type_, expected) in enumerate(columns):
        assert [texts[place] for texts, _ in got] == expected, type_


def test_values_without_a_text_spoil_their_row(tmp_path: Path) -> None:
    got = texts_of(
        tmp_path,
        ([float("nan"), 1.5, None, 0.5], pa.float64()),
        ([1, 2, 10**8, 5], pa.date32()),
        (["a", None, None, "b"], pa.dictionary(pa.int8(), pa.string())),
    )
    assert [bad for _, bad in got] == ["type", None, "type", None]


def test_parts_of_a_second_are_shown(tmp_path: Path) -> None:
    got = texts_of(tmp_path, ([1_000_001, -1], pa.timestamp("us")))
    assert [texts for texts, _ in got] == [("1970-01-01T00:00:01.000001",), ("1969-12-31T23:59:59.999999",)]


def test_a_moment_beyond_the_calendar_is_bad(tmp_path: Path) -> None:
    assert [bad for _, bad in texts_of(tmp_path, ([2**60], pa.timestamp("ms")))] == ["type"]


def test_columns_that_cannot_be_texts_matter_only_when_declared(tmp_path: Path) -> None:
    table = pa.table(
        {
            "no": ["1"],
            "list": [[1]],
            "zoned": pa.array([0], pa.timestamp("s", "Asia/Shanghai")),
            "bytes": [b"x"],
        }
    )
    pq.write_table(table, tmp_path / "t")
    rows = open_rows(tmp_path / "t")
    assert rows.columns == ("no",)
    assert check_columns(rows, ["no"], kind="finding") == []
    found = check_columns(rows, ["no", "zoned"], ["list", "other"], kind="finding")
    assert [(d.code, d.values["found"]) for d in found] == [("CR513", "zoned"), ("CR513", "list"), ("CR512", "other")]


def test_damaged_files(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(10_000))}), tmp_path / "whole")
    data = (tmp_path / "whole").read_bytes()
    for broken in (b"PAR1", b"PAR1" + b"\0" * 60, data[:-30], data[:200] + b"\xff" * 400 + data[600:]):
        (tmp_path / "t").write_bytes(broken)
        with pytest.raises(DataError) as caught:
            list(open_rows(tmp_path / "t").rows())
        assert [d.code for d in caught.value.diagnostics] == ["CR531"]


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"]), tmp_path / "t")
    with pytest.raises(DataError) as caught:
        ParquetRows(tmp_path / "t")
    assert [d.code for d in caught.value.diagnostics] == ["CR511"]


def test_a_text_that_is_not_utf8(tmp_path: Path) -> None:
    array = pa.array([b"ok", b"\xd6\xd0"], pa.binary()).view(pa.string())
    pq.write_table(pa.table([array], ["a"]), tmp_path / "t")
    assert [(row.texts, row.bad) for row in ParquetRows(tmp_path / "t").rows()] == [
        (("ok",), None),
        (("\\xd6\\xd0",), "encoding"),
    ]
