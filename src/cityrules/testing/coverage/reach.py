"""Which parts that no case exercised are proved to be out of reach: under what conditions each would be exercised, and
whether these can come out so at all.

Knows plans, and asks the room `solve`; runs nothing. What cannot be proved stays a part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Call, Comparison, If, Literal_, Logic, Lookup, Not, Tree, Value
from cityrules.feel.types import Date, Flag, Number
from cityrules.feel.walk import children
from cityrules.plan import trees
from cityrules.plan.model import (
    Bands,
    Check,
    Condition,
    Consequence,
    Duty,
    Expr,
    Fold,
    Ledger,
    Plan,
    Tiers,
)
from cityrules.plan.reading import Node, expressions
from cityrules.solve.asking import FALSE, HIT, MISSED, TRUE, Wanted, with_dials
from cityrules.solve.backward import Truths
from cityrules.solve.meeting import hits, meet
from cityrules.solve.reach import Measured
from cityrules.testing.coverage.distance import DAY, last_digit
from cityrules.testing.coverage.grid import Grids
from cityrules.testing.coverage.parts import Part, Sort, decided, leaf, side
from cityrules.testing.coverage.policies import policies, unknown_mark
from cityrules.testing.coverage.sites import Site, fixed, mark, sites

UNKNOWN: Final[Truths] = frozenset((None,))
_BESIDE: Final[dict[Sort, Comparison]] = {"below": "<", "equal": "=", "above": ">"}

NEVER: Final[Wanted] = (Literal_(Flag(), 0, 0, False), TRUE)
"""What cannot come out so."""

Asked = tuple[Wanted, ...]
Shown = tuple[str, Asked]
"""The mark of a part, and what has to hold where it is shown."""


def out_of_reach(plan: Plan, parts: Iterable[Part]) -> frozenset[str]:
    """The marks of those of some parts that no run can ever show. A mark that can be shown in several ways is out of
    reach where all of these are."""
    open_ = {part.mark for part in parts}
    if not open_:
        return frozenset()
    questions = _Questions(plan, Measured(plan), Grids(plan))
    seen: set[str] = set()
    can: set[str] = set()
    for shown, asked in questions.all():
        if shown in open_ and shown not in can:
            seen.add(shown)
            if not questions.measured.asking.ask(asked).never:
                can.add(shown)
    return frozenset(seen - can)


class Needs:
    """What has to hold where parts of a plan are exercised, with values on which it does."""

    def __init__(self, plan: Plan) -> None:
        self._measured = Measured(plan)
        self._asked: dict[str, list[Asked]] = {}
        for shown, asked in _Questions(plan, self._measured, Grids(plan)).all():
            self._asked.setdefault(shown, []).append(asked)

    def of(self, shown: str) -> Iterator[tuple[Asked, Mapping[str, str]]]:
        """Each way in which what a mark shows can be, with a value for each name in it as it is written."""
        for asked in self._asked.get(shown, ()):
            answer = self._measured.asking.ask(asked)
            if asked and answer.answer == "yes":
                yield asked, answer.values

    def ends(self, expr: Expr) -> tuple[Fraction, Fraction]:
        """The least and the greatest value of a number where it is there."""
        return self._measured.ends(expr)


@dataclass(frozen=True, slots=True)
class _Questions:
    """What has to hold for each mark of a plan, as far as it can be said in conditions of one and the same place."""

    plan: Plan
    measured: Measured
    grids: Grids

    def all(self) -> Iterator[Shown]:
        by_node = {id(site.node): site for site in sites(self.plan)}
        for node in self._nodes():
            for expr, under in _contexts(node):
                yield from self._sites(expr.tree, under, by_node)
                yield from _branches(expr, under)
                if expr.type.optional:
                    yield unknown_mark(expr), (*under, (trees.is_missing(expr.tree), TRUE))
            yield from self._forms(node)
        for expr, shown in policies(self.plan):
            yield shown, ((trees.is_missing(expr.tree), TRUE),)

    def _nodes(self) -> Iterator[Node]:
        for record in self.plan.records.values():
            yield from record.accepted_if
        yield from self.plan.computed()
        yield from self.plan.checks.values()

    def _sites(self, tree: Tree, under: Asked, by_node: dict[int, Site]) -> Iterator[Shown]:
        """What is asked of each comparison of an expression where it is come to, and decides."""
        for node, here in _reached(tree, under):
            site = by_node.get(id(node))
            if site is None:
                continue
            if site.value is None or site.bound is None:
                yield site.mark("true"), (*here, (node, TRUE))
                yield site.mark("false"), (*here, (node, FALSE))
                continue
            for which in site.sides:
                yield site.mark(which), (*here, *self._beside(which, site.value, site.bound, site.near))

    def _beside(self, which: Sort, value: Tree, bound: Tree, near: bool) -> Iterator[Wanted]:
        """That a value lies on a side of a bound; `near`: just beside it."""
        yield trees.compared(_BESIDE[which], value, bound), TRUE
        last = self._constant(bound)
        if last is None:
            return
        if which == "equal":
            grid = self.grids.of(value)
            if grid is not None and isinstance(last.value, (int, Fraction)) and not grid.holds(Fraction(last.value)):
                yield NEVER  # It is never equal.
        elif near:
            op: Comparison = ">=" if which == "below" else "<="
            end = _moved(last, self.grids.step(value), -1 if which == "below" else 1)
            if end is not None:
                yield trees.compared(op, value, end), TRUE

    def _constant(self, bound: Tree) -> Literal_ | None:
        """A bound as the number or day that it is, where it is the same on every day."""
        if not fixed(bound):
            return None
        found = [with_dials(bound, dials) for dials in self.measured.asking.days([bound])]
        one = found[0]
        return one if len(found) == 1 and isinstance(one, Literal_) else None

    def _forms(self, node: Node) -> Iterator[Shown]:
        """Bounds and results of forms that state them."""
        match node:
            case Bands():
                for address, _, wanted in self.measured.cases(node):
                    yield decided(address), (*_applies(node), *wanted)
                for bound, _ in node.bounds:
                    yield from self._bound(node, bound, node.value.tree)
            case Tiers():
                for tier in node.tiers:
                    if tier.bound is not None:
                        yield from self._bound(node, tier.bound, node.number.tree)
            case Ledger():
                for rule in node.rules:
                    yield f"line {node.name} {rule.path}", hits(rule)
                yield from _meetings(self.plan, node)
            case Consequence(when=when) if when is not None and node.ladder is None:
                truths = HIT if node.unknown == "yes" else TRUE
                yield f"row {node.name}", (*_applies(node), (when.tree, truths))
            case Check():
                yield f"problem {node.name}", ((node.that.tree, MISSED if node.unknown == "no" else FALSE),)
            case _:
                pass

    def _bound(self, node: Bands | Tiers, bound: Expr, value: Tree) -> Iterator[Shown]:
        sides: tuple[Sort, ...] = ("below", "equal", "above")
        for which in sides:
            asked = (*_applies(node), *self._beside(which, value, bound.tree, True))
            yield mark(bound.path, which, True), asked


def _contexts(node: Node) -> Iterator[tuple[Expr, Asked]]:
    """The expressions of a node, each with what holds wherever it is computed."""
    here = _applies(node)
    match node:
        case Ledger():
            alone = {id(expr) for rule in node.rules for expr in (rule.when, rule.points, rule.times) if expr}
            for rule in node.rules:
                if rule.when is not None:
                    yield rule.when, ()
                if rule.discretion is not None:
                    alone.add(id(rule.discretion.outside))
                    yield rule.discretion.outside, ()
                yield from ((expr, hits(rule)) for expr in (rule.points, rule.times) if expr is not None)
            yield from ((expr, ()) for expr in expressions(node) if id(expr) not in alone)
        case Fold(where=where, value=value) if where is not None and value is not None:
            yield where, ()
            yield value, ((where.tree, HIT),)
        case Consequence() | Fold():
            yield from ((expr, ()) for expr in expressions(node))
        case Duty() | Check() | Condition():
            yield from ((expr, ()) for expr in expressions(node))
        case _:
            for expr in expressions(node):
                yield expr, () if expr is node.applies else here


def _meetings(plan: Plan, ledger: Ledger) -> Iterator[Shown]:
    """What holds where two rules of a group hit one element; among the rows of one event any two may."""
    for group in ledger.groups:
        if group not in ledger.events:
            # Where no two rules run over the same, they never do; on an event one rule meets itself.
            yield decided(f"{ledger.path}.together {group}"), (NEVER,)
    for rule in ledger.rules:
        group = rule.group or ""
        for other in ledger.rules:
            if other is rule or (other.group or "") != group or (both := meet(plan, ledger, rule, other)) is None:
                continue
            both = () if group in ledger.events else both
            yield decided(f"{ledger.path}.together {group}"), both
            if other.name in rule.replaces:
                yield decided(f"{rule.path}.replaces"), both


def _applies(node: Node) -> Asked:
    applies = getattr(node, "applies", None)
    return () if applies is None else ((applies.tree, TRUE),)


def _reached(tree: Tree, under: Asked) -> Iterator[tuple[Tree, Asked]]:
    """Every node that is come to, with what holds then: branches that lead to it, and that the rest of a condition
    leaves the answer to it."""
    yield tree, under
    match tree:
        case Lookup():
            return
        case Logic(op=op, items=items):
            open_ = HIT if op == "and" else MISSED
            for place, item in enumerate(items):
                rest = tuple((one, open_) for one in (*items[:place], *items[place + 1 :]))
                yield from _reached(item, (*under, *rest))
        case If():
            yield from _reached(tree.condition, under)
            yield from _reached(tree.then, (*under, (tree.condition, TRUE)))
            yield from _reached(tree.otherwise, (*under, (tree.condition, FALSE)))
        case Not() | Call(function="default"):
            yield from _reached(children(tree)[0], under)
        case _:
            for part in children(tree):
                yield from _reached(part, under)


def _branches(expr: Expr, under: Asked) -> Iterator[Shown]:
    """The branches of a chain by their places, and both sides of every `if`."""
    tree, place, before = expr.tree, 0, under
    while isinstance(tree, If):
        yield leaf(expr, place), (*before, (tree.condition, TRUE))
        before = (*before, (tree.condition, FALSE))
        tree, place = tree.otherwise, place + 1
    yield leaf(expr, place), before
    for node, here in _reached(expr.tree, under):
        if isinstance(node, If):
            yield side(expr, node.condition, True), (*here, (node.condition, TRUE))
            yield side(expr, node.condition, False), (*here, (node.condition, FALSE))


def _moved(bound: Literal_, near: Fraction | None, sign: int) -> Literal_ | None:
    """The farthest value that is just beside a bound."""
    value: Value = bound.value
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool) and isinstance(bound.type, Number):
        return trees.number(value + sign * max(last_digit(Fraction(value)), near or Fraction(0)), bound.type.unit)
    if isinstance(bound.type, Date) and isinstance(value, dt.date) and dt.date.min < value < dt.date.max:
        return Literal_(bound.type, 0, 0, value + sign * DAY)
    return None
