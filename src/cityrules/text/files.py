"""Files read into sources. A file that cannot be read is a diagnostic, never an exception."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Final

from cityrules.text import limits
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source, Span

MISSING: Final = "CR101"
DIRECTORY: Final = "CR102"
UNREADABLE: Final = "CR103"
NOT_UTF8: Final = "CR104"
TOO_LARGE: Final = "CR105"


def named_below(folder: Path, *names: str) -> list[Path]:
    """What is called by one of some names in a folder or below it, in order. Pipes, sockets, devices and links to
    nothing are none of it: reading from a pipe may never end."""
    found = (path for name in names for path in folder.rglob(name))
    return sorted(path for path in found if path.is_file() or path.is_dir())


def read_file(path: str | PathLike[str], report: Report) -> Source | None:
    """The text of a UTF-8 file of at most `limits.BYTES`, named as the user named it; None after a diagnostic.

    A byte order mark is dropped, so that columns are counted as an editor counts them. Line ends stay as they are.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(limits.BYTES + 1)
    except FileNotFoundError:
        report.add(MISSING, path=name, found=name)
        return None
    except IsADirectoryError:
        report.add(DIRECTORY, path=name, found=name)
        return None
    except (OSError, ValueError) as problem:
        # Windows answers a directory with a refusal of access; a NUL in the name is a ValueError.
        if isinstance(problem, PermissionError) and Path(path).is_dir():
            report.add(DIRECTORY, path=name, found=name)
        else:
            reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
            report.add(UNREADABLE, path=name, found=name, reason=reason)
        return None
    if len(data) > limits.BYTES:
        report.add(TOO_LARGE, path=name, limit=f"{limits.BYTES:,}")
        return None
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return Source(name, body.decode("utf-8"))
    except UnicodeDecodeError as problem:
        _not_utf8(name, body, problem.start, len(data) - len(body), report)
        return None


def _not_utf8(name: str, body: bytes, at: int, skipped: int, report: Report) -> None:
    """Point at the first bad byte, in its line as far as that can be read."""
    end = body.find(b"\n", at)
    good = body[:at].decode("utf-8")
    rest = body[at : end if end >= 0 else len(body)].decode("utf-8", "backslashreplace")
    source = Source(name, good + rest)
    place = Span(source, len(good), len(good) + 4)
    report.add(NOT_UTF8, place, byte=f"0x{body[at]:02x}", offset=skipped + at, line=place.position.line)
