"""The last day, or the last moment, in time: from when it starts, how long it is, pauses and extensions, as one tree.

Time of every unit has a running count (working days, days, seconds), so that a limit adds to the count and a pause adds
what it took; nothing is walked. Knows trees and the calendar, no document.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from cityrules.calendar.working import Working
from cityrules.feel.tree import Literal_, Tree
from cityrules.feel.types import Date, Duration
from cityrules.plan import times as made
from cityrules.plan.calendars import Clock
from cityrules.plan.running import SECOND, moment_of, ran
from cityrules.plan.times import (
    AS_OF,
    NO_TIME,
    between,
    choose,
    counted,
    day_before,
    day_of,
    days_between,
    days_later,
    default,
    holds,
    if_missing,
    later_of,
    months_later,
    moved,
    nth,
    number,
    there,
    times,
    unless_missing,
    whole,
)
from cityrules.scheme.durations import MONTHS_OF, FixedDay, LimitUnit

_SPANS = {
    "hours": Literal_(Duration("days"), 0, 0, dt.timedelta(hours=1)),
    "minutes": Literal_(Duration("days"), 0, 0, dt.timedelta(minutes=1)),
}

_SECONDS = {"hours": 3600, "minutes": 60}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a due day hangs on. `count`: how many units, extensions included (for a fixed day: by how many days it is
    extended); `pause`: the names it stops and runs again on. `working` is there where working days matter;
    `clock`: when time in hours and minutes runs, if not always; `stopped`: how much of it stood still, where that is
    known otherwise than by `pause`. `back`: the time is counted back from `starts`, and the day so long before
    it is too `late` or not; `moves` is then to the working day before."""

    starts: Tree
    unit: LimitUnit
    count: Tree
    fixed: FixedDay | None
    pause: tuple[Tree, Tree] | None
    working: Working | None
    included: bool
    moves: bool
    clock: Clock | None = None
    stopped: Tree | None = None
    back: Literal["in time", "late"] | None = None


def due(terms: Terms) -> Tree:
    """The last day, or (in hours and minutes) the last moment, in time. Missing where the start or the count is."""
    if terms.back is not None:
        return _back(terms)
    if terms.stopped is not None:
        result = _stopped(terms)
    else:
        result = _paused(terms) if terms.pause is not None else _end(terms, None)
    if terms.moves and terms.working is not None:
        return nth(number("+", counted(day_before(result), terms.working), whole(1)), terms.working)
    return result


def _end(terms: Terms, paused: Tree | None) -> Tree:
    """The end of the time, with so much of it paused (in its own unit; of weeks and months in days)."""
    start, count = terms.starts, terms.count
    if terms.unit in _SPANS:
        end = moved(start, "+", times(count, _SPANS[terms.unit]))
        return end if paused is None else moved(end, "+", paused)
    if terms.unit == "working days":
        assert terms.working is not None
        end = number("+", counted(nothing_yet(terms), terms.working), count)
        return nth(end if paused is None else number("+", end, paused), terms.working)
    if terms.fixed is not None:
        end = days_later(fixed_day(terms.fixed, start), count)
    elif terms.unit == "months":
        end = months_later(start, count)
    else:
        end = days_later(start, number("*", count, whole(7 if terms.unit == "weeks" else 1)))
    if terms.included and terms.fixed is None:
        end = day_before(end)
    return end if paused is None else days_later(end, paused)


def _back(terms: Terms) -> Tree:
    """The last day, or moment, that lies so long before the start. The start itself never counts."""
    start, count = terms.starts, terms.count
    if terms.unit in _SPANS:
        return moved(start, "-", times(count, _SPANS[terms.unit]))
    if terms.unit == "working days":
        assert terms.working is not None
        last = number("-", counted(day_before(start), terms.working), number("-", count, whole(1)))
        end = nth(last, terms.working)
    elif terms.unit == "months":
        end = moved(start, "-", times(count, made.MONTH))
    else:
        end = moved(start, "-", times(number("*", count, whole(7 if terms.unit == "weeks" else 1)), made.DAY))
    if terms.back == "late":
        end = day_before(end)
    if terms.moves and terms.working is not None:
        return nth(counted(end, terms.working), terms.working)
    return end


def nothing_yet(terms: Terms) -> Tree:
    """The day up to which nothing counts: that of the start, or the day before it."""
    return day_before(terms.starts) if terms.included else terms.starts


def length(terms: Terms) -> Tree:
    """How long the time is without a pause, in the units of its running count; missing where it is."""
    if terms.unit in _SECONDS:
        return number("*", terms.count, whole(_SECONDS[terms.unit]))
    if terms.unit == "working days":
        return terms.count
    return days_between(nothing_yet(terms), _end(terms, None))


