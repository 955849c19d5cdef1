"""Rates and weights: numerals (`5%` is 0.05) or parameters, as trees without a unit, and their values in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from cityrules.feel.tree import Arithmetic, Literal_, Tree
from cityrules.feel.types import Number
from cityrules.plan.context import Context
from cityrules.plan.drafts import Draft
from cityrules.plan.meanings import place
from cityrules.plan.model import Expr
from cityrules.plan.parts import read_part
from cityrules.plan.reporting import Address, listed
from cityrules.plan.trees import number
from cityrules.scheme.notation import NotationError, parse_numeral

PERCENT = "%"
HUNDREDTH = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Amount:
    """`expr`: as written, for explanations; `tree`: the factor. `line`: its values by the day from which each holds,
    none where the text leaves it open."""

    expr: Expr
    tree: Tree
    line: tuple[tuple[dt.date, Fraction], ...]

    def on(self, day: dt.date) -> Fraction:
        """The factor on a day."""
        return next((value for since, value in reversed(self.line) if since <= day), self.line[0][1])


def amount(context: Context, draft: Draft, path: Address, text: str) -> Amount | None:
    """The rate or weight at a path; complains about what is neither a numeral nor a parameter, or has a unit."""
    try:
        numeral = parse_numeral(text)
    except NotationError:
        return _parameter(context, draft, path, text)
    if numeral.unit not in (None, PERCENT):
        context.reporter.refuse("CR846", path, found=text, expected=_known(context))
        return None
    value = numeral.value * (HUNDREDTH if numeral.unit else 1)
    tree = number(value)
    at = context.reporter.loaded.locate(path)
    return Amount(Expr(text, ".".join(path), tree, (), None if at is None else at.span), tree, ((dt.date.min, value),))


def _parameter(context: Context, draft: Draft, path: Address, text: str) -> Amount | None:
    parameter = context.ground.parameters.get(text)
    if parameter is None or not isinstance(parameter.type, Number):
        context.reporter.refuse_name("CR846", path, text, _factors(context))
        return None
    if parameter.type.unit not in (None, PERCENT):
        context.reporter.refuse("CR846", path, found=f"{text}: {parameter.type.unit}", expected=_known(context))
        return None
    part = read_part(context.reporter, path, text, place(context.ground, draft.grain))
    checked = context.number(part)
    if checked is None:
        return None
    factor = HUNDREDTH if parameter.type.unit else Fraction(1)
    line = tuple((day, value * factor) for day, value in parameter.values if isinstance(value, Fraction))
    return Amount(context.expr(part, checked), _plain(checked.tree), line)


def _factors(context: Context) -> list[str]:
    """The parameters that can be a rate or a weight."""
    parameters = context.ground.parameters.items()
    return [name for name, one in parameters if isinstance(one.type, Number) and one.type.unit in (None, PERCENT)]


def _known(context: Context) -> str:
    return listed(_factors(context))


def _plain(tree: Tree) -> Tree:
    """A percentage as a fraction of one."""
    type_ = tree.type
    assert isinstance(type_, Number)
    if type_.unit is None:
        return tree
    low, high = (None if end is None else end * HUNDREDTH for end in (type_.low, type_.high))
    scaled = replace(type_, scale=(type_.scale or 0) + 2, low=low, high=high, unit=None)
    hundredth = number(HUNDREDTH)
    assert isinstance(hundredth, Literal_)
    return Arithmetic(scaled, tree.start, tree.end, "*", tree, hundredth)
