"""Time on a clock that stands still at night and on days off: how much of it has run up to a moment, and back.

The count goes from the calendar's first day; a day on which the clock runs adds the seconds of its hours.
"""

from __future__ import annotations

import datetime as dt
from itertools import accumulate

from cityrules.calendar.working import Working
from cityrules.feel.tree import Literal_, Tree
from cityrules.feel.types import Date, DateTime, Duration
from cityrules.plan.calendars import Clock
from cityrules.plan.times import (
    DAY,
    begun_steps,
    choose,
    counted,
    day_before,
    day_of,
    days_between,
    days_later,
    holds,
    later_of,
    moved,
    nth,
    number,
    part,
    smaller_of,
    times,
    whole,
)

FIRST_DAY = Literal_(Date(), 0, 0, dt.date(1970, 1, 1))
_FIRST_MOMENT = Literal_(DateTime(), 0, 0, dt.datetime(1970, 1, 1))
SECOND = Literal_(Duration("days"), 0, 0, dt.timedelta(seconds=1))


def ran(moment: Tree, clock: Clock, working: Working) -> Tree:
    """How many seconds the clock has run up to a moment."""
    day = day_of(moment)
    before = _days(day_before(day), clock, working)
    today = _of_today(moment, clock)
    if clock.working:
        today = number("*", number("-", _days(day, clock, working), before), today)
    return number("+", number("*", whole(clock.minutes * 60), before), today)


def moment_of(count: Tree, clock: Clock, working: Working) -> Tree:
    """The first moment at which the clock has run so many seconds: the end of the hours, not the next morning."""
    length = clock.minutes * 60
    days = begun_steps(count, length)
    rest = number("-", count, number("*", whole(length), number("-", days, whole(1))))
    day = nth(days, working) if clock.working else days_later(FIRST_DAY, days)
    midnight = moved(_FIRST_MOMENT, "+", times(days_between(FIRST_DAY, day), DAY))
    return moved(midnight, "+", times(_second_of_day(rest, clock), SECOND))


def _days(day: Tree, clock: Clock, working: Working) -> Tree:
    """On how many days the clock has run up to and including a day."""
    return counted(day, working) if clock.working else days_between(FIRST_DAY, day)


def _of_today(moment: Tree, clock: Clock) -> Tree:
    """How many seconds of its hours a running day has had at a moment."""
    second = number(
        "+",
        number("*", whole(3600), part(moment, "hour")),
        number("+", number("*", whole(60), part(moment, "minute")), part(moment, "second")),
    )
    parts = [
        smaller_of(later_of(number("-", second, whole(hours.first * 60)), whole(0)), whole(_length(clock, place)))
        for place, hours in enumerate(clock.hours)
    ]
    result = parts[0]
    for more in parts[1:]:
        result = number("+", result, more)
    return result


def _second_of_day(rest: Tree, clock: Clock) -> Tree:
    """The second of the day at which a running day has had so many seconds of its hours, at least one."""
    ends = list(accumulate(_length(clock, place) for place in range(len(clock.hours))))
    result: Tree | None = None
    for place in reversed(range(len(clock.hours))):
        had = ends[place] - _length(clock, place)
        second = number("+", rest, whole(clock.hours[place].first * 60 - had))
        result = second if result is None else choose(holds("<=", rest, whole(ends[place])), second, result)
    assert result is not None
    return result


def _length(clock: Clock, place: int) -> int:
    return (clock.hours[place].until - clock.hours[place].first) * 60
