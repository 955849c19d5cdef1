"""What holds between two measures of one cell by what they are: a count of some is at most the count of all, and there
are at most as many different values as there are values. Knows plans; proves and runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from cityrules.feel.tree import Read, Tree
from cityrules.feel.walk import nodes
from cityrules.plan.model import Axis, Expr, Fold, KindAxis, RecordAxis
from cityrules.plan.names import Measured
from cityrules.plan.reading import bindings
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import parts_of
from cityrules.solve.asking import HIT, MISSED, TRUE, Asking, Wanted
from cityrules.solve.conditions import compared
from cityrules.solve.meeting import any_way


def known_of(asking: Asking, trees: Sequence[Tree]) -> Iterator[Wanted]:
    """What is known of the measures that some expressions of one place read, where they have values."""
    read = {node.binding: node for tree in trees for node in nodes(tree) if isinstance(node, Read)}
    for few, many in permutations(read.values(), 2):
        one, other = few.binding, many.binding
        if not (isinstance(one, Measured) and isinstance(other, Measured)):
            continue
        if (one.side, one.back, one.through) == (other.side, "", None) == (other.side, other.back, other.through):
            small, large = asking.plan.measures[one.measure], asking.plan.measures[other.measure]
            if isinstance(small, Fold) and isinstance(large, Fold) and _at_most(asking, small, large):
                yield compared("<=", few, many), HIT


def _at_most(asking: Asking, few: Fold, many: Fold) -> bool:
    """Whether one fold counts only what the other counts, each time once at most."""
    if few.op not in ("count", "distinct") or many.op != "count":
        return False
    if few.of_record or many.of_record or few.window is not None or many.window is not None:
        return False
    if few.among or many.among or few.grain.period != many.grain.period:
        return False
    alike = few.grain == many.grain and few.axis == many.axis
    if not (alike or (many.grain.kind == WHOLE and _of_all(few, many))):
        return False
    if many.where is None or few.where is None:
        return many.where is None
    return (alike or _one_way(asking, few.axis, few.where)) and _narrower(asking, few.where, many.where, alike)


def _of_all(few: Fold, many: Fold) -> bool:
    """Whether the second runs over all there is of what the first runs over."""
    match few.axis, many.axis:
        case RecordAxis() as one, RecordAxis(route=None) as all_:
            return (one.record, one.placed, one.follows) == (all_.record, all_.placed, all_.follows)
        case KindAxis(itself=None) as one, KindAxis(itself=None) as all_:
            # Of pairs with the cell's own target there is one for each of the others.
            pair = parts_of(one.kind) == (few.grain.kind, all_.kind) and one.part == 1
            return pair or (one.kind, one.part) == (all_.kind, all_.part)
        case _:
            return False


def _one_way(asking: Asking, axis: Axis, where: Expr) -> bool:
    """Whether what a condition reads of an element is the same where nothing says by which field it is reached."""
    if not isinstance(axis, RecordAxis):
        return True
    usual = axis.route in asking.plan.record(axis.record).routes.values()
    return usual or any_way(asking.plan, axis, bindings(where))


def _narrower(asking: Asking, few: Expr, many: Expr, of_cell: bool) -> bool:
    """Whether the second condition holds wherever the first does. It reads nothing else, which an element could be
    without; `of_cell`: what both read of the cell is of the same one."""
    names = set(bindings(many))
    if not names <= set(bindings(few)) or not (
        of_cell or all(getattr(name, "side", "") == "element" for name in names)
    ):
        return False
    return asking.ask([(few.tree, TRUE), (many.tree, MISSED)]).never
