"""Dates, date-times and durations: their literals and their arithmetic.

Local civil time without zone, years 1 to 9999, whole seconds. What FEEL can write beyond that is told apart, so that a
message can say what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from typing import TypeVar

from cityrules.feel.tree import Months

MOST_MONTHS = 12 * 9999
MOST_DAYS = 366 * 9999

_DATE = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_DATE_ONLY = re.compile(_DATE)
_DATE_TIME = re.compile(_DATE + r"T([0-9]{2}):([0-9]{2}):([0-9]{2})")
_ZONE = re.compile(r"[0-9T](?:Z|[+-][0-9]{1,2}(?::[0-9]{2}){1,2}|@[A-Za-z_/+0-9-]+)$")
_TIME = re.compile(r"T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]+|@.+)?")
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?")
_DAYS = re.compile(r"(-?)P(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?")

D = TypeVar("D", dt.date, dt.datetime)


def date(text: str) -> dt.date | None:
    """`YYYY-MM-DD`, or None."""
    match = _DATE_ONLY.fullmatch(text)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def date_time(text: str) -> dt.datetime | None:
    """`YYYY-MM-DDTHH:MM:SS`, or a date alone for its first moment, or None."""
    if day := date(text):
        return dt.datetime.combine(day, dt.time())
    match = _DATE_TIME.fullmatch(text)
    try:
        return dt.datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]
    except ValueError:
        return None


def duration(text: str) -> dt.timedelta | Months | None:
    """`P1Y2M` or `P1DT2H3M4S` (never both kinds), with a minus in front for a negative one, or None."""
    if text.endswith("P"):
        return None
    if match := _MONTHS.fullmatch(text):
        years, months = (int(part or 0) for part in match.groups()[1:])
        count = 12 * years + months
        return Months(-count if match[1] else count) if count <= MOST_MONTHS else None
    if match := _DAYS.fullmatch(text):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
        try:
            span = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        except OverflowError:
            return None
        return None if span.days > MOST_DAYS else -span if match[1] else span
    return None


def zoned_or_time(text: str) -> bool:
    """Whether a text is a time of day or carries a zone: FEEL knows both, this language neither."""
    return bool(_TIME.fullmatch(text) or ("T" in text and not text.startswith(("P", "-P")) and _ZONE.search(text)))


def add_months(day: D, months: int) -> D:
    """`months` later, clipped to the last day of a shorter month. Raises OverflowError outside the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError("year out of range")
    last = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def add(start: dt.date, by: dt.timedelta | Months) -> dt.date:
    """A date or date-time later by a duration. Raises OverflowError outside the years 1 to 9999.

    A date is taken as its first moment and the result as the date it falls on, as FEEL has it: hours that do not make
    a whole day are dropped going forward and reach back into the day before going backward.
    """
    if isinstance(by, Months):
        return add_months(start, by.count)
    if isinstance(start, dt.datetime):
        return start + by
    return (dt.datetime.combine(start, dt.time()) + by).date()


def part(value: dt.date | dt.timedelta | Months, name: str) -> int:
    """A property of a date, date-time or duration. The parts of a negative duration are all zero or negative."""
    if isinstance(value, Months):
        sign = -1 if value.count < 0 else 1
        years, months = divmod(abs(value.count), 12)
        return sign * {"years": years, "months": months}[name]
    if isinstance(value, dt.timedelta):
        sign = -1 if value < dt.timedelta() else 1
        span = abs(value)
        hours, rest = divmod(span.seconds, 3600)
        return sign * {"days": span.days, "hours": hours, "minutes": rest // 60, "seconds": rest % 60}[name]
    if name == "weekday":
        return value.isoweekday()
    found: int = getattr(value, name)
    return found
