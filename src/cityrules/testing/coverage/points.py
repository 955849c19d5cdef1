"""The bounds that forms state (bands, tiers, caps, steps, deadlines) and what is stated for special cases, as parts.

Knows plans; runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Compare, If, IsMissing, Literal_, Tree, Value
from cityrules.feel.types import Number
from cityrules.feel.walk import nodes
from cityrules.plan.model import (
    Bands,
    Cap,
    Consequence,
    Deadline,
    Expr,
    Fold,
    Formula,
    Ledger,
    Measure,
    Overridden,
    Pauses,
    Plan,
    Rank,
    Run,
    Share,
    Tiers,
    Weighted,
)
from cityrules.plan.names import Measured, Now
from cityrules.plan.reading import all_items
from cityrules.scheme.notation import plain_number
from cityrules.testing.coverage.grid import common
from cityrules.testing.coverage.parts import Part, Sort, decided, parts, place_of
from cityrules.testing.coverage.policies import absent_mark, missing_mark, paused_mark, unknown_mark
from cityrules.testing.coverage.sites import BOUNDARY, mark, possible, sites

WHOLE_YEARS: Final = "year"


def every_part(plan: Plan) -> tuple[Part, ...]:
    """What parts there are with both sides of all conditions, all bounds and what is stated for special cases."""
    found: dict[str, Part] = {}
    for part in (*parts(plan), *_conditions(plan), *_stated(plan)):
        found.setdefault(f"{part.sort} {part.address} {part.mark}", part)
    return tuple(found.values())


def _conditions(plan: Plan) -> Iterator[Part]:
    for site in sites(plan):
        for side in site.sides:
            yield Part(side, site.path, site.owner, site.text, site.mark(side), site.span)


def _stated(plan: Plan) -> Iterator[Part]:
    for record in plan.records.values():
        if record.absent is not None:
            yield _policy("absent", ("records", record.name), record.name, record.absent)
    for name, table in plan.tables.items():
        if table.table.absent is not None and table.table.stated:
            said = ", ".join(dict.fromkeys(_constant(value) for value in table.table.absent.values()))
            yield Part("absent", ("tables", name, "absent"), name, said, absent_mark(name))
    for one in plan.computed():
        yield from _of_consequence(plan, one) if isinstance(one, Consequence) else _of_measure(one)
    for check in plan.checks.values():
        if check.unknown is not None:
            yield _unknown(check.path, check.name, check.unknown)


def _of_measure(measure: Measure) -> Iterator[Part]:
    path, name = place_of(measure), measure.name
    match measure:
        case Bands():
            for bound, _ in measure.bounds:
                at = (*path, measure.word, bound.text)
                yield from _bound(at, name, bound.text, bound.path, possible(measure.value.tree, bound.tree))
        case Tiers():
            for tier in measure.tiers:
                if tier.bound is None:
                    yield Part("tier", (*path, "beyond"), name, "beyond", f"tier {measure.path} beyond")
                    continue
                text = tier.bound.text
                at = (*path, "up_to", text)
                yield Part("tier", at, name, text, f"tier {measure.path} {text}")
                yield from _bound(at, name, text, tier.bound.path, possible(measure.number.tree, tier.bound.tree))
        case Deadline(part="late"):
            yield from _deadline(path, measure)
        case Deadline(stops=stops) if stops is not None:
            yield Part("paused", (*path, "paused"), measure.deadline, measure.limit, paused_mark(measure))
        case Pauses():
            yield Part("paused", (*path, "paused"), measure.deadline, measure.deadline, paused_mark(measure))
        case Ledger():
            yield from _ledger(path, measure)
        case Rank():
            yield Part("ties", (*path, "ties"), name, measure.ties, f"ties {name}")
        case Run():
            if measure.grain.period not in (None, WHOLE_YEARS):
                yield _policy("new_year", path, name, measure.new_year)
        case _:
            pass
    yield from _missing(path, measure)


def _missing(path: tuple[str, ...], measure: Measure) -> Iterator[Part]:
    """What is said about nothing."""
    policy = getattr(measure, "instead" if isinstance(measure, Weighted) else "missing", None)
    if policy is not None or (isinstance(measure, Weighted) and measure.rescales):
        word = policy if isinstance(policy, str) else "rescale" if policy is None else policy.policy
        yield Part("missing", (*path, "missing"), measure.name, word, missing_mark(measure))
    if isinstance(measure, Overridden):
        for branch in measure.overrides:
            if branch.when.type.optional:
                at = (*path, "overrides", branch.name, "missing")
                yield Part("unknown", at, measure.name, branch.name, unknown_mark(branch.when))
    if isinstance(measure, (Formula, Fold, Share)) and measure.empty is not None:
        yield Part("empty", (*path, "empty"), measure.name, str(measure.empty.value), decided(f"{measure.path}.empty"))


def _constant(value: Value) -> str:
    return "null" if value is None else plain_number(value) if isinstance(value, Fraction) else str(value)


def _policy(sort: Sort, path: tuple[str, ...], owner: str, word: str) -> Part:
    return Part(sort, (*path, sort), owner, word, decided(".".join((*path, sort))))


def _unknown(path: str, owner: str, word: str) -> Part:
    return Part("unknown", (*path.split("."), "missing"), owner, word, f"unknown {path}")


def _bound(
    at: tuple[str, ...], owner: str, text: str, key: str, sides: tuple[Sort, ...] = BOUNDARY, near: bool = True
) -> Iterator[Part]:
    for side in sides:
        yield Part(side, at, owner, text, mark(key, side, near))


def last_day(measure: Deadline) -> Compare | None:
    """Where a deadline holds the day on which something was done against its last one."""
    return next((node for node in _comparisons(measure) if not _reads_now(node.left)), None)


def still_open(measure: Deadline) -> Compare | None:
    """Where a deadline holds the instant of knowledge against its last day, because nothing is done."""
    return next((node for node in _comparisons(measure) if _reads_now(node.left)), None)


def _comparisons(measure: Deadline) -> Iterator[Compare]:
    for node in nodes(measure.value.tree):
        if isinstance(node, Compare) and node.op == ">" and _reads_due(node.right):
            yield node


def _reads_now(tree: Tree) -> bool:
    return any(isinstance(getattr(node, "binding", None), Now) for node in nodes(tree))


def _reads_due(tree: Tree) -> bool:
    found = (getattr(node, "binding", None) for node in nodes(tree))
    return any(isinstance(one, Measured) and one.measure.endswith((".due", ".clock_due")) for one in found)


def _deadline(path: tuple[str, ...], measure: Deadline) -> Iterator[Part]:
    at, key = (*path, "deadline"), measure.path
    without = measure.value.tree
    if isinstance(without, If) and isinstance(without.condition, IsMissing) and _reads_due(without.condition):
        late = isinstance(without.then, Literal_) and without.then.value is True
        word = "late" if late else "in time"
        yield Part("missing", (*path, "missing"), measure.deadline, word, missing_mark(measure))
    if last_day(measure) is not None:
        yield from _bound(at, measure.deadline, measure.limit, key, ("equal", "above"))
    if still_open(measure) is not None:
        yield Part("open", at, measure.deadline, measure.limit, f"open {key}")
        yield Part("overdue", at, measure.deadline, measure.limit, f"overdue {key}")


def _ledger(path: tuple[str, ...], ledger: Ledger) -> Iterator[Part]:
    name = ledger.name
    for cap in ledger.caps:
        at = tuple(cap.at.path.split("."))
        yield from _bound(at, name, cap.at.text, cap.at.path, _reached(ledger, cap), False)
    signs = {rule.sign for rule in ledger.rules}
    base = ledger.base.type
    for key, bound, sign in (("floor", ledger.floor, -1), ("ceiling", ledger.ceiling, 1)):
        if bound is None:
            continue
        cut: Sort = "below" if sign < 0 else "above"
        inside: Sort = "above" if sign < 0 else "below"
        start = (base.low if sign < 0 else base.high) if isinstance(base, Number) else None
        can = sign in signs or start is None or (start < bound if sign < 0 else start > bound)
        sides: tuple[Sort, ...] = (inside, "equal", cut) if can else (inside, "equal")
        yield from _bound((*path, key), name, str(bound), f"{ledger.path}.{key}", sides, False)
    for item in all_items(ledger.items):
        if item.rules and not item.extra:
            at = (*item.path.split("."), "worth")
            can_pass = not all(rule == item.name for rule in item.rules)  # A value is never more than its worth.
            if can_pass:
                yield from _bound(at, item.name, item.worth.text, item.worth.path, BOUNDARY, False)
    for group, policy in ledger.groups.items():
        label = f"{ledger.path}.together {group}"
        yield Part("together", (*path, "together", *([group] if group else [])), name, policy, decided(label))
    for rule in ledger.rules:
        if rule.replaces:
            words = ", ".join(rule.replaces)
            yield Part("replaces", (*rule.path.split("."), "replaces"), name, words, decided(f"{rule.path}.replaces"))
        if rule.unknown is not None and not rule.name.endswith(")"):
            yield _unknown(rule.path, name, rule.unknown)


def _reached(ledger: Ledger, cap: Cap) -> tuple[Sort, ...]:
    """How far points can go beside a cap: not to it exactly, where all prices are constants that never sum to it."""
    prices = [rule.points.tree for rule in ledger.rules if rule.name in cap.rules]
    whole = all(_whole(rule.times) for rule in ledger.rules if rule.name in cap.rules)
    at = cap.at.tree
    values = [
        Fraction(one.value) for one in prices if isinstance(one, Literal_) and isinstance(one.value, (int, Fraction))
    ]
    known = whole and len(values) == len(prices) and isinstance(at, Literal_) and isinstance(at.value, (int, Fraction))
    if known and isinstance(at, Literal_) and isinstance(at.value, (int, Fraction)):
        step = Fraction(0)
        for value in values:
            step = common(step, value)
        if step and (Fraction(at.value) / step).denominator != 1:
            return ("below", "above")
    return BOUNDARY


def _whole(times: Expr | None) -> bool:
    return times is None or (isinstance(times.type, Number) and times.type.scale == 0)


def _of_consequence(plan: Plan, one: Consequence) -> Iterator[Part]:
    path = tuple(one.path.split("."))
    if one.unknown is not None:
        yield _unknown(one.path, one.name, one.unknown)
    if one.restart_after is not None:
        yield _policy("restarts", path, one.name, one.restart_after)
    ladder = plan.measures.get(one.ladder or "")
    names = [step.name for step in one.steps]
    for place, step in enumerate(one.steps):
        if step.unknown is not None:
            yield _unknown(step.path, one.name, step.unknown)
        if step.bound is None or ladder is None:
            continue
        sides = _sides_of_step(ladder, step.bound)
        # A run goes up by one, and begins anew at the step behind which the count does.
        if isinstance(ladder, Run) and one.restart_after in names and place >= names.index(one.restart_after):
            sides = tuple(side for side in sides if side != "above")
        yield from _bound((*path, "steps", step.name), one.name, step.bound.text, step.bound.path, sides)


def _sides_of_step(ladder: Measure, bound: Expr) -> tuple[Sort, ...]:
    return possible(Literal_(ladder.type, 0, 0, None), bound.tree)
