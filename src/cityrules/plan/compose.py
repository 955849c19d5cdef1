"""Expressions made of checked ones. The result keeps the text of both; nothing new can be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cityrules.feel.interval import Interval
from cityrules.feel.tree import Arithmetic, Literal_, Logic, Not
from cityrules.feel.types import Flag, Number
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


def all_of(conditions: Sequence[Expr]) -> Expr | None:
    """The conjunction of conditions; None of none."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    trees = tuple(one.tree for one in conditions)
    tree = Logic(Flag(any(tree.type.optional for tree in trees)), trees[0].start, trees[-1].end, "and", trees)
    text = " and ".join(f"({one.text})" for one in conditions)
    return Expr(text, conditions[-1].path, tree, (), conditions[-1].span)


def negation(condition: Expr) -> Expr:
    """The opposite of a condition."""
    tree = Not(Flag(condition.type.optional), condition.tree.start, condition.tree.end, condition.tree)
    return Expr(f"not({condition.text})", condition.path, tree, (), condition.span)


def difference(one: Expr, other: Expr) -> Expr:
    """`one - other`, neither of which is missing."""
    left, right = one.type, other.type
    assert isinstance(left, Number)
    assert isinstance(right, Number)
    span = Interval.of(left) - Interval.of(right)
    type_ = Number(max(left.scale or 0, right.scale or 0), span.low, span.high, left.unit or right.unit)
    tree = Arithmetic(type_, one.tree.start, one.tree.end, "-", one.tree, other.tree)
    return Expr(f"({one.text}) - {other.text}", one.path, tree, (), one.span)
