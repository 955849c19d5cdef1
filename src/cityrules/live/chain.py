"""What a ladder is to a chain: its shape, what is known of each cell, and what it does there. Knows whole numbers only.

A chain turns the cells of one ladder and one target, in order of period, into moves: how long the run is, which steps
fire, where the count begins anew. The meaning is that of `plan/climbing.py`; every chain gives the same moves for the
same cells. Numbers are scaled to whole ones by whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

from cityrules.plan.climbing import Climb

# What is known of a cell. Of a run: whether its condition held; of a count: whether it has a value (`hit`).
Mark = Literal["hit", "miss", "missing", "unknown"]

# Whether the condition of a step held.
NO: Final = 0
YES: Final = 1
UNKNOWN: Final = 2

MOST_STEPS: Final = 32
"""Steps of one ladder that a chain takes."""

LARGEST: Final = 2**53
"""No number of a chain is larger, up or down."""


class ChainError(Exception):
    """A chain cannot answer: what it runs on is not installed, or it fails time and again."""


class ChainMissing(ChainError, ImportError):
    """What a chain runs on is not installed; `name` is the package."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A ladder without names. `run`: what a missing month does to the run that the chain counts; None: the values are
    given. `unit`: the number that stands for one."""

    climb: Climb
    run: Literal["breaks", "holds", "counts"] | None
    unit: int = 1


class Cell(NamedTuple):
    """A cell of the measure of a ladder. `at`: the running number of its period. `hole`: there is no cell just before
    it; `anew`: no run goes on into it (a hole, or a new year that breaks runs). `value`: of a count, 0 of a run.
    `doubt`: something that a step reads is undetermined, so that nothing fires. `steps`: for each its bound, or whether
    its condition held. `void`: the steps of which it is unknown what would follow, so that they do not fire."""

    at: int
    hole: bool
    anew: bool
    mark: Mark
    value: int
    doubt: bool
    steps: tuple[int, ...]
    void: tuple[int, ...] = ()


class Move(NamedTuple):
    """What a ladder does in a cell. `value`: of the measure; `level`: less what restarts took off; None where unknown.
    `fired`: the steps that stand, by number."""

    at: int
    value: int | None
    level: int | None
    fired: tuple[int, ...]


class Chain(Protocol):
    """Walks ladders. `thread` names one ladder of one target for as long as the chain lives, so that it can go on from
    where it was; the answer depends on the shape and the cells alone. Raises ChainError."""

    def moves(self, thread: str, shape: Shape, cells: Sequence[Cell]) -> list[Move]: ...

    def close(self) -> None: ...
