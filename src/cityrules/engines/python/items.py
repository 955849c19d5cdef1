"""Scored items of a ledger: what each loses, held within its worth. The contract is `docs/engines.md`, "Ledger"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.lines import Line, Points
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.world import World
from cityrules.plan.model import Item, Ledger
from cityrules.plan.reading import all_items
from cityrules.results.rounding import rounded

WORTH, RESCALED = "(worth)", "(rescaled)"


class Items:
    """The items of a ledger made ready."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world, self._ledger = world, ledger
        items = list(all_items(ledger.items))
        self._worths = {item.name: Reading(world, item.worth, ledger.name) for item in items}
        self._applies = {item.name: Reading(world, item.applies, ledger.name) for item in items if item.applies}

    def read(self, cell: CellPlace, doubts: Doubts) -> None:
        """Note what cannot be read of worths and conditions."""
        for reading in (*self._worths.values(), *self._applies.values()):
            reading.read(cell, cell, doubts)

    def settle(self, cell: CellPlace, full: Points, hits: Sequence[Line], doubts: Doubts) -> list[Line]:
        """The lines by which items are rescaled and held, those of inner items first."""
        if not self._ledger.items:
            return []
        moved: dict[str, Points] = {}
        for line in hits:
            moved[line.name] = moved.get(line.name, 0) + line.points
        lines: list[Line] = []
        self._beside("", self._ledger.items, full, cell, moved, lines, doubts)
        return lines

    def _beside(
        self,
        name: str,
        items: Sequence[Item],
        full: Points,
        cell: CellPlace,
        moved: Mapping[str, Points],
        lines: list[Line],
        doubts: Doubts,
    ) -> Points:
        """What items side by side move together; `full`: the worth that they share."""
        lost: Points = 0
        extra: Points = 0
        there: Points = 0
        absent = False
        for item in items:
            applies = self._applies.get(item.name)
            if applies is not None and not applies.at(cell, doubts):
                absent = absent or not item.extra
                continue
            if item.extra:
                extra += self._item(item, cell, moved, lines, doubts)
            else:
                lost += self._item(item, cell, moved, lines, doubts)
                there += _number(self._worths[item.name], cell, doubts)
        if not self._ledger.rescale or not absent:
            return lost + extra
        if there == 0:
            doubts.add("empty", self._ledger.name)
            return 0
        how = self._ledger.round
        assert how is not None
        result = rounded(Fraction(lost) * full / there, how)
        _move(lines, f"{name}.{RESCALED}" if name else RESCALED, result - lost)
        return result + extra

    def _item(
        self, item: Item, cell: CellPlace, moved: Mapping[str, Points], lines: list[Line], doubts: Doubts
    ) -> Points:
        """What one item moves, held within its worth."""
        worth = _number(self._worths[item.name], cell, doubts)
        total = sum((moved.get(rule, 0) for rule in item.rules), Fraction(0))
        if item.items:
            total += self._beside(item.name, item.items, worth, cell, moved, lines, doubts)
        self._world.compared(item.worth.path, max(total, -total), worth)
        held = max(-worth, min(worth if item.extra else 0, total))
        _move(lines, f"{item.name}.{WORTH}", held - total)
        return held


def _number(reading: Reading, cell: CellPlace, doubts: Doubts) -> Points:
    value = reading.at(cell, doubts)
    assert isinstance(value, (int, Fraction))
    return value


def _move(lines: list[Line], name: str, points: Points) -> None:
    if points != 0:
        lines.append(Line(name, None, None, None, None, points, points))
