"""The days on which something turns, and the distances between days that a scheme itself counts. Knows plans, draws
nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.feel.tree import Literal_, Months, WorkingCalendar
from cityrules.feel.tree import Working as WorkingCount
from cityrules.feel.walk import nodes
from cityrules.plan.model import Plan
from cityrules.testing.drawing.constants import all_expressions

USUAL: Final = (0, 0, 1, 2, 3, 5, 7, 10, 15, 30, 31, 60)
"""Days between two dates of one row: most limits are among them."""
_LONGEST: Final = 400
_DAY: Final = dt.timedelta(days=1)
_WEEK, _MONTH, _LONG_MONTH = 5, 30, 31


def turning_days(plan: Plan, span: Span) -> tuple[dt.date, ...]:
    """The days of a span beside which something begins or ends, in order: of months and so of years and leap days, of
    what the scheme dates itself, of holidays where it counts working days."""
    every = [span.start + dt.timedelta(days=number) for number in range((span.last_day - span.start).days + 1)]
    found = {day for pair in pairwise(every) if pair[0].month != pair[1].month for day in pair}
    found |= {beside for day in _dated(plan) for beside in _beside(day)}
    for calendar in _calendars(plan):
        found |= {day for pair in pairwise(every) if _unusual(calendar, pair) for day in pair}
    found |= {span.start, span.last_day}
    return tuple(day for day in every if day in found)


def distances(plan: Plan) -> tuple[int, ...]:
    """Days between two dates of a row: the usual ones, and those at and beside each limit that the scheme names."""
    found: set[int] = set()
    for expr in all_expressions(plan):
        for node in nodes(expr.tree):
            match node:
                case Literal_(value=dt.timedelta(days=days)):
                    found |= {days - 1, days, days + 1}
                case Literal_(value=Months(count=count)):
                    found |= {_MONTH * count, _LONG_MONTH * count, _LONG_MONTH * count + 1}
                case WorkingCount(operand=operand):
                    for inner in nodes(operand):
                        if isinstance(inner, Literal_) and isinstance(inner.value, int):
                            days = inner.value + 2 * (inner.value // _WEEK)
                            found |= {days - 1, days, days + 1, days + 2}
    return (*USUAL, *sorted(days for days in found if 0 < days <= _LONGEST))


def _beside(day: dt.date) -> Iterator[dt.date]:
    if dt.date.min < day < dt.date.max:
        yield from (day - _DAY, day, day + _DAY)


def _dated(plan: Plan) -> Iterator[dt.date]:
    """The days that a scheme writes: from which it is in force, from which a parameter changes, in its rules."""
    yield from (day for day in (plan.in_force_from, plan.in_force_until) if day is not None)
    for parameter in plan.parameters.values():
        for first, value in parameter.values:
            yield from (day for day in (first, value) if isinstance(day, dt.date))
    for expr in all_expressions(plan):
        for node in nodes(expr.tree):
            if isinstance(node, Literal_) and isinstance(node.value, dt.date):
                yield node.value.date() if isinstance(node.value, dt.datetime) else node.value


def _calendars(plan: Plan) -> list[WorkingCalendar]:
    """The working calendars of a plan, each once: they are compared by identity."""
    found: dict[int, WorkingCalendar] = {}
    for expr in all_expressions(plan):
        for node in nodes(expr.tree):
            if isinstance(node, WorkingCount):
                found[id(node.calendar)] = node.calendar
    return list(found.values())


def _unusual(calendar: WorkingCalendar, pair: tuple[dt.date, dt.date]) -> bool:
    """Whether work begins or ends between two days otherwise than with the week."""
    worked = [_worked(calendar, day) for day in pair]
    usual = [day.isoweekday() <= _WEEK for day in pair]
    return None not in worked and worked != usual


def _worked(calendar: WorkingCalendar, day: dt.date) -> bool | None:
    counts = calendar.counted(day), calendar.counted(day - _DAY)
    return None if counts[0] is None or counts[1] is None else counts[0] > counts[1]
