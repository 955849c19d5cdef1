"""Where choices come from while inputs are drawn: a seed, or whatever else can choose. Knows no plan.

Every question has a simplest answer, given first; a source that can take choices back (hypothesis) goes toward it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    """Answers to what is left open."""

    def chance(self, of: float, simpler: bool = False) -> bool:
        """True in a share `of` all cases; `simpler`: which of the two answers is the simpler one."""
        ...

    def pick(self, among: Sequence[T]) -> T:
        """One of several, the simplest first."""
        ...

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included; the least is the simplest."""
        ...

    def some(self, among: Sequence[T], number: int) -> list[T]:
        """So many different ones, in any order."""
        ...

    def repeat(self, most: int, make: Callable[[], object]) -> None:
        """Do something again and again, at most so often; never is the simplest."""
        ...


class Seeded:
    """The choices of a seed: the same seed chooses the same."""

    def __init__(self, seed: str) -> None:
        self._rng = random.Random(seed)

    def chance(self, of: float, simpler: bool = False) -> bool:
        return self._rng.random() < of

    def pick(self, among: Sequence[T]) -> T:
        return self._rng.choice(among)

    def whole(self, low: int, high: int) -> int:
        return self._rng.randint(low, high)

    def some(self, among: Sequence[T], number: int) -> list[T]:
        return self._rng.sample(among, number)

    def repeat(self, most: int, make: Callable[[], object]) -> None:
        for _ in range(self._rng.randint(0, most)):
            make()
