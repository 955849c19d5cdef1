"""The intervals of a duty in the time that is assessed: when it can be met each time. Knows plans and calendars.

They are few (of a city's day-to-day duties some hundreds a year) and the same for every target, so that engines take
them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from cityrules.calendar.periods import Span
from cityrules.calendar.recurrence import Recurrence
from cityrules.plan.model import Duty, Plan

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """The days from `first` to `last`, both inside; `last` None: the calendar does not know the working days of that
    time. `name`: the period, or the days of the interval."""

    name: str
    first: dt.date
    last: dt.date | None


def intervals(plan: Plan, duty: Duty, span: Span, as_of: dt.datetime) -> tuple[Interval, ...]:
    """Those that lie wholly in the span (of periods that state where they belong: count for it) and in force, and are
    over at `as_of`; in order, none overlapping another."""
    found = []
    for name, first, last in _whole(plan, duty, span):
        end = _end(duty, first, last)
        over = (end or last) < as_of.date()
        begun = plan.in_force_from is None or first >= plan.in_force_from
        in_force = plan.in_force_until is None or (end or last) < plan.in_force_until
        if over and begun and in_force:
            label = name or (f"{first}" if end == first else f"{first}..{end or last}")
            found.append(Interval(label, first, end))
    return tuple(found)


def _whole(plan: Plan, duty: Duty, span: Span) -> Iterator[tuple[str, dt.date, dt.date]]:
    """Name (of periods), first and last day of each interval, before `within`."""
    if not isinstance(duty.every, Recurrence):
        kind = plan.periods[duty.every]
        for index in plan.periods.in_span(duty.every, span):
            yield kind.called(index), kind.start(index), kind.last_day(index)
        return
    span = plan.days_of(span)
    # One day more, on which the last interval in the span may end by the next one's beginning.
    after = span.last_day if span.last_day == dt.date.max else span.last_day + _DAY
    days = list(duty.every.days(span.start, after, duty.begins))
    for first, following in pairwise(days):
        yield "", first, following - _DAY
    if duty.within is not None and days and days[-1] <= span.last_day:
        # The next one begins after the span; what is stated may be over before.
        end = _counted(duty, days[-1])
        if end is None or end <= span.last_day:
            yield "", days[-1], span.last_day


def _end(duty: Duty, first: dt.date, last: dt.date) -> dt.date | None:
    """The last day on which the duty can be met; None where the calendar does not know."""
    if duty.within is None:
        return last
    end = _counted(duty, first)
    return None if end is None else min(end, last)


def _counted(duty: Duty, first: dt.date) -> dt.date | None:
    """The last of so many days from a day on, which is the first of them where it counts."""
    within = duty.within
    assert within is not None
    if within.unit != "working days":
        more = within.count * (7 if within.unit == "weeks" else 1) - 1
        return dt.date.fromordinal(min(first.toordinal() + more, dt.date.max.toordinal()))
    assert duty.working is not None
    if first == dt.date.min:
        return None
    before = duty.working.counted(first - _DAY)
    return None if before is None else duty.working.nth(before + within.count)
