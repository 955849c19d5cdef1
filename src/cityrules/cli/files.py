"""Files of a user that are written, or written anew. Knows no document."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import typer

from cityrules.cli.failures import usage
from cityrules.io.files import failure
from cityrules.io.write import CANNOT_WRITE

# What commands write for people and programs to read. Documents, cases, bindings and rows end otherwise.
_REPORTS: Final = (".html", ".json", ".md", ".py", ".txt")


def check_report(out: Path | None) -> None:
    """Raises UsageError for a file that is there and is no report, by its ending: what was read would be lost."""
    if out is not None and out.is_file() and out.suffix.lower() not in _REPORTS:
        raise usage("CR1097", found=str(out), wanted=", ".join(f"`{one}`" for one in _REPORTS))


def put_report(text: str, out: Path | None) -> None:
    """Print a report, or write it into a file. Raises UsageError (`check_report`), DataError for a place that
    cannot be written."""
    check_report(out)
    if out is None:
        typer.echo(text, nl=False)
    else:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise failure(CANNOT_WRITE, found=str(out), reason=problem.strerror or str(problem)) from None


def replace_text(path: Path, text: str) -> None:
    """Put a text into a file, wholly or not at all."""
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    try:
        marked = path.read_bytes().startswith(b"\xef\xbb\xbf")
        with os.fdopen(handle, "w", encoding="utf-8-sig" if marked else "utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(path.stat().st_mode)
        os.replace(name, path.resolve())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
