"""The type of a number after rounding, and which rounding a measure takes: its own, or the document's to divide."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from cityrules.feel.types import Number, Type
from cityrules.plan.context import Context
from cityrules.plan.reporting import Address
from cityrules.scheme.notation import EXACT, Exact, Rounding, plain_number


def choose_rounding(
    context: Context, path: Address, own: Rounding | Exact | None, type_: Type, divides: bool, *, exact: bool = False
) -> Rounding | None:
    """The rounding of a measure with a value of `type_`; complains where one is needed and none stated, or the reverse.

    The document's default is for what divides. A value that does not is rounded only by its own `round`. `exact`: what
    divides may stay a fraction, and then has no rounding.
    """
    if own == EXACT:
        if exact and not divides:
            context.reporter.refuse("CR462", (*path, "round"), found=own)
        elif not exact:
            context.reporter.refuse("CR974", (*path, "round"), found=own)
        return None
    if not isinstance(type_, Number):
        if own is not None:
            context.reporter.refuse("CR462", (*path, "round"), found=own)
        return None
    if own is None and divides:
        if context.rounding is None:
            context.reporter.refuse("CR461", path, name=path[-1])
        return context.rounding
    return own


def check_digits(context: Context, path: Address, value: object, rounding: Rounding | None) -> None:
    """Complain about a value that stands in for a rounded one and has more digits than the rounding leaves."""
    if rounding is None or isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return
    if (Fraction(value) * 10**rounding.digits).denominator != 1:
        context.reporter.refuse("CR458", path, found=plain_number(value), rounding=rounding)


def rounded(type_: Number, rounding: Rounding | None, *, exact: bool = False) -> Number:
    """The type after rounding; none where it stays `exact`. An unrounded quotient whose rounding is missing is taken as
    rounded to two places."""
    if exact:
        return type_
    if rounding is None:
        return type_ if type_.scale is not None else rounded(type_, Rounding("half up", 2))
    unit = Fraction(1, 10**rounding.digits)
    low = None if type_.low is None else math.floor(type_.low / unit) * unit
    high = None if type_.high is None else math.ceil(type_.high / unit) * unit
    return replace(type_, scale=rounding.digits, low=low, high=high)
