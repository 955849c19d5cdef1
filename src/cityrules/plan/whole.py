"""What the operations of `plan.code` do to values that are there: exact arithmetic of whole numbers and days.

Generated Python calls these where a line of its own would not do; the folding of constants does too.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import Final

from cityrules.plan.bounds import EPOCH
from cityrules.plan.code import Part, Relation
from cityrules.scheme.notation import RoundingMode

_EPOCH_ORDINAL: Final = EPOCH.toordinal()


def divided(n: int, d: int, mode: RoundingMode) -> int:
    """`n / d` for d > 0 rounded to a whole number by a named rounding. Exact."""
    if mode == "floor":
        return n // d
    if mode == "ceiling":
        return -(-n // d)
    size = abs(n)
    whole, rest = divmod(size, d)
    match mode:
        case "half up":
            more = 2 * rest >= d
        case "half down":
            more = 2 * rest > d
        case "half even":
            more = 2 * rest > d or (2 * rest == d and whole % 2 == 1)
        case "up":
            more = rest > 0
        case "down":
            more = False
    return (whole + more) * (-1 if n < 0 else 1)


def related(op: Relation, left: int | str | bool | None, right: int | str | bool | None) -> bool:
    """The relation between two values of one sort that are there. Texts compare by code points."""
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
    low, high = (left, right) if op in ("<", "<=") else (right, left)
    strict = op in ("<", ">")
    if isinstance(low, str) and isinstance(high, str):
        return low < high if strict else low <= high
    if isinstance(low, str) or isinstance(high, str) or low is None or high is None:
        raise TypeError(op)
    return low < high if strict else low <= high


def part_of(part: Part, day: int) -> int:
    """A part of a day counted from 1970-01-01; the day must lie in the years 1 to 9999."""
    date = dt.date.fromordinal(day + _EPOCH_ORDINAL)
    match part:
        case "year":
            return date.year
        case "month":
            return date.month
        case "day":
            return date.day
        case "weekday":
            return date.isoweekday()


def add_months(day: int, months: int) -> int | None:
    """A day some months on, clipped to the last day of a shorter month; None outside the years 1 to 9999."""
    date = dt.date.fromordinal(day + _EPOCH_ORDINAL)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    last = monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(date.day, last)).toordinal() - _EPOCH_ORDINAL