def _stopped(terms: Terms) -> Tree:
    """The end, later by what is known to have stood still."""
    assert terms.stopped is not None
    stood = there(terms.stopped)
    end = _end(_sure(terms), times(stood, SECOND) if terms.unit in _SPANS else stood)
    return unless_missing((terms.starts, terms.count), end)


def _paused(terms: Terms) -> Tree:
    """The end, later by what a pause took that began before it. A pause without an end lasts through `as_of`."""
    assert terms.pause is not None
    start, until = terms.pause
    sure = _sure(terms)
    plain, began = _end(sure, None), there(start)
    later = _end(sure, _took(sure, began, until))
    in_time = holds("<" if terms.unit in _SPANS else "<=", began, plain)
    return _if_begun(terms, in_time, later, plain)


def _sure(terms: Terms) -> Terms:
    """The same without its pause, where neither the start nor the count is missing."""
    return replace(terms, starts=there(terms.starts), count=there(terms.count), pause=None, moves=False)


def _if_begun(terms: Terms, in_time: Tree, later: Tree, plain: Tree) -> Tree:
    """The later end where there is a pause that began `in_time`, else the plain one; missing where the time is."""
    assert terms.pause is not None
    result = if_missing(terms.pause[0], plain, choose(in_time, later, plain))
    return unless_missing((terms.starts, terms.count), result)


def _took(terms: Terms, start: Tree, until: Tree) -> Tree:
    """How much of the time a pause took: what lies from its start, or that of the time, up to its end."""
    if terms.unit in _SPANS:
        return later_of(NO_TIME, between(later_of(start, terms.starts), default(until, AS_OF)))
    last = default(day_before(until), day_of(AS_OF))
    before = later_of(day_before(start), nothing_yet(terms))
    if terms.unit == "working days":
        assert terms.working is not None
        took = number("-", counted(last, terms.working), counted(before, terms.working))
    else:
        took = days_between(before, last)
    return later_of(whole(0), took)


def _ran(terms: Terms, moment: Tree) -> Tree:
    assert terms.clock is not None
    assert terms.working is not None
    return ran(moment, terms.clock, terms.working)


def clock_due(terms: Terms) -> Tree:
    """How many seconds the clock of a limit in hours or minutes has run when the time is up. Missing as `due` is."""
    if terms.stopped is not None:
        end = number("+", _clock_end(_sure(terms)), there(terms.stopped))
        return unless_missing((terms.starts, terms.count), end)
    if terms.pause is None:
        return _clock_end(terms)
    sure = _sure(terms)
    start, until = terms.pause
    plain, began = _clock_end(sure), _ran(sure, there(start))
    first, end = later_of(began, _ran(sure, sure.starts)), _ran(sure, default(until, AS_OF))
    later = number("+", plain, later_of(whole(0), number("-", end, first)))
    return _if_begun(terms, holds("<", began, plain), later, plain)


def due_moment(terms: Terms, count: Tree) -> Tree:
    """The moment at which the clock has run so many seconds: counted back the last such one, the start of the hours and
    not the end of those before."""
    assert terms.clock is not None
    assert terms.working is not None
    if terms.back is None:
        return moment_of(count, terms.clock, terms.working)
    after = moment_of(number("+", count, whole(1)), terms.clock, terms.working)
    return moved(after, "-", SECOND)


def _clock_end(terms: Terms) -> Tree:
    return number(
        "+" if terms.back is None else "-",
        _ran(terms, terms.starts),
        number("*", terms.count, whole(_SECONDS[terms.unit])),
    )


def fixed_day(fixed: FixedDay, start: Tree) -> Tree:
    """A day of the period in which a day lies, or of the next one."""
    months = MONTHS_OF[fixed.period]
    first = moved(start, "-", times(number("-", made.part(start, "day"), whole(1)), made.DAY))
    ahead = (months if fixed.following else 0) + (months if fixed.day is None else 0)
    if months > 1:
        since_new_year = number("-", made.part(start, "month"), whole(1))
        back = number("-", since_new_year, number("*", whole(months), made.full_steps(since_new_year, months)))
        first = months_later(first, number("-", whole(ahead), back))
    elif ahead:
        first = months_later(first, whole(ahead))
    more = (fixed.day or 0) - 1 - (fixed.word == "before")
    return days_later(first, whole(more)) if more else first


def is_day(terms: Terms) -> bool:
    """Whether the time ends with a day, not at a moment."""
    return isinstance(terms.starts.type, Date)
