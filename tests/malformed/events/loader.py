"""How the documents of this room are loaded: as the scheme room does, then built where it has nothing against them."""

from __future__ import annotations

from pathlib import Path

from cityrules.plan.build import build
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file


def load(path: Path, report: Report) -> None:
    """Load one document and put every complaint into `report`."""
    source = read_file(path, report)
    assert source is not None
    loaded = read_document(source, report)
    if loaded is not None:
        build(loaded, report)
