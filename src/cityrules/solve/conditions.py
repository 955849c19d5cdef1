"""Conditions put together, and taken apart, from typed trees; which rules somebody has written."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.feel.tree import Compare, Comparison, Literal_, Logic, Tree
from cityrules.feel.types import Flag
from cityrules.plan.items import ABSENT
from cityrules.plan.model import Ledger, Rule


def compared(op: Comparison, left: Tree, right: Tree) -> Tree:
    """A comparison of two values; unknown where one of them is missing."""
    return Compare(Flag(left.type.optional or right.type.optional), left.start, left.end, op, left, right, False)


def conjuncts(tree: Tree) -> tuple[Tree, ...]:
    """The conditions that must all hold."""
    if isinstance(tree, Logic) and tree.op == "and":
        return tuple(part for item in tree.items for part in conjuncts(item))
    return (tree,)


def both(left: Tree, right: Tree) -> Tree:
    return Logic(Flag(left.type.optional or right.type.optional), left.start, left.end, "and", (left, right))


def written(ledger: Ledger) -> Iterator[Rule]:
    """The rules that stand in the document: not those by which the worth of an absent item is lost."""
    return (rule for rule in ledger.rules if rule.name.rpartition(".")[2] != ABSENT)


def always() -> Tree:
    return Literal_(Flag(), 0, 0, True)
