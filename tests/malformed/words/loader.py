"""How the documents of the vocabulary are loaded: checked as a user's document is, then converted as `fmt` does."""

from __future__ import annotations

from pathlib import Path

from cityrules.loaded import check
from cityrules.scheme.convert import convert
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file


def load(path: Path, report: Report) -> None:
    """Check one document, bring it into Chinese keywords, and put every complaint into `report`."""
    scheme, found = check(path)
    for diagnostic in found:
        report.put(diagnostic)
    source = read_file(path, report)
    assert source is not None
    if scheme is not None:
        convert(source, "zh", report)
