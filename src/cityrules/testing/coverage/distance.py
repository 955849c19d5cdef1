"""How a value lies beside a bound, and what is just beside it. Knows values and types; no plan."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Months, Value
from cityrules.testing.coverage.parts import Sort

HOUR: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)


def side(value: Value, bound: Value) -> Sort | None:
    """Where a value lies beside a bound; None where they cannot be ordered."""
    if value is None or bound is None or isinstance(value, (bool, Months)) or isinstance(bound, (bool, Months)):
        if isinstance(value, Months) and isinstance(bound, Months):
            return side(value.count, bound.count)
        return None
    if isinstance(value, dt.date) and isinstance(bound, dt.date) and type(value) is not type(bound):
        return None
    return "equal" if value == bound else "below" if value < bound else "above"  # type: ignore[operator]


def beside(value: Value, bound: Value, near: Fraction | None = None) -> bool:
    """Whether a value lies just beside a bound: no farther than one in its last digit, or in the last that the value
    can have (`near`); of dates one day, of moments one hour, of months one."""
    match value, bound:
        case dt.datetime(), dt.datetime():
            return abs(value - bound) <= HOUR
        case dt.date(), dt.date():
            return abs(value - bound) <= DAY
        case dt.timedelta(), dt.timedelta():
            return abs(value - bound) <= (HOUR if bound % DAY else DAY)
        case Months(), Months():
            return abs(value.count - bound.count) <= 1
        case ((int() | Fraction()), (int() | Fraction())):
            return abs(Fraction(value) - bound) <= max(last_digit(Fraction(bound)), near or Fraction(0))
    return False


def last_digit(number: Fraction) -> Fraction:
    """One in the last digit of a number; of one without a last digit, 1."""
    digit, rest = Fraction(1), number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return digit
    while (number / digit).denominator != 1:
        digit /= 10
    return digit
