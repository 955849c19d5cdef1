"""How far a value lies from the bound that it is held against, and what brings it there. Runs nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from cityrules.feel.tree import Months, Value
from cityrules.testing.coverage.distance import last_digit
from cityrules.testing.coverage.parts import Sort

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much a value is more than its bound (of days in days, of moments in hours), and the least step there is
    beside the bound."""

    more: Fraction
    step: Fraction

    def to(self, side: Sort) -> Fraction:
        """By how much the value has to be more to lie at the bound, or just beside it."""
        wanted = {"below": -self.step, "above": self.step}.get(side, Fraction(0))
        return wanted - self.more


def gap(value: Value, bound: Value, near: Fraction | None) -> Gap | None:
    """How far a value lies from a bound; None where they are not of a kind. `near`: how far the
    values are apart that it can have."""
    match value, bound:
        case (bool(), _) | (_, bool()):
            return None
        case dt.datetime(), dt.datetime():
            return Gap(Fraction(round((value - bound).total_seconds()), _HOUR), Fraction(1))
        case dt.datetime(), _:
            return None
        case dt.date(), dt.date() if not isinstance(bound, dt.datetime):
            return Gap(Fraction((value - bound).days), Fraction(1))
        case dt.timedelta(), dt.timedelta():
            return Gap(Fraction(round((value - bound).total_seconds()), _HOUR), Fraction(1))
        case Months(), Months():
            return Gap(Fraction(value.count - bound.count), Fraction(1))
        case ((int() | Fraction()), (int() | Fraction())):
            return Gap(Fraction(value) - bound, near or last_digit(Fraction(bound)))
    return None


def bound_of(mark: str, side: Sort) -> str | None:
    """What stands for the bound in the mark of one of its sides."""
    for word in ("just ", "at "):
        if mark.startswith(word) and mark.endswith(f" {side}"):
            return mark[len(word) : -len(side) - 1]
    return None
