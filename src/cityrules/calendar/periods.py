"""Periods of whole months as numbers: `month`, `quarter`, `half_year`, `year`.

A period is its kind and its running number: months since year 0 divided by the months it has. So the period before is
one less, the containing one is a whole division, and engines can count with them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def index_of(kind: str, day: dt.date) -> int:
    """The running number of the period of `kind` that contains `day`."""
    return (day.year * 12 + day.month - 1) // MONTHS[kind]


def start_of(kind: str, index: int) -> dt.date:
    """The first day of a period."""
    months = index * MONTHS[kind]
    return dt.date(months // 12, months % 12 + 1, 1)


def last_day_of(kind: str, index: int) -> dt.date:
    """The last day of a period."""
    months = (index + 1) * MONTHS[kind]
    if months // 12 > 9999:
        return dt.date.max
    return dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)


def number_of(kind: str, index: int) -> int:
    """1 to 12 for a month, 1 to 4 for a quarter, 1 or 2 for a half-year, the year itself for a year."""
    per_year = 12 // MONTHS[kind]
    return index if per_year == 1 else index % per_year + 1


def containing(kind: str, index: int, longer: str) -> int:
    """The running number of the `longer` period that contains period `index` of `kind`."""
    return index * MONTHS[kind] // MONTHS[longer]


def name_of(kind: str, index: int) -> str:
    """`2024-03`, `2024-Q1`, `2024-H1` or `2024`."""
    year = index * MONTHS[kind] // 12
    mark = {"month": "-", "quarter": "-Q", "half_year": "-H", "year": ""}[kind]
    number = number_of(kind, index)
    return (
        f"{year:04d}"
        if kind == "year"
        else f"{year:04d}{mark}{number:02d}"
        if kind == "month"
        else (f"{year:04d}{mark}{number}")
    )


def parse_period(text: str) -> tuple[str, int]:
    """The kind and running number of a period's name. Raises ValueError."""
    found = re.fullmatch(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", text.strip())
    if not found or found.group(1) == "0000":
        raise ValueError(text)
    year, month, quarter, half = found.groups()
    if month:
        return "month", int(year) * 12 + int(month) - 1
    if quarter:
        return "quarter", int(year) * 4 + int(quarter) - 1
    if half:
        return "half_year", int(year) * 2 + int(half) - 1
    return "year", int(year)


@dataclass(frozen=True, slots=True)
class Span:
    """What is assessed: the days from `start` up to and including `last_day`, made of whole periods."""

    start: dt.date
    last_day: dt.date

    def periods(self, kind: str) -> range:
        """The running numbers of the periods of `kind` that lie wholly inside."""
        first = index_of(kind, self.start)
        if start_of(kind, first) < self.start:
            first += 1
        last = index_of(kind, self.last_day)
        if last_day_of(kind, last) > self.last_day:
            last -= 1
        return range(first, last + 1)


def parse_span(text: str) -> Span:
    """`2015`, `2015-03`, or from one to another: `2008-08..2009-02`. Raises ValueError."""
    first, dots, last = text.partition("..")
    start = parse_period(first)
    end = parse_period(last) if dots else start
    span = Span(start_of(*start), last_day_of(*end))
    if span.last_day < span.start:
        raise ValueError(text)
    return span
