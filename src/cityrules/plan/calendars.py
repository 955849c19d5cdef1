"""The working calendar of a document: its working days, and the rules of its limits. Knows no expressions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from cityrules.calendar.working import (
    Weekdays,
    Working,
    WorkingDays,
    YearOfWork,
    listed,
    missing_years,
    official,
    official_days,
)
from cityrules.plan.reporting import Address, Reporter
from cityrules.scheme.document import CalendarBody, UnitBody, YearBody
from cityrules.scheme.durations import MOMENT_UNITS, Hours, Limit, is_unit
from cityrules.scheme.reporting import KEY_REFUSED
from cityrules.text.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Clock:
    """When time in hours runs. `working`: on working days only, else every day; `hours`: parts of the day."""

    working: bool
    hours: tuple[Hours, ...]

    @property
    def minutes(self) -> int:
        """Of one day on which it runs."""
        return sum(hours.until - hours.first for hours in self.hours)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit of the document's own: `length` of one, the name of its `clock`, and its rules of days (else None)."""

    length: Limit
    clock: str | None
    start_included: bool | None
    moves: bool | None


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """`start_included`: whether the day on which a time in days starts counts; `moves`: whether a time in calendar
    days, weeks or months that ends on a day off ends on the next working day. `day_before`, `day_before_off`: what the
    document says of times that are counted back. None: it does not say."""

    working: Working
    start_included: bool | None
    moves: bool | None
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    units: Mapping[str, UnitPlan] = field(default_factory=dict)
    day_before: Literal["in time", "late"] | None = None
    day_before_off: Literal["stays", "previous working day"] | None = None

    def counted_in(self, unit: UnitPlan) -> CalendarPlan:
        """The calendar with the rules of a unit in place of its own, where the unit has any."""
        included = self.start_included if unit.start_included is None else unit.start_included
        return replace(self, start_included=included, moves=self.moves if unit.moves is None else unit.moves)


def build_calendar(reporter: Reporter) -> CalendarPlan | None:
    """The calendar of the document, None where it has none."""
    body = reporter.loaded.document.calendar
    if body is None:
        return None
    working = _working(reporter, body)
    clocks = {name: Clock(clock.runs == "working days", clock.hours) for name, clock in body.clocks.items()}
    for name, one in clocks.items():
        _check_hours(reporter, ("calendar", "clocks", name, "hours"), one)
    units = {name: _unit(reporter, name, unit, clocks) for name, unit in body.units.items()}
    # Where the years are in doubt, which has its complaint, nobody else need complain that there is no calendar.
    return CalendarPlan(working or Weekdays(), *_rules(body), clocks, units, body.day_before, body.day_before_off)


def _rules(body: CalendarBody | UnitBody) -> tuple[bool | None, bool | None]:
    """Whether the first day counts, and whether a last day off moves; None where nobody says."""
    included = None if body.start_day is None else body.start_day == "included"
    return included, None if body.last_day_off is None else body.last_day_off == "next working day"


def _unit(reporter: Reporter, name: str, body: UnitBody, clocks: Mapping[str, Clock]) -> UnitPlan:
    """A unit, after complaints about what it leaves open or says in vain."""
    path = ("calendar", "units", name)
    if is_unit(name) or any(name in word for word in vocabulary().groups["limits"].values()):
        reporter.refuse_key("CR1003", path, found=name)
    in_hours = body.length.unit in MOMENT_UNITS
    if in_hours and body.clock is None:
        reporter.refuse("CR1001", (*path, "length"), found=name, length=body.length)
    elif body.clock is not None and (not in_hours or body.clock not in clocks):
        why = "unknown_clock" if in_hours else "clock_for_days"
        expected = ", ".join(clocks) or "-"
        reporter.refuse("CR812", (*path, "clock"), found=body.clock, why_type=why, expected=expected)
    vain = ["start_day"] if in_hours else []
    vain += ["last_day_off"] if in_hours or body.length.unit == "working days" else []
    for key in vain:
        if getattr(body, key) is not None:
            reporter.refuse_key(KEY_REFUSED, (*path, key), key=key, where=f"length: {body.length}")
    return UnitPlan(body.length, body.clock, *_rules(body))


