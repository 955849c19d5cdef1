"""Sheets and CSV files beside a document, as rows of its tables. Every cell keeps its place: `prices.xlsx!fees!C7`.

They are found by the names of columns in their first row; other columns do not matter. Only files in the folder of the
document are opened, and none that is large. What a sheet may have lost or hide (merged cells, formulas without a value,
days as numbers, texts that became something else, hidden rows) is complained about at each cell, all in one go. Knows
no types but whether a column is a percentage, a day or takes texts.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from cityrules.io.csv import CsvRows
from cityrules.io.extent import Limits, fits
from cityrules.io.files import failure, format_of
from cityrules.io.marks import letters_of
from cityrules.io.normal import to_text
from cityrules.io.rows import DataError, RawRow
from cityrules.io.sheet import SIGN, SheetRows
from cityrules.text import limits
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.nodes import Scalar, Sequence
from cityrules.text.source import Source, Span
from cityrules.text.suggest import nearest

NO_FILE: Final = "CR934"
NO_COLUMN: Final = "CR935"
BAD_ROW: Final = "CR936"
NO_SIGN: Final = "CR937"
TOO_LARGE: Final = "CR938"
NO_WORKBOOK: Final = "CR939"
HIDDEN: Final = "CR1020"
COVERED: Final = "CR1021"
NO_VALUE: Final = "CR1022"
SERIAL: Final = "CR1023"
NOT_A_TEXT: Final = "CR1024"

MOST_ROWS: Final = 10_000
"""Rows that are looked at: a table has far fewer, and says so."""

LIMITS: Final = Limits(unpacked=20 * limits.BYTES, cells=1_000_000)
"""What a workbook beside a document may come to."""

_NAME: Final = re.compile(r"\w+")
_NO_NAME: Final = ("count", "flag", "date", "datetime")
_DIGITS: Final = 15
_SERIAL: Final = re.compile(r"[1-9][0-9]{3,4}")
_DAY_ZERO: Final = dt.date(1899, 12, 30)
_FIRST_INSTANT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00)?")


class Annexes:
    """The files in the folder of a document. `note` is told of each that is read: what the document calls it, and where
    it lies."""

    def __init__(self, folder: Path, note: Callable[[str, Path], None] | None = None) -> None:
        self._folder = folder
        self._note = note

    def rows(self, named: Scalar, columns: Mapping[str, str], report: Report, path: str) -> Sequence | None:
        """The rows of the table that `named` says (`FILE` or `FILE!SHEET`), in the order of `columns`, which gives the
        type of each as written. None after a complaint, which is about the document's `path`."""
        try:
            found = self._open(named.text)
            places = _places(found, columns)
        except DataError as problem:
            for diagnostic in problem.diagnostics:
                report.put(Diagnostic(diagnostic.code, named.span, path, diagnostic.values))
            return None
        table = _Table(found, places, columns, report, path)
        rows = tuple(table.row(row) for row in itertools.islice(found.rows(), MOST_ROWS))
        return None if table.failed else Sequence(rows, named.span)

    def _open(self, text: str) -> CsvRows | SheetRows:
        book, sign, sheet = text.partition(SIGN)
        try:
            folder = self._folder.resolve()
            file = (self._folder / book).resolve()
        except (OSError, ValueError, RuntimeError):
            raise failure(NO_FILE, found=book) from None
        if not file.is_relative_to(folder) or Path(book).is_absolute() or not file.is_file():
            raise failure(NO_FILE, found=book)
        written = self._folder / book
        kind = format_of(written)
        if file.stat().st_size > limits.BYTES:
            raise failure(TOO_LARGE, found=book, limit=f"{limits.BYTES:,}")
        if kind != "csv":
            _check_book(file, book)
        if self._note is not None:
            self._note(book, file)
        if kind == "csv":
            return CsvRows(written)
        return SheetRows(written, sheet if sign else None)


def _check_book(file: Path, name: str) -> None:
    """Raises DataError for what is no workbook of the present format, or would be far larger once it is read."""
    small = fits(file, LIMITS) if file.suffix.lower() in (".xlsx", ".xlsm") and zipfile.is_zipfile(file) else None
    if small is None:
        raise failure(NO_WORKBOOK, found=name)
    if not small:
        raise failure(TOO_LARGE, found=name, limit=f"{limits.BYTES:,}")


