"""How a value can move when one more record is there: up, down, both, not at all. Knows no expression and no plan.

Numbers and dates move on their scale, flags from false over unknown to true, labels along an order that whoever asks
knows. A set of possible moves is an upper bound: what it does not have cannot happen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cityrules.feel.interval import Interval


@dataclass(frozen=True, slots=True)
class Move:
    """Whether a value that is there before and after can rise, and whether it can fall. `steady`: it is never there
    only before, or only after."""

    up: bool = False
    down: bool = False
    steady: bool = True

    def __or__(self, other: Move) -> Move:
        """The moves of a whole that goes up with each of two parts."""
        return Move(self.up or other.up, self.down or other.down, self.steady and other.steady)

    def __neg__(self) -> Move:
        return Move(self.down, self.up, self.steady)

    @property
    def still(self) -> bool:
        return not self.up and not self.down and self.steady

    def times(self, factor: Interval) -> Move:
        """The moves of a product whose other factor lies in an interval."""
        rises = factor.high is None or factor.high > 0
        falls = factor.low is None or factor.low < 0
        return Move(
            (self.up and rises) or (self.down and falls), (self.down and rises) or (self.up and falls), self.steady
        )


STILL: Final = Move()
UP: Final = Move(up=True)
ANY: Final = Move(True, True, False)
"""Nothing is known."""


def joined(moves: Iterable[Move]) -> Move:
    """The moves of a whole that goes up with each of its parts."""
    found = STILL
    for move in moves:
        found |= move
    return found


Path = tuple[str, ...]
"""How a record comes to a target: by which field, from which kind, to which kind, and up to which kinds from there."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How a measure moves: at the targets that the record reaches (`own`), and at all `others`. Of measures of single
    records both are those of the records that are there already. `paths`: the ways by which targets are reached."""

    own: Move = STILL
    other: Move = STILL
    paths: frozenset[Path] = frozenset()

    @property
    def all(self) -> Move:
        return self.own | self.other

    @property
    def still(self) -> bool:
        return self.own.still and self.other.still
