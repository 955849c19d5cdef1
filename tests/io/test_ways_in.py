"""The same rows give the same assessment, whichever way they come in: dirt, missing values, texts and typed values."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.io.csv import CsvRows
from cityrules.testing.drawing.dirt import TEXTS

SCHEME = """
cityrules: 1
scheme: ways
title: ways
clause: "1"
in_force: {from: 2015-01-01}
targets: {squad: {members: [甲, 乙, "7"]}}
records:
  finding:
    dated: held
    key: [no]
    fields:
      {no: text, squad: squad, held: date, at: optional datetime, n: optional count, points: "number(2) [-5, 1000]",
       bad: optional flag, size: "optional one of 1, 大", note: optional text}
measures:
  score: {for: squad each month, from: 100, rules: {r: {each: finding, deduct: points, when: bad = true, missing: no}}}
  many: {for: finding, formula: "default(n, 0) + 1"}
"""
FIELDS = ("no", "squad", "held", "at", "n", "points", "bad", "size", "note")
BINDING = {
    "cityrules-binding": 1,
    "scheme": "ways",
    "tables": {"t": {}},
    "rows": {"all": {"from": "t", "to": "finding", "fields": {field: f"列 {field}" for field in FIELDS}}},
}

Rows = list[dict[str, Any]]
Way = Callable[[Rows, Path], Any]


@pytest.fixture(scope="module")
def scheme() -> cr.Scheme:
    return cr.loads(SCHEME)


def comparable(scheme: cr.Scheme, given: Any, engine: Any = "python", **more: Any) -> Mapping[str, list[Any]]:
    """Every table, of rejects what does not depend on where a row stood."""
    name = "t" if "binding" in more else "finding"
    found = scheme.assess({name: given}, period="2015-01..2015-03", engine=engine, **more)
    tables = {name: list(table.rows()) for name, table in found.tables.items()}
    tables["rejects"] = sorted((row[3], row[4], row[5]) for row in tables["rejects"])
    return tables


def as_csv(rows: Rows, path: Path, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_parquet(rows: Rows, path: Path) -> Path:
    pq.write_table(as_arrow(rows, path), path)
    return path


def as_arrow(rows: Rows, _path: Path) -> pa.Table:
    return pa.table({field: pa.array([row[field] for row in rows], TYPES.get(field)) for field in FIELDS})


def as_sheet(rows: Rows, path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("x")
        day, time = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        sheet.write_row(0, 0, FIELDS)
        for number, row in enumerate(rows, 1):
            for place, field in enumerate(FIELDS):
                match value := row[field]:
                    case str():
                        sheet.write_string(number, place, value)
                    case dt.date():
                        sheet.write_datetime(number, place, value, time if isinstance(value, dt.datetime) else day)
                    case Decimal():
                        sheet.write_number(number, place, float(value))
                    case _:
                        sheet.write(number, place, value)
    return path


# Types of columns where all values are typed; of texts they are texts.
TYPES: dict[str, Any] = {}
WAYS: dict[str, Way] = {
    "csv": as_csv,
    "gb18030": lambda rows, path: CsvRows(as_csv(rows, path, "gb18030"), encoding="gb18030"),
    "pandas": lambda rows, _path: pd.DataFrame(rows, columns=list(FIELDS)),
    "polars": lambda rows, _path: pl.DataFrame(rows, schema=list(FIELDS), infer_schema_length=None),
    "arrow": as_arrow,
    "parquet": as_parquet,
    "sheet": as_sheet,
    "parts": lambda rows, path: [rows[:3], pd.DataFrame(rows[3:], columns=list(FIELDS))],
}

# A sheet has no control characters as texts, and no cell of more than 32,767 characters.
PLAIN = [text for text in TEXTS if text and text.isprintable() and len(text) < 30_000 and "_x" not in text]
ANY = st.sampled_from(PLAIN) | st.none()
FORMS: dict[str, Any] = {
    "no": st.sampled_from(["1", "2", "a", "12", "1.50"]),
    "squad": st.sampled_from(["甲", "乙", "7"]),
    "held": st.dates(dt.date(2015, 1, 1), dt.date(2015, 4, 2)).map(str),
    "at": st.none() | st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2016, 1, 1)).map(lambda at: f"{at:%FT%T}"),
    "n": st.none() | st.integers(-1, 20).map(str),
    "points": st.decimals(-5, 30, places=2).map(str),
    "bad": st.sampled_from([None, "true", "false"]),
    "size": st.sampled_from([None, "1", "大"]),
    "note": st.none() | st.sampled_from(["x", "é", "𠮷", 'a"b,c']),
}
ROW = st.fixed_dictionaries(
    {field: form if field == "no" else form | form | form | ANY for field, form in FORMS.items()}
)
TYPED = st.fixed_dictionaries(
    {
        "no": st.integers(0, 12),
        "squad": st.sampled_from(["甲", "乙", "丙", ""]),
        "held": st.dates(dt.date(2014, 12, 30), dt.date(2015, 4, 2)),
        "at": st.none() | st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2016, 1, 1)).map(
            lambda at: at.replace(microsecond=0, second=at.second // 2 * 2)
        ),
        "n": st.none() | st.integers(-1, 20),
        "points": st.none() | st.decimals(-6, 30, places=2) | st.sampled_from([Decimal("0.10"), Decimal("999.99")]),
        "bad": st.sampled_from([None, True, False]),
        "size": st.sampled_from([None, "1", "大", "中"]),
        "note": st.sampled_from([None, "x", "𠮷"]),
    }
)  # fmt: skip
QUIET = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("way", WAYS)
@QUIET
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_texts(way: str, rows: Rows, scheme: cr.Scheme, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("ways") / "t"
    # A column of nothing but missing values has no type in some libraries.
    TYPES.update(dict.fromkeys(FIELDS, pa.string()))
    assert comparable(scheme, WAYS[way](rows, path)) == comparable(scheme, rows)


@QUIET
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_texts_through_a_binding(rows: Rows, scheme: cr.Scheme) -> None:
    host = [{f"列 {field}": value for field, value in row.items()} for row in rows]
    assert comparable(scheme, host, binding=BINDING) == comparable(scheme, rows)


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("csv", "gb18030")])
@QUIET
@given(rows=st.lists(TYPED, min_size=1, max_size=8))
def test_typed_values(way: str, rows: Rows, scheme: cr.Scheme, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("ways") / "t"
    TYPES.clear()
    TYPES.update({"points": pa.decimal128(9, 2), "held": pa.date32(), "at": pa.timestamp("us"), "bad": pa.bool_()})
    TYPES.update(dict.fromkeys(("size", "note", "squad"), pa.string()))
    found, expected = comparable(scheme, WAYS[way](rows, path)), comparable(scheme, rows)
    # What a reject shows is the text of its own kind of table: `2015-01-02T00:00:00`, `1.5` for `1.50`.
    for tables in (found, expected):
        tables["rejects"][:] = [(key, reasons) for key, reasons, _ in tables["rejects"]]
    assert found == expected


@pytest.mark.parametrize("way", ["arrow", "polars", "pandas", "sheet"])
@settings(QUIET, max_examples=5)
@given(rows=st.lists(TYPED, min_size=1, max_size=8))
def test_both_engines(way: str, rows: Rows, scheme: cr.Scheme, tmp_path_factory: pytest.TempPathFactory) -> None:
    given = WAYS[way](rows, tmp_path_factory.mktemp("ways") / "t")
    assert comparable(scheme, given, "duckdb") == comparable(scheme, given)


@QUIET
@given(value=st.decimals(-1000, 1000, places=2))
def test_a_binary_number_counts_as_the_decimal_that_it_was_made_of(value: Decimal) -> None:
    """The rule of the scale s: n = rint(x * 10^s) gives n / 10^s = x again."""
    from cityrules.io.normal import float_text

    text = float_text(float(value))[0]
    assert text is not None
    assert Decimal(text) == value
    for scale in range(4):
        whole = round(float(value) * 10**scale)
        assert (whole / 10**scale == float(value)) == (-int(Decimal(text).normalize().as_tuple().exponent) <= scale)
    assert math.isfinite(float(text))
