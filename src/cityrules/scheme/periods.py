"""The section `periods`, and every name of a period in the document. Knows nothing of which period contains which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.scheme.document import Document, FoldBody, PeriodBody
from cityrules.scheme.notation import PERIODS, window_of
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter

UNKNOWN: Final = "CR311"
NOTHING_IN_IT: Final = "CR337"
BUILT_IN: Final = "CR815"
ON_ONE_DAY: Final = "CR819"
NO_THURSDAY: Final = "CR820"

FORMS: Final = ("every", "window", "seasons")


def check_periods(document: Document, reporter: Reporter) -> None:
    """Complain about every period that leaves something open, and about names of periods that there are not."""
    for name, body in document.periods.items():
        _period(body, name, reporter)
    known = [*PERIODS, *reporter.names(("periods",))]
    for path, said in _named(document):
        if said not in known:
            reporter.refuse_name(UNKNOWN, path, said, known)


def _period(body: PeriodBody, name: str, reporter: Reporter) -> None:
    path = ("periods", name)
    if name in PERIODS:
        given = [key for key in (*FORMS, "from") if getattr(body, "from_" if key == "from" else key) is not None]
        for key in given:
            reporter.refuse_key(BUILT_IN, (*path, key), found=name)
        if not given and body.in_ is None:
            reporter.needed(path, "in", f"periods.{name}")
    else:
        form = reporter.exactly_one(path, body, FORMS)
        if form == "every" and body.from_ is None:
            reporter.needed(path, "from", f"every: {body.every}")
        if form not in (None, "every") and body.from_ is not None:
            reporter.pointless(path, "from", "every")
        if form == "seasons":
            _seasons(body, path, reporter)
    if body.in_ == "by Thursday" and name != "week":
        reporter.refuse(NO_THURSDAY, (*path, "in"), found=name)


def _seasons(body: PeriodBody, path: Path, reporter: Reporter) -> None:
    if not body.seasons:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "seasons"), key="seasons")
    taken: dict[object, str] = {}
    for season, begins in (body.seasons or {}).items():
        first = taken.setdefault(begins, season)
        if first != season:
            reporter.refuse(ON_ONE_DAY, (*path, "seasons", season), found=season, other=first, day=begins)


def _named(document: Document) -> Iterator[tuple[Path, str]]:
    """Every place of the document that names a period, with the name."""
    for name, record in document.records.items():
        if record.one_per is not None and record.one_per.period is not None:
            yield ("records", name, "one_per"), record.one_per.period
    for section in ("measures", "consequences", "checks"):
        for name, body in getattr(document, section).items():
            if body.for_ is not None and body.for_.period is not None:
                yield (section, name, "for"), body.for_.period
    for name, check in document.checks.items():
        if isinstance(check.every, str):
            yield ("checks", name, "every"), check.every
    for name, measure in document.measures.items():
        if isinstance(measure, FoldBody) and measure.window is not None and measure.window.kind != "ever":
            yield ("measures", name, "window"), window_of(measure.window, (*PERIODS, *document.periods)).period
