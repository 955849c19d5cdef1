"""The small notations of time limits: `3 working days`, `by day 28 of month`, `09:00..12:00`, days off.

Parsers raise `NotationError`; they accept a value that is already parsed. Knows no calendar and no document.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.scheme.notation import NAME, NotationError

LimitUnit = Literal["working days", "days", "weeks", "months", "hours", "minutes"]
LIMIT_UNITS: Final[tuple[LimitUnit, ...]] = ("working days", "days", "weeks", "months", "hours", "minutes")
MOMENT_UNITS: Final = frozenset({"hours", "minutes"})
"""Units of limits that run from a moment; the others run from a day."""

MONTHS_OF: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""Periods in which a day can be fixed."""

_LIMIT: Final = re.compile(r"([1-9][0-9]{0,5})\s+(working\s+day|day|week|month|hour|minute)s?")
_FIXED: Final = re.compile(
    rf"(by|before)\s+(?:day\s+([1-9]|1[0-9]|2[0-8])|(last\s+day))\s+of\s+(next\s+)?({'|'.join(MONTHS_OF)})"
)
_OWN: Final = re.compile(rf"([1-9][0-9]{{0,5}})\s*({NAME})")
_TO_END: Final = re.compile(rf"to\s+end\s+of\s+(next\s+)?({'|'.join(MONTHS_OF)})")
_RANGE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.\.([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_HOURS: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\.\.([01][0-9]|2[0-4]):([0-5][0-9])")
MOST_DAYS: Final = 366
_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Limit:
    """A duration of whole units, as regulations state them: `3 working days`, `2 hours`. A week is seven days, a month
    ends on the same day of the later month (or on its last day); the others do not convert into one another."""

    count: int
    unit: LimitUnit

    def __str__(self) -> str:
        return f"{self.count} {self.unit.removesuffix('s') if self.count == 1 else self.unit}"


def parse_limit(text: object) -> Limit:
    """`3 working days`, `1 month`. Raises NotationError CR804."""
    if isinstance(text, Limit):
        return text
    said = str(text).strip()
    found = _LIMIT.fullmatch(said)
    if not found:
        raise NotationError("CR804", found=said[:60])
    word = " ".join(found.group(2).split()) + "s"
    unit = next(unit for unit in LIMIT_UNITS if unit == word)
    return Limit(int(found.group(1)), unit)


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A duration of whole units of the document's own (`calendar: units`): `4 urgent_hours`, `2 工作时`."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


def parse_own_limit(text: object) -> OwnLimit | None:
    """A whole number with a name behind it that is no built-in unit; None for anything else."""
    found = _OWN.fullmatch(str(text).strip())
    if not found or is_unit(found.group(2)):
        return None
    return OwnLimit(int(found.group(1)), found.group(2))


def is_unit(word: str) -> bool:
    """Whether a word is one of the built-in units, as it stands behind one or several: `hour`, `days`."""
    return word in LIMIT_UNITS or f"{word}s" in LIMIT_UNITS


def parse_any_limit(text: object) -> Limit | OwnLimit:
    """A limit in built-in units or in the document's own, known or not. Raises NotationError CR804."""
    if isinstance(text, OwnLimit):
        return text
    return parse_own_limit(text) or parse_limit(text)


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A day of the period in which the time starts, or of the `next` one. `day` None: its last day. `before` leaves the
    day itself out."""

    word: Literal["by", "before"]
    day: int | None
    following: bool
    period: str

    def __str__(self) -> str:
        day = "last day" if self.day is None else f"day {self.day}"
        return f"{self.word} {day} of {'next ' if self.following else ''}{self.period}"


def parse_fixed_day(text: object) -> FixedDay | None:
    """`by day 28 of month`, `before day 5 of next quarter`, `by last day of year`; None for anything else."""
    found = _FIXED.fullmatch(" ".join(str(text).split()))
    if not found:
        return None
    word: Literal["by", "before"] = "by" if found.group(1) == "by" else "before"
    day = int(found.group(2)) if found.group(2) else None
    return FixedDay(word, day, found.group(4) is not None, found.group(5))


@dataclass(frozen=True, slots=True)
class Days:
    """A day, or the days from one to another, both inside."""

    first: dt.date
    last: dt.date

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"

    def __iter__(self) -> Iterator[dt.date]:
        return (dt.date.fromordinal(n) for n in range(self.first.toordinal(), self.last.toordinal() + 1))


FOR_GOOD: Final = "for good"
LASTING: Final = frozenset({"working days", "days", "weeks", "months"})
"""Units in which something lasts, and within which it is to be carried out."""

Lasts = Limit | FixedDay | Literal["for good"]


def parse_lasts(text: object) -> Lasts:
    """`6 months`, `to end of next year` (the fixed day on which it ends) or `for good`. Raises NotationError CR914."""
    if isinstance(text, (Limit, FixedDay)):
        return text
    said = " ".join(str(text).split())
    if said == FOR_GOOD:
        return FOR_GOOD
    return _days(said, "CR914")


def parse_within(text: object) -> Limit | FixedDay:
    """`10 working days`, `to end of next month`: until when an act is to be carried out. Raises NotationError CR960."""
    return text if isinstance(text, (Limit, FixedDay)) else _days(" ".join(str(text).split()), "CR960")


def _days(said: str, wrong: str) -> Limit | FixedDay:
    """A time that ends with a day. Raises NotationError with the code for what is `wrong`."""
    found = _TO_END.fullmatch(said)
    if found:
        return FixedDay("by", None, found.group(1) is not None, found.group(2))
    try:
        limit = parse_limit(said)
    except NotationError:
        raise NotationError(wrong, found=said[:60]) from None
    if limit.unit not in LASTING:
        raise NotationError(wrong, found=said[:60])
    return limit


def said(lasts: Lasts) -> str:
    """How long something lasts or may take, as documents write it."""
    if isinstance(lasts, FixedDay):
        return f"to end of {'next ' if lasts.following else ''}{lasts.period}"
    return str(lasts)


def is_limit(text: str) -> bool:
    """Whether a text is a limit or a fixed day, and not an expression."""
    said = text.strip()
    return any(pattern.fullmatch(said) for pattern in (_LIMIT, _OWN)) or parse_fixed_day(text) is not None


def parse_days(text: object) -> Days:
    """`2027-02-06` or `2027-02-06..2027-02-12`. Raises NotationError CR805."""
    if isinstance(text, Days):
        return text
    found = _RANGE.fullmatch(str(text).strip())
    if found:
        try:
            first, last = (dt.date.fromisoformat(day) for day in (found.group(1), found.group(2) or found.group(1)))
        except ValueError:
            pass
        else:
            if 0 <= (last - first).days < MOST_DAYS:
                return Days(first, last)
    raise NotationError("CR805", found=str(text)[:60])


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day, from minute to minute of it; half-open, so that 12:00 is the end of the morning."""

    first: int
    until: int

    def __str__(self) -> str:
        return "..".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (self.first, self.until))


def parse_hours(text: object) -> Hours:
    """`09:00..12:00`, up to `24:00`. Raises NotationError CR806."""
    if isinstance(text, Hours):
        return text
    found = _HOURS.fullmatch(str(text).strip())
    if found:
        first, until = (int(found.group(n)) * 60 + int(found.group(n + 1)) for n in (1, 3))
        if first < until <= _DAY_MINUTES:
            return Hours(first, until)
    raise NotationError("CR806", found=str(text)[:60])
