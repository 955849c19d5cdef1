"""The plain walk: a chain in a few lines of Python, cell by cell. The oracle of the contract test.

Knows nothing but `chain.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cityrules.live.chain import NO, UNKNOWN, YES, Cell, Move, Shape


class _State(NamedTuple):
    """What is known from the cells before: the run, the last known value, what is taken off it, the level of the cell
    before (None: unknown) and whether the conditions of steps held there."""

    run: int | None
    value: int
    offset: int
    level: int | None
    held: tuple[int, ...]


class PlainWalk:
    """A chain that keeps nothing: every question is walked from the first cell."""

    def moves(self, thread: str, shape: Shape, cells: Sequence[Cell]) -> list[Move]:
        """The move of every cell."""
        start = state = _State(0, 0, 0, 0, (NO,) * len(shape.triggers))
        found = []
        for cell in cells:
            if cell.hole:
                state = start
            move, state = _move(shape, state, cell)
            found.append(move)
        return found

    def close(self) -> None:
        """Nothing is kept."""


def _move(shape: Shape, state: _State, cell: Cell) -> tuple[Move, _State]:
    run = _counted(shape, state, cell) if shape.run is not None else None
    value = run if shape.run is not None else None if cell.mark == "unknown" else cell.value
    if value is None:
        held = (UNKNOWN,) * len(shape.triggers)
        return Move(cell.at, None, None, ()), state._replace(run=run, level=None, held=held)
    fell = value < state.value
    offset = 0 if fell else state.offset
    before = 0 if fell and state.level is not None else state.level
    level = value - offset
    steps = range(0 if cell.doubt else len(shape.triggers))
    fired = tuple(number for number in steps if _fires(shape, number, cell, level, before, state))
    if shape.restart in fired:
        offset = offset + shape.taken_off(cell) if shape.surplus == "carried" else value
    kept = fired[-1:] if shape.highest else fired
    return Move(cell.at, value, level, kept), _State(run, value, offset, value - offset, cell.steps)


def _counted(shape: Shape, state: _State, cell: Cell) -> int | None:
    """The run in a cell; None where it is unknown."""
    before = 0 if cell.anew else state.run
    match cell.mark:
        case "hit":
            grows = True
        case "missing" if shape.run != "breaks":
            grows = shape.run == "counts"
        case "unknown":
            return None
        case _:
            return 0
    return None if before is None else before + shape.unit * grows


def _fires(shape: Shape, number: int, cell: Cell, level: int, before: int | None, state: _State) -> bool:
    """Whether a step fires; not where that is unknown."""
    trigger, bound = shape.triggers[number], cell.steps[number]
    if number in cell.void:
        return False
    match trigger:
        case "at_least":
            return level >= bound
        case "reaches":
            return before is not None and before < bound <= level
        case "exceeds":
            return before is not None and before <= bound < level
        case "each_period":
            return bound == YES
    return bound == YES and state.held[number] == NO
