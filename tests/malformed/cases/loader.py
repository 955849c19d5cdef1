"""How the files of cases here are loaded: about a small scheme, each case run; what is said to be out of reach is held
against what they exercise."""

from __future__ import annotations

from pathlib import Path

from cityrules.cases.suites import open_suite, run_all
from cityrules.loaded import SchemeError
from cityrules.text.diagnostic import Report


def load(path: Path, report: Report) -> None:
    """Put every complaint about one file into `report`."""
    suite = open_suite(path)
    for found in suite.found:
        report.put(found)
    for result in run_all(suite):
        for found in result.found:
            report.put(found)
    if suite.scheme is not None and not report.failed:
        try:
            suite.scheme.coverage(cases=path)
        except SchemeError as error:
            for found in error.diagnostics:
                report.put(found)
