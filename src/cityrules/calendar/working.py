"""Working days as a running count: how many there were up to a day, and which day is the n-th. Knows no schemes.

Between two days there are as many working days as the difference of their counts, and the last day in time is one look
into the list of working days; nothing is ever walked. A calendar knows whole years that follow one another; asked about
a day of another year it gives None, and never guesses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

EPOCH: Final = dt.date(1970, 1, 1)
_FRIDAY: Final = 5


@dataclass(frozen=True, slots=True)
class YearOfWork:
    """How one year differs from Monday to Friday: weekdays off, and days of a weekend that are worked."""

    off: frozenset[dt.date] = frozenset()
    working: frozenset[dt.date] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class WorkingDays:
    """A calendar of listed days. `first`: its first day, `last`: its last, as days since 1970-01-01; `counts`: for each
    of them how many working days there were from the first one up to and including it; `days`: the working days.

    Two of the same days are equal, whichever documents they were made for.
    """

    first: int
    counts: tuple[int, ...] = field(repr=False)
    days: tuple[int, ...] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkingDays):
            return NotImplemented
        return self is other or (self.first == other.first and self.counts == other.counts)

    def __hash__(self) -> int:
        # The days themselves are thousands, and a calendar is part of every tree that counts them.
        return hash((self.first, len(self.counts), len(self.days)))

    @property
    def last(self) -> int:
        return self.first + len(self.counts) - 1

    def counted(self, day: dt.date) -> int | None:
        """How many working days there were from the first of the calendar up to and including `day`."""
        place = (day - EPOCH).days - self.first
        return self.counts[place] if 0 <= place < len(self.counts) else None

    def nth(self, number: int) -> dt.date | None:
        """The working day that makes `number` of them, from 1 on."""
        return EPOCH + dt.timedelta(self.days[number - 1]) if 0 < number <= len(self.days) else None


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Monday to Friday, of every year from 1 to 9999; counted from Monday, the 29th of December 1969."""

    def counted(self, day: dt.date) -> int | None:
        """How many weekdays there were from the start of the count up to and including `day`; negative before it."""
        weeks, weekday = divmod((day - EPOCH).days + 3, 7)
        return weeks * 5 + min(weekday + 1, _FRIDAY)

    def nth(self, number: int) -> dt.date | None:
        """The weekday that makes `number` of them."""
        weeks, weekday = divmod(number - 1, 5)
        day = weeks * 7 + weekday - 3 + EPOCH.toordinal()
        return dt.date.fromordinal(day) if 1 <= day <= dt.date.max.toordinal() else None


Working = WorkingDays | Weekdays


def listed(years: Mapping[int, YearOfWork]) -> WorkingDays:
    """The calendar of years that follow one another. Raises ValueError where one is missing between two."""
    order = sorted(years)
    if not order or order != list(range(order[0], order[-1] + 1)):
        raise ValueError(missing_years(order))
    counts: list[int] = []
    days: list[int] = []
    for year in order:
        plan = years[year]
        for ordinal in range(dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            if day in plan.working or (day.isoweekday() <= _FRIDAY and day not in plan.off):
                days.append((day - EPOCH).days)
            counts.append(len(days))
    return WorkingDays((dt.date(order[0], 1, 1) - EPOCH).days, tuple(counts), tuple(days))


def missing_years(years: Iterable[int]) -> list[int]:
    """The years between the first and the last that are not there."""
    there = set(years)
    return [year for year in range(min(there), max(there)) if year not in there] if there else []


@cache
def official() -> Mapping[int, YearOfWork]:
    """The arrangement of holidays and moved working days in China, year by year, as far as the package has it."""
    # Asking `is_workday` of each day would look for the ends of its tables each time.
    from chinese_calendar.constants import holidays, workdays

    found: dict[int, YearOfWork] = {}
    for year in range(min(holidays).year, max(holidays).year + 1):
        off = frozenset(day for day in holidays if day.year == year and day.isoweekday() <= _FRIDAY)
        found[year] = YearOfWork(off, frozenset(day for day in workdays if day.year == year))
    return found


@cache
def official_days() -> WorkingDays:
    """The calendar of these years."""
    return listed(official())
