"""Tables whose rows stand in sheets and CSV files beside the document."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import cityrules as cr
from cityrules.loaded import check, loads
from cityrules.text.show import show

DOCUMENT = """
cityrules: 1
scheme: annexes
title: Annexes
clause: 1
in_force: {{from: 2024-01-01}}
tables:
  fee:
    key: [class]
    columns: {{class: "one of A, B", points: number(2), from: date, paid: optional flag}}
    rows: {{sheet: '{sheet}'}}
targets: {{squad: {{members: [s]}}}}
measures:
  a: {{for: squad each month, formula: 'fee("A").points'}}
"""
HEADER = ["class", "points", "from", "paid"]
GOOD: list[list[Any]] = [["A", 0.1, dt.date(2024, 3, 1), True], ["B", 12, dt.date(2024, 3, 31), ""]]


def book(path: Path, rows: list[list[Any]], header: list[str] | None = None) -> None:
    made = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet("扣分")
    for number, row in enumerate([header or HEADER, *rows]):
        sheet.write_row(number, 0, row)
    made.close()


def complaints(folder: Path, sheet: str) -> list[str]:
    (folder / "scheme.yaml").write_text(DOCUMENT.format(sheet=sheet), "utf-8")
    _, found = check(folder / "scheme.yaml")
    return [show(one).splitlines()[0].replace(f"{folder}/", "") for one in found]


def test_cells_are_read_by_the_names_of_columns(tmp_path: Path) -> None:
    rows = [[row[2], "", row[0], row[3], row[1]] for row in GOOD]
    book(tmp_path / "prices.xlsx", rows, ["from", "remark", "class", "paid", "points"])
    assert complaints(tmp_path, "prices.xlsx!扣分") == []
    table = cr.load(tmp_path / "scheme.yaml").plan.tables["fee"].table
    assert [[str(cell) for cell in row.values()] for row in _rows(table)] == [
        ["1/10", "2024-03-01", "True"],
        ["12", "2024-03-31", "None"],
    ]


def _rows(table: Any) -> list[dict[str, object]]:
    return [dict(zip(table.columns, cells, strict=True)) for cells in table.rows.values()]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (["B", "much", dt.date(2024, 3, 1), ""], "prices.xlsx!扣分!B3: error CR835"),
        (["C", 1, dt.date(2024, 3, 1), ""], "prices.xlsx!扣分!A3: error CR835"),
        (["B", 0.125, dt.date(2024, 3, 1), ""], "prices.xlsx!扣分!B3: error CR835"),
        (["B", 1, "soon", ""], "prices.xlsx!扣分!C3: error CR835"),
        (["B", "", dt.date(2024, 3, 1), ""], "prices.xlsx!扣分!B3: error CR1028"),
        (["A", 1, dt.date(2024, 3, 1), ""], "prices.xlsx!扣分!A3: error CR834"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_at_the_cell(tmp_path: Path, row: list[Any], complaint: str) -> None:
    book(tmp_path / "prices.xlsx", [GOOD[0], row])
    assert complaint in [line[: len(complaint)] for line in complaints(tmp_path, "prices.xlsx!扣分")]


def test_a_csv_file_in_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "annexes").mkdir()
    (tmp_path / "annexes" / "fees.csv").write_text("class,points,from,paid\nA,1,2024-01-01,\nB,x,2024-01-01,true\n")
    found = complaints(tmp_path, "annexes/fees.csv")
    assert [line.partition(" error")[0] for line in found] == ["annexes/fees.csv!B3:"]


@pytest.mark.parametrize(
    "sheet",
    ["../prices.xlsx!扣分", "/prices.xlsx", "link.xlsx!扣分", "link/prices.xlsx", "..", ".", "", "\0", "none.csv"],
)
def test_nothing_outside_of_the_folder_is_opened(tmp_path: Path, sheet: str) -> None:
    book(tmp_path / "prices.xlsx", GOOD)
    inside = tmp_path / "scheme"
    inside.mkdir()
    (inside / "link.xlsx").symlink_to(tmp_path / "prices.xlsx")
    (inside / "link").symlink_to(tmp_path, target_is_directory=True)
    found = complaints(inside, sheet.replace("\0", "x\\0"))
    assert len(found) == 1
    assert any(code in found[0] for code in ("CR934", "CR306")), found


def test_a_document_without_a_folder_names_no_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book(tmp_path / "prices.xlsx", GOOD)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(cr.SchemeError, match="CR843"):
        loads(DOCUMENT.format(sheet="prices.xlsx!扣分"))


def test_a_workbook_that_unpacks_without_end_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 50_000_000)
    assert "CR938" in complaints(tmp_path, "bomb.xlsx")[0]


@pytest.mark.parametrize("how", ["cell", "merged", "row"])
def test_a_sheet_with_a_cell_far_out_is_not_read(tmp_path: Path, how: str) -> None:
    """A reader keeps all cells up to the last: a small file could ask for a million rows of sixteen thousand each."""
    made = xlsxwriter.Workbook(str(tmp_path / "far.xlsx"))
    sheet = made.add_worksheet("扣分")
    for number, row in enumerate([HEADER, *[[str(cell) for cell in row] for row in GOOD]]):
        sheet.write_row(number, 0, row)
    if how == "cell":
        sheet.write(1_048_575, 16_383, 1)
    elif how == "row":
        sheet.write(1_048_575, 1, 1)
    made.close()
    if how == "merged":
        with zipfile.ZipFile(tmp_path / "far.xlsx") as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        merged = b'</sheetData><mergeCells count="1"><mergeCell ref="F1:XFD1048576"/></mergeCells>'
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", merged)
        with zipfile.ZipFile(tmp_path / "far.xlsx", "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
    assert "CR938" in complaints(tmp_path, "far.xlsx!扣分")[0]


def test_other_formats_are_no_annex(tmp_path: Path) -> None:
    book(tmp_path / "prices.xlsx", GOOD)
    (tmp_path / "prices.ods").write_bytes((tmp_path / "prices.xlsx").read_bytes())
    (tmp_path / "torn.xlsx").write_bytes((tmp_path / "prices.xlsx").read_bytes()[:-200])
    (tmp_path / "fees.csv.gz").write_bytes(gzip.compress(b"class,points,from,paid\n"))
    for name in ("prices.ods!扣分", "torn.xlsx!扣分", "fees.csv.gz"):
        assert "CR939" in complaints(tmp_path, name)[0]


BORROWED = """
cityrules: 1
scheme: borrowed
title: Borrowed
clause: 1
in_force: {from: 2024-01-01}
tables:
  fee:
    key: [code]
    columns: {code: case.code, share: case.share}
    absent: null
    rows: {sheet: 'fees.xlsx!扣分'}
