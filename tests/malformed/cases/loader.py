"""How the files of cases here are loaded: about a small scheme, each case run."""

from __future__ import annotations

from pathlib import Path

from cityrules.cases.suites import open_suite, run_all
from cityrules.text.diagnostic import Report


def load(path: Path, report: Report) -> None:
    """Put every complaint about one file into `report`."""
    suite = open_suite(path)
    for found in suite.found:
        report.put(found)
    for result in run_all(suite):
        for found in result.found:
            report.put(found)
