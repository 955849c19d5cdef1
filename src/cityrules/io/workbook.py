"""Result tables as one Excel workbook, a sheet each, through XlsxWriter (extra `excel`), which is imported on use.

Cells have types: numbers with exactly their digits, days, flags. A number of more than fifteen digits, and a day that a
sheet does not know, stay texts, since a sheet would change them. Equal tables make equal files, to the byte.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from cityrules.io.arrow_out import storable_text
from cityrules.io.files import failure
from cityrules.io.sheet import NO_CALAMINE
from cityrules.results.tables import Cell, Table
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language

TOO_MANY: Final = "CR595"

_ROWS: Final = 1_048_575
_LONGEST: Final = 32_767
_DIGITS: Final = 15
_FIRST_DAY: Final = dt.date(1900, 3, 1)
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_MADE: Final = dt.datetime(2000, 1, 1)
_WIDTHS: Final = {"text": 18, "number": 12, "integer": 8, "flag": 8, "date": 12}


def write_workbook(tables: Mapping[str, Table], path: str | Path, language: Language = "en") -> None:
    """Write all tables into one workbook at `path`; sheets and columns are named in `language`.

    Raises `DataError` without XlsxWriter, and for a table with more rows than a sheet can have; OSError.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError
    except ImportError:
        raise failure(NO_CALAMINE, source=str(path)) from None
    lists = wording("headings.yaml", "cityrules.io").lists
    try:
        with Workbook(str(path), {"constant_memory": True}) as book:
            # The time at which it was made would be another in every run.
            book.set_properties({"created": _MADE})
            formats = _Formats(book)
            for name, table in tables.items():
                sheet = book.add_worksheet(lists["tables"].get(name, {}).get(language, name))
                headings = [lists["columns"].get(column, {}).get(language, column) for column in table.shape.names]
                _fill(sheet, table, headings, formats)
    except FileCreateError as problem:
        raise OSError(str(problem)) from problem


class _Formats:
    """The formats of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.heading = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._numbers: dict[int, Any] = {}

    def number(self, digits: int) -> Any:
        """A number with so many digits after the point."""
        if digits not in self._numbers:
            form = "0." + "0" * digits if digits else "0"
            self._numbers[digits] = self._book.add_format({"num_format": form})
        return self._numbers[digits]


def _fill(sheet: Any, table: Table, headings: list[str], formats: _Formats) -> None:
    for place, column in enumerate(table.shape.columns):
        sheet.set_column(place, place, _WIDTHS[column.type])
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headings, formats.heading)
    values = {place for place, column in enumerate(table.shape.columns) if column.name == "value"}
    number = 0
    for number, row in enumerate(table.rows(), 1):
        if number > _ROWS:
            raise failure(TOO_MANY, found=table.name, limit=f"{_ROWS:,}")
        for place, cell in enumerate(row):
            if cell is not None:
                _write(sheet, number, place, _number(cell) if place in values else cell, formats)
    sheet.autofilter(0, 0, number, len(headings) - 1)


def _number(cell: Cell) -> Cell:
    """The value of a measure, which stands as text beside labels and dates, as the number that it may be."""
    return Decimal(cell) if isinstance(cell, str) and _NUMBER.fullmatch(cell) else cell


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    match cell:
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | Decimal() if len(Decimal(cell).as_tuple().digits) <= _DIGITS:
            digits = max(0, -int(Decimal(cell).as_tuple().exponent))
            # A binary number of fifteen digits gives all of them back, and the format shows exactly these.
            sheet.write_number(row, column, float(cell), formats.number(digits))
        case dt.date() if cell >= _FIRST_DAY:
            sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), formats.day)
        case _:
            sheet.write_string(row, column, _text(cell))


def _text(cell: Cell) -> str:
    text = format(cell, "f") if isinstance(cell, Decimal) else storable_text(str(cell))
    if len(text) <= _LONGEST:
        return text
    mark = f" … ({len(text):,})"
    # A sheet has no longer cells; that something is missing is seen, and how long it was.
    return text[: _LONGEST - len(mark)] + mark
