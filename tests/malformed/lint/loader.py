"""How the files here are loaded: looked at by every check, as `cityrules lint` does."""

from __future__ import annotations

from pathlib import Path

from cityrules.lint.files import lint
from cityrules.text.diagnostic import Report


def load(path: Path, report: Report) -> None:
    """Put every finding and complaint about one file into `report`."""
    for linted in lint(path):
        for found in linted.found:
            report.put(found)
