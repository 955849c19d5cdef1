"""Sheets and CSV files beside a document, as rows of its tables. Every cell keeps its place: `prices.xlsx!fees!C7`.

They are found by the names of columns in their first row; other columns do not matter. Only files in the folder of the
document are opened, and none that is large. Knows no types but whether a column is a percentage or a day.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cityrules.io.csv import CsvRows
from cityrules.io.files import failure, format_of
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

MOST_ROWS: Final = 10_000
"""Rows that are looked at: a table has far fewer, and says so."""

UNPACKED: Final = 20 * limits.BYTES
"""Bytes that a workbook, which is a packed archive, may have unpacked."""

MOST_CELLS: Final = 1_000_000
"""Cells that a sheet may have up to its last one, empty ones included."""

_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_CELL: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,9})["']""")
_AREA: Final = re.compile(rb"""mergeCell\s+ref\s*=\s*["']([A-Z]{1,3})([0-9]{1,9}):([A-Z]{1,3})([0-9]{1,9})["']""")
_FIRST_INSTANT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00)?")


class Annexes:
    """The files in the folder of a document."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self, named: Scalar, columns: Mapping[str, str], report: Report, path: str) -> Sequence | None:
        """The rows of the table that `named` says (`FILE` or `FILE!SHEET`), in the order of `columns`, which gives the
        type of each as written. None after a complaint, which is about the document's `path`."""
        try:
            found = self._open(named.text)
            places = _places(found, columns)
            rows: list[Sequence] = []
            for row in found.rows():
                if len(rows) == MOST_ROWS:
                    break
                rows.append(_row(found, row, places, columns))
        except DataError as problem:
            for diagnostic in problem.diagnostics:
                report.put(Diagnostic(diagnostic.code, named.span, path, diagnostic.values))
            return None
        except _CellError as problem:
            report.put(Diagnostic(problem.code, problem.at, path, problem.values))
            return None
        return Sequence(tuple(rows), named.span)

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
        if kind == "csv":
            return CsvRows(written)
        _check_book(file, book)
        return SheetRows(written, sheet if sign else None)


class _CellError(Exception):
    """What is wrong with one cell or row."""

    def __init__(self, code: str, at: Span, **values: str) -> None:
        super().__init__(code)
        self.code, self.at, self.values = code, at, values


def _check_book(file: Path, name: str) -> None:
    """Raises DataError for what is no workbook of the present format, or would be far larger once it is read: unpacked,
    or because a cell lies far out, for readers keep every cell up to the last."""
    if file.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(file):
        raise failure(NO_WORKBOOK, found=name)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            sizes = sum(part.file_size for part in parts)
            if sizes > UNPACKED or archive.testzip() is not None:
                raise failure(TOO_LARGE, found=name, limit=f"{limits.BYTES:,}")
            sheets = [archive.read(part) for part in parts if part.filename.endswith(".xml")]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise failure(NO_WORKBOOK, found=name) from None
    for sheet in sheets:
        rows = max((int(row) for row in _ROW.findall(sheet)), default=0)
        cells = [(_column(letters), int(row)) for letters, row in _CELL.findall(sheet)]
        columns, down = max((one for one, _ in cells), default=0), max((row for _, row in cells), default=0)
        merged = sum(
            (_column(last) - _column(first) + 1) * (int(to) - int(from_) + 1)
            for first, from_, last, to in _AREA.findall(sheet)
        )
        if max(rows, down) * max(columns, 1) > MOST_CELLS or merged > MOST_CELLS:
            raise failure(TOO_LARGE, found=name, limit=f"{limits.BYTES:,}")


def _column(letters: bytes) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _places(found: CsvRows | SheetRows, columns: Mapping[str, str]) -> list[int]:
    """Where each column stands among those of the file."""
    for name in columns:
        if name not in found.columns:
            meant = nearest(name, found.columns)
            suggestion = {"suggestion": meant} if meant else {}
            shown = ", ".join(found.columns)
            raise failure(NO_COLUMN, source=found.name, found=name, expected=shown, **suggestion)
    return [found.columns.index(name) for name in columns]


def _row(found: CsvRows | SheetRows, row: RawRow, places: list[int], columns: Mapping[str, str]) -> Sequence:
    whole = _span(f"{found.name}{SIGN}{row.number}", " ".join(text or "" for text in row.texts))
    if row.bad is not None:
        raise _CellError(BAD_ROW, whole, reason=row.bad)
    cells = []
    for place, type_ in zip(places, columns.values(), strict=True):
        text = row.texts[place] or ""
        if day := _FIRST_INSTANT.fullmatch(text) if "datetime" not in type_ else None:
            text = day.group(1)
        of_sheet = found.places[place] if isinstance(found, SheetRows) else place
        at = _span(f"{found.name}{SIGN}{_letters(of_sheet)}{row.number}", text)
        if isinstance(found, SheetRows) and text and "%" in type_ and not text.endswith("%"):
            # A cell that shows 5% holds 0.05, and one that shows 5 holds 5: nobody can tell.
            raise _CellError(NO_SIGN, at, found=text)
        cells.append(Scalar(text or "null", at))
    return Sequence(tuple(cells), whole)


def _span(name: str, text: str) -> Span:
    return Span(Source(name, text), 0, len(text))


def _letters(place: int) -> str:
    """The letters of a column, as sheets name them: A, B, ..., Z, AA."""
    letters = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        letters, place = chr(ord("A") + letter) + letters, place - 1
    return letters
