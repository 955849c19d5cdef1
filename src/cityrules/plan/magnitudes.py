"""Whether the whole numbers behind a plan fit into 128 bits: expressions by lowering them, sums by their bounds."""

from __future__ import annotations

from fractions import Fraction

from cityrules.feel.tree import Literal_, Read
from cityrules.feel.types import Number
from cityrules.plan.bounds import MOST_BITS, bits_of, scaled
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import is_zero, lower, lower_number, lower_rounded, with_stand_in
from cityrules.plan.model import Bands, Expr, Formula, Quotient, Rank, Share, Weighted
from cityrules.plan.rational import has_decimals, sort_key
from cityrules.plan.reading import Node, expressions
from cityrules.plan.reporting import Address, Reporter


def check_sum(reporter: Reporter, path: Address, found: str, low: Fraction, high: Fraction, scale: int) -> bool:
    """Whether a sum between bounds fits as a whole number, with one bit more for its rounding; else complains."""
    if bits_of(scaled(low, scale), scaled(high, scale, up=True)) < MOST_BITS:
        return True
    reporter.refuse("CR499", path, found=found, limit=MOST_BITS)
    return False


def check_expressions(reporter: Reporter, node: Node) -> bool:
    """Whether every whole number behind the expressions of a node fits; complains about those that do not."""
    fits = True
    for expr in expressions(node):
        if isinstance(expr.tree, (Literal_, Read)):
            continue
        try:
            _lower(node, expr)
            for guard in expr.guards:
                is_zero(guard)
        except TooLargeError:
            reporter.report.add("CR499", expr.span, expr.path, found=expr.text, limit=MOST_BITS)
            fits = False
    return fits and (not isinstance(node, Weighted) or _elements(reporter, node))


def _elements(reporter: Reporter, node: Weighted) -> bool:
    """Whether what `inputs` tells of elements that are fractions fits; what they bring into the sum is part of that."""
    for value in (element.value for element in node.elements):
        if not isinstance(value.type, Number) or value.type.scale is not None:
            continue
        try:
            has_decimals(with_stand_in(lower_number(value.tree), node.instead))
        except TooLargeError:
            reporter.report.add("CR499", value.span, value.path, found=value.text, limit=MOST_BITS)
            return False
    return True


def _lower(node: Node, expr: Expr) -> None:
    if not isinstance(expr.type, Number) or expr.type.scale is not None:
        lower(expr.tree)
    elif isinstance(node, Formula) and node.round is not None:
        lower_rounded(expr.tree, node.round)
    else:
        value = lower_number(expr.tree)
        if isinstance(node, (Quotient, Bands)):
            has_decimals(value)
        elif isinstance(node, (Rank, Share)):
            value = with_stand_in(value, node.missing)
            has_decimals(value)
            sort_key(value)
