"""The small notations of what a text declares: ranges and shares. Knows no section and no check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Final

from cityrules.scheme.durations import FixedDay, Limit, parse_fixed_day, parse_limit
from cityrules.scheme.notation import NotationError, Numeral, parse_numeral
from cityrules.scheme.texts import Reader, as_text

RANGE: Final = "L94"
SHARE: Final = "L95"
LIMIT: Final = "L97"
WHOLE: Final = "L98"
UNSTATED: Final = "unstated"
LONGEST_MONTH: Final = 31

_NUMBER: Final = r"-?[0-9]+(?:\.[0-9]+)?"
_RANGE: Final = re.compile(rf"([\[(])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])])")
_SIDE: Final = re.compile(rf"(<=|<|>=|>)\s*({_NUMBER})")
_BOUND: Final = re.compile(r"(<=|<|>=|>)\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high` (None: without end), each end inside or not."""

    low: Fraction | None
    low_in: bool
    high: Fraction | None
    high_in: bool
    written: str

    def __str__(self) -> str:
        return self.written

    @property
    def begin(self) -> tuple[int, Fraction, int]:
        """Where it begins, for comparison: just behind a number that is not inside."""
        return (-1, Fraction(0), 0) if self.low is None else (0, self.low, 0 if self.low_in else 1)

    @property
    def end(self) -> tuple[int, Fraction, int]:
        """What comes right behind it."""
        return (1, Fraction(0), 0) if self.high is None else (0, self.high, 1 if self.high_in else 0)


@dataclass(frozen=True, slots=True)
class Share:
    """A weight as a text gives it: a number, a bound (`sign` and number), or nothing (`value` None)."""

    value: Fraction | None
    sign: str
    written: str

    def __str__(self) -> str:
        return self.written


def parse_range(given: object) -> Range:
    """A range in the notation of FEEL: `[80..90)`, `>= 90`, `< 70`. Raises NotationError L94."""
    if isinstance(given, Range):
        return given
    text = as_text(given).strip()
    if side := _SIDE.fullmatch(text):
        sign, number = side[1], Fraction(side[2])
        closed = "=" in sign
        above = sign[0] == ">"
        return Range(number if above else None, above and closed, None if above else number, not above and closed, text)
    found = _RANGE.fullmatch(text)
    if (
        found is None
        or Fraction(found[2]) > Fraction(found[3])
        or (found[2] == found[3] and found[1] + found[4] != "[]")
    ):
        raise NotationError(RANGE, found=text[:60])
    return Range(Fraction(found[2]), found[1] == "[", Fraction(found[3]), found[4] == "]", text)


def parse_share(given: object) -> Share:
    """A weight: `26`, `60%`, `>= 50%` or `unstated`; a percentage is a fraction of one. Raises NotationError L95."""
    if isinstance(given, Share):
        return given
    text = str(given).strip() if isinstance(given, Numeral) else as_text(given).strip()
    if text == UNSTATED:
        return Share(None, "", text)
    bound = _BOUND.fullmatch(text)
    try:
        return Share(amount(parse_numeral(bound[2] if bound else text)), bound[1] if bound else "", text)
    except NotationError:
        raise NotationError(SHARE, found=text[:60]) from None


def parse_stated_limit(given: object) -> Limit | FixedDay | str:
    """A limit (`3 working days`), a fixed day (`by day 28 of month`) or `unstated`. Raises NotationError L97."""
    if isinstance(given, (Limit, FixedDay)):
        return given
    text = " ".join(as_text(given).split())
    if text == UNSTATED:
        return text
    try:
        return parse_fixed_day(text) or parse_limit(text)
    except NotationError:
        raise NotationError(LIMIT, found=text[:60]) from None


def parse_whole(given: object) -> Numeral:
    """A whole number from 0 up. Raises NotationError CR314, CR315, L98."""
    found = parse_numeral(given)
    if found.value < 0 or found.value.denominator != 1:
        raise NotationError(WHOLE, found=str(found)[:60])
    return found


def parse_last_day(given: object) -> Numeral:
    """A day with which months may close, from 1 to 31. Raises NotationError CR314, CR315, L98."""
    found = parse_whole(given)
    if not 1 <= found.value <= LONGEST_MONTH:
        raise NotationError(WHOLE, found=str(found)[:60])
    return found


def spoken(policy: str) -> str:
    """What a text says, for a sentence; where it says nothing, the term for that."""
    return "lint_unstated" if policy == UNSTATED else policy


def amount(numeral: Numeral) -> Fraction:
    """A number with its percent sign counted in; of other units only the number."""
    return numeral.value / 100 if numeral.unit == "%" else numeral.value


_TEXT: Final[Mapping[str, Any]] = {"type": ["string", "number"]}

WholeText = Annotated[Numeral, Reader(parse_whole, {**_TEXT, "description": "A whole number, such as `7`."}, "")]
LastDayText = Annotated[
    Numeral, Reader(parse_last_day, {**_TEXT, "description": "The last day of a month that counts: 1 to 31."}, "")
]
RangeText = Annotated[
    Range, Reader(parse_range, {"type": "string", "description": "A range: `[80..90)`, `>= 90`, `< 70`."}, "")
]
ShareText = Annotated[
    Share, Reader(parse_share, {**_TEXT, "description": "A weight: `26`, `60%`, `>= 50%` or `unstated`."}, "stated")
]
StatedLimitText = Annotated[
    Limit | FixedDay | str,
    Reader(
        parse_stated_limit,
        {"type": "string", "description": "`3 working days`, `by day 28 of month` or `unstated`."},
        "stated_limit",
    ),
]
Policy = Annotated[
    str,
    Reader(as_text, {"type": ["string", "number", "boolean"], "description": "What the text says, or `unstated`."},
           "stated"),
]  # fmt: skip
