"""Why a check holds or does not, and which intervals of a duty were kept: by which record, or why by none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from cityrules.calendar.recurrence import Recurrence
from cityrules.feel.walk import reads
from cityrules.plan.intervals import Interval, intervals
from cityrules.plan.model import Check, Dated, Duty
from cityrules.plan.names import Measured
from cityrules.results.explanation import Explanation, line
from cityrules.results.facts import Days
from cityrules.results.places import Place
from cityrules.results.trail import Trail, texts
from cityrules.results.why_folds import element_name
from cityrules.results.why_unknown import explain_unknown

_DAY: Final = dt.timedelta(days=1)
_TOLD: Final = 10
"""Records of one interval that are told."""


def explain_check(trail: Trail, check: Check, here: Place) -> Explanation:
    """Whether a check holds in a cell, and the values that its condition read."""
    row = trail.reader.problem(check.name, here)
    state = "holds" if row is None else "undecided" if row["level"] == "undecided" else "broken"
    unknown = explain_unknown(trail, check, here) if state == "undecided" else ()
    basis = trail.condition(check.that, here)
    where: dict[str, object] = {"target": here.target or None, "period": trail.reader.period_name(here)}
    if here.of_record:
        where = {"record_kind": here.kind, "record": here.target}
    level = str(row["level"]) if row is not None and state == "broken" else None
    return line("check", *unknown, *basis, state=state, level=level, **where, **_called(check))


def explain_duty(trail: Trail, duty: Duty, target: str, within: Days | None) -> Explanation:
    """The intervals that a target owed, in order, each with what kept it. `within`: only those in some days."""
    here = Place(duty.grain.kind, target)
    terms = line(
        "duty_terms",
        every=str(duty.every) if isinstance(duty.every, Recurrence) else None,
        each=None if isinstance(duty.every, Recurrence) else duty.every,
        within=str(duty.within) if duty.within is not None else None,
        record_kind=duty.axis.record,
        where=duty.where.text if duty.where is not None else None,
        dated=duty.axis.placed.field if isinstance(duty.axis.placed, Dated) else None,
    )
    # Of the duty as a whole: whether it applies could not be determined.
    unknown = explain_unknown(trail, duty, here) if trail.reader.problem(duty.name, here) else ()
    applies = trail.condition(duty.applies, here)
    heading: dict[str, object] = {"target": target or None, **_called(duty)}
    if duty.applies is not None and trail.evaluate(duty.applies.tree, here) is not True:
        heading["state"] = "undecided" if unknown else "not_owed"
        return line("duty", terms, *unknown, *applies, **heading)
    told = [
        _interval(trail, duty, here, interval, after)
        for interval, after in _owed(trail, duty, here)
        if within is None or (within[0] <= interval.first and (interval.last or interval.first) <= within[1])
    ]
    kept = sum(one.kind == "interval_kept" for one in told)
    counts: dict[str, object] = {"kept": kept, "number": len(told)} if told else {"state": "none_over"}
    return line("duty", terms, *applies, *told, **heading, **counts)


def _called(check: Check | Duty) -> dict[str, object]:
    return {"check": check.name, "label": check.label if check.label != check.name else None, "clause": check.clause}


def _owed(trail: Trail, duty: Duty, here: Place) -> Iterator[tuple[Interval, dt.date]]:
    """The intervals on whose first and last day the target exists, each with the day on which the next one begins."""
    facts = trail.reader.facts
    every = intervals(trail.plan, duty, facts.span, facts.as_of)
    if not every:
        return
    end = trail.plan.days_of(facts.span).last_day
    ends = [following.first for _, following in pairwise(every)] + [end if end == dt.date.max else end + _DAY]
    for interval, after in zip(every, ends, strict=True):
        days = [day for day in (interval.first, interval.last) if day is not None]
        if all(facts.exists(here.kind, here.target, day, day) for day in days):
            yield interval, after


def _interval(trail: Trail, duty: Duty, here: Place, interval: Interval, after: dt.date) -> Explanation:
    """What kept an interval; if nothing did, what was recorded then, and what came too late."""
    days = f"{interval.first}" if interval.last in (interval.first, None) else f"{interval.first}..{interval.last}"
    said: dict[str, object] = {"name": interval.name, "days": days if days != interval.name else None}
    row = trail.reader.problem_of(duty.name, here, interval.name)
    found = [] if interval.last is None else _records(trail, duty, here, (interval.first, interval.last))
    if row is None:
        by = next((place for place in found if _counts(trail, duty, here, place)), None)
        if by is not None:
            names = trail.names(duty.where, here, by)
            return line(
                "interval_kept", *names, record=element_name(trail, by, here), date=_date(trail, duty, by), **said
            )
        return line("interval_kept", **said)
    lines = []
    for place in found[:_TOLD]:
        trail.budget.nodes -= 1
        names = trail.names(duty.where, here, place)
        held = trail.evaluate(duty.where.tree, here, place) if duty.where is not None else None
        kind = "does_not_count" if held is False or duty.unknown == "no" else "may_count"
        lines.append(line(kind, *names, record=element_name(trail, place, here), date=_date(trail, duty, place)))
    if row["cause"] != "missed":
        return line("interval_unknown", *lines, **said, **texts(row, "cause", "detail"))
    if interval.last is not None and duty.within is not None and after - _DAY > interval.last:
        late = _records(trail, duty, here, (interval.last + _DAY, after - _DAY))
        lines += [
            line("too_late", record=element_name(trail, place, here), date=_date(trail, duty, place))
            for place in [place for place in late if _counts(trail, duty, here, place)][:_TOLD]
        ]
    return line("interval_missed", *lines, **said)


def _records(trail: Trail, duty: Duty, here: Place, days: Days) -> list[Place]:
    """The records of some days to which the duty's condition can be put at all."""
    keys = trail.reader.facts.reached(duty.axis, here.target, days)
    places = [Place(duty.axis.record, key, of_record=True, route=duty.axis.route) for key in keys]
    read = [b for b in reads(duty.where.tree) if isinstance(b, Measured)] if duty.where is not None else []
    return [place for place in places if all(_has_cell(trail, binding, here, place) for binding in read)]


def _has_cell(trail: Trail, binding: Measured, here: Place, place: Place) -> bool:
    if binding.side != "element" or binding.back or binding.through:
        return True
    at = trail.reader.place_of(binding, here, place)
    return at is not None and trail.reader.row(binding.measure, at) is not None


def _counts(trail: Trail, duty: Duty, here: Place, place: Place) -> bool:
    """Whether a record counts for the duty."""
    if duty.where is None:
        return True
    held = trail.evaluate(duty.where.tree, here, place)
    return held is True or (held is None and duty.unknown == "yes" and not _undetermined(trail, duty, here, place))


def _undetermined(trail: Trail, duty: Duty, here: Place, place: Place) -> bool:
    assert duty.where is not None
    for binding in reads(duty.where.tree):
        if isinstance(binding, Measured):
            at = trail.reader.place_of(binding, here, place)
            if at is not None and trail.reader.problem(binding.measure, at):
                return True
    return False


def _date(trail: Trail, duty: Duty, place: Place) -> object:
    """The day by which a record counts."""
    placed = duty.axis.placed
    if not isinstance(placed, Dated):
        return trail.reader.date_of(place)
    if placed.measures:
        row = trail.reader.row(placed.field, place)
        return row["value"] if row else None
    return (trail.reader.facts.record(place.kind, place.target) or {}).get(placed.field)
