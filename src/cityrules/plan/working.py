"""Calendars of working days as code over counted days. Knows codes and the calendars, no trees.

A listed calendar is looked up; Monday to Friday of any year is counted.
"""

from __future__ import annotations

from functools import cache

from cityrules.calendar.working import Weekdays, WorkingDays
from cityrules.feel.tree import WorkingCalendar
from cityrules.plan import bounds, coding
from cityrules.plan.code import Code, Listing

_MONDAY = 3
"""From the Monday before 1970-01-01 to that day."""

_WEEKS = -(bounds.FIRST_DAY // 7)
"""From a Monday before all days to that one: counted from there nothing is negative, and plain division will do."""


def counted(day: Code, calendar: WorkingCalendar) -> Code:
    """How many working days there were up to and including a day; missing in a year the calendar does not know."""
    if isinstance(calendar, WorkingDays):
        return coding.look_up(day, _listings(calendar)[0])
    assert isinstance(calendar, Weekdays)
    # From that Monday on: all days, without the Saturdays and the Sundays that have come.
    days = coding.add(day, coding.number(_MONDAY + 7 * _WEEKS + 1))
    week = coding.number(7)
    saturdays = coding.div(coding.add(days, coding.number(1)), week, "floor")
    sundays = coding.div(days, week, "floor")
    return coding.add(days, coding.neg(saturdays), coding.neg(sundays), coding.number(-5 * _WEEKS))


def nth(number: Code, calendar: WorkingCalendar) -> Code:
    """The day at which the count comes to a number; missing where the calendar has no such day."""
    if isinstance(calendar, WorkingDays):
        return coding.look_up(number, _listings(calendar)[1])
    assert isinstance(calendar, Weekdays)
    before = coding.sub(number, coding.number(1))
    weeks = coding.div(before, coding.number(5), "floor")
    more = coding.sub(before, coding.mul(coding.number(5), weeks))
    day = coding.add(coding.mul(coding.number(7), weeks), more, coding.number(-_MONDAY))
    return coding.within(day, bounds.FIRST_DAY, bounds.LAST_DAY)


@cache
def _listings(calendar: WorkingDays) -> tuple[Listing, Listing]:
    """The counts by day, and the days by number: the same lists each time, so that they are the same code."""
    return Listing(calendar.first, calendar.counts), Listing(1, calendar.days)
