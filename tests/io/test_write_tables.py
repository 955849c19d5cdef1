"""Tables out: exact, the same bytes for the same rows, never half a file."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cityrules.io.open import open_rows
from cityrules.io.rows import DataError
from cityrules.io.write import write_table, write_tables
from cityrules.results.tables import Column, Row, Shape, Table

SHAPE = Shape(
    "t",
    (
        Column("text"),
        Column("number", "number"),
        Column("integer", "integer"),
        Column("flag", "flag"),
        Column("date", "date"),
    ),
)
ROWS: list[Row] = [
    ("东街", Decimal("1.50"), 3, True, dt.date(2024, 3, 1)),
    (None, None, None, None, None),
    ('a,"b"\r\nc', Decimal("-0.0000001"), -1, False, dt.date(1, 1, 1)),
    ("=1+1\0", Decimal("0E-7"), 0, True, None),
    ("cr\ralone", Decimal("99999999999999.9"), 0, True, None),
    ("half \ud800", Decimal(7), 0, True, None),
]


def table(rows: list[Row], digits: int = 7) -> Table:
    return Table(SHAPE, lambda: iter(rows), {"number": digits})


def test_csv_as_text(tmp_path: Path) -> None:
    assert write_table(table(ROWS), tmp_path / "t.csv") == len(ROWS)
    assert (tmp_path / "t.csv").read_bytes().decode() == (
        "text,number,integer,flag,date\n"
        "东街,1.50,3,true,2024-03-01\n"
        ",,,,\n"
        '"a,""b""\r\nc",-0.0000001,-1,false,0001-01-01\n'
        "=1+1\0,0.0000000,0,true,\n"
        '"cr\ralone",99999999999999.9,0,true,\n'
        "half \\ud800,7,0,true,\n"
    )


def test_csv_comes_back(tmp_path: Path) -> None:
    write_table(table(ROWS), tmp_path / "t.csv")
    rows = list(open_rows(tmp_path / "t.csv").rows())
    assert not any(row.bad for row in rows)
    assert rows[2].texts[0] == ROWS[2][0]
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == len(ROWS) + 1


def test_json(tmp_path: Path) -> None:
    write_table(table(ROWS), tmp_path / "t.json", "json")
    found = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert found[0] == {"text": "东街", "number": "1.50", "integer": 3, "flag": True, "date": "2024-03-01"}
    assert found[1] == dict.fromkeys(SHAPE.names)
    write_table(table([]), tmp_path / "none.json", "json")
    assert json.loads((tmp_path / "none.json").read_text("utf-8")) == []


def test_parquet_is_exact(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    assert write_table(table(ROWS), tmp_path / "t.parquet", "parquet") == len(ROWS)
    found = pq.read_table(tmp_path / "t.parquet")
    assert [str(field.type) for field in found.schema] == [
        "string",
        "decimal128(38, 7)",
        "int64",
        "bool",
        "date32[day]",
    ]
    assert found.column("number").to_pylist() == [row[1] for row in ROWS]
    assert found.column("date").to_pylist() == [row[4] for row in ROWS]
    write_table(table([]), tmp_path / "none.parquet", "parquet")
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0


def test_wide_decimals(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    rows: list[Row] = [("a", Decimal("1E+30"), 1, True, None), ("b", Decimal("0.000000001"), 1, True, None)]
    write_table(table(rows, 9), tmp_path / "t", "parquet")
    assert pq.read_table(tmp_path / "t").column("number").to_pylist() == [row[1] for row in rows]


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
def test_equal_rows_make_equal_files(tmp_path: Path, format: Any) -> None:
    many = table(ROWS * 30_000)
    for name in "ab":
        write_table(many, tmp_path / name, format)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
def test_a_table_that_breaks_leaves_what_was_there(tmp_path: Path, format: Any) -> None:
    def broken() -> Iterator[Row]:
        yield ROWS[0]
        raise RuntimeError("engine")

    (tmp_path / "t").write_text("before")
    with pytest.raises(RuntimeError):
        write_table(Table(SHAPE, broken, {"number": 7}), tmp_path / "t", format)
    assert [path.name for path in tmp_path.iterdir()] == ["t"]
    assert (tmp_path / "t").read_text() == "before"


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "none" / "t", tmp_path / "file" / "t", "a\0b", tmp_path):
        with pytest.raises(DataError) as caught:
            write_table(table(ROWS), path)
        assert [d.code for d in caught.value.diagnostics] == ["CR545"]
    for folder in (tmp_path / "file", tmp_path / "file" / "x", "a\0b"):
        with pytest.raises(DataError):
            write_tables({"t": table(ROWS)}, folder)
    with pytest.raises(DataError) as caught:
        write_tables({"t": table(ROWS)}, tmp_path, "xls")  # type: ignore[arg-type]
    assert [d.code for d in caught.value.diagnostics] == ["CR546"]
    assert write_tables({"t": table(ROWS)}, tmp_path / "new" / "deep") == {"t": tmp_path / "new" / "deep" / "t.csv"}
