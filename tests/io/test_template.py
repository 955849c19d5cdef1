"""Workbooks to fill: what is written is read back, and everything that an office does to them is told at its cell."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import cityrules as cr
from cityrules.io.rows import DataError
from cityrules.loaded import check, loads, specs_folder
from cityrules.results.wording import placeholders, wording
from cityrules.text.show import show

DOCUMENT = """
cityrules: 1
scheme: forms
title: Forms
clause: 1
in_force: {{from: 2024-01-01}}
tables:
  fines:
    key: [matter, twice]
    columns: {{matter: "one of stall, rubble", twice: flag, points: "number(2) [0, 20] 分", share: number(1) %,
               since: optional date, clause: text}}
    absent: null
    rows: {rows}
targets: {{squad: {{members: [s]}}}}
measures:
  a: {{for: squad each month, formula: 'fines("stall", true).points'}}
"""
ROWS = """
      - [stall, false, 0.50, 12.5%, 2024-03-01, "3.10"]
      - [stall, true, 20, 60%, null, 三（二）]
      - [rubble, true, 1, 27.5%, 1899-12-31, "=1+2"]
"""
SHEET = "{sheet: 'forms.xlsx!fines'}"
LETTERS = "ABCDEF"


def written(folder: Path, rows: str = ROWS) -> Path:
    loads(DOCUMENT.format(rows=rows)).template(folder / "forms.xlsx")
    (folder / "scheme.yaml").write_text(DOCUMENT.format(rows=SHEET), "utf-8")
    return folder / "forms.xlsx"


def cells(path: Path, sheet: str = "fines") -> list[list[Any]]:
    found: list[list[Any]] = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    return found


def table_of(scheme: cr.Scheme) -> Any:
    plan = scheme.plan.tables["fines"]
    assert plan is not None
    return plan.table


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    written(tmp_path)
    assert table_of(cr.load(tmp_path / "scheme.yaml")) == table_of(loads(DOCUMENT.format(rows=ROWS)))
    assert cells(tmp_path / "forms.xlsx")[0] == ["matter", "twice", "points", "share", "since", "clause"]


def test_a_table_that_the_text_does_not_give_is_an_empty_sheet(tmp_path: Path) -> None:
    loads(DOCUMENT.format(rows="unstated").replace("    absent: null\n", "")).template(tmp_path / "forms.xlsx")
    assert cells(tmp_path / "forms.xlsx") == [["matter", "twice", "points", "share", "since", "clause"]]


_NUMBERS = st.integers(0, 2000).map(lambda units: f"{units // 100}.{units % 100:02d}")
# The word `null` stands for nothing.
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8).filter(
    "null".__ne__
)
_DAYS = st.one_of(st.just("null"), st.dates().map(str))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_NUMBERS, _DAYS, _TEXTS), min_size=4, max_size=4))
def test_random_rows_are_read_back(tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, str]]) -> None:
    keys = [(matter, twice) for matter in ("stall", "rubble") for twice in ("true", "false")]
    rows = [[*key, points, "5%", day, text] for key, (points, day, text) in zip(keys, drawn, strict=True)]
    document: dict[str, Any] = {
        "cityrules": "1", "scheme": "forms", "title": "Forms", "clause": "1", "in_force": {"from": "2024-01-01"},
        "tables": {"fines": {
            "key": ["matter", "twice"], "rows": rows,
            "columns": {"matter": "one of stall, rubble", "twice": "flag", "points": "number(2) [0, 20] 分",
                        "share": "number(1) %", "since": "optional date", "clause": "text"},
        }},
        "targets": {"squad": {"members": ["s"]}},
        "measures": {"a": {"for": "squad each month", "formula": 'fines("stall", true).points'}},
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("forms")
    scheme = cr.load(document)
    scheme.template(folder / "forms.xlsx")
    text = DOCUMENT.format(rows=SHEET).replace("    absent: null\n", "")
    assert table_of(loads(text, folder=folder)) == table_of(scheme)


@pytest.mark.parametrize("path", sorted(specs_folder().glob("*/scheme.yaml")), ids=lambda path: path.parent.name)
def test_the_tables_of_each_scheme_make_a_workbook(path: Path, tmp_path: Path) -> None:
    scheme = cr.load(path, examples=False)
    if not scheme.document.tables:
        with pytest.raises(DataError, match="CR1025"):
            scheme.template(tmp_path / "t.xlsx")
        return
    forms = scheme.template(tmp_path / "t.xlsx", "zh")
    book = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx"))
    assert book.sheet_names == ["填写说明", *(form.sheet for form in forms)]
    for form in forms:
        body = scheme.document.tables[form.table]
        found = book.get_sheet_by_name(form.sheet).to_python()
        assert found[0] == list(body.columns)
        assert len(found) - 1 == (len(body.rows) if isinstance(body.rows, tuple) else 0)


def test_equal_schemes_make_equal_files(tmp_path: Path) -> None:
    scheme = loads(DOCUMENT.format(rows=ROWS))
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        scheme.template(folder / "t.xlsx")
    assert (tmp_path / "a" / "t.xlsx").read_bytes() == (tmp_path / "b" / "t.xlsx").read_bytes()


def test_a_sheet_keeps_the_name_that_the_scheme_reads(tmp_path: Path) -> None:
    forms = cr.load(specs_folder() / "gallery" / "prices-from-a-sheet", examples=False).template(tmp_path / "t.xlsx")
    assert [(form.table, form.sheet, form.kept) for form in forms] == [
        ("price", "扣分", True),
        ("quota", "quota", False),
        ("share", "shares", True),
    ]


def test_names_that_no_sheet_can_have(tmp_path: Path) -> None:
    names = ["fines", "Fines", "f" * 40, "f" * 39 + "g", "填写说明", "History"]
    table = {"key": ["k"], "columns": {"k": "one of a", "v": "text"}, "rows": [["a", "b"]]}
    document: dict[str, Any] = {
        "cityrules": "1", "scheme": "forms", "title": "Forms", "clause": "1", "in_force": {"from": "2024-01-01"},
        "tables": dict.fromkeys(names, table), "targets": {"squad": {"members": ["s"]}},
        "measures": {"a": {"for": "squad each month", "formula": "1"}},
    }  # fmt: skip
    forms = cr.load(document).template(tmp_path / "t.xlsx")
    sheets = [form.sheet for form in forms]
    assert sheets == ["fines", "Fines_2", "f" * 31, "f" * 29 + "_2", "填写说明_2", "History_2"]
    assert CalamineWorkbook.from_path(str(tmp_path / "t.xlsx")).sheet_names[1:] == sheets


def test_what_may_be_filled_in_is_not_written_over(tmp_path: Path) -> None:
    path = written(tmp_path)
    with pytest.raises(DataError, match="CR1027"):
        loads(DOCUMENT.format(rows=ROWS)).template(path)


@pytest.mark.parametrize("name", ["forms.csv", "forms.xls", "forms.xlsm", "forms"])
def test_no_workbook_is_written_that_no_table_could_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="CR1032"):
        loads(DOCUMENT.format(rows=ROWS)).template(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_text_that_no_cell_holds(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="CR1026"):
        written(tmp_path, f'[[stall, true, 1, 5%, null, "{"x" * 32_768}"]]')


def test_headings_say_what_stands_below_and_programs_refuse_the_rest(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
    assert comments.count("<comment ") == 6
    assert "at least 0, at most 20, in 分" in comments
    assert '<pane ySplit="1"' in sheet
    allowed = dict(re.findall(r'<dataValidation type="(\w+)".*?sqref="([A-Z])2:', sheet))
    assert allowed == {"list": "B", "decimal": "C", "date": "E"}
    assert sheet.count("<dataValidation ") == 4


def test_the_languages_say_the_same() -> None:
    for kind, texts in wording("template.yaml", "cityrules.io").lines.items():
        assert placeholders(texts["en"]) == placeholders(texts["zh"]), kind


# ---------------------------------------------------------------------------------------------- filled by an office

GOOD: list[list[Any]] = [
    ["stall", False, 0.5, "12.5%", dt.date(2024, 3, 1), "3.10"],
    ["stall", True, 20, "60%", None, "三（二）"],
]


def filled(folder: Path, change: Callable[[Any, Any], None], sheet: str = "fines", start: int = 1) -> list[str]:
    """The complaints about a workbook with good rows that was changed."""
    with xlsxwriter.Workbook(str(folder / "forms.xlsx"), {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, ["matter", "twice", "points", "share", "since", "clause"])
        for number, row in enumerate(GOOD, start):
            page.write_row(number, 0, row)
        change(page, book)
    return complaints(folder)


def complaints(folder: Path) -> list[str]:
    (folder / "scheme.yaml").write_text(DOCUMENT.format(rows=SHEET), "utf-8")
    _, found = check(folder / "scheme.yaml")
    assert all(show(one, "zh") for one in found)
    return [show(one).splitlines()[0].replace(f"{folder}/", "")[:36].rpartition(":")[0] for one in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda page, _: None, []),
        (lambda page, _: page.write(9, 0, ""), []),  # Blank lines are no rows.
        (lambda page, _: page.write_column(0, 7, ["remark", "x", "y"]), []),  # Other columns do not matter.
        (lambda page, _: page.merge_range("H5:I6", ""), []),
        (lambda page, _: page.write("C3", "much"), ["forms.xlsx!fines!C3: error CR835"]),
        (lambda page, _: page.write("C3", 20.5), ["forms.xlsx!fines!C3: error CR835"]),
        (lambda page, _: page.write("C3", 0.125), ["forms.xlsx!fines!C3: error CR835"]),
        (lambda page, _: page.write_string("C3", "12"), []),  # A number stored as text is what it says.
        (lambda page, _: page.write_string("C3", "１２"), ["forms.xlsx!fines!C3: error CR835"]),
        (lambda page, _: page.write_string("C3", "1,2"), ["forms.xlsx!fines!C3: error CR835"]),
        (lambda page, book: page.write_blank("C3", None, book.add_format()), ["forms.xlsx!fines!C3: error CR1028"]),
        (lambda page, _: page.write("A3", "stalls"), ["forms.xlsx!fines!A3: error CR835"]),
        (lambda page, _: page.write("B3", "yes"), ["forms.xlsx!fines!B3: error CR835"]),
        (lambda page, _: page.write("B3", False), ["forms.xlsx!fines!A3: error CR834"]),
        (lambda page, _: page.write("D3", 0.6), ["forms.xlsx!fines!D3: error CR937"]),
        (lambda page, _: page.write("E3", 45352), ["forms.xlsx!fines!E3: error CR1023"]),
        (lambda page, _: page.write("E3", "2024/3/1"), ["forms.xlsx!fines!E3: error CR835"]),
        (lambda page, _: page.write("F3", 3.1), ["forms.xlsx!fines!F3: error CR1024"]),
        (lambda page, _: page.write("F3", 3), []),
        (lambda page, _: page.write("F3", dt.date(2024, 3, 1)), ["forms.xlsx!fines!F3: error CR1024"]),  # 3-1, typed
        (
            lambda page, book: page.write("F3", 0.1, book.add_format({"num_format": "h:mm"})),
            ["forms.xlsx!fines!F3: error CR1024"],
        ),
        (lambda page, _: page.write("F3", True), ["forms.xlsx!fines!F3: error CR1024"]),
        (lambda page, _: page.write("F3", 310101199001011234), ["forms.xlsx!fines!F3: error CR1024"]),
        (lambda page, _: page.write("F3", "三 "), ["forms.xlsx!fines!F3: error CR1024"]),
        (lambda page, _: page.write("F3", "\u3000"), ["forms.xlsx!fines!F3: error CR1024"]),
        (lambda page, _: page.merge_range("A2:A3", "stall"), ["forms.xlsx!fines!A3: error CR1021"]),
        (lambda page, _: page.set_row(2, None, None, {"hidden": True}), ["forms.xlsx!fines!3: error CR1020"]),
        (lambda page, _: page.set_row(7, None, None, {"hidden": True}), []),
        (lambda page, _: page.set_column(3, 3, None, None, {"hidden": True}), ["forms.xlsx!fines!D1: error CR1020"]),
        (lambda page, _: page.set_column(8, 9, None, None, {"hidden": True}), []),
        (lambda page, _: page.write_formula("C3", "=1/0", None, "#DIV/0!"), ["forms.xlsx!fines!C3: error CR1022"]),
        (lambda page, _: page.write_formula("C3", "=C2*2", None, 1), []),
        (
            lambda page, _: [page.write("C2", "a"), page.write("C3", "b")],
            ["forms.xlsx!fines!C2: error CR835", "forms.xlsx!fines!C3: error CR835"],
        ),
    ],
)  # fmt: skip
def test_what_an_office_does_is_told_at_its_cell(
    tmp_path: Path, change: Callable[[Any, Any], None], expected: list[str]
) -> None:
    assert filled(tmp_path, change) == expected


def test_another_name_of_the_sheet_is_told_with_those_there_are(tmp_path: Path) -> None:
    filled(tmp_path, lambda page, _: None, "fine")
    _, (found,) = check(tmp_path / "scheme.yaml")
    assert (found.code, found.values["suggestion"]) == ("CR574", "fine")


def test_blank_lines_between_rows(tmp_path: Path) -> None:
    assert filled(tmp_path, lambda page, _: page.write("C7", "x"), start=5) == ["forms.xlsx!fines!C7: error CR835"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (b'<c r="C3"><f>C2*40</f></c>', ["forms.xlsx!fines!C3: error CR1022"]),
        (b'<c r="C3" s="1"><f>C2*40</f><v></v></c>', ["forms.xlsx!fines!C3: error CR1022"]),
        (b'<c r="C3"><f t="shared" si="0"/><v/></c>', ["forms.xlsx!fines!C3: error CR1022"]),
        (b'<c r="C3"><f>C2*40</f><v>20</v></c>', []),
        (b'<c r="C3" t="inlineStr"><is><t>20</t></is></c>', []),
        (b'<c t="n" r="C3"><v>2E1</v></c>', []),
        (b'<c r="C3"/><c r="E3" t="d"><v>2024-03-01</v></c>', ["forms.xlsx!fines!C3: error CR1028"]),
        (b'<c r="C3"><v>20</v></c><c r="E3" s="0"><f>TODAY()</f></c>', ["forms.xlsx!fines!E3: error CR1022"]),
    ],
)
def test_cells_as_other_programs_write_them(tmp_path: Path, cell: bytes, expected: list[str]) -> None:
    """What other programs leave out, write in line, or order otherwise."""
    filled(tmp_path, lambda page, _: None)
    with zipfile.ZipFile(tmp_path / "forms.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet], count = re.subn(rb'<c r="C3"[^>]*><v>20</v></c>', cell, parts[sheet])
    assert count == 1
    if b'r="E3"' in cell:
        # Cells of a row stand in the order of columns.
        d3 = re.search(rb'<c r="D3".*?</c>', parts[sheet])
        assert d3
        c3, e3 = cell.split(b'<c r="E3"')
        parts[sheet] = parts[sheet].replace(cell + d3[0], c3 + d3[0] + b'<c r="E3"' + e3)
    with zipfile.ZipFile(tmp_path / "forms.xlsx", "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert complaints(tmp_path) == expected
