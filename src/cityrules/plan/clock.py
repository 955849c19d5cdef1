"""Dates, date-times and durations as code over whole days, seconds and months. Knows codes and types, no trees.

What leaves its range is missing (`plan.overflow` tells the two apart).
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from cityrules.feel.tree import Months
from cityrules.feel.types import Date, Duration, Type
from cityrules.plan import bounds, coding
from cityrules.plan.code import Code, Part

DAY: Final = 86_400
MOST_SPAN: Final = 999_999_999 * DAY + DAY - 1
LEAST_SPAN: Final = -999_999_999 * DAY
_DAY_PARTS: Final[dict[str, Part]] = {"year": "year", "month": "month", "day": "day", "weekday": "weekday"}
# Each part of a span or a moment: so many seconds, and how many of them make the next larger part (None: no more).
_SPAN_PARTS: Final = {"days": (DAY, None), "hours": (3600, 24), "minutes": (60, 60), "seconds": (1, 60)}
_CLOCK_PARTS: Final = {"hour": (3600, 24), "minute": (60, 60), "second": (1, 60)}


def counted(value: dt.date | dt.timedelta | Months) -> int:
    """Days (of a date) or seconds (of a date-time) since 1970-01-01; seconds of a span; months. Whole seconds only."""
    match value:
        case dt.datetime():
            span = value - dt.datetime(1970, 1, 1)
            return span.days * DAY + span.seconds
        case dt.date():
            return (value - bounds.EPOCH).days
        case dt.timedelta():
            return value.days * DAY + value.seconds
        case Months():
            return value.count


def day_of(moment: Code) -> Code:
    """The day of a moment, or the whole days of a span, toward the past."""
    return coding.div(moment, coding.number(DAY), "floor")


def part(base: Code, type_: Type, name: str) -> Code:
    """A property of a date, date-time or duration; the parts of a negative duration are zero or negative."""
    if isinstance(type_, Duration):
        if type_.of == "months":
            years = coding.div(base, coding.number(12), "down")
            return years if name == "years" else _rest(base, years, 12)
        size, most = _SPAN_PARTS[name]
        units = coding.div(base, coding.number(size), "down")
        return units if most is None else _rest(units, coding.div(units, coding.number(most), "down"), most)
    if name in _DAY_PARTS:
        return coding.date_part(_DAY_PARTS[name], base if isinstance(type_, Date) else day_of(base))
    size, next_size = _CLOCK_PARTS[name]
    units = coding.div(base, coding.number(size), "floor")
    return _rest(units, coding.div(units, coding.number(next_size), "floor"), next_size)


def repeated(span: Code, times: Code, type_: Type) -> Code:
    """A duration so many times."""
    return _span(coding.mul(times, span), type_)


def sum_of_spans(left: Code, right: Code, left_type: Type, type_: Type) -> Code:
    """The sum of two durations, or with `right` negated the time between two dates or date-times."""
    result = coding.add(left, right)
    if isinstance(left_type, Date):
        return coding.mul(coding.number(DAY), result)
    return _span(result, type_)


def later(start: Code, by: Code, type_: Type, by_type: Type) -> Code:
    """A date or date-time (`type_`) later by a duration. A date counts as its first moment; a part of a day that
    remains reaches back into the day before when it is negative and is dropped when it is positive."""
    in_months = isinstance(by_type, Duration) and by_type.of == "months"
    if isinstance(type_, Date):
        if in_months:
            return coding.add_months(start, by)
        return coding.within(coding.add(start, day_of(by)), bounds.FIRST_DAY, bounds.LAST_DAY)
    if in_months:
        day = day_of(start)
        moved = coding.mul(coding.number(DAY), coding.add_months(day, by))
        return coding.add(moved, _rest(start, day, DAY))
    return coding.within(coding.add(start, by), bounds.FIRST_DAY * DAY, bounds.LAST_DAY * DAY + DAY - 1)


def _rest(value: Code, wholes: Code, size: int) -> Code:
    """What is left of `value` when `wholes` of `size` are taken away."""
    return coding.sub(value, coding.mul(coding.number(size), wholes))


def _span(span: Code, type_: Type) -> Code:
    in_days = isinstance(type_, Duration) and type_.of == "days"
    return coding.within(span, LEAST_SPAN, MOST_SPAN) if in_days else span
