"""What of an edition looks over a border between two editions, and which way. Knows plans; reads no data.

Two things are told apart. What is looked *back* at (a run, an account, `previous`, a window, acts that still have
effect) has to be stated by name. What merely lies in a period that the border cuts is settled with that period: its
shorter periods count as they were judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cityrules.calendar.periods import Periods
from cityrules.compare.editions.edition import Edition
from cityrules.plan.model import (
    Axis,
    Check,
    Consequence,
    Duty,
    Expr,
    Fold,
    KindAxis,
    Ledger,
    Measure,
    Pauses,
    PeriodAxis,
    Plan,
    RecordAxis,
    Run,
)
from cityrules.plan.names import Fired, InForce, Measured, Tied
from cityrules.plan.reading import axes, bindings, expressions, measures_read
from cityrules.scheme.notation import Window

Thing = Literal["measure", "record", "act", "cap"]
Way = Literal["back", "inside"]


@dataclass(frozen=True, slots=True)
class Sight:
    """A measure, kind of records, consequence or shared cap (`LEDGER.CAP`) that something looks at over a border.
    `by`: the address of what looks; `why`: the word for how, in `wording`."""

    thing: Thing
    name: str
    way: Way
    by: str
    why: str


def sights(edition: Edition, border: Edition) -> list[Sight]:
    """All that an edition looks at over the first day of `border`, each thing once for each way."""
    found: dict[tuple[Thing, str, Way], Sight] = {}
    plan = edition.plan
    nodes = (*plan.measures.values(), *plan.consequences.values(), *plan.checks.values())
    for node in nodes:
        for one in _Looks(plan, border, node).all():
            found.setdefault((one.thing, one.name, one.way), one)
    return list(found.values())


def names(plan: Plan, name: str) -> tuple[str, ...]:
    """A measure, and the two that are read of one that stays a fraction."""
    whole = plan.quotient_of(name)
    halves = (getattr(plan.measures[whole], "numerator", ""), getattr(plan.measures[whole], "denominator", ""))
    return (whole, *(half for half in halves if half))


class _Looks:
    """What one node looks at over a border."""

    def __init__(self, plan: Plan, border: Edition, node: Measure | Consequence | Check | Duty) -> None:
        self._plan, self._border, self._node = plan, border, node
        self._periods: Periods = plan.periods
        self._of_record = bool(getattr(node, "of_record", False))
        self._period = None if self._of_record else node.grain.period
        self._path = str(node.path)

    def all(self) -> Iterator[Sight]:
        """Every sight, some more than once."""
        node = self._node
        if isinstance(node, Run):
            yield self._measure(node.name, "back", "run")
        if isinstance(node, Ledger):
            if node.carried:
                yield self._measure(node.name, "back", "carried")
            for cap in node.caps:
                of = cap.shared.period if cap.shared is not None else None
                if cap.shared is not None and of != self._period and (of is None or self._cut(of)):
                    yield Sight("cap", f"{node.name}.{cap.name}", "back", cap.path, "cap")
        if isinstance(node, Consequence) and node.ladder is not None:
            for name in measures_read(node):
                yield self._measure(name, "back", "ladder")
        if isinstance(node, Pauses) and node.axis.record in self._plan.records:
            yield Sight("record", node.axis.record, "back", self._path, "looking_back")
        reach: Way | None = "back" if isinstance(node, Pauses) else None
        why = "looking_back" if reach else "cut"
        for axis in axes(node):
            way, said = self._reach(axis)
            yield from self._elements(axis, way, said)
            if way is not None and reach != "back":
                reach, why = way, said
        for expr in expressions(node):
            yield from self._read(expr, reach, why)

    def _measure(self, name: str, way: Way, why: str) -> Sight:
        return Sight("measure", self._plan.quotient_of(name), way, self._path, why)

    def _cut(self, kind: str | None) -> bool:
        return kind is not None and kind in self._periods and self._border.cuts(kind)

    def _reach(self, axis: Axis) -> tuple[Way | None, str]:
        """How the elements of an axis lie to the border, and the word for it."""
        node = self._node
        window: Window | None = node.window if isinstance(node, Fold) else None
        inner = axis.period if isinstance(axis, PeriodAxis) else None
        if isinstance(node, (Duty, Consequence)):
            return None, ""
        if window is not None:
            begins_there = window.kind == "to_date" and not self._cut(window.period)
            if not begins_there:
                return "back", "window"
        elif self._of_record:
            return "back", "looking_back"
        if isinstance(axis, RecordAxis) and axis.placed is not None:
            return "back", "placed"
        if self._cut(self._period) or self._cut(inner) or (self._period is None and not self._of_record):
            return "inside", "cut"
        return None, ""

    def _elements(self, axis: Axis, way: Way | None, why: str) -> Iterator[Sight]:
        if not isinstance(axis, RecordAxis) or way is None:
            return
        if axis.follows is not None:
            yield Sight("act", axis.follows, "back", self._path, "rows")
        elif axis.record in self._plan.records and self._plan.records[axis.record].one_per is None:
            yield Sight("record", axis.record, way, self._path, why)
        placed = axis.placed.measures if axis.placed is not None else ()
        for name in placed:
            yield self._measure(name, way, why)
        if axis.route is not None and axis.route.measured:
            yield self._measure(axis.route.field, way, why)

    def _read(self, expr: Expr, reach: Way | None, why: str) -> Iterator[Sight]:
        for binding in bindings(expr):
            match binding:
                case InForce():
                    yield Sight("act", binding.consequence, "back", self._path, "in_force")
                case Fired():
                    of = self._plan.consequences[binding.consequence].grain.period
                    coarser = of != self._period and self._cut(of)
                    if coarser or (binding.side == "element" and reach is not None):
                        yield Sight("act", binding.consequence, "back", self._path, "fired")
                case Measured() | Tied():
                    yield from self._value(binding, reach, why)
                case _:
                    pass

    def _value(self, binding: Measured | Tied, reach: Way | None, why: str) -> Iterator[Sight]:
        measure = self._plan.measures[binding.measure]
        if isinstance(binding, Measured) and binding.back:
            yield self._measure(measure.name, "back", "previous" if binding.back == "period" else "year_before")
        elif isinstance(binding, Measured) and binding.through is not None:
            yield self._measure(measure.name, "back", "referent")
        elif binding.side == "element" and reach is not None and not self._beside():
            yield self._measure(measure.name, reach, why)
        elif (
            not measure.of_record
            and measure.grain.period != self._period
            and (measure.grain.period is None or self._cut(measure.grain.period))
        ):
            yield self._measure(measure.name, "inside", "cut")

    def _beside(self) -> bool:
        """Whether the elements are other targets in the same period."""
        return all(isinstance(axis, KindAxis) for axis in axes(self._node)) and not isinstance(self._node, Pauses)
