"""How large a workbook of the present format is once it is read. Knows no values.

A packed archive can be far larger unpacked; and readers keep every cell up to the last, so that one cell far out in a
file of a few kilobytes asks for gigabytes.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cityrules.io.marks import column_of

_IN_TAG: Final = rb"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*?"""
"""What may stand in a tag before an attribute, which never holds the beginning of another: so a search is linear."""

_ROW: Final = re.compile(rb"<(?:\w+:)?row\b" + _IN_TAG + rb"""\br\s*=\s*["']([0-9]{1,9})["']""")
_CELL: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,9})["']""")
# Cells and rows need not say where they are: then they follow those before.
_PLACELESS_ROW: Final = re.compile(rb"<(?:\w+:)?row\b(?!" + _IN_TAG + rb"\br\s*=)")
_PLACELESS_CELL: Final = re.compile(rb"<(?:\w+:)?c\b(?!" + _IN_TAG + rb"\br\s*=)")
_ROW_BEGINS: Final = re.compile(rb"<(?:\w+:)?row\b")
_AREA: Final = re.compile(rb"""mergeCell\s+ref\s*=\s*["']([A-Z]{1,3})([0-9]{1,9}):([A-Z]{1,3})([0-9]{1,9})["']""")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may come to: bytes `unpacked`; `cells` of a sheet up to its last one, empty ones included."""

    unpacked: int
    cells: int


def fits(file: Path, limits: Limits) -> bool | None:
    """Whether a workbook keeps to limits; None for what is no sound archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limits.unpacked:
                return False
            # A sheet may lie in a part of any name.
            return all(_cells(archive.read(part)) <= limits.cells for part in parts)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return None


def _cells(part: bytes) -> int:
    """At most how many cells a part holds up to its last one, or in merged areas."""
    placed = set(_CELL.findall(part))
    rows = max([*map(int, _ROW.findall(part)), *(int(row) for _, row in placed)], default=0)
    columns = max((column_of(letters) + 1 for letters, _ in placed), default=0)
    if _PLACELESS_CELL.search(part):
        columns += max(len(_PLACELESS_CELL.findall(row)) for row in _ROW_BEGINS.split(part))
    merged = sum(
        (column_of(last) - column_of(first) + 1) * (int(to) - int(from_) + 1)
        for first, from_, last, to in _AREA.findall(part)
    )
    return max((rows + len(_PLACELESS_ROW.findall(part))) * max(columns, 1), merged)
