"""What checks must state beyond their keys: conditions, and duties that come again. Knows no expressions."""

from __future__ import annotations

from typing import Final

from cityrules.calendar.recurrence import Recurrence
from cityrules.scheme.document import CheckBody, Document
from cityrules.scheme.places import Path
from cityrules.scheme.recurring import UNTIL_THE_NEXT
from cityrules.scheme.reporting import Reporter

_OF_DUTIES: Final = ("applies", "from", "within", "over", "via", "dated", "where")


def check_checks(document: Document, reporter: Reporter) -> None:
    """Complain about every check that leaves something open or says it twice."""
    for name, check in document.checks.items():
        path = ("checks", name)
        form = reporter.exactly_one(path, check, ("that", "every"))
        if form == "that":
            for key in _OF_DUTIES:
                if getattr(check, "from_" if key == "from" else key) is not None:
                    reporter.pointless(path, key, "every")
        elif form == "every":
            _duty(check, path, reporter)


def _duty(check: CheckBody, path: Path, reporter: Reporter) -> None:
    where = f"every: {check.every}"
    if check.for_ is None:
        reporter.needed(path, "for", where)
    if check.over is None:
        reporter.needed(path, "over", where)
    if check.missing is not None and check.where is None:
        reporter.pointless(path, "missing", "where")
    if not isinstance(check.every, Recurrence):
        # The periods themselves are the intervals.
        if check.within == UNTIL_THE_NEXT:
            reporter.refused(path, "within", where)
        if check.from_ is not None:
            reporter.refused(path, "from", where)
        return
    if check.within is None:
        reporter.needed(path, "within", where, "1 day, 5 working days, until the next")
    if check.every.interval > 1 and check.from_ is None:
        reporter.needed(path, "from", where)
    elif check.every.interval == 1 and check.from_ is not None:
        reporter.pointless(path, "from", "INTERVAL")
