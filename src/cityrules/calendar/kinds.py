"""Kinds of periods: how each follows on another, what it is called, and where one that crosses a border belongs.

Ten kinds are built in; documents add cycles, windows and seasons of their own. Knows days, no schemes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.calendar.steps import MIDDLE, TURN, Days, Months, Since, Steps, nests

Form = Literal["day", "week", "ten_days", "month", "quarter", "half_year", "year", "season", "cycle"]

Belongs = Literal["by first day", "by last day", "by Thursday"]
BELONGS: Final[tuple[Belongs, ...]] = ("by first day", "by last day", "by Thursday")

_YEAR = "[0-9]{4}"
_MONTH = f"{_YEAR}-(?:0[1-9]|1[0-2])"
# What a period of each form is called, all in ASCII, so that one text does for every language.
_NAMES: Final[Mapping[str, str]] = {
    "day": f"{_MONTH}-(?:0[1-9]|[12][0-9]|3[01])",
    "week": f"{_YEAR}-W(?:0[1-9]|[1-4][0-9]|5[0-3])",
    "ten_days": f"{_MONTH}-X[123]",
    "month": _MONTH,
    "quarter": f"{_YEAR}-Q[1-4]",
    "half_year": f"{_YEAR}-H[12]",
    "year": _YEAR,
    "cycle": "[1-9][0-9]{0,6}",
}
_JOIN: Final = "@"


@dataclass(frozen=True)
class PeriodKind:
    """One kind of period.

    `form` says how it is numbered and called; a kind of the document's own stands behind its name (`2024-03@billing`).
    `labels`: the names of seasons in the order of the year. `first`: the running number with which a cycle begins.
    `belongs`: by which day a period counts for a longer one whose border it crosses; None: it is said nowhere.
    """

    name: str
    steps: Steps
    form: Form
    belongs: Belongs | None = None
    labels: tuple[str, ...] = ()
    first: int | None = None

    @property
    def own(self) -> bool:
        """Whether it is of the document and not built in. No season or cycle is, even if it is named so."""
        return self.name != self.form or self.form in ("season", "cycle")

    @property
    def whose(self) -> tuple[str, str] | None:
        """The kind of target and the field of it in which each has the first day of its own; None: all have the same
        periods."""
        if not isinstance(self.steps, Since):
            return None
        kind, _, field = self.steps.field.partition(".")
        return kind, field

    def begins(self, index: int) -> dt.date | None:
        """The first day of whoever has this period for itself; None where all have the same, or nobody is said."""
        return self.steps.begins(index) if isinstance(self.steps, Since) and index >= TURN else None

    def of(self, index: int, begins: dt.date | None) -> int:
        """The period of somebody who has that first day, which `parse` gives for nobody."""
        if not isinstance(self.steps, Since) or begins is None:
            return index
        return self.steps.of(begins, self.steps.number(index))

    def earliest(self, index: int) -> int | None:
        """The first of the periods to which this one belongs; None where there was always one before."""
        return self.steps.of(self.steps.begins(index), 1) if isinstance(self.steps, Since) else self.first

    def index_of(self, day: dt.date, begins: dt.date | None = None) -> int:
        """The running number of the period that holds `day`; `begins`: the first day of whoever has it for itself."""
        if not isinstance(self.steps, Since):
            return self.steps.index_of(day)
        if begins is None:
            raise LookupError(f"{self.name} is a period of whom?")
        return self.steps.index_of(day, begins)

    def start(self, index: int) -> dt.date:
        """The first day of a period."""
        return self.steps.start(index)

    def last_day(self, index: int) -> dt.date:
        """The last day of a period."""
        after = self.steps.start(index + 1)
        # The period that holds the last of all days has no next one.
        return after if after == dt.date.max else after - dt.timedelta(days=1)

    def anchor(self, index: int) -> dt.date:
        """The day by which a period counts for a longer one."""
        if self.belongs == "by last day":
            return self.last_day(index)
        return self.start(index) + dt.timedelta(days=3 if self.belongs == "by Thursday" else 0)

    def number(self, index: int) -> int:
        """The place in its year from 1 (of a week its ISO number); the year itself; of a cycle how many there were."""
        match self.form:
            case "year":
                return index
            case "day":
                return self.start(index).timetuple().tm_yday
            case "week":
                return self.start(index).isocalendar().week
            case "cycle" if isinstance(self.steps, Since):
                return self.steps.number(index)
            case "cycle":
                return index - (self.first or 0) + 1
            case "season":
                return index % len(self.labels) + 1
        return index % PER_YEAR[self.form] + 1

    def year(self, index: int) -> int:
        """The year that stands in its name: of a week the ISO year, of a season the year in which it begins."""
        match self.form:
            case "year":
                return index
            case "day" | "cycle":
                return self.start(index).year
            case "week":
                return self.start(index).isocalendar().year
            case "season":
                return index // len(self.labels)
        return index // PER_YEAR[self.form]

    def before_a_year(self, index: int) -> int | None:
        """The same period of the year before; None where that year has none (29 February, week 53)."""
        if self.form == "day":
            day = self.start(index)
            try:
                return self.index_of(day.replace(year=day.year - 1))
            except ValueError:
                return None
        if self.form == "week":
            year, week, _ = self.start(index).isocalendar()
            try:
                return self.index_of(dt.date.fromisocalendar(year - 1, week, 1))
            except ValueError:
                return None
        per_year = self.per_year
        return None if per_year is None else index - per_year

    @property
    def per_year(self) -> int | None:
        """How many there are in every year alike; None where that is no fixed number."""
        return self.steps.per_year if isinstance(self.steps, Months) else None

    @property
    def returns(self) -> bool:
        """Whether a period has one that is the same in the year before."""
        return self.per_year is not None or self.form in ("day", "week")

    @property
    def steady(self) -> bool:
        """Whether so many of them are a time of their own, from whatever day it is counted: so many days or months."""
        return isinstance(self.steps, Days) or (isinstance(self.steps, Months) and self.steps.plain)

    @property
    def pattern(self) -> str:
        """What its names look like, as a regular expression that every engine reads alike. A name of that form can
        still be none: `0000`, 30 February, a week 53 of a year with 52."""
        plain = _NAMES.get(self.form) or f"{_YEAR}-(?:{'|'.join(self.labels)})"
        return f"{plain}{_JOIN}{self.name}" if self.own else plain

    def called(self, index: int) -> str:
        """The name of a period, such as `2024-03`, `2024-W05` or `2024-03@billing`."""
        plain = self._plain(index)
        return f"{plain}{_JOIN}{self.name}" if self.own else plain

    def _plain(self, index: int) -> str:
        number = self.number(index)
        if self.form == "cycle":
            return str(number)
        year = f"{self.year(index):04d}"
        match self.form:
            case "day":
                return self.start(index).isoformat()
            case "week":
                return f"{year}-W{number:02d}"
            case "ten_days":
                return f"{year}-{(number + 2) // 3:02d}-X{(number - 1) % 3 + 1}"
            case "month":
                return f"{year}-{number:02d}"
            case "quarter":
                return f"{year}-Q{number}"
            case "half_year":
                return f"{year}-H{number}"
            case "year":
                return year
            case "season":
                return f"{year}-{self.labels[number - 1]}"

    def parse(self, text: str) -> int:
        """The running number of the period that a text names; where everybody has periods of their own, `of` says whose
        it is. Raises ValueError."""
        if not re.fullmatch(self.pattern, text) or text.startswith("0000"):
            raise ValueError(text)
        plain = text.removesuffix(f"{_JOIN}{self.name}") if self.own else text
        year, rest = plain[:4], plain[5:]
        match self.form:
            case "day":
                return self.index_of(dt.date.fromisoformat(plain))
            case "week":
                return self.index_of(dt.date.fromisocalendar(int(year), int(rest[1:]), 1))
            case "ten_days":
                return (int(year) * 12 + int(rest[:2]) - 1) * 3 + int(rest[-1]) - 1
            case "month":
                return int(year) * 12 + int(rest) - 1
            case "quarter" | "half_year":
                return int(year) * PER_YEAR[self.form] + int(rest[1:]) - 1
            case "year":
                return int(year)
            case "season":
                return int(year) * len(self.labels) + self.labels.index(rest)
            case "cycle" if isinstance(self.steps, Since):
                if int(plain) >= MIDDLE:
                    raise ValueError(text)
                return int(plain) + MIDDLE
            case "cycle":
                return int(plain) + (self.first or 0) - 1


PER_YEAR: Final = {"ten_days": 36, "month": 12, "quarter": 4, "half_year": 2, "year": 1}

BUILT_IN: Final[Mapping[str, PeriodKind]] = {
    kind.name: kind
    for kind in (
        PeriodKind("day", Days(1), "day"),
        PeriodKind("week", Days(7), "week"),
        PeriodKind("ten_days", Months(1, ((0, 1), (0, 11), (0, 21))), "ten_days"),
        PeriodKind("month", Months(1), "month"),
        PeriodKind("quarter", Months(3), "quarter"),
        PeriodKind("half_year", Months(6), "half_year"),
        PeriodKind("year", Months(12), "year"),
    )
}


def window(name: str, base: PeriodKind, closes: int, belongs: Belongs | None = None) -> PeriodKind:
    """Periods of whole months that close on a day of the last of them: `month closing on 28`. `closes` from 1 to 30; in
    a shorter month they close with its last day."""
    assert isinstance(base.steps, Months)
    months = base.steps.months
    return PeriodKind(name, Months(months, ((months - 1, closes + 1),), 1), base.form, belongs)


def seasons(name: str, begin: Mapping[str, tuple[int, int]], belongs: Belongs | None = None) -> PeriodKind:
    """Parts of the year by the month and day on which each begins; the last goes on into the next year."""
    ordered = sorted(begin, key=lambda label: begin[label])
    marks = tuple((begin[label][0] - 1, begin[label][1]) for label in ordered)
    return PeriodKind(name, Months(12, marks), "season", belongs, tuple(ordered))


def cycle(
    name: str, count: int, unit: Literal["days", "months"], begins: dt.date, belongs: Belongs | None = None
) -> PeriodKind:
    """Every so many days or months from a day on, which has number 1. In months, that day is the 28th at the latest."""
    steps: Steps
    if unit == "days":
        steps = Days(count, (begins.toordinal() - 1) % count)
    else:
        steps = Months(count, (((begins.year * 12 + begins.month - 1) % count, begins.day),))
    return PeriodKind(name, steps, "cycle", belongs, (), steps.index_of(begins))


def cycle_of(name: str, count: int, unit: Literal["days", "months"], field: str) -> PeriodKind:
    """Every so many days or months from the day on that each target has in a `field`: `contractor.signed_on`."""
    return PeriodKind(name, Since(count, unit, field), "cycle")


def shorter(fine: PeriodKind, coarse: PeriodKind) -> bool:
    """Whether periods of one kind are shorter on average than those of another."""
    return fine.steps.often > coarse.steps.often


def crosses(fine: PeriodKind, coarse: PeriodKind) -> bool:
    """Whether a period of a shorter kind can lie in two of a longer one."""
    return shorter(fine, coarse) and not nests(fine.steps, coarse.steps)
