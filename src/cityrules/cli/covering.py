"""`coverage`: what of a scheme its examples, or some rows, exercise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityrules.cases.suites import cases_beside
from cityrules.cli.asked import Given, asked_for
from cityrules.cli.console import progress
from cityrules.cli.declared import Engines
from cityrules.cli.failures import ERRORS, usage, warn
from cityrules.cli.files import check_report, put_report
from cityrules.loaded import Scheme, find
from cityrules.text.diagnostic import Diagnostic, Language

if TYPE_CHECKING:
    from cityrules.testing.coverage.found import RuleCoverage

ALL: Final = 100


def check_asked(given: Given, period: str | None, as_of: str | None, fail_under: int, out: Path | None) -> None:
    """Raises UsageError for options that do not go together, before any work."""
    check_report(out)
    if not 0 <= fail_under <= ALL:
        raise usage("CR1060", found=str(fail_under))
    rows = {
        "--records": given.records,
        "--targets": given.targets,
        "--binding": given.binding,
        "--table": given.tables,
        "--opening": given.opening,
        "--as-of": as_of,
    }
    named = [option for option, value in rows.items() if value]
    if named and period is None:
        raise usage("CR1061", found=", ".join(named))


def cover(
    thing: str, scheme: Scheme, given: Given, period: str | None, as_of: str | None, language: Language
) -> RuleCoverage:
    """What the examples exercise and the cases in the file beside the scheme, or what the rows do over a period."""
    if period is None:
        found = scheme.coverage(cases=cases_beside(find(thing)))
        if not found.cases and not found.unusable:
            warn([Diagnostic("CR1062", values={"name": scheme.name})], language)
        return found
    asked = asked_for(scheme, given, period, as_of, Engines.PYTHON, language)
    with progress() as note:
        return scheme.coverage(
            asked["records"],
            period=asked["period"],
            as_of=asked["as_of"],
            targets=asked["targets"],
            binding=asked["binding"],
            opening=asked["opening"],
            progress=note,
        )


def tell(found: RuleCoverage, language: Language, format: str, out: Path | None, fail_under: int) -> int:
    """Write what was found; the exit code: 1 where less than that is exercised, or a case could not be run."""
    if format == "html":
        text = found.html(language)
    elif format == "json":
        text = json.dumps(found.json(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = found.text(language)
    put_report(text, out)
    if not found.reaches(fail_under):
        warn([Diagnostic("CR1063", values={"found": found.percent, "wanted": str(fail_under)})], language)
        return ERRORS
    return ERRORS if found.unusable else 0
