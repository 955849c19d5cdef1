"""What measures, consequences and checks read: their expressions, and the measures and parameters named in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from cityrules.calendar.working import EPOCH, WorkingDays
from cityrules.feel.tree import Lookup, Read, Working, WorkingCalendar
from cityrules.feel.walk import nodes
from cityrules.plan.model import (
    Axis,
    Bands,
    Check,
    Condition,
    Consequence,
    Duty,
    Expr,
    Fold,
    Formula,
    Item,
    Ledger,
    Measure,
    Pauses,
    Plan,
    Rank,
    RecordAxis,
    Run,
    Share,
)
from cityrules.plan.names import Dial, Field, Fired, InForce, Measured, Name, Tied

Node = Measure | Consequence | Check | Duty | Condition


def expressions(node: Node) -> Iterator[Expr]:
    """Every expression of a node, in the order of its body."""
    if not isinstance(node, (Check, Condition)) and node.applies is not None:
        yield node.applies
    match node:
        case Formula():
            yield node.value
        case Pauses():
            yield from (node.starts, node.length, node.begins, node.ends)
            yield from (expr for alike in node.among for expr in (alike.own, alike.other))
        case Bands():
            yield from (node.value, *(bound for bound, _ in node.bounds))
        case Fold():
            yield from (expr for expr in (node.value, node.where) if expr is not None)
            yield from (expr for alike in node.among for expr in (alike.own, alike.other))
        case Rank():
            yield from (node.value, *(expr for expr, _ in node.tie_breaks), *node.among)
        case Share():
            yield from (node.total, node.weight, *(expr for expr, _ in node.order), *node.among)
        case Run():
            yield node.condition
        case Ledger():
            yield node.base
            for rule in node.rules:
                yield from (expr for expr in (rule.when, rule.points, rule.times, rule.cites) if expr is not None)
                if rule.discretion is not None:
                    yield rule.discretion.outside
            for cap in node.caps:
                yield cap.at
                yield from (expr for keys in cap.per.values() for expr in keys)
            for item in all_items(node.items):
                yield from (expr for expr in (item.worth, item.applies) if expr is not None)
        case Consequence():
            given = [node.when, *(expr for step in node.steps for expr in (step.bound, step.when))]
            yield from (expr for expr in given if expr is not None)
            yield from (expr for act in node.acts for expr in act.terms.values())
            ranges = [act.between for act in node.acts if act.between is not None]
            yield from (one.crossed for one in ranges if one.crossed is not None)
            yield from (act.ends.where for act in node.acts if act.ends is not None and act.ends.where is not None)
        case Check() | Condition():
            yield node.that
        case Duty():
            yield from (expr for expr in (node.where,) if expr is not None)


def all_items(items: Iterable[Item]) -> Iterator[Item]:
    """Items and those that stand in them, each behind these: in the order in which they are settled."""
    for item in items:
        yield from all_items(item.items)
        yield item


def bindings(expr: Expr) -> Iterator[Name]:
    """What the names in an expression mean, in the order of the text, with repetitions; its guards are part of it."""
    for node in nodes(expr.tree):
        if isinstance(node, Read):
            # Every binding in a plan was made by the plan's own scope.
            yield from _with_inner(node.binding)  # type: ignore[arg-type]


def _with_inner(binding: Name) -> Iterator[Name]:
    """What a name means, and what is read to know it."""
    yield binding
    if isinstance(binding, InForce):
        yield from _with_inner(binding.day)
    elif isinstance(binding, Measured) and binding.through is not None:
        yield binding.through


def measures_read(node: Node) -> tuple[str, ...]:
    """The measures a node reads directly, each once."""
    found: dict[str, None] = {}
    if isinstance(node, Consequence) and node.ladder is not None:
        found[node.ladder] = None
    for axis in axes(node):
        if isinstance(axis, RecordAxis) and axis.route is not None and axis.route.measured:
            found[axis.route.field] = None
        if isinstance(axis, RecordAxis) and axis.placed is not None:
            found |= dict.fromkeys(axis.placed.measures)
    for expr in expressions(node):
        for binding in bindings(expr):
            if isinstance(binding, (Measured, Tied)):
                found[binding.measure] = None
    if isinstance(node, Ledger) and node.carried:
        found.pop(node.name, None)  # Its own earlier periods.
    return tuple(found)


def consequences_read(node: Node) -> tuple[str, ...]:
    """The consequences a node reads or runs over, each once."""
    found = [axis.follows for axis in axes(node) if isinstance(axis, RecordAxis) and axis.follows is not None]
    every = (binding for expr in expressions(node) for binding in bindings(expr))
    return tuple(dict.fromkeys([*found, *(one.consequence for one in every if isinstance(one, (Fired, InForce)))]))


def records_read(node: Node) -> tuple[str, ...]:
    """The kinds of records (or consequences whose rows stand for records) that a node runs over, reads a field of or is
    about, each once."""
    found = [axis.record for axis in axes(node) if isinstance(axis, RecordAxis)]
    if not isinstance(node, (Duty, Condition)) and node.of_record:
        found.append(node.grain.kind)
    every = (binding for expr in expressions(node) for binding in bindings(expr))
    return tuple(dict.fromkeys([*found, *(one.record for one in every if isinstance(one, Field))]))


def axes(node: Node) -> Iterator[Axis]:
    """What a fold, a duty or the rules of a ledger run over, and what ends acts."""
    if isinstance(node, (Fold, Duty)):
        yield node.axis
    elif isinstance(node, Consequence):
        yield from (act.ends.axis for act in node.acts if act.ends is not None)
    elif isinstance(node, Ledger):
        yield from (rule.axis for rule in node.rules if rule.axis is not None)


def parameters_read(node: Node) -> tuple[str, ...]:
    """The parameters a node reads directly, each once."""
    every = (binding for expr in expressions(node) for binding in bindings(expr))
    return tuple(dict.fromkeys(binding.name for binding in every if isinstance(binding, Dial)))


def tables_read(node: Node) -> tuple[str, ...]:
    """The tables a node looks something up in, each once."""
    every = (part for expr in expressions(node) for part in nodes(expr.tree))
    return tuple(dict.fromkeys(part.table for part in every if isinstance(part, Lookup)))


def calendars_of(plan: Plan) -> list[WorkingCalendar]:
    """The working calendars that a plan counts by, each once."""
    nodes_ = (*plan.measures.values(), *plan.consequences.values(), *plan.checks.values())
    trees = [tree for node in nodes_ for expr in expressions(node) for tree in (expr.tree, *expr.guards)]
    found: list[WorkingCalendar] = [
        part.calendar for tree in trees for part in nodes(tree) if isinstance(part, Working)
    ]
    found += [node.working for node in nodes_ if isinstance(node, Duty) and node.working is not None]
    return list(dict.fromkeys(found))


def last_working_year(plan: Plan) -> int | None:
    """The last year of which the working days are known that a plan counts; None where it counts none, or knows all."""
    lasts = [one.last for one in calendars_of(plan) if isinstance(one, WorkingDays)]
    return (EPOCH + dt.timedelta(min(lasts))).year if lasts else None
