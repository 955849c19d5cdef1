"""The elements of an axis in one cell: records, lower targets, shorter periods, in their stated order."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Place
from cityrules.engines.python.records import RecordPlace
from cityrules.engines.python.world import World
from cityrules.plan.model import Axis, KindAxis, PeriodAxis, RecordAxis
from cityrules.plan.views import WHOLE
from cityrules.plan.windows import days, elements
from cityrules.results.facts import Days
from cityrules.scheme.notation import Grain, Window, parts_of, split_name


class Elements:
    """What a fold or a rule of a measure of `grain` runs over.

    Records come by moment and key, targets by name, periods by number. Lower targets and shorter periods are those
    that have a cell in the grid, whether or not a measure has one there.
    """

    def __init__(self, world: World, axis: Axis, grain: Grain, window: Window | None = None) -> None:
        self._world = world
        self._axis = axis
        self._grain = grain
        self._window = window

    def of(self, cell: CellPlace) -> Iterator[Place]:
        """The elements of one cell."""
        axis, grid = self._axis, self._world.grid
        if isinstance(axis, RecordAxis):
            yield from self._world.stream(axis).of(cell.name, self._days(cell))
        elif isinstance(axis, KindAxis):
            grain = Grain(axis.kind, self._grain.period)
            for name in self._lower(axis.kind, cell):
                if grid.holds(grain, name, cell.index):
                    yield grid.place(grain, name, cell.index)
        else:
            grain = Grain(self._grain.kind, axis.period)
            assert self._grain.period is not None
            assert cell.index is not None
            found = elements(self._world.plan.periods, axis.period, self._grain.period, cell.index, self._window)
            there = grid.periods(grain, cell.name)
            for index in range(max(found.start, there.start), min(found.stop, there.stop)):
                if grid.holds(grain, cell.name, index):
                    yield grid.place(grain, cell.name, index)

    def name(self, element: Place) -> tuple[str, str]:
        """The kind and name of an element, as result tables cite it: a record's key, a target, or a period."""
        if isinstance(element, RecordPlace):
            return element.record.kind, element.record.key
        if isinstance(self._axis, PeriodAxis):
            return self._axis.period, period_name(element) or ""
        part = self._axis.part if isinstance(self._axis, KindAxis) else 0
        return parts_of(element.grain.kind)[part], split_name(element.name)[part]

    def _lower(self, kind: str, cell: CellPlace) -> list[str]:
        registry = self._world.registry
        if self._grain.kind == WHOLE:
            return sorted(registry.members(kind))
        return registry.below(kind, self._grain.kind, cell.name, cell.day)

    def _days(self, cell: CellPlace) -> Days | None:
        """The days of the cell's period or window; None for all time."""
        if self._grain.period is None or cell.index is None:
            return None
        return days(self._world.plan.periods, self._grain.period, cell.index, self._window)


def period_name(place: CellPlace) -> str | None:
    """The name of a cell's period."""
    return (
        None
        if place.grain.period is None or place.index is None
        else place.registry.periods.name_of(place.grain.period, place.index)
    )
