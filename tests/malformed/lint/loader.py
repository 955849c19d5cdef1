"""How the statements here are loaded: read, and looked at by every check."""

from __future__ import annotations

from pathlib import Path

from cityrules.lint.stated.checks import look
from cityrules.lint.stated.load import read_statement
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file


def load(path: Path, report: Report) -> None:
    """Load one statement and put every finding and complaint into `report`."""
    source = read_file(path, report)
    stated = read_statement(source, report)[0] if source is not None else None
    if stated is not None:
        look(stated, report)
