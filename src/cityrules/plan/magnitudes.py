"""Whether the whole numbers behind a plan fit into 128 bits: expressions by lowering them, sums by their bounds."""

from __future__ import annotations

from fractions import Fraction

from cityrules.feel.tree import Literal_, Read
from cityrules.feel.types import Number
from cityrules.plan.bounds import MOST_BITS, bits_of, scaled
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import is_zero, lower, lower_number, lower_rounded
from cityrules.plan.model import Expr, Formula
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
    return fits


def _lower(node: Node, expr: Expr) -> None:
    if not isinstance(expr.type, Number) or expr.type.scale is not None:
        lower(expr.tree)
    elif isinstance(node, Formula) and node.round is not None:
        lower_rounded(expr.tree, node.round)
    else:
        lower_number(expr.tree)
