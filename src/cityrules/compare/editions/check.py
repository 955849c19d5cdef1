"""Editions checked against each other: their time, and that all that spans two of them is stated. Reads no data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from cityrules.compare.editions.apart import Beyond, looks_beyond, passed
from cityrules.compare.editions.edition import Edition
from cityrules.compare.editions.spanning import Sight, sights
from cityrules.feel.types import Duration, Number, Text
from cityrules.plan.model import Measure, Plan
from cityrules.scheme.editions import EditionsDocument, LoadedEditions
from cityrules.scheme.reporting import Reporter
from cityrules.text.diagnostic import Language, Report

NO_FIRST_DAY: Final = "CR1143"
OUT_OF_ORDER: Final = "CR1144"
OVERLAP: Final = "CR1145"
GAP: Final = "CR1146"
ONLY_ONE: Final = "CR1147"
CUT_UNSTATED: Final = "CR1148"
CUT_POINTLESS: Final = "CR1149"
BEFORE_UNSTATED: Final = "CR1150"
BEFORE_POINTLESS: Final = "CR1151"
NOTHING_THERE: Final = "CR1152"
CANNOT_GO_ON: Final = "CR1153"
RENAMED_UNKNOWN: Final = "CR1154"
OTHER_PERIODS: Final = "CR1157"

Planned = Mapping[str, tuple[Plan, Language]]


def checked_editions(written: LoadedEditions, plans: Planned, report: Report) -> tuple[Edition, ...]:
    """The editions of a document, whose schemes are planned. What is wrong with them goes into `report`."""
    document = written.document
    reporter = Reporter(written.raw, written.places, report, EditionsDocument)
    if len(document.editions) < 2:
        reporter.refuse_key(ONLY_ONE, ("editions",), number=str(len(document.editions)))
        return ()
    editions = _in_time(document, plans, reporter)
    if report.failed:
        return editions
    beyond = [*looks_beyond(editions)]
    for at, (before, one) in enumerate(pairwise(editions), 1):
        _Border(before, one, reporter).check(passed(editions, at, beyond))
    if not report.failed:
        _check_beyond(editions, beyond, reporter)
    first = next(iter(document.editions))
    for key in ("periods", "before", "renamed"):
        for name in getattr(document.editions[first], key):
            reporter.refuse_name(BEFORE_POINTLESS, ("editions", first, key, name), name, (), edition=first)
    return editions


def _in_time(document: EditionsDocument, plans: Planned, reporter: Reporter) -> tuple[Edition, ...]:
    """The editions with their time; each is in force until the next one begins."""
    found: list[Edition] = []
    for name, body in document.editions.items():
        plan, language = plans[name]
        place = ("editions", name)
        if plan.in_force_from is None and found:
            reporter.refuse_key(NO_FIRST_DAY, place, edition=name)
        edition = Edition(
            name,
            plan,
            plan.in_force_from or dt.date.min,
            plan.in_force_until,
            {kind: rule == "later" for kind, rule in body.periods.items()},
            {one: rule == "continues" for one, rule in body.before.items()},
            dict(body.renamed),
            language,
        )
        if found and plan.in_force_from is not None:
            last = found[-1]
            said = {"edition": name, "before": last.name, "first": edition.first.isoformat()}
            if edition.first <= last.first:
                reporter.refuse_key(OUT_OF_ORDER, place, **said, found=last.first.isoformat())
            elif last.until is not None and last.until != edition.first:
                code = OVERLAP if last.until > edition.first else GAP
                reporter.refuse_key(code, place, **said, found=last.until.isoformat())
            found[-1] = replace(last, until=edition.first)
        found.append(edition)
    return tuple(found)


def _check_beyond(editions: Sequence[Edition], beyond: Sequence[Beyond], reporter: Reporter) -> None:
    """Complain where what an edition came to can be no value for one that is not next to it."""
    for one in beyond:
        if one.restarts:
            continue
        by, of, sight = editions[one.by], editions[one.of], one.sight
        other = of.plan.measures.get(one.called or "")
        reason = "absent" if other is None else _difference(by.plan.measures[sight.name], other)
        if reason is not None:
            said = {"found": sight.name, "by": sight.by, "why_type": f"looks_{sight.why}", "edition": by.name}
            said |= {"before": of.name, "reason_type": f"differs_{reason}"}
            reporter.refuse_key(NOTHING_THERE, ("editions", by.name), **said)


class _Border:
    """The first day of an edition, and what of it and of the one before looks over it."""

    def __init__(self, before: Edition, one: Edition, reporter: Reporter) -> None:
        self._before, self._one, self._reporter = before, one, reporter
        self._place = ("editions", one.name)
        self._said = {"edition": one.name, "before": before.name, "first": one.first.isoformat()}

    def check(self, further: Collection[str]) -> None:
        """Complain about all that spans the border and is not stated, and all that is stated and does not. `further`:
        what editions after this one go on from, so that it can be stated here, too."""
        self._periods()
        looked = sights(self._one, self._one)
        for sight in looked:
            self._sight(sight)
        if not all(self._one.later.values()):
            for sight in sights(self._before, self._one):
                if sight.thing == "measure" and sight.way == "inside":
                    self._ahead(sight)
        known = {*further, *(sight.name for sight in looked)}
        for name in self._one.before:
            if name not in known:
                self._reporter.refuse_name(BEFORE_POINTLESS, (*self._place, "before", name), name, known, **self._said)
        for name, old in self._one.renamed.items():
            place = (*self._place, "renamed", name)
            if name not in known:
                self._reporter.refuse_name(BEFORE_POINTLESS, place, name, known, **self._said)
            elif old not in self._before.plan.measures:
                self._reporter.refuse(RENAMED_UNKNOWN, place, found=old, name=name, **self._said)

    def _periods(self) -> None:
        """The kinds of periods that have cells in either edition and are cut."""
        both = [self._before.plan, self._one.plan]
        used = sorted(both[0].used_periods | both[1].used_periods)
        cut = []
        for kind in used:
            known = [plan.periods[kind] for plan in both if kind in plan.periods]
            if len(known) == 2 and known[0] != known[1]:
                self._reporter.refuse_key(OTHER_PERIODS, self._place, found=kind, **self._said)
            elif kind in self._one.plan.periods and self._one.cuts(kind):
                cut.append(kind)
        for kind in cut:
            if kind not in self._one.later:
                self._reporter.refuse_key(CUT_UNSTATED, self._place, found=kind, **self._said)
        for kind in self._one.later:
            if kind not in cut:
                place = (*self._place, "periods", kind)
                self._reporter.refuse_name(CUT_POINTLESS, place, kind, cut, **self._said)

    def _sight(self, sight: Sight) -> None:
        stated = self._one.before.get(sight.name)
        place = (*self._place, "before", sight.name) if stated is not None else self._place
        said = {"found": sight.name, "by": sight.by, "why_type": f"looks_{sight.why}", **self._said}
        if stated is None and sight.way == "back":
            self._reporter.refuse_key(BEFORE_UNSTATED, place, **said)
        elif sight.thing in ("act", "cap"):
            if stated:
                self._reporter.refuse(CANNOT_GO_ON, place, **said)
        elif sight.thing == "measure" and stated is not False:
            old = self._one.called(sight.name)
            self._same(self._one.plan.measures[sight.name], self._before.plan.measures.get(old), place, said)

    def _ahead(self, sight: Sight) -> None:
        """What the earlier edition looks at in a period that is its own, although the border cuts it."""
        new = next((one for one in self._one.plan.measures if self._one.called(one) == sight.name), "")
        said = {"found": sight.name, "by": sight.by, "why_type": f"looks_{sight.why}", **self._said}
        said["edition"], said["before"] = self._before.name, self._one.name
        self._same(self._before.plan.measures[sight.name], self._one.plan.measures.get(new), self._place, said)

    def _same(self, own: Measure, other: Measure | None, place: tuple[str, ...], said: Mapping[str, str]) -> None:
        """Complain where what one edition came to can be no value of the other's measure."""
        reason = "absent" if other is None else _difference(own, other)
        if reason is not None:
            self._reporter.refuse_key(NOTHING_THERE, place, **{**said, "reason_type": f"differs_{reason}"})


def _difference(own: Measure, other: Measure) -> str | None:
    """Why the values of one measure are none of the other; that they may lie outside of its range shows with data."""
    if own.grain != other.grain or own.of_record != other.of_record:
        return "grain"
    mine, theirs = own.type, other.type
    if type(mine) is not type(theirs) or isinstance(mine, Duration):
        return "type"
    if isinstance(mine, Number) and isinstance(theirs, Number):
        digits = mine.scale is not None and (theirs.scale is None or theirs.scale > mine.scale)
        return "unit" if mine.unit != theirs.unit else "digits" if digits else None
    if isinstance(mine, Text) and isinstance(theirs, Text) and mine.labels is not None:
        return "labels" if theirs.labels is None or not {*theirs.labels} <= {*mine.labels} else None
    return None