def _working(reporter: Reporter, body: CalendarBody) -> Working | None:
    path = ("calendar", "years")
    stated = {int(year): _year(reporter, (*path, year), int(year), one) for year, one in body.years.items()}
    if body.days == "weekdays" and not stated:
        return Weekdays()
    if body.days == "weekdays":
        # Stated years make it a calendar of listed days, which knows the years around them too.
        known = {year: YearOfWork() for year in range(min(stated) - _AROUND, max(stated) + _AROUND) if 0 < year < 9999}
    else:
        known = dict(official()) if body.days == "cn" else {}
    known |= stated
    gaps = missing_years(known)
    if gaps or not known:
        found = ", ".join(map(str, gaps)) or "-"
        reporter.refuse("CR803", path if body.years else ("calendar", "days"), found=found)
        return None
    _check_end(reporter, max(known), min(known))
    return listed(known) if stated else official_days()


_AROUND = 50
"""Years before the first and after the last stated one that a calendar of weekdays knows."""


def _year(reporter: Reporter, path: Address, year: int, body: YearBody) -> YearOfWork:
    off = {day for days in body.off for day in days}
    working: set[dt.date] = set()
    for key, spans in (("off", body.off), ("working", body.working)):
        for number, days in enumerate(spans):
            why = _without_effect(days.first, days.last, year, key == "working", off)
            if why is not None:
                reporter.refuse("CR808", (*path, key, str(number)), found=days, year=year, why_type=why)
            elif key == "working":
                working |= set(days)
    return YearOfWork(frozenset(day for day in off if day.isoweekday() <= 5), frozenset(working))


def _without_effect(first: dt.date, last: dt.date, year: int, working: bool, off: set[dt.date]) -> str | None:
    """Why a span of days says nothing about a year. Days off may be weekends: holidays span them."""
    if first.year != year or last.year != year:
        return "outside_year"
    days = [dt.date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    if working and any(day in off for day in days):
        return "off_and_working"
    return "worked_anyway" if working and any(day.isoweekday() <= 5 for day in days) else None


def _check_hours(reporter: Reporter, path: Address, clock: Clock) -> None:
    for number, (before, after) in enumerate(pairwise(clock.hours), 1):
        if after.first < before.until:
            reporter.refuse("CR809", (*path, str(number)), found=after, other=before)


def _check_end(reporter: Reporter, last: int, first: int) -> None:
    """Say in time that the calendar ends while the scheme is known to go on."""
    until = reporter.loaded.document.in_force.until
    if until is not None and until > dt.date(last + 1, 1, 1):
        reporter.warn("CR814", ("calendar", "days"), first=first, last=last)


def enough(reporter: Reporter, path: Address, calendar: CalendarPlan | None, found: object, unit: str | None) -> bool:
    """Whether the calendar says all that a time in days needs, in such a unit or (None) up to a fixed day; complains
    where it does not."""
    if calendar is None:
        reporter.refuse("CR800", path, found=found)
        return False
    fine = True
    if unit is not None and calendar.start_included is None:
        reporter.refuse("CR801", path, found=found)
        fine = False
    if unit != "working days" and calendar.moves is None:
        reporter.refuse("CR802", path, found=found)
        fine = False
    return fine


def enough_before(
    reporter: Reporter, path: Address, calendar: CalendarPlan | None, found: object, before: str, unit: str
) -> bool:
    """Whether the calendar says all that a time counted back in such a unit needs; complains where it does not."""
    if calendar is None:
        reporter.refuse("CR800", path, found=found)
        return False
    fine = True
    if calendar.day_before is None:
        reporter.refuse("CR1002", path, found=found, before=before)
        fine = False
    if unit != "working days" and calendar.day_before_off is None:
        reporter.refuse("CR1004", path, found=found, before=before)
        fine = False
    return fine


def last_known(calendar: CalendarPlan | None) -> dt.date | None:
    """The last day that a calendar knows; None where it knows all, or where there is none."""
    if calendar is None or not isinstance(calendar.working, WorkingDays):
        return None
    return dt.date(1970, 1, 1) + dt.timedelta(calendar.working.last)
