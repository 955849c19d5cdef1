"""Targets compared with others of their kind: those that agree with a cell's in what the fold says. Knows no values."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Fold, KindAxis

Likeness = tuple[int | None, tuple[Value, ...]]


class Beside:
    """The cells of one grain by period and by what they have in common. A cell of which that is not known is beside
    nobody."""

    def __init__(self, world: World, measure: Fold) -> None:
        assert isinstance(measure.axis, KindAxis)
        self._measure = measure
        self._with_itself = measure.axis.itself == "included"
        self._own = [Reading(world, one.own, measure.name) for one in measure.among]
        self._groups: dict[Likeness, list[CellPlace]] = {}
        others = [Reading(world, one.other, measure.name) for one in measure.among]
        for place in sorted(world.grid.cells(measure.grain), key=lambda place: place.name):
            doubts = Doubts()
            like = tuple([reading.at(place, doubts) for reading in others])
            if not doubts and None not in like:
                self._groups.setdefault((place.index, like), []).append(place)

    def of(self, cell: CellPlace, doubts: Doubts) -> Iterator[CellPlace]:
        """The cells that agree with a cell, by name; what speaks against its own names is noted."""
        like = tuple([reading.at(cell, doubts) for reading in self._own])
        stated = self._measure.missing
        if not doubts and None in like and stated is not None and stated.policy == "error":
            doubts.add("missing", self._measure.name)
        for place in self._groups.get((cell.index, like), ()):
            if self._with_itself or place.name != cell.name:
                yield place
