"""How the editions here are loaded: small schemes beside them, then a few findings of two years assessed by them."""

from __future__ import annotations

from pathlib import Path

from cityrules.io.rows import DataError
from cityrules.loaded import check_editions
from cityrules.text.diagnostic import Report

FINDINGS = [
    {"no": "1", "street": "E", "found_on": "2024-02-10", "points": "5"},
    {"no": "2", "street": "E", "found_on": "2024-09-10", "points": "5"},
]


def load(path: Path, report: Report) -> None:
    """Put every complaint about one file into `report`."""
    editions, found = check_editions(path)
    for one in found:
        report.put(one)
    if editions is None:
        return
    try:
        editions.assess({"finding": FINDINGS}, targets={"street": [{"name": "E"}]}, period="2024")
    except DataError as problem:
        for one in problem.diagnostics:
            report.put(one)
