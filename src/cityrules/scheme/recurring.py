"""How a duty comes again: a kind of period, or a rule of dates as RFC 5545 writes them. Knows no calendar.

Of these rules only what always comes again, and says by itself on which days, is taken: no rule that skips a month
without a 31st, none whose days hang on the day from which it is asked. Parsers raise `NotationError`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from typing import Final, NoReturn, TypeVar

from cityrules.calendar.recurrence import WEEKDAYS, Frequency, Recurrence
from cityrules.scheme.durations import Limit, parse_limit
from cityrules.scheme.notation import NAME, NotationError

_PARTS: Final = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS")
_FREQUENCIES: Final[Mapping[str, Frequency]] = {"WEEKLY": "WEEKLY", "MONTHLY": "MONTHLY", "YEARLY": "YEARLY"}
_WHOLE: Final = re.compile(r"-?[1-9][0-9]?")
_DAY: Final = re.compile(rf"(-?[1-9])?({'|'.join(WEEKDAYS)})")
_LONGEST: Final = 300
_MOST_WEEKS: Final = 52
_FEWEST: Final = 4
"""Every weekday comes at least so often in a month."""

UNTIL_THE_NEXT: Final = "until the next"

_T = TypeVar("_T")


def parse_recurring(text: object) -> str | Recurrence:
    """The name of a kind of period, or a rule such as `FREQ=MONTHLY;BYDAY=2TU`. Raises NotationError CR920."""
    if isinstance(text, Recurrence):
        return text
    said = str(text).strip()
    if "=" not in said:
        if re.fullmatch(NAME, said):
            return said
        _fail(said, "no_rule")
    if len(said) > _LONGEST:
        _fail(said, "too_long")
    parts: dict[str, str] = {}
    for piece in said.split(";"):
        name, _, value = piece.partition("=")
        if name not in _PARTS or name in parts:
            _fail(said, "part_unknown" if name not in _PARTS else "part_twice")
        parts[name] = value
    return _Rule(said, parts).read()


def parse_within(text: object) -> Limit | str:
    """`1 day`, `5 working days`, `until the next`. Raises NotationError CR921."""
    if isinstance(text, Limit) or text == UNTIL_THE_NEXT:
        return text if isinstance(text, Limit) else UNTIL_THE_NEXT
    said = " ".join(str(text).split())
    if said == UNTIL_THE_NEXT:
        return said
    try:
        limit = parse_limit(said)
    except NotationError:
        raise NotationError("CR921", found=said[:60]) from None
    if limit.unit not in ("days", "working days", "weeks"):
        raise NotationError("CR921", found=said[:60])
    return limit


def _fail(said: str, why: str) -> NoReturn:
    raise NotationError("CR920", found=said[:60], why_type=why)


class _Rule:
    """One rule by its parts."""

    def __init__(self, said: str, parts: Mapping[str, str]) -> None:
        self.said = said
        self.parts = parts

    def read(self) -> Recurrence:
        frequency = _FREQUENCIES.get(self.parts.get("FREQ", ""))
        if frequency is None:
            self.fail("frequency")
        found = Recurrence(
            frequency,
            self.interval(),
            self.listed("BYDAY", self.day),
            self.listed("BYMONTHDAY", lambda one: self.whole(one, 31)),
            tuple(sorted(self.listed("BYMONTH", lambda one: self.whole(one, 12, least=1)))),
            self.listed("BYSETPOS", lambda one: self.whole(one, 28)),
        )
        self.judge(found)
        return found

    def fail(self, why: str) -> NoReturn:
        _fail(self.said, why)

    def interval(self) -> int:
        return self.whole(self.parts.get("INTERVAL", "1"), _MOST_WEEKS, least=1)

    def listed(self, part: str, read: Callable[[str], _T]) -> tuple[_T, ...]:
        if part not in self.parts:
            return ()
        found = [read(one) for one in self.parts[part].split(",")]
        if len(set(found)) < len(found):
            self.fail("value_twice")
        return tuple(found)

    def whole(self, text: str, most: int, least: int = -31) -> int:
        """A whole number that is not 0."""
        if not _WHOLE.fullmatch(text) or not max(least, -most) <= int(text) <= most:
            self.fail("no_value")
        return int(text)

    def day(self, text: str) -> tuple[int, int]:
        found = _DAY.fullmatch(text)
        if not found:
            self.fail("no_value")
        return WEEKDAYS.index(found.group(2)), int(found.group(1) or 0)

    def judge(self, rule: Recurrence) -> None:
        """Complain where a rule does not say its days, or skips some of the times at which one would expect it."""
        numbered = [place for _, place in rule.weekdays if place]
        if rule.frequency == "WEEKLY":
            if not rule.weekdays or numbered or rule.month_days or rule.places:
                self.fail("weekly")
            if rule.interval > 1 and rule.months:
                self.fail("weeks_apart")
            return
        if rule.interval > 1:
            self.fail("interval")
        if rule.frequency == "YEARLY" and (not rule.months or rule.places):
            self.fail("yearly")
        if bool(rule.month_days) == bool(rule.weekdays):
            self.fail("monthly")
        shortest = min(calendar.monthrange(2001, month)[1] for month in rule.months or (2,))
        if any(abs(day) > shortest for day in rule.month_days):
            self.fail("skipped_day")
        if rule.weekdays and not rule.places and (len(numbered) < len(rule.weekdays)):
            self.fail("every_weekday")
        if any(abs(place) > _FEWEST for place in numbered):
            self.fail("skipped_weekday")
        if rule.places and (numbered or not rule.weekdays):
            self.fail("monthly")
        if any(abs(place) > _FEWEST * len(rule.weekdays) for place in rule.places):
            self.fail("skipped_weekday")
