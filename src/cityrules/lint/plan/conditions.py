"""Conditions put together, and taken apart, from typed trees. Knows no plan."""

from __future__ import annotations

from cityrules.feel.tree import Compare, Comparison, Literal_, Logic, Tree
from cityrules.feel.types import Flag


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


def always() -> Tree:
    return Literal_(Flag(), 0, 0, True)
