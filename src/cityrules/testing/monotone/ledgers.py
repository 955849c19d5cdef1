"""How a ledger moves with its rules: what comes and goes, and whether precedence, caps and items let it through.

Knows plans; what names do is told by the analysis that asks.

Points of one direction held by one cap add up to the smaller of their sum and the cap, whatever comes first. It is
otherwise where one cap takes from what another one, an item or a displaced rule would have counted: there one more
deduction can leave less of the others than it takes itself. Then nothing is known, and somebody has to search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cityrules.feel.interval import Interval
from cityrules.feel.walk import reads
from cityrules.plan.model import Cap, Expr, Item, Ledger, RecordAxis, Rule
from cityrules.plan.names import Counted
from cityrules.plan.reading import all_items
from cityrules.testing.monotone.measures import Known, Seat, bounds, seats
from cityrules.testing.monotone.moves import STILL, Effect, Move, Path, joined
from cityrules.testing.monotone.narrowing import bounds_where

BOTH = Move(True, True)
"""A sum of points is never missing."""


@dataclass(frozen=True, slots=True)
class _Touched:
    """How the points of one rule move: by what comes, and among what is there already."""

    rule: Rule
    comes: Move
    there: Move

    @property
    def all(self) -> Move:
        return self.comes | self.there


def of_ledger(ledger: Ledger, known: Known) -> Effect:
    kind = ledger.grain.kind
    paths: frozenset[Path] = known.paths(None, [ledger.base], kind)
    for rule in ledger.rules:
        paths |= known.paths(rule.axis, [expr for expr in (rule.when, rule.points, rule.times) if expr], kind)
    for cap in ledger.caps:
        paths |= known.paths(None, [cap.at], kind)
    return Effect(_moved(ledger, known, kind, own=True), _moved(ledger, known, kind, own=False), paths)


def points_of(rule: Rule) -> Interval:
    """Between what the points of a hit lie, without their direction."""
    points = _where(rule.points, rule)
    return points if rule.times is None else points * _where(rule.times, rule)


def _where(expr: Expr, rule: Rule) -> Interval:
    """Between what a number lies where a rule hits."""
    # Where it is unknown whether it does, the condition says nothing.
    sure = rule.when is not None and not rule.when.type.optional
    return bounds_where(expr.tree, rule.when.tree if rule.when is not None and sure else None)


def _moved(ledger: Ledger, known: Known, kind: str, own: bool) -> Move:
    touched = {one.rule.name: one for one in (_touched(rule, known, kind, own) for rule in ledger.rules)}
    moving = {name for name, one in touched.items() if not one.all.still}
    base = known.motion(ledger.base, Seat(kind, own))
    caps = [_bound(cap, ledger, known, Seat(kind, own), moving) for cap in ledger.caps]
    found = joined((Move(base.up, base.down), *(one.all for one in touched.values()), *caps))
    if found.still:
        return STILL
    fair = (
        _fair_caps(ledger, known, kind, own, moving)
        and _fair_groups(ledger, touched)
        and _fair_items(ledger, known, Seat(kind, own))
    )
    return Move(found.up, found.down) if fair else BOTH


def _touched(rule: Rule, known: Known, kind: str, own: bool) -> _Touched:
    seat = seats(rule.axis, kind)[0 if own else 1]
    arrivals = known.arrivals(rule.axis)[0 if own else 1] if isinstance(rule.axis, RecordAxis) else STILL
    when = known.motion(rule.when, seat) if rule.when is not None else STILL
    points = known.motion(rule.points, seat)
    if rule.times is not None:
        points = points.times(_where(rule.times, rule)) | known.motion(rule.times, seat).times(
            _where(rule.points, rule)
        )
    size = points_of(rule)
    there = Move(points.up, points.down) | Move(when.up, when.down).times(size)
    comes = arrivals.times(size)
    return _Touched(rule, comes, there) if rule.sign > 0 else _Touched(rule, -comes, -there)


def _signs(ledger: Ledger, names: Sequence[str]) -> set[int]:
    """The directions of some rules; none of a rule of which it is not sure that its points have one."""
    rules = [rule for rule in ledger.rules if rule.name in names]
    return {rule.sign if _one_way(rule) else 0 for rule in rules}


def _one_way(rule: Rule) -> bool:
    low = points_of(rule).low
    return low is not None and low >= 0


def _bound(cap: Cap, ledger: Ledger, known: Known, seat: Seat, moving: set[str]) -> Move:
    """How a cap that moves lets more or less through."""
    counted = {name for one in reads(cap.at.tree) if isinstance(one, Counted) for name in one.rules}
    if counted & moving:
        return BOTH
    at = known.motion(cap.at, seat)
    signs = _signs(ledger, cap.rules)
    if at.still:
        return STILL
    if len(signs) > 1 or 0 in signs:
        return BOTH
    return Move(at.up, at.down) if signs == {1} else Move(at.down, at.up)


def _fair_caps(ledger: Ledger, known: Known, kind: str, own: bool, moving: set[str]) -> bool:
    """Whether each cap only ever holds the sum of its rules, so that what one takes no other has to give."""
    homes = _homes(ledger)
    for cap in ledger.caps:
        if not moving & set(cap.rules):
            continue
        if cap.shared is not None or len({homes.get(name) for name in cap.rules}) > 1:
            return False
        for rule in ledger.rules:
            seat = seats(rule.axis, kind)[0 if own else 1]
            if any(not known.motion(expr, seat).still for expr in cap.per.get(rule.name, ())):
                return False
    return all(_fair_pair(ledger, one, two, moving) for one, two in combinations(ledger.caps, 2))


def _fair_pair(ledger: Ledger, inner: Cap, outer: Cap, moving: set[str]) -> bool:
    """Whether of two caps the first holds a part of what the second holds as a whole, or they have nothing to do with
    each other."""
    one, two = set(inner.rules), set(outer.rules)
    if not one & two or not moving & (one | two):
        return True
    signs = _signs(ledger, outer.rules)
    return one <= two and len(signs) == 1 and 0 not in signs and not any(outer.per.values())


def _fair_groups(ledger: Ledger, touched: Mapping[str, _Touched]) -> bool:
    """Whether in each group what displaces another movement counts at least as much, wherever something moves."""
    homes = _homes(ledger)
    groups: dict[str, list[Rule]] = {}
    for rule in ledger.rules:
        groups.setdefault(rule.group or "", []).append(rule)
    for group, rules in groups.items():
        policy = ledger.groups.get(group, "all")
        replaces = any(rule.replaces for rule in rules)
        here = [touched[rule.name] for rule in rules]
        # A new record displaces nothing but its own movements, unless events are settled as one.
        settled_anew = any(not one.there.still or (group in ledger.events and not one.comes.still) for one in here)
        if not settled_anew or (policy == "all" and not replaces):
            continue
        names = [rule.name for rule in rules]
        signs = _signs(ledger, names)
        caps = [cap for cap in ledger.caps if set(names) & set(cap.rules)]
        together = all(set(names) <= set(cap.rules) and not any(cap.per.values()) for cap in caps)
        at_home = len({homes.get(name) for name in names}) == 1
        if policy != "highest" or replaces or len(signs) > 1 or 0 in signs or not together or not at_home:
            return False
    return True


def _fair_items(ledger: Ledger, known: Known, seat: Seat) -> bool:
    """Whether what items are worth, and whether they apply, stays as it is."""
    for item in all_items(ledger.items):
        low = bounds(item.worth).low
        if low is None or low < 0 or not known.motion(item.worth, seat).still:
            return False
        if item.applies is not None and not known.motion(item.applies, seat).still:
            return False
    base = bounds(ledger.base).low
    return not ledger.rescale or (base is not None and base >= 0 and known.motion(ledger.base, seat).still)


def _homes(ledger: Ledger) -> dict[str, str]:
    """The item that each rule belongs to directly."""

    def within(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
        for item in items:
            yield from ((rule, item.name) for rule in item.rules)
            yield from within(item.items)

    return dict(within(ledger.items))
