"""What a worksheet says that its reader does not tell: failed formulas, formulas nobody computed, hidden rows, columns.

Looks into workbooks of the present format (`.xlsx`, `.xlsm`); older ones have no marks. Knows no values.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

Cell = tuple[int, int]
"""Row (from 1) and column (from 0)."""

_FAILED: Final = re.compile(
    rb"""<(?:\w{1,20}:)?c\b(?=[^>]{0,200}\bt\s?=\s?["']e["'])[^>]{0,200}\br\s?=\s?["']([A-Za-z]{1,3})([0-9]{1,7})["']"""
)
# A formula may rightly come to an empty text, which is told by `t="str"`.
_UNCOMPUTED: Final = re.compile(
    rb"""<(?:\w{1,20}:)?c\b(?![^>]{0,200}\bt\s?=\s?["']str["'])[^>]{0,200}\br\s?=\s?["']([A-Za-z]{1,3})([0-9]{1,7})["']"""
    rb"[^>]{0,200}(?<!/)>\s{0,9}"
    rb"<(?:\w{1,20}:)?f\b(?:[^>]{0,400}/>|[^>]{0,400}>[^<]{0,9000}</(?:\w{1,20}:)?f>)\s{0,9}"
    rb"(?:<(?:\w{1,20}:)?v\s?/>|<(?:\w{1,20}:)?v></(?:\w{1,20}:)?v>)?\s{0,9}</(?:\w{1,20}:)?c>"
)
_HIDDEN: Final = rb"""(?=[^>]{0,400}\bhidden\s?=\s?["'](?:1|true)["'])"""
_ROW: Final = re.compile(rb"<(?:\w{1,20}:)?row\b" + _HIDDEN + rb"""[^>]{0,400}\br\s?=\s?["']([0-9]{1,7})["']""")
_COLUMN: Final = re.compile(rb"<(?:\w{1,20}:)?col\b" + _HIDDEN + rb"[^>]{0,400}>")
_END: Final = re.compile(rb"""\b(min|max)\s?=\s?["']([0-9]{1,5})["']""")
_MOST_COLUMNS: Final = 16_384


@dataclass(frozen=True, slots=True)
class Marks:
    """`failed`: cells with the error of a formula; `uncomputed`: cells whose formula was saved without a value; both
    look empty. `rows` (from 1) and `columns` (from 0) that are hidden."""

    failed: frozenset[Cell] = frozenset()
    uncomputed: frozenset[Cell] = frozenset()
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def marks_of(path: str | Path, sheet: str) -> Marks:
    """The marks of a sheet of a workbook that could be read."""
    if not zipfile.is_zipfile(path):
        return Marks()
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part is None:
            return Marks()
        text = archive.read(part)
    return Marks(
        frozenset(_cells(_FAILED, text)),
        frozenset(_cells(_UNCOMPUTED, text)),
        frozenset(int(row) for row in _ROW.findall(text)),
        frozenset(_hidden_columns(text)),
    )


def letters_of(column: int) -> str:
    """The letters of a column (from 0), as sheets name them: A, B, ..., Z, AA."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = chr(ord("A") + letter) + letters, column - 1
    return letters


def column_of(letters: bytes) -> int:
    """The column, from 0, of its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _cells(pattern: re.Pattern[bytes], text: bytes) -> Iterator[Cell]:
    for letters, row in pattern.findall(text):
        yield int(row), column_of(letters)


def _hidden_columns(text: bytes) -> Iterator[int]:
    for tag in _COLUMN.findall(text):
        ends = {name: int(number) for name, number in _END.findall(tag)}
        if len(ends) == 2:
            yield from range(ends[b"min"] - 1, min(ends[b"max"], _MOST_COLUMNS))


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of the archive that holds a sheet."""
    try:
        sheets = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    named = next((each for each in sheets.iter() if each.get("name") == sheet), None)
    # The strict form of the format has another namespace here.
    wanted = next((value for key, value in named.items() if key.endswith("}id")), None) if named is not None else None
    target = next((each.get("Target", "") for each in relations if each.get("Id") == wanted), "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    # Names of parts are the same in large and small letters.
    return next((name for name in archive.namelist() if name.casefold() == part.casefold()), None)
