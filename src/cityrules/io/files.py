"""Data files before they are understood: whether they can be opened, and what they are by their first bytes."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final, Literal

from cityrules.io.rows import DataError
from cityrules.text.diagnostic import Report

NO_FILE: Final = "CR505"
DIRECTORY: Final = "CR506"
UNREADABLE: Final = "CR507"

Format = Literal["csv", "gzip", "parquet", "workbook"]

_HEAD: Final = 8


def format_of(path: str | Path) -> Format:
    """What a file is by its content, whatever its name says. Raises `DataError` when it is not there, not a file, or
    not readable. What looks like a workbook may still be another archive."""
    head = _head(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "workbook"
    return "csv"


def failure(code: str, **values: object) -> DataError:
    """The exception that carries one diagnostic."""
    report = Report()
    report.add(code, **values)  # type: ignore[arg-type]  # The values of a sentence, never its place.
    return DataError(list(report))


def unreadable(path: str | Path, problem: Exception) -> DataError:
    """The exception for a file that the system refuses to open or to read on."""
    reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    return failure(UNREADABLE, found=str(path), reason=reason)


def _head(path: str | Path) -> bytes:
    name = str(path)
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise failure(DIRECTORY, found=name)
        if not stat.S_ISREG(mode):
            # A pipe could only be read once, and rows are read as often as they are needed.
            raise failure(UNREADABLE, found=name, reason="not a regular file")
        with Path(path).open("rb") as file:
            return file.read(_HEAD)
    except (FileNotFoundError, NotADirectoryError):
        raise failure(NO_FILE, found=name) from None
    except (OSError, ValueError) as problem:
        # A NUL in the name is a ValueError.
        raise unreadable(path, problem) from None
