"""What two plans have in common when they are run on the same rows over the same time. Knows no engine and no rows.

Nothing clever is proved here: what is called the same is written the same and reads nothing but what is the same. What
is not called the same may still come to the same; it is only computed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cityrules.calendar.periods import Span
from cityrules.plan.model import Check, Consequence, Duty, Expr, Measure, Plan
from cityrules.plan.names import Dial
from cityrules.plan.reading import bindings, consequences_read, measures_read, parameters_read

_Node = Measure | Consequence | Check | Duty


@dataclass(frozen=True, slots=True)
class Common:
    """What comes to the same in two plans: `computed` are measures and consequences, which have their names apart from
    those of `checks`."""

    computed: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()


def same_ground(plan: Plan, other: Plan, span: Span) -> bool:
    """Whether two plans use and reject the same rows, for the same reasons, and have the same targets and periods.

    Where they do not, nothing else is the same either.
    """
    return _ground(plan, span) == _ground(other, span)


def _ground(plan: Plan, span: Span) -> tuple[object, ...]:
    """All that says which rows are used and which cells there are. Kinds and fields stand in the order of the document:
    of several reasons against a row, and of several rows, that order can say which is told first."""
    discretions = {name: plan.discretions(name) for name in plan.records}
    asked = [one.that for record in plan.records.values() for one in record.accepted_if]
    asked += [one.outside for found in discretions.values() for one in found]
    return (
        [*plan.kinds.items()],
        [(name, record, [*record.fields]) for name, record in plan.records.items()],
        discretions,
        [plan.parameters[name].values for name in _dials(asked)],
        plan.periods,
        # Which periods have cells decides how far before and behind a span rows count, and when a period closes.
        plan.used_periods,
        plan.days_of(span),
        plan.in_force_from,
        plan.in_force_until,
    )


def _dials(expressions: Iterable[Expr]) -> list[str]:
    found = (binding.name for expr in expressions for binding in bindings(expr) if isinstance(binding, Dial))
    return [*dict.fromkeys(found)]


def in_common(
    plan: Plan, other: Plan, given: Mapping[str, object] | None = None, of_other: Mapping[str, object] | None = None
) -> Common:
    """What of a plan comes to the same in another one with the same ground. `given`, `of_other`: by measure the values
    that stand for those it would have, as they were given with this plan and with the other.

    A node does if it is equal to the one of that name there, the parameters that it reads have the same values on the
    same days, the same values are given for it, and all measures and consequences that it reads do, too.
    """
    given, of_other = given or {}, of_other or {}
    same: set[str] = set()

    def alike(node: _Node, before: _Node | None) -> bool:
        if before is None or not _written_alike(node, before):
            return False
        dials = parameters_read(node)
        if any(plan.parameters[name].values != other.parameters[name].values for name in dials):
            return False
        return all(name in same for name in _read(plan, node))

    for node in plan.computed():
        before = other.measures.get(node.name) or other.consequences.get(node.name)
        given_same = (given.get(node.name) or None) == (of_other.get(node.name) or None)
        if given_same and plan.rows.get(node.name) == other.rows.get(node.name) and alike(node, before):
            same.add(node.name)
    checks = {name for name, check in plan.checks.items() if alike(check, other.checks.get(name))}
    return Common(frozenset(same), frozenset(checks))


def _written_alike(node: _Node, before: _Node) -> bool:
    """Whether two nodes are equal; where they stand in the text is no part of them."""
    try:
        return type(node) is type(before) and node == before
    except RecursionError:
        return False  # Too deep to be compared: it is computed again.


def _read(plan: Plan, node: _Node) -> Iterator[str]:
    """The measures and consequences that a node reads, but for itself."""
    own = node.name if isinstance(node, (Measure, Consequence)) else None
    yield from (name for name in (*measures_read(node), *consequences_read(node)) if name != own)
    if node.grain.kind in plan.rows:
        yield node.grain.kind  # It is about the rows of a consequence.
