"""The plain walk: a chain that goes cell by cell, by the library's own definition. The oracle of the contract test.

Knows nothing but `chain.py` and `plan/climbing.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.live.chain import NO, YES, Cell, Move, Shape
from cityrules.plan.climbing import BOUNDED, Rung, lengthened

_HELD = {YES: True, NO: False}


class PlainWalk:
    """A chain that keeps nothing: every question is walked from the first cell."""

    def moves(self, thread: str, shape: Shape, cells: Sequence[Cell]) -> list[Move]:
        """The move of every cell."""
        run: int | None = 0
        rung: Rung[None] = Rung()
        found = []
        for cell in cells:
            rung = Rung() if cell.hole else rung
            run = _run(shape, 0 if cell.anew else run, cell)
            move, rung = _move(shape, rung, cell, cell.value if shape.run is None else run)
            found.append(move)
        return found

    def close(self) -> None:
        """Nothing is kept."""


def _run(shape: Shape, before: int | None, cell: Cell) -> int | None:
    """How long the run is in a cell; None where that is unknown."""
    if cell.mark == "unknown":
        return None
    held = None if cell.mark == "missing" else cell.mark == "hit"
    return lengthened(before, held, shape.run, shape.unit)


def _move(shape: Shape, rung: Rung[None], cell: Cell, value: int | None) -> tuple[Move, Rung[None]]:
    climb = shape.climb
    if value is None or cell.mark == "unknown":
        return Move(cell.at, None, None, ()), climb.lost(rung, None)
    looks = [
        number if trigger in BOUNDED else _HELD.get(number)
        for trigger, number in zip(climb.triggers, cell.steps, strict=True)
    ]
    found = climb.climbed(rung, value, looks, None, cell.doubt, dict.fromkeys(cell.void))
    assert isinstance(found.level, int)
    return Move(cell.at, value, found.level, found.kept), found.rung
