"""Sheets of workbooks as input rows."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cityrules.io.extent import _cells
from cityrules.io.open import open_rows
from cityrules.io.rows import DataError, RawRow
from cityrules.io.sheet import SheetRows

Write = Callable[[Any, dict[str, Any]], None]


def book(path: Path, **sheets: Write) -> Path:
    """A workbook; each sheet is filled by a function of the sheet and of two formats for days and times."""
    with xlsxwriter.Workbook(str(path)) as made:
        formats = {
            "day": made.add_format({"num_format": "yyyy-mm-dd"}),
            "time": made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for name, write in sheets.items():
            write(made.add_worksheet(name), formats)
    return path


def rows_of(path: Path, write: Write, header: int = 1) -> tuple[tuple[str, ...], list[RawRow]]:
    rows = SheetRows(book(path / "t.xlsx", 一月=write), header=header)
    found = list(rows.rows())
    assert found == list(rows.rows())
    return rows.columns, found


def code_of(path: Path | str, **more: Any) -> str:
    with pytest.raises(DataError) as caught:
        SheetRows(path, **more)
    return caught.value.diagnostics[0].code


def test_cells_are_the_texts_of_what_they_hold(tmp_path: Path) -> None:
    def write(sheet: Any, formats: dict[str, Any]) -> None:
        sheet.write_row(0, 0, ["编号", "街道", "数量", "日期", "时刻", "逾期"])
        sheet.write_row(1, 0, ["001", "东街", 12, "", "", True])
        sheet.write_datetime(1, 3, dt.datetime(2024, 3, 1), formats["day"])
        sheet.write_datetime(1, 4, dt.datetime(2024, 3, 1, 8, 30, 59), formats["time"])
        sheet.write_row(2, 0, [7, "", 0.1, "2024-03-01", "", False])
        sheet.write_number(3, 2, 0.30000000000000004, None)

    columns, rows = rows_of(tmp_path, write)
    assert columns == ("编号", "街道", "数量", "日期", "时刻", "逾期")
    assert rows[0] == RawRow(2, ("001", "东街", "12", "2024-03-01T00:00:00", "2024-03-01T08:30:59", "true"))
    assert rows[1] == RawRow(3, ("7", None, "0.1", "2024-03-01", None, "false"))


def test_rows_have_their_numbers_in_the_sheet_and_empty_ones_are_none(tmp_path: Path) -> None:
    def write(sheet: Any, _formats: dict[str, Any]) -> None:
        sheet.write(0, 0, "二〇二四年三月检查情况")
        sheet.write_row(3, 1, ["no", "n"])
        sheet.write_row(5, 1, ["a", 1])
        sheet.write(7, 2, 2)

    columns, rows = rows_of(tmp_path, write, header=4)
    assert columns == ("no", "n")
    assert rows == [RawRow(6, ("a", "1")), RawRow(8, (None, "2"))]


def test_an_error_of_a_formula_is_not_nothing(tmp_path: Path) -> None:
    """The reader shows it as an empty cell."""

    def write(sheet: Any, _formats: dict[str, Any]) -> None:
        sheet.write_row(0, 0, ["no", "n"])
        sheet.write_row(1, 0, ["a", 1])
        sheet.write(2, 0, "b")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 1, "=1+1", None, 2)

    assert rows_of(tmp_path, write)[1] == [
        RawRow(2, ("a", "1")), RawRow(3, ("b", None), "type"), RawRow(4, (None, "2")),
    ]  # fmt: skip


def test_a_cell_under_a_merged_one_is_not_nothing(tmp_path: Path) -> None:
    def write(sheet: Any, _formats: dict[str, Any]) -> None:
        sheet.write_row(0, 0, ["street", "no"])
        sheet.merge_range(1, 0, 2, 0, "东街")
        sheet.write(1, 1, "a")
        sheet.write(2, 1, "b")
        sheet.write_row(3, 0, ["西街", "c"])

    assert rows_of(tmp_path, write)[1] == [
        RawRow(2, ("东街", "a")), RawRow(3, (None, "b"), "merged"), RawRow(4, ("西街", "c")),
    ]  # fmt: skip


def test_times_without_a_day_cannot_be_read(tmp_path: Path) -> None:
    def write(sheet: Any, formats: dict[str, Any]) -> None:
        sheet.write(0, 0, "at")
        sheet.write_number(1, 0, 0.25, formats["time"])

    assert [row.bad for row in rows_of(tmp_path, write)[1]] == ["type"]


def test_columns_without_name_and_content_are_none(tmp_path: Path) -> None:
    def write(sheet: Any, _formats: dict[str, Any]) -> None:
        sheet.write_row(0, 0, ["no", "", 2024])
        sheet.write_row(1, 0, ["a", "", 1])

    assert rows_of(tmp_path, write) == (("no", "2024"), [RawRow(2, ("a", "1"))])

    def other(sheet: Any, _formats: dict[str, Any]) -> None:
        sheet.write_row(0, 0, ["no", "", "n"])
        sheet.write_row(1, 0, ["a", "x", 1])

    assert code_of(book(tmp_path / "u.xlsx", s=other)) == "CR510"


def test_which_sheet_is_stated_unless_there_is_one(tmp_path: Path) -> None:
    def write(sheet: Any, _formats: dict[str, Any]) -> None:
        sheet.write_column(0, 0, ["no", sheet.name])

    path = book(tmp_path / "t.xlsx", 一月=write, 二月=write)
    assert code_of(path) == "CR573"
    assert code_of(path, sheet="三月") == "CR574"
    for rows in (SheetRows(path, "二月"), open_rows(f"{path}!二月")):
        assert rows.name == f"{path}!二月"
        assert list(rows.rows()) == [RawRow(2, ("二月",))]

    def hide(sheet: Any, _formats: dict[str, Any]) -> None:
        sheet.hide()

    hidden = book(tmp_path / "u.xlsx", 一月=write, 备注=hide)
    assert open_rows(hidden).name == f"{hidden}!一月"


@pytest.mark.parametrize("data", [b"PK\x03\x04....", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.xlsx").write_bytes(data)
    with pytest.raises(DataError) as caught:
        open_rows(tmp_path / "t.xlsx")
    assert caught.value.diagnostics[0].code == "CR572"


@pytest.mark.parametrize("how", ["stated", "placeless"])
def test_a_workbook_with_a_cell_far_out_is_not_read(tmp_path: Path, how: str) -> None:
    """A reader keeps all cells up to the last: once a few kilobytes asked for gigabytes."""
    path = book(tmp_path / "t.xlsx", a=lambda sheet, _formats: sheet.write_row(0, 0, ["no", "points"]))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cells = b'<c r="XFD1048576"><v>1</v></c>' if how == "stated" else b"<c><v>1</v></c>" * 16_000
    far = b'<row r="1048576">' + cells + b"</row></sheetData>"
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    with pytest.raises(DataError) as caught:
        open_rows(path)
    assert caught.value.diagnostics[0].code == "CR1033"


@pytest.mark.parametrize("part", [b"<row ", b"<c ", b'<row x="', b"<c x='", b"<row><c r='"])
def test_how_large_a_sheet_is_is_seen_in_one_pass(part: bytes) -> None:
    """What begins and never ends must not be looked through from each beginning to the end."""
    assert _cells(part * 300_000) >= 0


def test_an_empty_sheet_has_no_header(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", a=lambda _sheet, _formats: None)
    assert code_of(path) == "CR520"
    assert code_of(path, header=3) == "CR520"


def test_without_the_package_the_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "t.xlsx", a=lambda _sheet, _formats: None)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DataError) as caught:
        open_rows(path)
    assert "cityrules[excel]" in str(caught.value)
