"""Lengths of time and what periods are made of: windows, cycles, closing days, days of the year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from cityrules.calendar.kinds import BUILT_IN
from cityrules.scheme.notation.names import NAME, NotationError

# The kinds of periods that every document has, coarser after finer.
PERIODS = tuple(BUILT_IN)


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a fold looks at. `last`: `count` periods that end with the cell's own, or, for a single record,
    so many days or months back from its own day. `to_date`: from the start of the containing `period` up to and
    including the cell's own. `ever`: everything before, too (`period` is empty)."""

    kind: Literal["last", "to_date", "ever"]
    period: str = ""
    count: int = 0

    def __str__(self) -> str:
        if self.kind == "ever":
            return "ever"
        if self.kind == "last" and self.period.endswith("s"):
            return f"last {self.count} {self.period}"
        return f"last {self.count} {self.period}s" if self.kind == "last" else f"{self.period} to date"


def parse_window(text: object) -> Window:
    """`last 3 months`, `last 30 days`, `year to date` or `ever`. Raises NotationError CR313.

    Of a period that is not built in the plural stays, until somebody knows its name (`window_of`)."""
    if isinstance(text, Window):
        return text
    said = str(text).strip()
    if said == "ever":
        return Window("ever")
    if found := re.fullmatch(rf"last\s+([1-9][0-9]{{0,2}})\s+({NAME})", said):
        return window_of(Window("last", found.group(2), int(found.group(1))), PERIODS)
    if found := re.fullmatch(rf"({NAME})\s+to\s+date", said):
        return Window("to_date", found.group(1))
    raise NotationError("CR313", found=said)


def window_of(window: Window, periods: Iterable[str]) -> Window:
    """The window with the name of its period, where that stands in the plural."""
    singular = window.period.removesuffix("s")
    if window.kind == "last" and window.period not in periods and singular in periods:
        return replace(window, period=singular)
    return window


@dataclass(frozen=True, slots=True)
class Every:
    """The length of a cycle: so many days, weeks, months or years."""

    count: int
    unit: Literal["day", "week", "month", "year"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"


_LONGEST = {"day": 3660, "week": 520, "month": 120, "year": 10}


def parse_every(text: object) -> Every:
    """`2 weeks`, `10 days`, `3 months`; at most ten years. Raises NotationError CR816."""
    if isinstance(text, Every):
        return text
    found = re.fullmatch(r"([1-9][0-9]{0,3})\s+(day|week|month|year)s?", str(text).strip())
    if not found or int(found.group(1)) > _LONGEST[found.group(2)]:
        raise NotationError("CR816", found=str(text)[:60])
    return Every(int(found.group(1)), next(unit for unit in UNITS if unit == found.group(2)))


UNITS: tuple[Literal["day", "week", "month", "year"], ...] = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Closing:
    """Periods of whole months that close on a day of the last of them: `month closing on 28`."""

    period: str
    day: int

    def __str__(self) -> str:
        return f"{self.period} closing on {self.day}"


def parse_closing(text: object) -> Closing:
    """`month closing on 28`, of whole months up to a year, on the 1st to the 30th. Raises NotationError CR817."""
    if isinstance(text, Closing):
        return text
    found = re.fullmatch(r"(month|quarter|half_year|year)\s+closing\s+on\s+([12]?[0-9]|30)", str(text).strip())
    if not found or found.group(2) == "0":
        raise NotationError("CR817", found=str(text)[:60])
    return Closing(found.group(1), int(found.group(2)))


@dataclass(frozen=True, slots=True, order=True)
class YearDay:
    """A day that every year has: `06-01`."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"


def parse_year_day(text: object) -> YearDay:
    """`06-01`; not 29 February. Raises NotationError CR818."""
    if isinstance(text, YearDay):
        return text
    said = str(text).strip()
    try:
        # 2015 has no 29 February.
        found = dt.date.fromisoformat(f"2015-{said}" if re.fullmatch("[0-9]{2}-[0-9]{2}", said) else "")
    except ValueError:
        raise NotationError("CR818", found=said[:60]) from None
    return YearDay(found.month, found.day)
