"""A plan without what some names do not need: what they read, and what decides which rows are used. Knows no data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from cityrules.plan.model import Check, Consequence, Duty, Ledger, Measure, Plan
from cityrules.plan.reading import consequences_read, measures_read, records_read

Body = Measure | Consequence | Check | Duty


def excerpt(plan: Plan, names: Collection[str]) -> Plan:
    """The plan with some measures, consequences and checks and what they need: their cells, and the rows that are used,
    are as in the whole plan. Kinds of records that these do not read are left out, unless targets appear by them."""
    checks = {name: one for name, one in plan.checks.items() if name in names or reaches_out(plan, one)}
    nodes: dict[str, Body] = {**plan.measures, **plan.consequences}
    needed = closure(nodes, [*(nodes[name] for name in names if name in nodes), *checks.values(), *intake(plan)])
    kept = [*checks.values(), *(nodes[name] for name in needed)]
    return replace(
        plan,
        records={name: one for name, one in plan.records.items() if name in _records(plan, kept)},
        measures={name: one for name, one in plan.measures.items() if name in needed},
        consequences={name: one for name, one in plan.consequences.items() if name in needed},
        checks=checks,
        withheld=(),
        rows={name: rows for name, rows in plan.rows.items() if name in needed},
        order=tuple(name for name in plan.order if name in needed),
    )


def _records(plan: Plan, bodies: Sequence[Body]) -> set[str]:
    """The kinds of records that some nodes read, and those to which these refer."""
    if any(kind.members == "as they appear" for kind in plan.kinds.values()):
        return set(plan.records)
    found: set[str] = set()
    waiting = [name for body in bodies for name in records_read(body) if name in plan.records]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += plan.records[name].references.values()
    return found


def intake(plan: Plan) -> Iterator[Measure]:
    """Measures on which it depends which rows are used: those that bound what may be chosen, and those whose periods
    count for others."""
    for measure in plan.measures.values():
        chosen = isinstance(measure, Ledger) and any(rule.discretion is not None for rule in measure.rules)
        if chosen or reaches_out(plan, measure):
            yield measure


def reaches_out(plan: Plan, node: Body) -> bool:
    """Whether there are periods with cells because of it that reach beyond what is assessed (`Plan.days_of`)."""
    kinds = [node.grain.period, node.every if isinstance(node, Duty) and isinstance(node.every, str) else None]
    return any(kind is not None and plan.periods[kind].belongs is not None for kind in kinds)


def closure(nodes: Mapping[str, Body], roots: Sequence[Body]) -> set[str]:
    """The names of all that some nodes need, with those of themselves that have one among the nodes."""
    found: set[str] = set()
    waiting = [*roots]
    while waiting:
        node = waiting.pop()
        if nodes.get(node.name) is node:
            found.add(node.name)
        waiting += [nodes[name] for name in (*measures_read(node), *consequences_read(node)) if name not in found]
        found.update((*measures_read(node), *consequences_read(node)))
    return found
