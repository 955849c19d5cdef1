"""Conditions put together, and taken apart, from typed trees. Knows no plan."""

from __future__ import annotations

from cityrules.feel.tree import Compare, Comparison, Logic, Not, Tree
from cityrules.feel.types import Flag


def compared(op: Comparison, left: Tree, right: Tree) -> Tree:
    """A comparison of two values; unknown where one of them is missing."""
    return Compare(Flag(left.type.optional or right.type.optional), left.start, left.end, op, left, right, False)


def conjuncts(tree: Tree) -> tuple[Tree, ...]:
    """The conditions that must all hold."""
    if isinstance(tree, Logic) and tree.op == "and":
        return tuple(part for item in tree.items for part in conjuncts(item))
    return (tree,)


def negated(tree: Tree) -> Tree:
    return Not(tree.type, tree.start, tree.end, tree)
