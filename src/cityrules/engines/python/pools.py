"""A cap that several cells share: first come, first served. The contract is `docs/engines.md`, "Ledger"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from cityrules.engines.base import CellKey
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.lines import Line, Points
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Cap, Ledger
from cityrules.plan.views import WHOLE


@dataclass(slots=True)
class _Group:
    """The cells that share one sum: their bound, their hits, and which of them are undetermined."""

    bound: Points = 0
    cells: list[CellKey] = field(default_factory=list)
    hits: list[tuple[CellPlace, Line]] = field(default_factory=list)
    unknown: set[CellKey] = field(default_factory=set)


class Pool:
    """The cap made ready. It takes the cells one by one, and then holds."""

    def __init__(self, world: World, ledger: Ledger, cap: Cap) -> None:
        self._world, self._cap = world, cap
        self._at = Reading(world, cap.at, ledger.name)
        self._groups: dict[tuple[str | None, int | None], _Group] = {}

    def take(self, cell: CellPlace, hits: list[Line], doubts: Doubts, *, known: bool) -> None:
        """Note what a cell wants to move; `known`: nothing speaks against the cell yet but its `doubts`."""
        bound = self._at.at(cell, doubts) if known else 0
        grain = self._cap.shared
        assert grain is not None
        period = None if grain.period is None else cell.period(grain.period)
        group = self._groups.setdefault(("" if grain.kind == WHOLE else cell.target(grain.kind), period), _Group())
        group.cells.append(cell.key)
        if doubts or not known:
            group.unknown.add(cell.key)
        elif isinstance(bound, (int, Fraction)):
            group.bound = max(bound, 0)
        group.hits += [(cell, line) for line in hits if line.name in self._cap.rules]

    def hold(self) -> set[CellKey]:
        """Cut what is over in each group. The cells that are undetermined because another one of their group is."""
        for group in self._groups.values():
            so_far: Points = 0
            if not group.unknown:
                wanted = sum((max(line.points, -line.points) for _, line in group.hits), Fraction(0))
                self._world.compared(self._cap.at.path, wanted, group.bound)
            for _, line in sorted(group.hits, key=lambda hit: self._order(*hit)):
                size: Points = -line.points if line.points < 0 else line.points
                left = group.bound - so_far
                counted: Points = size if size <= left else left if self._cap.short == "part" else 0
                line.points = counted if line.points > 0 else -counted
                so_far += counted
        groups = self._groups.values()
        return {key for group in groups for key in group.cells if group.unknown - {key}}

    def _order(self, cell: CellPlace, line: Line) -> tuple[object, ...]:
        """What `order` says, then the moment, the names of element and target, the period, the rule."""
        values = line.keys[self._cap.name]
        stated = tuple(
            -number if high else number for number, high in zip(map(_number, values), self._cap.high, strict=True)
        )
        name = line.element[1] if line.element is not None else ""
        moment = (line.moment is None, line.moment or dt.datetime.min)
        return *stated, *moment, name, cell.name, cell.index or 0, line.place


def _number(value: Value) -> int | Fraction:
    """A number, or a day or moment as one."""
    if isinstance(value, dt.datetime):
        return (value - dt.datetime.min) // dt.timedelta(seconds=1)
    if isinstance(value, dt.date):
        return value.toordinal()
    return value if isinstance(value, (int, Fraction)) else 0
