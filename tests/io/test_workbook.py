"""Result tables in a workbook, and as Arrow tables for other libraries."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

import cityrules as cr
from cityrules.compare.editions.merged import EDITIONS, with_edition
from cityrules.io.rows import DataError
from cityrules.io.sheet import SheetRows
from cityrules.io.workbook import write_workbook
from cityrules.io.write import write_table, write_tables
from cityrules.loaded import specs_folder
from cityrules.results.corrected import CORRECTIONS
from cityrules.results.tables import SHAPES, Column, Row, Shape, Table
from cityrules.results.wording import wording

SHAPE = Shape(
    "ledger",
    (Column("target"), Column("points", "number"), Column("line", "integer"), Column("provisional", "flag"),
     Column("date", "date"), Column("value")),
)  # fmt: skip
ROWS: list[Row] = [
    ("东街", Decimal("-1.50"), 1, True, dt.date(2024, 3, 1), "90.00"),
    ("=1+1", Decimal("0.000000001"), -7, False, dt.date(1899, 1, 1), "优秀"),
    (None, None, None, None, None, None),
    ("x\x01\ud800", Decimal("123456789012345.6"), 10**15, True, dt.date(9999, 12, 31), "1/3"),
]


def table(rows: list[Row]) -> Table:
    return Table(SHAPE, lambda: iter(rows))


def cells(path: Path, sheet: str) -> list[list[Any]]:
    found: list[list[Any]] = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    return found


def test_cells_have_types_and_all_their_digits(tmp_path: Path) -> None:
    write_workbook({"ledger": table(ROWS)}, tmp_path / "t.xlsx")
    assert cells(tmp_path / "t.xlsx", "ledger") == [
        ["target", "points", "line", "provisional", "date", "value"],
        ["东街", -1.5, 1.0, True, dt.date(2024, 3, 1), 90.0],
        ["=1+1", 1e-9, -7.0, False, "1899-01-01", "优秀"],
        [""] * 6,
        ["x\x01\\ud800", "123456789012345.6", "1000000000000000", True, dt.date(9999, 12, 31), "1/3"],
    ]


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write_table(table(ROWS[:2]), tmp_path / "t.xlsx", "xlsx")
    rows = [row.texts for row in SheetRows(tmp_path / "t.xlsx").rows()]
    assert rows == [
        ("东街", "-1.5", "1", "true", "2024-03-01T00:00:00", "90"),
        ("=1+1", "0.000000001", "-7", "false", "1899-01-01", "优秀"),
    ]


def test_equal_tables_make_equal_files(tmp_path: Path) -> None:
    for name in "ab":
        write_workbook({"ledger": table(ROWS)}, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_text_that_is_too_long_is_visibly_cut(tmp_path: Path) -> None:
    write_workbook({"ledger": table([("x" * 40_000, None, None, None, None, None)])}, tmp_path / "t")
    text = cells(tmp_path / "t", "ledger")[1][0]
    assert len(text) == 32_767
    assert text.endswith("x … (40,000)")


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cityrules.io.workbook._ROWS", 3)
    with pytest.raises(DataError) as caught:
        write_tables({"ledger": table(ROWS)}, tmp_path, "xlsx")
    assert [found.code for found in caught.value.diagnostics] == ["CR595"]
    assert list(tmp_path.iterdir()) == []


def test_every_table_and_column_has_a_heading_in_both_languages() -> None:
    lists = wording("headings.yaml", "cityrules.io").lists
    shapes = {**{name: with_edition(shape) for name, shape in SHAPES.items()}, CORRECTIONS.name: CORRECTIONS}
    shapes[EDITIONS.name] = EDITIONS
    assert lists["tables"].keys() == shapes.keys()
    for shape in shapes.values():
        for language in ("en", "zh"):
            headings = [lists["columns"][column][language] for column in shape.names]
            assert len(set(headings)) == len(headings), shape.name
    assert {column for shape in shapes.values() for column in shape.names} == lists["columns"].keys()


def test_without_the_packages_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(DataError) as caught:
        write_tables({"ledger": table(ROWS)}, tmp_path, "xlsx")
    assert "cityrules[excel]" in str(caught.value)


@pytest.fixture(scope="module")
def month() -> cr.Assessment:
    sample = specs_folder() / "street-order" / "sample"
    return cr.load("street-order").assess(
        {"finding": sample / "finding.csv"}, targets={"street": sample / "street.csv"}, period="2024-03"
    )


def test_an_assessment_in_chinese_sheets(month: cr.Assessment, tmp_path: Path) -> None:
    paths = month.write(tmp_path, "xlsx", "zh")
    assert paths == [tmp_path / "assessment.xlsx"]
    book = CalamineWorkbook.from_path(str(paths[0]))
    assert book.sheet_names[:3] == ["分值明细", "指标值", "单条记录指标值"]
    found = cells(paths[0], "分值明细")
    assert found[0][:4] == ["对象种类", "考核对象", "时段", "指标"]
    points = [None if row["points"] is None else float(str(row["points"])) for row in month.rows("ledger")]
    assert [row[12] for row in found[1:]] == points


def test_tables_for_other_libraries_are_exact(month: cr.Assessment) -> None:
    expected = list(month.rows("ledger"))
    found = month.table("ledger")
    assert isinstance(found, pa.Table)
    assert found.to_pylist() == expected
    assert pl.DataFrame(pl.from_arrow(found)).to_dicts() == expected
    frame = found.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["points"]) == [row["points"] for row in expected]
    assert month.table("problems").schema.names == list(SHAPES["problems"].names)
    with pytest.raises(KeyError):
        month.table("nothing")
