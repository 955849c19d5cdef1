"""The single comparisons and flags in the conditions that somebody wrote, and what of each can be shown.

Knows expressions and plans; runs nothing. What the types prove impossible (less than nothing of a count) is no side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cityrules.feel.tree import Call, Compare, If, IsMissing, Literal_, Logic, Lookup, Not, Read, Tree
from cityrules.feel.types import Flag, Number
from cityrules.feel.walk import children, nodes
from cityrules.plan.model import Choice, Deadline, Expr, Ledger, Overridden, Pauses, Plan, Quotient, Tiers, Weighted
from cityrules.plan.names import Dial, Fired
from cityrules.plan.reading import Node, expressions
from cityrules.testing.coverage.parts import Sort
from cityrules.testing.coverage.standing import words
from cityrules.text.source import Span

ORDERING: Final = ("<", "<=", ">", ">=")
BOUNDARY: Final[tuple[Sort, ...]] = ("below", "equal", "above")
TRUTH: Final[tuple[Sort, ...]] = ("true", "false")


@dataclass(frozen=True, slots=True)
class Site:
    """A comparison or flag. `sides`: what of it can be shown; `value`, `bound`: what is held against what, of those
    that order; `near`: the bound is a constant of the document, so that values beside it have to lie just beside it."""

    key: str
    owner: str
    path: tuple[str, ...]
    text: str
    span: Span | None
    node: Tree
    sides: tuple[Sort, ...]
    value: Tree | None = None
    bound: Tree | None = None
    near: bool = False

    def mark(self, side: Sort) -> str:
        return mark(self.key, side, self.near)


def mark(key: str, side: Sort, near: bool = False) -> str:
    """What shows that a value has come to one side of a bound (`near`: to just beside it)."""
    return f"{'just' if near and side != 'equal' else 'at'} {key} {side}"


def sites(plan: Plan) -> tuple[Site, ...]:
    """All of a plan, in the order in which it is computed."""
    found: dict[int, Site] = {}
    keys: set[str] = set()
    for owner, expr in _written(plan):
        for number, node in enumerate(atoms(expr.tree)):
            if id(node) in found:
                continue  # The condition of an item stands in its rules, too.
            site = _site(owner, expr, node, number)
            if site is not None and site.key not in keys:
                keys.add(site.key)
                found[id(node)] = site
    for site in _left_to_choose(plan):
        found[id(site.node)] = site
    return tuple(found.values())


def _left_to_choose(plan: Plan) -> Iterator[Site]:
    """The two bounds between which whoever makes a record chooses the points."""
    for ledger in plan.measures.values():
        for rule in ledger.rules if isinstance(ledger, Ledger) else ():
            if rule.discretion is None:
                continue
            ends = {"<": rule.discretion.low, ">": rule.discretion.high}
            for node in nodes(rule.discretion.outside.tree):
                end = ends.get(node.op) if isinstance(node, Compare) else None
                if end is None or not isinstance(node, Compare) or node.right != end.tree:
                    continue
                path = (*rule.path.split("."), "between")
                key = f"{'.'.join(path)}#{node.op} {end.text}"
                near = fixed(node.right)
                sides = possible(node.left, node.right)
                yield Site(key, rule.name, path, end.text, end.span, node, sides, node.left, node.right, near)


def _written(plan: Plan) -> Iterator[tuple[str, Expr]]:
    """The expressions that stand in the document, without those that forms put together of them."""
    for record in plan.records.values():
        yield from ((record.name, one.that) for one in record.accepted_if)
    for one in plan.computed():
        yield from ((one.name, expr) for expr in _of(one))
    for check in plan.checks.values():
        yield from ((check.name, expr) for expr in expressions(check))


def _of(one: Node) -> Iterator[Expr]:
    applies = getattr(one, "applies", None)
    if applies is not None:
        yield applies
    match one:
        case Choice():
            yield from (expr for branch in one.branches for expr in (branch.when, branch.give))
            yield one.otherwise
        case Overridden():
            yield from (expr for branch in one.overrides for expr in (branch.when, branch.give))
        case Tiers():
            yield one.number
            yield from (tier.rate for tier in one.tiers)
        case Weighted():
            yield from (expr for element in one.elements for expr in (element.value, element.weight))
        case Ledger():
            # Items first: what they say of when they apply is part of the conditions of their rules.
            chosen = {id(rule.discretion.outside) for rule in one.rules if rule.discretion is not None}
            mine = (expr for expr in expressions(one) if id(expr) not in chosen)
            yield from sorted(mine, key=lambda expr: not expr.path.endswith(".applies"))
        case Deadline() | Pauses() | Quotient():
            return
        case _:
            yield from expressions(one)


def atoms(tree: Tree, asked: bool = True) -> Iterator[Tree]:
    """The comparisons of an expression, and the flags that decide something in it (`asked`), from left to right."""
    match tree:
        case Logic() | Not():
            for part in children(tree):
                yield from atoms(part)
        case Compare() | IsMissing():
            yield tree
            for part in children(tree):
                yield from atoms(part, False)
        case If():
            yield from atoms(tree.condition)
            yield from atoms(tree.then, asked)
            yield from atoms(tree.otherwise, asked)
        case Call(function="default"):
            yield from atoms(tree.arguments[0], asked)
        case Lookup() | Literal_():
            return
        case _:
            if asked and isinstance(tree.type, Flag):
                yield tree
            for part in children(tree):
                yield from atoms(part, False)


def _site(owner: str, expr: Expr, node: Tree, number: int) -> Site | None:
    if isinstance(node, Read) and isinstance(node.binding, Fired) and node.name != expr.text[node.start : node.end]:
        return None  # That an act has followed, which is asked of every act that is run over: nobody wrote it.
    text, span = words(expr, node)
    key, path = f"{expr.path}#{number} {text}", tuple(expr.path.split("."))
    if not isinstance(node, Compare) or node.op not in ORDERING:
        if isinstance(node, Compare) and fixed(node.left) and fixed(node.right):
            return None
        # A name alone as the value of a formula decides nothing.
        alone = node is expr.tree and isinstance(node, Read) and path[-1] not in _CONDITIONS
        return None if alone else Site(key, owner, path, text, span, node, TRUTH)
    value, bound, near = node.left, node.right, fixed(node.right)
    if fixed(value):
        if near:
            return None
        value, bound, near = bound, value, True
    sides = possible(value, bound)
    return Site(key, owner, path, text, span, node, sides, value, bound, near)


_CONDITIONS: Final = ("when", "where", "that", "applies", "run", "portion")


def possible(value: Tree, bound: Tree) -> tuple[Sort, ...]:
    """On which sides of a bound a value can lie, as far as types tell."""
    one, other = value.type, bound.type
    if not isinstance(one, Number) or not isinstance(other, Number):
        return BOUNDARY
    low = one.low is not None and other.high is not None and one.low >= other.high
    high = one.high is not None and other.low is not None and one.high <= other.low
    apart = (one.low is not None and other.high is not None and one.low > other.high) or (
        one.high is not None and other.low is not None and one.high < other.low
    )
    if other.low is not None and other.low == other.high and one.scale is not None:
        apart = apart or (other.low * 10**one.scale).denominator != 1
    never = {"below": low, "equal": apart, "above": high}
    return tuple(side for side in BOUNDARY if not never[side])


def fixed(tree: Tree) -> bool:
    """Whether a tree is a constant of the document: numerals, parameters, cells of tables."""
    match tree:
        case Lookup():
            return True
        case Read():
            return isinstance(tree.binding, Dial)
        case _:
            return all(fixed(part) for part in children(tree))
