"""Smallest sets of which a trial says that they are enough: each size after the other, within a number of trials.

Knows nothing of schemes. A trial need not be monotone: that a set is enough says nothing of a larger one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_LOOKS: Final = 50
"""Sets that may be looked at and passed over for want of weight, for each trial."""


class Spent(Exception):
    """No more trials are allowed."""


@dataclass(slots=True)
class Trials:
    """What is tried, and how often it may be. What was tried before is not tried again."""

    trial: Callable[[frozenset[int]], bool]
    most: int
    done: int = 0
    _known: dict[frozenset[int], bool] | None = None

    def __call__(self, chosen: frozenset[int]) -> bool:
        """Whether a set is enough. Raises Spent."""
        if self._known is None:
            self._known = {}
        if chosen not in self._known:
            if self.done >= self.most:
                raise Spent
            self.done += 1
            self._known[chosen] = self.trial(chosen)
        return self._known[chosen]


@dataclass(frozen=True, slots=True)
class Smallest:
    """`sets`: sets that are enough, all of one size, in the order of what is in them. `at_least`: every smaller one
    was tried, or cannot be enough. `every`: these are all there are of their size; without sets, that there is none."""

    sets: tuple[frozenset[int], ...]
    at_least: int
    every: bool


def smallest(weights: Sequence[Fraction], needed: Fraction, trials: Trials, most: int) -> Smallest:
    """The smallest sets of the numbers from 0 that are enough, up to `most` of them.

    `weights`: what each can move at most, falling; a set that weighs less than `needed` cannot be enough.
    """

    def heavy_and_enough(chosen: frozenset[int]) -> bool:
        return sum(weights[one] for one in chosen) >= needed and trials(chosen)

    known = _some(len(weights), heavy_and_enough)
    found: list[frozenset[int]] = []
    looks = [trials.most * _LOOKS]
    size = 0
    try:
        for size in range(1, len(weights) + 1):
            for chosen in _heavy(weights, needed, size, looks):
                if trials(chosen):
                    if len(found) == most:
                        return Smallest(tuple(found), size, False)
                    found.append(chosen)
            if found:
                return Smallest(tuple(found), size, True)
    except Spent:
        # Of this size some may be missing; a set of a size that no smaller one can have is smallest all the same.
        sets = found or ([known] if known is not None else [])
        return Smallest(tuple(sets), size, False)
    return Smallest((), len(weights) + 1, True)


def _some(number: int, enough: Callable[[frozenset[int]], bool]) -> frozenset[int] | None:
    """A set that is enough, made smaller as far as trials allow: the first few, less what each can spare. It is told
    where the search does not come to an end."""
    try:
        if not number or not enough(frozenset(range(number))):
            return None
    except Spent:
        return None
    low, high = 0, number
    found = frozenset(range(number))
    try:
        while high - low > 1:
            middle = (low + high) // 2
            if enough(frozenset(range(middle))):
                high = middle
            else:
                low = middle
        found = frozenset(range(high))
        for one in sorted(found, reverse=True):
            if len(found) > 1 and enough(found - {one}):
                found -= {one}
    except Spent:
        return found
    return found


def _heavy(weights: Sequence[Fraction], needed: Fraction, size: int, looks: list[int]) -> Iterator[frozenset[int]]:
    """The sets of a size that weigh as much as is needed, those of the heaviest first. Raises Spent."""

    def further(chosen: tuple[int, ...], weight: Fraction, start: int) -> Iterator[frozenset[int]]:
        if len(chosen) == size:
            yield frozenset(chosen)
            return
        left = size - len(chosen)
        for one in range(start, len(weights) - left + 1):
            looks[0] -= 1
            if looks[0] < 0:
                raise Spent
            # The next ones weigh no more than these.
            if weight + sum(weights[one : one + left]) < needed:
                return
            yield from further((*chosen, one), weight + weights[one], one + 1)

    yield from further((), Fraction(0), 0)
