"""The comparisons of numbers that are judged once in a cell, and which of them decide there. Reads a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cityrules.feel.tree import Call, Compare, If, Logic, Lookup, Not, Read, Tree, Value
from cityrules.feel.types import Number
from cityrules.feel.walk import children, nodes
from cityrules.plan.model import (
    Check,
    Choice,
    Consequence,
    Deadline,
    Expr,
    Formula,
    Ledger,
    Measure,
    Overridden,
    Plan,
    Quotient,
    Run,
    Tiers,
    Weighted,
)
from cityrules.testing.coverage.sites import Site, sites

Valued = Callable[[Tree], Value]
"""What an expression comes to in a cell; None: nothing, or it cannot be told."""


class Comparisons:
    """The comparisons that somebody wrote in a plan."""

    def __init__(self, plan: Plan) -> None:
        # By identity: what forms put together holds the very trees that were written.
        self._sites = {id(site.node): site for site in sites(plan)}

    def within(self, tree: Tree) -> Iterator[Site]:
        """All of an expression."""
        return filter(None, (self._site(part) for part in nodes(tree)))

    def deciding(self, tree: Tree, value: Valued) -> Iterator[Site]:
        """Those on which the answer hangs in a cell, whatever the rest of the condition says there."""
        return self._deciding(tree, value, True)

    def _site(self, tree: Tree) -> Site | None:
        """A comparison of numbers that is judged in a cell."""
        site = self._sites.get(id(tree))
        if site is None or site.value is None or site.bound is None:
            return None
        numbers = isinstance(site.value.type, Number) and isinstance(site.bound.type, Number)
        here = all(getattr(part.binding, "side", "cell") == "cell" for part in nodes(tree) if isinstance(part, Read))
        return site if numbers and here else None

    def _deciding(self, tree: Tree, value: Valued, decides: bool) -> Iterator[Site]:
        site = self._site(tree)
        if site is not None:
            if decides:
                yield site
            return
        match tree:
            case Lookup():
                return
            case Logic(op=op, items=items):
                other = op == "or"  # What decides an `or` is true, an `and` false.
                held = [value(item) for item in items]
                for number, item in enumerate(items):
                    yield from self._deciding(item, value, decides and other not in held[:number] + held[number + 1 :])
            case If():
                yield from self._deciding(tree.condition, value, decides)
                holds = value(tree.condition)
                if isinstance(holds, bool):
                    yield from self._deciding(tree.then if holds else tree.otherwise, value, decides)
            case Not() | Call() | Compare() | _:
                for part in children(tree):
                    yield from self._deciding(part, value, decides)


def conditions(owner: Measure | Consequence | Check) -> Iterable[Expr]:
    """What is judged once in a cell."""
    match owner:
        case Tiers() | Weighted() | Deadline() | Quotient():
            return ()  # Their expressions are put together of parts that are looked at by themselves.
        case Choice() | Overridden() | Formula():
            return (owner.value,)
        case Run():
            return (owner.condition,)
        case Ledger():
            alone = (rule for rule in owner.rules if rule.axis is None)
            return [expr for rule in alone for expr in (rule.when, rule.points) if expr is not None]
        case Consequence():
            return [expr for expr in (owner.when, *(step.when for step in owner.steps)) if expr is not None]
        case Check():
            return (owner.that,)
    return ()
