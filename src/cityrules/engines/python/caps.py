"""Caps of a ledger: running sums of points held within bounds. The contract is `docs/engines.md`, "Ledger"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction

from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.lines import Line, Points
from cityrules.engines.python.reading import Getter, Place, Reading
from cityrules.engines.python.records import RecordPlace
from cityrules.engines.python.world import World
from cityrules.feel.tree import Binding, Value
from cityrules.plan.model import Cap, Ledger, PeriodAxis, Rule
from cityrules.plan.names import Counted


class Caps:
    """The caps of a ledger made ready. What rules have counted so far is noted in `_counted` for their bounds."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world = world
        self._counted: dict[str, Points] = {}
        self._signs = {rule.name: rule.sign for rule in ledger.rules}
        self._caps = [
            (cap, Reading(world, cap.at, ledger.name, self._getter)) for cap in ledger.caps if cap.shared is None
        ]

    def read(self, cell: CellPlace, doubts: Doubts) -> None:
        """Note what cannot be read of the names in all bounds, before anything is counted."""
        for _, reading in self._caps:
            reading.read(cell, cell, doubts)

    def hold(self, cell: CellPlace, hits: Sequence[Line], doubts: Doubts) -> None:
        """Cut the points of the hits of a cell, cap after cap."""
        for cap, reading in self._caps:
            self._count(hits)
            bound = reading.at(cell, doubts)
            if not isinstance(bound, (int, Fraction)):
                return  # A date left the calendar, and the cell is undetermined.
            lines = [line for line in hits if line.name in cap.rules]
            for wanted in _wanted(cap, lines):
                self._world.compared(cap.at.path, wanted, max(bound, 0))
            _hold(max(bound, 0), cap, lines)

    def _count(self, hits: Iterable[Line]) -> None:
        self._counted.clear()
        for line in hits:
            points = self._signs[line.name] * line.points
            self._counted[line.name] = self._counted.get(line.name, 0) + points

    def _getter(self, binding: Binding) -> Getter | None:
        """How what rules have counted is found; None for all other names."""
        if not isinstance(binding, Counted):
            return None
        rules = binding.rules
        return lambda _place: sum((self._counted.get(rule, 0) for rule in rules), 0)


def moment_of(rule: Rule, element: Place) -> dt.datetime | None:
    """When an element comes: a record at its moment, a shorter period at its start; lower targets and the cell itself
    at no time of their own."""
    moment: dt.date | None = None
    if isinstance(element, RecordPlace):
        moment = element.record.moment
    elif isinstance(rule.axis, PeriodAxis) and element.index is not None:
        moment = element.registry.periods.start_of(rule.axis.period, element.index)
    if moment is None or isinstance(moment, dt.datetime):
        return moment
    return dt.datetime.combine(moment, dt.time())


def _wanted(cap: Cap, lines: Iterable[Line]) -> Iterable[Points]:
    """How many points some lines would move without the cap, for each sum that it bounds."""
    sums: dict[tuple[Value, ...], Points] = {}
    for line in lines:
        key = line.keys.get(cap.name, ())
        sums[key] = sums.get(key, 0) + line.points
    return [max(points, -points) for points in sums.values()]


def _hold(bound: Points, cap: Cap, lines: list[Line]) -> None:
    """Hold the running sums of some lines, in order of time, within a bound; cut the line that would lead over it."""
    so_far: dict[tuple[Value, ...], Points] = {}
    for line in sorted(lines, key=_order):
        key = line.keys.get(cap.name, ())
        before = so_far.get(key, 0)
        reached = max(-bound, min(bound, before + line.points))
        line.points = reached - before
        so_far[key] = reached


def _order(line: Line) -> tuple[bool, dt.datetime, str, int]:
    """Records and periods by time, then what has none; at one time by name in binary order, then by rule."""
    name = line.element[1] if line.element is not None else ""
    return line.moment is None, line.moment or dt.datetime.min, name, line.place
