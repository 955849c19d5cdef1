"""Which rules of a ledger a single record can be scored by, with their code, and what the others need."""

from __future__ import annotations

from dataclasses import dataclass

from cityrules.engines.python.reach import TOO_LARGE, Reach, rule_expressions
from cityrules.engines.python.single.hits import Beyond
from cityrules.feel.types import Number
from cityrules.plan import lower, overflow, rational
from cityrules.plan.code import Code
from cityrules.plan.coding import TooLargeError
from cityrules.plan.model import Ledger, RecordAxis, Rule
from cityrules.plan.rational import Rational
from cityrules.scheme.notation import parts_of


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule with its code. `points`: signed price times quantity in units of the ledger's scale; `cites`: the
    clause of its hit, where that is not one for all of them."""

    place: int
    rule: Rule
    axis: RecordAxis
    when: Code | None
    points: Code
    beyond: tuple[Code, ...]
    cites: Code | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """`scale`: the digits of points. A ledger that rounds its sum has hits with more digits than the sum."""

    scale: int
    rules: list[Ready]
    beyond: list[Beyond]


def choose_rules(reach: Reach, ledger: Ledger) -> Chosen:
    """The rules over the record's kind, those out of reach apart."""
    found, beyond = _within_reach(reach, ledger)
    products = [_product(rule) for rule, _ in found]
    own = ledger.type.scale or 0 if isinstance(ledger.type, Number) else 0
    scale = max([own, *(product.scale for product in products if product is not None)])
    rules = []
    for (rule, axis), product in zip(found, products, strict=True):
        ready = _ready(ledger, rule, axis, product, scale)
        if ready is None:
            beyond.append(Beyond(ledger.name, rule.name, (TOO_LARGE,)))
        else:
            rules.append(ready)
    _drop_entangled(ledger, rules, beyond)
    return Chosen(scale, rules, beyond)


def policy_of(ledger: Ledger, rule: Rule) -> str:
    """What several hits of the rule's group on one record do."""
    return ledger.groups.get(rule.group or "", "all")


def _within_reach(reach: Reach, ledger: Ledger) -> tuple[list[tuple[Rule, RecordAxis]], list[Beyond]]:
    # Whether the ledger applies is a matter of the cell.
    of_cell = () if ledger.applies is None else reach.needs([ledger.applies]) or (ledger.name,)
    # Of a target by dimension a hit would have to name several bearers.
    of_cell = (*of_cell, *parts_of(ledger.grain.kind)[1:])
    found: list[tuple[Rule, RecordAxis]] = []
    beyond = []
    for rule in ledger.rules:
        axis = rule.axis
        if not (isinstance(axis, RecordAxis) and axis.record == reach.record.name):
            continue
        # Whether the date that places the record is there is not asked of single records, nor where a measure leads.
        other_date = () if axis.placed is None else (axis.placed.field,)
        # A single record does not know what the one to which it refers holds.
        route = axis.route
        leads = (route.field,) if route is not None and (route.measured or route.field in reach.record.through) else ()
        needs = (*of_cell, *other_date, *leads, *reach.needs(rule_expressions(rule), axis))
        if needs:
            beyond.append(Beyond(ledger.name, rule.name, tuple(sorted(set(needs)))))
        else:
            found.append((rule, axis))
    return found, beyond


def _product(rule: Rule) -> Rational | None:
    """Signed price times quantity; None where it is too large or no whole number of any unit."""
    try:
        points = lower.lower_number(rule.points.tree)
        product = rational.times(points, lower.lower_number(rule.times.tree)) if rule.times else points
        product = rational.opposite(product) if rule.sign < 0 else product
        return product if product.whole else None
    except TooLargeError:
        return None


def _ready(ledger: Ledger, rule: Rule, axis: RecordAxis, product: Rational | None, scale: int) -> Ready | None:
    if product is None:
        return None
    try:
        points = rational.scaled_to(product, scale)
        when = lower.lower(rule.when.tree) if rule.when is not None else None
        cites = lower.lower(rule.cites.tree) if rule.cites is not None else None
        beyond = tuple(overflow.overflow(expr.tree) for expr in rule_expressions(rule))
    except TooLargeError:
        return None
    return Ready(ledger.rules.index(rule), rule, axis, when, points, beyond, cites)


def _drop_entangled(ledger: Ledger, rules: list[Ready], beyond: list[Beyond]) -> None:
    """Leave out rules whose points hang on one that cannot be tried: by replacement or by the group's policy."""
    by_name = {rule.name: rule for rule in ledger.rules}
    needs = {one.rule: one.needs for one in beyond}
    known = set(needs)
    for ready in rules:
        # Which movement of an event counts, all of its records say together.
        displaced = any(ready.rule.name in other.replaces for other in ledger.rules)
        if (ready.rule.group or "") in ledger.events and (displaced or policy_of(ledger, ready.rule) != "all"):
            needs[ready.rule.name] = (ready.axis.record,)
        # Two fields can lead to one target or to two: only the register can tell whether the hits meet.
        axes = {other.axis for other in rules if other.rule.group == ready.rule.group}
        if len(axes) > 1 and policy_of(ledger, ready.rule) != "all":
            needs[ready.rule.name] = (ledger.grain.kind,)
    while True:
        before = len(needs)
        for ready in rules:
            against = [other for other in needs if _hangs(ledger, ready.rule, by_name[other])]
            if ready.rule.name not in needs and against:
                needs[ready.rule.name] = tuple(sorted({name for other in against for name in needs[other]}))
        if len(needs) == before:
            break
    beyond += [Beyond(ledger.name, name, found) for name, found in needs.items() if name not in known]
    rules[:] = [ready for ready in rules if ready.rule.name not in needs]


def _hangs(ledger: Ledger, rule: Rule, other: Rule) -> bool:
    """Whether the points of a rule depend on whether another hits."""
    together = (rule.group or "") == (other.group or "") and policy_of(ledger, rule) != "all"
    return rule.name in other.replaces or together
