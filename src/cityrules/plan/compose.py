"""Expressions made of checked ones. The result keeps the text of both; nothing new can be wrong with it."""

from __future__ import annotations

from fractions import Fraction

from cityrules.feel.interval import Interval
from cityrules.feel.tree import Arithmetic, Literal_
from cityrules.feel.types import Number
from cityrules.plan.model import Expr
from cityrules.scheme.notation import plain_number, scale_of


def constant(value: Fraction, unit: str | None, text: str, path: str) -> Expr:
    """A number that the document states."""
    plain = value.numerator if value.denominator == 1 else value
    return Expr(text, path, Literal_(Number(scale_of(value), value, value, unit), 0, len(text), plain))


def product(one: Expr | None, share: Fraction, path: str) -> Expr:
    """`one` (1 where there is none) times a constant share."""
    other = constant(share, None, plain_number(share), path)
    if one is None:
        return other
    left, right = one.type, other.type
    assert isinstance(left, Number)
    assert isinstance(right, Number)
    span = Interval.of(left) * Interval.of(right)
    scale = None if left.scale is None else left.scale + (right.scale or 0)
    type_ = Number(scale, span.low, span.high, left.unit, left.optional)
    tree = Arithmetic(type_, one.tree.start, one.tree.end, "*", one.tree, other.tree)
    return Expr(f"({one.text}) * {other.text}", path, tree, one.guards, one.span)
