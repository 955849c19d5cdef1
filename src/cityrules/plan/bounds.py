"""How large the whole numbers behind exact numbers can grow: intervals and bits. Knows types, no expressions."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import Final

from cityrules.feel.types import Date, DateTime, Duration, Flag, Number, Text, Type

MOST_SCALED: Final = 10**15 - 1
"""The limit of a number without a stated range, as a whole number of its smallest unit (15 digits)."""

MOST_BITS: Final = 126
"""Sign included. Beyond it an expression is refused: two more bits are left to a 128-bit type for roundings."""

EPOCH: Final = dt.date(1970, 1, 1)
FIRST_DAY: Final = (dt.date.min - EPOCH).days
LAST_DAY: Final = (dt.date.max - EPOCH).days
MOST_SECONDS: Final = 86_400 * 366 * 10_000
MOST_MONTHS: Final = 12 * 10_000


def bits_of(low: int, high: int) -> int:
    """Bits of a two's complement integer that holds everything from `low` to `high`, sign included."""
    return max(low.bit_length(), high.bit_length()) + 1


def scaled(value: Fraction | int, scale: int, *, up: bool = False) -> int:
    """`value` in units of 10^-scale, rounded down, or up."""
    exact: Fraction = Fraction(value) * 10**scale
    return math.ceil(exact) if up else math.floor(exact)


def interval(type_: Type) -> tuple[int, int]:
    """The least and greatest whole number that stands for a value of this type.

    Numbers in units of 10^-scale (an unrounded quotient counts as whole), dates as days and date-times as seconds
    since 1970-01-01, durations as seconds or months. Types that are not counted give (0, 0).
    """
    match type_:
        case Number(scale=scale, low=low, high=high):
            digits = scale or 0
            least = scaled(low, digits) if low is not None else -MOST_SCALED
            most = scaled(high, digits, up=True) if high is not None else MOST_SCALED
            return min(least, most), max(least, most)
        case Date():
            return FIRST_DAY, LAST_DAY
        case DateTime():
            return FIRST_DAY * 86_400, LAST_DAY * 86_400 + 86_399
        case Duration(of="days"):
            return -MOST_SECONDS, MOST_SECONDS
        case Duration():
            return -MOST_MONTHS, MOST_MONTHS
        case _:
            return 0, 0


def holds(type_: Type, value: object) -> bool:
    """Whether a value is one that a type allows. Whatever reads a name relies on the bounds of its type."""
    match type_:
        case _ if value is None:
            return type_.optional
        case Number(scale=scale):
            low, high = interval(type_)
            exact = isinstance(value, (int, Fraction)) and not isinstance(value, bool)
            return exact and low <= value * 10 ** (scale or 0) <= high
        case Flag():
            return isinstance(value, bool)
        case Text(labels=labels):
            return isinstance(value, str) and (labels is None or value in labels)
        case _:
            return True


def fits(type_: Type, value: object) -> bool:
    """Whether a value is one that a type allows, digits included."""
    scale = type_.scale if isinstance(type_, Number) else None
    if scale is not None and isinstance(value, (int, Fraction)) and (value * 10**scale).denominator != 1:
        return False
    return holds(type_, value)


def bits(type_: Type) -> int:
    """Bits of the whole number behind a value of this type, sign included; 1 for texts and flags."""
    return bits_of(*interval(type_))