targets: {squad: {members: [s]}}
records:
  case: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, code: text, share: number(1) %}}
measures:
  a: {for: squad each month, formula: '1'}
"""


def test_what_a_column_borrows_is_looked_at_as_what_it_is(tmp_path: Path) -> None:
    """A cell that shows 50% holds 0.5, whether the column says `%` or the field that it goes by."""
    book(tmp_path / "fees.xlsx", [["3.1", "50%"]], ["code", "share"])
    (tmp_path / "scheme.yaml").write_text(BORROWED, "utf-8")
    assert check(tmp_path / "scheme.yaml")[1] == ()
    book(tmp_path / "fees.xlsx", [[3.1, 0.5]], ["code", "share"])
    assert [one.code for one in check(tmp_path / "scheme.yaml")[1]] == ["CR1024", "CR937"]
    (tmp_path / "base").mkdir()
    base = BORROWED.replace("{sheet: 'fees.xlsx!扣分'}", "[[x, 1%]]")
    (tmp_path / "base" / "scheme.yaml").write_text(base, "utf-8")
    own = "cityrules: 1\nscheme: own\ntitle: Own\nin_force: {from: 2024-01-01}\nbased_on: base/scheme.yaml\n"
    changes = "changes:\n  tables.fee.rows: {sheet: 'fees.xlsx!扣分'}\n"
    (tmp_path / "scheme.yaml").write_text(own + changes, "utf-8")
    assert [one.code for one in check(tmp_path / "scheme.yaml")[1]] == ["CR1024", "CR937"]


@pytest.mark.parametrize(
    ("cell", "part"), [(b"xfd9000", "sheet1.xml"), (b"XFD9000", "sheet1.dat"), (b"XFD9000", "sheet1.xml")]
)
def test_a_cell_far_out_is_seen_however_it_is_written(tmp_path: Path, cell: bytes, part: str) -> None:
    book(tmp_path / "prices.xlsx", GOOD)
    with zipfile.ZipFile(tmp_path / "prices.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    parts[f"xl/worksheets/{part}"] = sheet.replace(b'r="D2"', b'r="' + cell + b'"')
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"sheet1.xml", part.encode())
    with zipfile.ZipFile(tmp_path / "prices.xlsx", "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    (found,) = complaints(tmp_path, "prices.xlsx!扣分")
    assert "CR938" in found


def rewritten(path: Path, change: Callable[[bytes], bytes], moved: str | None = None) -> None:
    """The sheet of a workbook written in another way, as the format allows it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[moved or part] = change(parts.pop(part))
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def test_cells_that_do_not_say_where_they_are_count_as_far_out(tmp_path: Path) -> None:
    """Once only stated places were counted, and the reader asked for ten gigabytes."""
    book(tmp_path / "prices.xlsx", GOOD)
    far = b'<row r="300000">' + b"<c><v>1</v></c>" * 16_000 + b"</row></sheetData>"
    rewritten(tmp_path / "prices.xlsx", lambda sheet: sheet.replace(b"</sheetData>", far))
    assert "CR938" in complaints(tmp_path, "prices.xlsx!扣分")[0]


def test_rows_that_do_not_say_where_they_are_count_as_far_out(tmp_path: Path) -> None:
    book(tmp_path / "prices.xlsx", GOOD)
    far = b"<row/>" * 400_000 + b"</sheetData>"
    rewritten(tmp_path / "prices.xlsx", lambda sheet: sheet.replace(b"</sheetData>", far))
    assert "CR938" in complaints(tmp_path, "prices.xlsx!扣分")[0]


@pytest.mark.parametrize("moved", [None, "xl/worksheets/Sheet1.XML"])
def test_a_hidden_row_is_seen_in_either_quotes(tmp_path: Path, moved: str | None) -> None:
    book(tmp_path / "prices.xlsx", GOOD)
    hide = lambda sheet: sheet.replace(b'<row r="2"', b"<row hidden = '1' r = '2'")  # noqa: E731
    rewritten(tmp_path / "prices.xlsx", hide, moved)
    assert "CR1020" in complaints(tmp_path, "prices.xlsx!扣分")[0]