def _places(found: CsvRows | SheetRows, columns: Mapping[str, str]) -> list[int]:
    """Where each column stands among those of the file."""
    for name in columns:
        if name not in found.columns:
            meant = nearest(name, found.columns)
            suggestion = {"suggestion": meant} if meant else {}
            shown = ", ".join(found.columns)
            raise failure(NO_COLUMN, source=found.name, found=name, expected=shown, **suggestion)
    return [found.columns.index(name) for name in columns]


def _takes_texts(type_: str) -> bool:
    """Whether a column takes any text, or names."""
    kind = type_.removeprefix("optional").strip()
    return bool(_NAME.fullmatch(kind)) and kind not in _NO_NAME


def _not_as_written(value: object) -> str | None:
    """Why a cell in a column of texts may hold something else than was written; None where it does not."""
    match value:
        case str():
            return "blanks_at_ends" if value != value.strip() else None
        case bool():
            return "text_was_flag"
        case int() | float():
            text = to_text(value)[0] or ""
            # Who wrote 3.10 finds 3.1; and a sheet keeps no more digits of a number.
            return "text_was_number" if "." in text else "text_was_long" if len(text.lstrip("-")) > _DIGITS else None
        case _:
            return "text_was_day"


class _Table:
    """The rows of one sheet or file as nodes; each complaint is about a cell or row of it."""

    def __init__(
        self, found: CsvRows | SheetRows, places: list[int], columns: Mapping[str, str], report: Report, path: str
    ) -> None:
        self._name = found.name
        self._sheet = found if isinstance(found, SheetRows) else None
        # Where a column stands among those of the file, and in the sheet.
        self._columns = [
            (place, self._sheet.places[place] if self._sheet else place, name, type_)
            for place, (name, type_) in zip(places, columns.items(), strict=True)
        ]
        self._report = report
        self._path = path
        self._told: set[str] = set()
        self.failed = False
        if self._sheet:
            for _, column, name, _ in self._columns:
                if column in self._sheet.marks.columns:
                    self._refuse(HIDDEN, f"{letters_of(column)}1", name, found=letters_of(column))

    def row(self, row: RawRow) -> Sequence:
        """The cells of the table's columns in one row."""
        text = " ".join(text or "" for text in row.texts)
        if self._sheet is None:
            if row.bad is not None:
                self._refuse(BAD_ROW, str(row.number), text, reason=row.bad)
        elif row.number in self._sheet.marks.rows:
            self._refuse(HIDDEN, str(row.number), text, found=str(row.number))
        cells = tuple(
            self._cell(row.number, column, row.texts[place] or "", type_) for place, column, _, type_ in self._columns
        )
        return Sequence(cells, self._span(str(row.number), text))

    def _cell(self, row: int, column: int, text: str, type_: str) -> Scalar:
        if day := _FIRST_INSTANT.fullmatch(text) if "datetime" not in type_ else None:
            text = day.group(1)
        at = f"{letters_of(column)}{row}"
        if self._sheet is not None:
            self._check(self._sheet, (row, column), at, text, type_)
        kind = type_.removeprefix("optional").strip()
        if kind == "date" and _SERIAL.fullmatch(text):
            self._refuse(SERIAL, at, text, found=text, day=str(_DAY_ZERO + dt.timedelta(int(text))))
        return Scalar(text or "null", self._span(at, text))

    def _check(self, sheet: SheetRows, cell: tuple[int, int], at: str, text: str, type_: str) -> None:
        if cell in sheet.merged:
            self._refuse(COVERED, at, text, once=sheet.merged[cell], found=sheet.merged[cell])
        elif cell in sheet.marks.failed or cell in sheet.marks.uncomputed:
            self._refuse(NO_VALUE, at, text)
        elif text and "%" in type_ and not text.endswith("%"):
            # A cell that shows 5% holds 0.05, and one that shows 5 holds 5: nobody can tell.
            self._refuse(NO_SIGN, at, text, found=text)
        elif _takes_texts(type_) and (why := _not_as_written(sheet.holds(*cell))) is not None:
            self._refuse(NOT_A_TEXT, at, text, found=text, why_type=why)

    def _refuse(self, code: str, at: str, text: str, once: str | None = None, **values: str) -> None:
        """A complaint about a place of the file; only one that says the same `once`."""
        self.failed = True
        if once is None or once not in self._told:
            self._report.put(Diagnostic(code, self._span(at, text), self._path, values))
        if once is not None:
            self._told.add(once)

    def _span(self, at: str, text: str) -> Span:
        return Span(Source(f"{self._name}{SIGN}{at}", text, cell=True), 0, len(text))
