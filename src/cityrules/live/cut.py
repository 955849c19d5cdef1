"""A plan cut in front of its ladders: what an engine still computes, and what is left to a chain. Knows no engine.

A ladder that a chain can walk is taken out of the plan. In its place stand measures and plain consequences that say,
for every cell, what the ladder would look at: the bound or condition of each step, whether the ladder applies, and the
row that each step would leave. A run that only such ladders count goes, too; its condition takes its place. The rest of
the plan is what these and the other consequences need, and what decides which rows are used at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cityrules.feel.tree import IsMissing, Literal_, Logic, Read, Tree
from cityrules.feel.types import Flag, Number, Type
from cityrules.live.chain import LARGEST, MOST_STEPS, Shape
from cityrules.plan.climbing import BOUNDED
from cityrules.plan.excerpt import Body, closure, intake, reaches_out
from cityrules.plan.followings import LEVEL, STEP
from cityrules.plan.model import (
    ActPlan,
    Check,
    Consequence,
    Duty,
    Expr,
    Formula,
    Measure,
    Plan,
    RecordKind,
    Run,
    Step,
)
from cityrules.plan.names import Measured
from cityrules.plan.reading import consequences_read, measures_read
from cityrules.results.format import number_scale

Why = Literal["read_by_others", "opened", "no_period", "too_many_steps", "unrounded", "unbounded"]
"""Why a ladder is not walked by a chain: something else in the scheme reads what followed (so that it must be there
first), it goes on from values of before the first period, its cells have no periods, it has more steps than a chain
takes, or numbers that are no whole ones of a known size."""


@dataclass(frozen=True, slots=True)
class ChainedLadder:
    """A ladder that a chain walks. `scale`: digits by which its numbers are made whole; `run`: the run that the chain
    counts, whose condition stands in the plan under its name; None where the value is computed."""

    consequence: Consequence
    measure: Measure
    run: Run | None
    shape: Shape
    scale: int

    def read(self, step: Step) -> str:
        """The measure that says what a step looks at: its bound or its condition."""
        return f"{self.consequence.name}.{step.name}"

    def row(self, step: Step) -> str:
        """The consequence that leaves the row of a step wherever its condition holds."""
        return f"{self.consequence.name}.{step.name}:row"

    def look(self, step: Step) -> str:
        """The consequence that has a problem where something that a step reads is undetermined, whether or not it
        fires. That of the row has one, too, where it is undetermined what would follow."""
        return f"{self.row(step)}:read" if _conditional(step.act) else self.row(step)

    @property
    def applies(self) -> str | None:
        """The measure that says where the ladder applies; None: everywhere."""
        return f"{self.consequence.name}:applies" if self.consequence.applies is not None else None


@dataclass(frozen=True, slots=True)
class CutPlan:
    """`plan`: without what a chain walks. `ladders`: what it walks. `kept`: the ladders that are computed with the
    rest, and why."""

    plan: Plan
    ladders: tuple[ChainedLadder, ...]
    kept: dict[str, Why]


def cut(plan: Plan, opened: frozenset[str] = frozenset()) -> CutPlan:
    """Cut a plan in front of its ladders. `opened`: the measures of which values before the first period are given."""
    nodes: dict[str, Body] = {**plan.measures, **plan.consequences}
    checks = {name: one for name, one in plan.checks.items() if one.otherwise == "error" or reaches_out(plan, one)}
    roots: list[Body] = [*plan.consequences.values(), *checks.values(), *intake(plan)]
    needed = closure(nodes, roots)
    readers: list[Body] = [*(nodes[name] for name in needed), *checks.values()]
    followed = {name for node in readers for name in consequences_read(node)}
    kept: dict[str, Why] = {}
    taken: list[Consequence] = []
    for consequence in plan.consequences.values():
        if consequence.ladder is None:
            continue
        why = "read_by_others" if consequence.name in followed else _why_not(plan, consequence, opened)
        if why is None:
            taken.append(consequence)
        else:
            kept[consequence.name] = why
    names = {consequence.name for consequence in taken}
    # What is read by an expression must have a value; a ladder looks at its measure without one.
    spoken = {name for node in readers for name in _spoken_of(node)}
    spoken |= {one.ladder for one in plan.consequences.values() if one.ladder is not None and one.name not in names}
    ladders = tuple(_chained(plan, consequence, spoken) for consequence in taken)
    return CutPlan(_rest(plan, ladders, checks), ladders, kept)


def _spoken_of(node: Body) -> set[str]:
    """The measures that expressions or axes of a node read."""
    return set(measures_read(replace(node, ladder=None) if isinstance(node, Consequence) else node))


def _why_not(plan: Plan, consequence: Consequence, opened: frozenset[str]) -> Why | None:
    measure = plan.measures[consequence.ladder or ""]
    if not opened.isdisjoint(measures_read(consequence)):
        return "opened"
    if consequence.grain.period is None or consequence.of_record:
        return "no_period"
    if len(consequence.steps) > MOST_STEPS:
        return "too_many_steps"
    types = [measure.type, *(step.bound.type for step in consequence.steps if step.bound is not None)]
    numbers = [type_ for type_ in types if isinstance(type_, Number)]
    if len(numbers) < len(types) or any(number.scale is None for number in numbers):
        return "unrounded"
    scale = 10 ** max(number_scale(type_) for type_ in types)
    ends = [end for number in numbers for end in (number.low, number.high)]
    if any(end is None or abs(end) * scale > LARGEST // 4 for end in ends):
        return "unbounded"
    return None


def _chained(plan: Plan, consequence: Consequence, spoken: set[str]) -> ChainedLadder:
    measure = plan.measures[consequence.ladder or ""]
    run = measure if isinstance(measure, Run) and measure.name not in spoken else None
    steps = consequence.steps
    scale = max([number_scale(measure.type), *(number_scale(step.bound.type) for step in steps if step.bound)])
    shape = Shape(consequence.climb, None if run is None else run.missing or "breaks", 10**scale)
    return ChainedLadder(consequence, measure, run, shape, scale)


# ------------------------------------------------------------------------------------------------ what is left


def _rest(plan: Plan, ladders: tuple[ChainedLadder, ...], checks: dict[str, Check | Duty]) -> Plan:
    """The plan without the ladders, with what they look at, and without what nobody needs."""
    chained = {ladder.consequence.name: ladder for ladder in ladders}
    nodes: dict[str, Measure | Consequence] = {}
    for one in plan.computed():
        if one.name not in chained:
            nodes[one.name] = one
        else:
            nodes |= {look.name: look for look in _looks(chained[one.name])}
    counted = {}
    for ladder in ladders:
        if (run := ladder.run) is not None:
            counted[run.name] = _formula(run, run.name, run.condition, run.applies)
    nodes |= counted
    roots: list[Body] = [node for node in nodes.values() if isinstance(node, Consequence)]
    roots += [nodes[ladder.measure.name] for ladder in ladders]
    roots += [nodes[look.name] for ladder in ladders for look in _looks(ladder)]
    needed = closure(dict(nodes), [*roots, *checks.values(), *intake(plan)])
    nodes = {name: node for name, node in nodes.items() if name in needed}
    return replace(
        plan,
        measures={name: node for name, node in nodes.items() if not isinstance(node, Consequence)},
        consequences={name: node for name, node in nodes.items() if isinstance(node, Consequence)},
        checks=checks,
        withheld=(),
        rows={**{name: rows for name, rows in plan.rows.items() if name in nodes}, **dict(_records(plan, ladders))},
        order=tuple(nodes),
    )


def _looks(ladder: ChainedLadder) -> Iterator[Formula | Consequence]:
    """What a ladder looks at in every cell, and the row that each of its steps would leave there."""
    consequence = ladder.consequence
    if ladder.applies is not None:
        yield _formula(consequence, ladder.applies, consequence.applies)
    for step in consequence.steps:
        yield _formula(consequence, ladder.read(step), step.bound if step.trigger in BOUNDED else step.when)
        row = replace(
            consequence,
            name=ladder.row(step), applies=None, when=_evident(ladder, step), unknown=step.unknown or "no",
            act=step.act, ladder=None, steps=(), restart_after=None, surplus=None, together=None,
        )  # fmt: skip
        if _conditional(step.act):
            between = step.act.between and replace(step.act.between, crossed=None)
            yield replace(row, name=ladder.look(step), act=replace(step.act, between=between, ends=None))
        yield row


def _conditional(act: ActPlan) -> bool:
    """Whether there is something about an act that matters only where it is done."""
    return act.ends is not None or (act.between is not None and act.between.crossed is not None)


def _records(plan: Plan, ladders: tuple[ChainedLadder, ...]) -> Iterator[tuple[str, RecordKind]]:
    """The rows of steps as kinds of records, which every consequence of cells has; nobody runs over these."""
    for ladder in ladders:
        rows = plan.rows[ladder.consequence.name]
        fields = {name: type_ for name, type_ in rows.fields.items() if name not in (STEP, LEVEL)}
        key = tuple(name for name in rows.key if name in fields)
        for step in ladder.consequence.steps:
            for name in {ladder.row(step), ladder.look(step)}:
                yield name, replace(rows, name=name, fields=fields, key=key)


def _formula(of: Consequence | Run, name: str, value: Expr | None, applies: Expr | None = None) -> Formula:
    """An expression as a measure: missing where it is unknown."""
    assert value is not None
    return Formula(
        name=name, grain=of.grain, of_record=False, type=value.type, path=of.path, applies=applies, clause=of.clause,
        label=of.label, value=value, missing=None, empty=None, round=None, round_default=False,
    )  # fmt: skip


def _evident(ladder: ChainedLadder, step: Step) -> Expr:
    """The condition under which a step can leave a row: its own, or always. It reads the measure of the ladder first,
    where there is one, so that the evidence names it."""
    path, items = ladder.consequence.path, list[Tree]()
    if ladder.run is None:
        type_ = ladder.measure.type
        read = Read(type_, -1, -1, ladder.measure.name, Measured(type_, ladder.measure.name, "cell"))
        either = (IsMissing(Flag(), -1, -1, read, False), IsMissing(Flag(), -1, -1, read, True))
        items.append(Logic(Flag(), -1, -1, "or", either))
    own = None if step.trigger in BOUNDED else step.when
    items.append(own.tree if own is not None else Literal_(Flag(), 0, 0, True))
    type_of: Type = items[-1].type
    tree = items[0] if len(items) == 1 else Logic(type_of, -1, items[-1].end, "and", tuple(items))
    return Expr(own.text if own is not None else "true", path, tree, own.guards if own is not None else ())
