"""Sheets of Excel workbooks as input rows, through python-calamine (extra `excel`), which is imported on use.

A sheet holds binary numbers, and days as numbers with a format. A number becomes the shortest decimal text that gives
it back, a day its first instant (a sheet cannot say which of the two was meant), and what looks empty but is not (the
error of a formula, a formula that was saved without its value, a cell covered by a merged one) makes its row bad: none
of it may be taken for nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from cityrules.io.columns import check_header
from cityrules.io.csv import NO_HEADER
from cityrules.io.extent import Limits, fits
from cityrules.io.files import failure, format_of
from cityrules.io.marks import letters_of, marks_of
from cityrules.io.normal import Bad, to_text
from cityrules.io.rows import DataError, RawRow
from cityrules.text.suggest import nearest

NO_CALAMINE: Final = "CR571"
DAMAGED: Final = "CR572"
WHICH_SHEET: Final = "CR573"
NO_SHEET: Final = "CR574"
TOO_LARGE: Final = "CR1033"

LIMITS: Final = Limits(unpacked=2_000_000_000, cells=50_000_000)
"""What a workbook of data may come to: a sheet with all its rows may have 47 columns."""

MERGED: Final = "merged"
SIGN: Final = "!"


class SheetRows:
    """A sheet of a workbook, by its name; without one the workbook has only one that is not hidden. `header`: the row
    of the names of columns, from 1; what stands above it is not read. Rows are numbered as in the sheet; empty ones
    are no rows, and columns without name and content are none. `places`: where its columns stand in the sheet, from 0;
    `marks`: what its cells look like; `merged`: the merged area (`C3:C7`) of each cell that is covered by one.

    Raises `DataError` without python-calamine, for a file that is no sound workbook, and for a sheet that is not there.
    """

    optional_columns = False

    def __init__(self, path: str | Path, sheet: str | None = None, *, header: int = 1) -> None:
        format_of(path)
        with closing(_workbook(path)) as book:
            chosen = _chosen(book, str(path), sheet)
            self.name = f"{path}{SIGN}{chosen}"
            try:
                found = book.get_sheet_by_name(chosen)
                cells: list[list[Any]] = found.to_python(skip_empty_area=False)
                merged = found.merged_cell_ranges or []
            except Exception as problem:
                raise _damaged(self.name, problem) from None
        self.merged: Mapping[tuple[int, int], str] = {
            place: _area(*area) for area in merged for place in _covered(*area)
        }
        self.marks = marks_of(path, chosen)
        self._bad: Mapping[tuple[int, int], str] = {
            **dict.fromkeys(self.marks.failed | self.marks.uncomputed, "type"),
            **dict.fromkeys(self.merged, MERGED),
        }
        if not 1 <= header <= len(cells):
            raise failure(NO_HEADER, source=self.name)
        self._header = header
        self._cells = cells
        self.columns, self.places = self._named(cells[header - 1], cells[header:])

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the sheet."""
        for number, cells in enumerate(self._cells[self._header :], self._header + 1):
            read = [self._cell(number, place, cells) for place in self.places]
            if any(text is not None or bad is not None for text, bad in read):
                # A value that cannot be read says more than one that is only hidden.
                bad = min(
                    (bad for _, bad in read if bad is not None), key=(MERGED, "type", "encoding").index, default=None
                )
                yield RawRow(number, tuple([text for text, _ in read]), bad)

    def holds(self, row: int, column: int) -> object:
        """What a cell (its row from 1, its column from 0) holds in the sheet, empty text where nothing: a number is not
        the text that looks like one."""
        cells = self._cells[row - 1]
        return cells[column] if column < len(cells) else ""

    def _cell(self, number: int, place: int, cells: Sequence[Any]) -> tuple[str | None, str | None]:
        text, bad = cell_text(cells[place]) if place < len(cells) else (None, None)
        return text, self._bad.get((number, place), bad)

    def _named(self, header: Sequence[Any], below: Sequence[Sequence[Any]]) -> tuple[tuple[str, ...], tuple[int, ...]]:
        names = [cell_text(cell)[0] or "" for cell in header]
        used = [place for place, name in enumerate(names) if name or any(row[place] != "" for row in below)]
        columns = tuple(names[place] for place in used)
        if not columns:
            raise failure(NO_HEADER, source=self.name)
        if problems := check_header(columns, self.name):
            raise DataError(problems)
        return columns, tuple(used)


def sheet_of(text: str) -> tuple[str, str] | None:
    """Workbook and sheet of `FILE!SHEET`, where that is not itself a file; None for any other text."""
    book, sign, sheet = text.rpartition(SIGN)
    try:
        return (book, sheet) if sign and sheet and not Path(text).exists() and Path(book).is_file() else None
    except (OSError, ValueError):
        return None  # No name that a file can have.


def cell_text(value: object) -> tuple[str | None, Bad | None]:
    """The text of a cell, and the reason for which it has none."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    return to_text(value)


def _workbook(path: str | Path) -> Any:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise failure(NO_CALAMINE, source=str(path)) from None
    if fits(Path(path), LIMITS) is False:
        raise failure(TOO_LARGE, source=str(path), limit=f"{LIMITS.cells:,}")
    try:
        return CalamineWorkbook.from_path(str(path))
    except Exception as problem:
        # What is not a sound workbook is refused in many ways.
        raise _damaged(str(path), problem) from None


def _damaged(source: str, problem: Exception) -> DataError:
    return failure(DAMAGED, source=source, reason=" ".join(str(problem).split())[:200] or type(problem).__name__)


def _chosen(book: Any, source: str, sheet: str | None) -> str:
    shown = [each.name for each in book.sheets_metadata if _visible(each)]
    if sheet is None:
        if len(shown) != 1:
            raise failure(WHICH_SHEET, source=source, expected=", ".join(shown) or "-", form=f"{source}{SIGN}…")
        return str(shown[0])
    if sheet not in book.sheet_names:
        names = list(book.sheet_names)
        meant = nearest(sheet, names)
        suggestion = {"suggestion": meant} if meant else {}
        raise failure(NO_SHEET, source=source, found=sheet, expected=", ".join(names), **suggestion)
    return sheet


def _visible(sheet: Any) -> bool:
    return str(sheet.typ).endswith("WorkSheet") and str(sheet.visible).endswith(".Visible")


def _area(first: tuple[int, int], last: tuple[int, int]) -> str:
    return f"{letters_of(first[1])}{first[0] + 1}:{letters_of(last[1])}{last[0] + 1}"


def _covered(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Row (from 1) and column (from 0) of the cells of a merged range but its first, which alone has the value."""
    for row in range(first[0], last[0] + 1):
        for column in range(first[1], last[1] + 1):
            if (row, column) != tuple(first):
                yield row + 1, column
