"""Typed trees put together by the forms that are short for an expression: sums of products, choices, extremes.

The parts are checked expressions already; where they do not go together, the refusal is handed to the form.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cityrules.feel.functions import FUNCTIONS
from cityrules.feel.interval import Interval
from cityrules.feel.kinds import Refusal, join, literal_number
from cityrules.feel.operators import arithmetic, quotient
from cityrules.feel.tree import Arithmetic, Call, Compare, Comparison, If, IsMissing, Literal_, Operator, Tree
from cityrules.feel.types import Flag, Null, Number, Type, as_optional
from cityrules.feel.walk import constant


class Unfit(Exception):
    """Two parts that do not go together: why, and the part that is at odds."""

    def __init__(self, refusal: Refusal, at: Tree) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.at = at


def number(value: Fraction | int, unit: str | None = None) -> Literal_:
    """A literal number."""
    exact = Fraction(value)
    type_ = replace(literal_number(exact), unit=unit)
    return Literal_(type_, 0, 0, exact.numerator if exact.denominator == 1 else exact)


def nothing() -> Literal_:
    """The literal null."""
    return Literal_(Null(), 0, 0, None)


def combined(op: Operator, left: Tree, right: Tree) -> Tree:
    """`left op right` for `+ - *`. Raises Unfit."""
    type_ = _fit(arithmetic(op, left.type, right.type, (constant(left), constant(right))), right)
    return Arithmetic(type_, left.start, left.end, op, left, right)


def over(left: Tree, right: Tree) -> Tree:
    """`left / right`, where the divisor is positive or guarded. Raises Unfit."""
    assert isinstance(right.type, Number)
    least = Fraction(1, 10 ** (right.type.scale or 0))
    type_ = _fit(quotient(left.type, right.type, Interval(least, right.type.high)), right)
    return Arithmetic(type_, left.start, left.end, "/", left, right)


def extreme(name: str, left: Tree, right: Tree) -> Tree:
    """`min(left, right)` or `max(left, right)`. Raises Unfit."""
    return Call(_fit(FUNCTIONS[name].type((left, right)), right), left.start, left.end, name, (left, right))


def compared(op: Comparison, left: Tree, right: Tree) -> Tree:
    """`left op right`, unknown where one of them is missing."""
    return Compare(Flag(left.type.optional or right.type.optional), left.start, left.end, op, left, right, False)


def chosen(condition: Tree, then: Tree, otherwise: Tree) -> Tree:
    """`if condition then .. else ..`; missing where the condition is unknown. Raises Unfit."""
    type_ = _fit(join(then.type, otherwise.type, (constant(then), constant(otherwise))), then)
    type_ = as_optional(type_, type_.optional or condition.type.optional)
    return If(type_, then.start, then.end, condition, then, otherwise)


def default(value: Tree, instead: Tree) -> Tree:
    """`default(value, instead)`. Raises Unfit."""
    type_ = _fit(join(value.type, instead.type, (constant(value), constant(instead))), instead)
    optional = value.type.optional and instead.type.optional
    return Call(as_optional(type_, optional), value.start, value.end, "default", (value, instead))


def is_missing(value: Tree) -> Tree:
    """`value = null`."""
    return IsMissing(Flag(), value.start, value.end, value, False)


def _fit(found: Type | Refusal, at: Tree) -> Type:
    if isinstance(found, Refusal):
        raise Unfit(found, at)
    return found
