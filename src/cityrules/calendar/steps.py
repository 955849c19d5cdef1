"""How periods follow one another: every so many days, or at stated days of a round of months. Arithmetic of days only.

All forms number the periods so that the one before is one less, and no day lies in two. They hold for the years 1 to
9999; what begins before or ends after is cut there. Where everybody has a first day of their own, it is a part of the
number, so that arithmetic on numbers is enough there, too.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import Final, Literal

LAST: Final = dt.date.max.toordinal()
CENTURIES: Final = 146_097
"""Days of 400 years, after which the calendar repeats."""


@dataclass(frozen=True, slots=True)
class Days:
    """Periods of `length` days. `phase`: days from 0001-01-01 to the first day on which one begins, below `length`."""

    length: int
    phase: int = 0

    def index_of(self, day: dt.date) -> int:
        """The running number of the period that holds `day`; never negative."""
        return (day.toordinal() - 1 + self.length - self.phase) // self.length

    def start(self, index: int) -> dt.date:
        """The first day of a period."""
        return _day((index - 1) * self.length + self.phase + 1)

    @property
    def shortest(self) -> int:
        return self.length

    @property
    def longest(self) -> int:
        return self.length

    @property
    def often(self) -> Fraction:
        """How many there are in 400 years, on average."""
        return Fraction(CENTURIES, self.length)


@dataclass(frozen=True)
class Months:
    """Periods that begin on the `marks` of every round of `months` months.

    A mark is the month in the round (from 0) and the day of the month; where that month is shorter, the period begins
    with the next month. `ahead` is added to the running number: a period that closes in March and begins in February
    counts for March.
    """

    months: int
    marks: tuple[tuple[int, int], ...] = ((0, 1),)
    ahead: int = 0

    def index_of(self, day: dt.date) -> int:
        """The running number of the period that holds `day`."""
        turn, month = divmod(day.year * 12 + day.month - 1, self.months)
        return turn * len(self.marks) + bisect_right(self.marks, (month, day.day)) - 1 + self.ahead

    def start(self, index: int) -> dt.date:
        """The first day of a period."""
        turn, place = divmod(index - self.ahead, len(self.marks))
        within, day = self.marks[place]
        year, month = divmod(turn * self.months + within, 12)
        if year < dt.MINYEAR:
            return dt.date.min
        if year > dt.MAXYEAR:
            return dt.date.max
        first = dt.date(year, month + 1, 1).toordinal()
        return _day(first + min(day - 1, monthrange(year, month + 1)[1]))

    @property
    def plain(self) -> bool:
        """Whether a round is one period of whole months, counted from year 0."""
        return self.marks == ((0, 1),) and self.ahead == 0

    @property
    def per_year(self) -> int | None:
        """How many periods a year has, None where that is no whole number."""
        return len(self.marks) * 12 // self.months if len(self.marks) * 12 % self.months == 0 else None

    @cached_property
    def _lengths(self) -> tuple[int, int]:
        # Rounds and leap years come together again after so many; once about 2000, once about 2100, no leap year.
        turns, found = lcm(self.months, 48) // self.months, []
        for year in (1996, 2092):
            first = year * 12 // self.months * len(self.marks) + self.ahead
            starts = [self.start(index) for index in range(first, first + (turns + 1) * len(self.marks) + 1)]
            found += [(later - one).days for one, later in pairwise(starts)]
        return min(found), max(found)

    @property
    def shortest(self) -> int:
        return self._lengths[0]

    @property
    def longest(self) -> int:
        return self._lengths[1]

    @property
    def often(self) -> Fraction:
        """How many there are in 400 years, on average."""
        return Fraction(len(self.marks) * 4800, self.months)


TURN: Final = 10_000_000
"""Running numbers that belong to one first day; more than there are days in the calendar, twice."""
MIDDLE: Final = TURN // 2
"""What stands for the period before the first: numbers go on below it, as windows need."""


@dataclass(frozen=True, slots=True)
class Since:
    """Periods of `count` days or months that begin on a day which each target has for itself, in the `field` of it
    (`contractor.signed_on`).

    The k-th of them begins k - 1 times as much later, in months on the same day of the month or, where that month is
    shorter, on its last day. The running number is the first day's ordinal times `TURN`, plus `MIDDLE`, plus k.
    """

    count: int
    unit: Literal["days", "months"]
    field: str

    def of(self, begins: dt.date, number: int) -> int:
        """The running number of the period that is the `number`-th from a day on."""
        return begins.toordinal() * TURN + MIDDLE + number

    def begins(self, index: int) -> dt.date:
        """The first day of the first period."""
        return dt.date.fromordinal(index // TURN)

    def number(self, index: int) -> int:
        """How many there were, the period itself included; 0 and less before the first."""
        return index % TURN - MIDDLE

    def index_of(self, day: dt.date, begins: dt.date) -> int:
        """The running number of the period that holds `day`."""
        if self.unit == "days":
            return self.of(begins, (day - begins).days // self.count + 1)
        months = (day.year - begins.year) * 12 + day.month - begins.month
        index = self.of(begins, months // self.count + 1)
        return index - (self.start(index) > day)

    def start(self, index: int) -> dt.date:
        """The first day of a period."""
        begins, ahead = self.begins(index), (self.number(index) - 1) * self.count
        if self.unit == "days":
            return _day(begins.toordinal() + ahead)
        year, month = divmod(begins.year * 12 + begins.month - 1 + ahead, 12)
        if not dt.MINYEAR <= year <= dt.MAXYEAR:
            return dt.date.min if year < dt.MINYEAR else dt.date.max
        return dt.date(year, month + 1, min(begins.day, monthrange(year, month + 1)[1]))

    @property
    def shortest(self) -> int:
        """Days that one has at least; of several months not to the day."""
        return self.count if self.unit == "days" else max(28, self.count * CENTURIES // 4800 - 3)

    @property
    def longest(self) -> int:
        """Days that one has at most; of several months not to the day."""
        return self.count if self.unit == "days" else self.count * CENTURIES // 4800 + 4

    @property
    def often(self) -> Fraction:
        """How many there are in 400 years, on average."""
        return Fraction(CENTURIES if self.unit == "days" else 4800, self.count)


Steps = Days | Months | Since


def nests(fine: Steps, coarse: Steps) -> bool:
    """Whether no period of `fine` crosses the border between two of `coarse`."""
    if isinstance(fine, Days) and fine.length == 1:
        return True
    if isinstance(fine, Since) or isinstance(coarse, Since):
        return (
            isinstance(fine, Since)
            and isinstance(coarse, Since)
            and (fine.unit, fine.field) == (coarse.unit, coarse.field)
            and coarse.count % fine.count == 0
        )
    if isinstance(fine, Days):
        return (
            isinstance(coarse, Days) and coarse.length % fine.length == 0 == (coarse.phase - fine.phase) % fine.length
        )
    if isinstance(coarse, Days):
        return False
    rounds = lcm(fine.months, coarse.months)
    borders = {(turn + month, day) for turn in range(0, rounds, coarse.months) for month, day in coarse.marks}
    return all((month % fine.months, day) in fine.marks for month, day in borders)


def _day(ordinal: int) -> dt.date:
    return dt.date.fromordinal(min(max(ordinal, 1), LAST))
