"""How the documents of worked examples are loaded: checked as a user's document is, examples and all."""

from __future__ import annotations

from pathlib import Path

from cityrules.loaded import check
from cityrules.text.diagnostic import Report


def load(path: Path, report: Report) -> None:
    """Load one document and put every complaint into `report`."""
    for found in check(path)[1]:
        report.put(found)
