"""What a ledger that goes on from the period before starts from: its own closing value, 0 at first. Knows no rules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from cityrules.feel.check import Checked
from cityrules.feel.tree import Call, Literal_, Read
from cityrules.feel.types import Number, as_optional
from cityrules.plan.drafts import CARRIED, Draft
from cityrules.plan.names import Measured

MOST_PERIODS: Final = 366 * 9999
"""The periods of one kind that a calendar has, days."""


def nothing_yet(unit: str | None) -> Checked:
    """A start from nothing, before it is known how far the ledger can come."""
    return Checked(Literal_(Number(0, Fraction(0), Fraction(0), unit), 0, len(CARRIED), 0))


def closing_before(
    draft: Draft,
    scale: int,
    moved: tuple[Fraction, Fraction],
    floor: Fraction | None,
    ceiling: Fraction | None,
    unit: str | None,
) -> Checked:
    """The value of the period before, between floor and ceiling, or else within what all periods can move."""
    low = min(moved[0] * MOST_PERIODS, Fraction(0)) if floor is None else min(floor, Fraction(0))
    high = max(moved[1] * MOST_PERIODS, Fraction(0)) if ceiling is None else max(ceiling, Fraction(0))
    type_ = Number(scale, min(low, high), max(low, high), unit)
    before = Measured(as_optional(type_), draft.name, "cell", "period")
    read = Read(before.type, 0, len(CARRIED), CARRIED, before)
    zero = Literal_(replace(type_, scale=0, low=Fraction(0), high=Fraction(0)), 0, 0, 0)
    return Checked(Call(type_, 0, len(CARRIED), "default", (read, zero)))
