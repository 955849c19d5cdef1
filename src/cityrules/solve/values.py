"""Sets of values that a piece of code can have: spans of whole numbers, texts, truth values, and the missing one.

Knows codes' sorts and static types; no conditions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

FAR: Final = 1 << 200
"""Beyond every whole number that lowered code can have."""

Span = tuple[int, int]
Spans = tuple[Span, ...]
Scalar = int | str | bool | None
ALL: Final[Spans] = ((-FAR, FAR),)
BOTH: Final = frozenset((True, False))


@dataclass(frozen=True, slots=True)
class Values:
    """Possible values of one sort: whole numbers in disjoint closed `spans` from low to high, texts, or truth values;
    `null`: it can be missing."""

    spans: Spans = ()
    words: frozenset[str] = frozenset()
    flags: frozenset[bool] = frozenset()
    null: bool = False

    @property
    def some(self) -> bool:
        """Whether it can be there."""
        return bool(self.spans or self.words or self.flags)

    @property
    def empty(self) -> bool:
        return not (self.some or self.null)

    @property
    def low(self) -> int:
        return self.spans[0][0]

    @property
    def high(self) -> int:
        return self.spans[-1][1]

    @property
    def truths(self) -> frozenset[bool | None]:
        """The truth values, the unknown one among them."""
        return frozenset((*self.flags, None)) if self.null else frozenset(self.flags)

    @property
    def single(self) -> bool:
        """Whether it is exactly one value, or missing for sure."""
        return self.size == 1

    @property
    def size(self) -> int:
        return sum(high - low + 1 for low, high in self.spans) + len(self.words) + len(self.flags) + self.null

    def without_null(self) -> Values:
        return replace(self, null=False)


NULL: Final = Values(null=True)


def whole(low: int, high: int, *, null: bool = False) -> Values:
    return Values(spans=((low, high),) if low <= high else (), null=null)


def exactly(value: Scalar) -> Values:
    """The one value."""
    match value:
        case None:
            return NULL
        case bool():
            return Values(flags=frozenset((value,)))
        case str():
            return Values(words=frozenset((value,)))
        case int():
            return whole(value, value)


def of_truths(truths: Iterable[bool | None]) -> Values:
    found = frozenset(truths)
    return Values(flags=frozenset(one for one in found if one is not None), null=None in found)


def contains(values: Values, value: Scalar) -> bool:
    return not meet(values, exactly(value)).empty


def meet(one: Values, other: Values) -> Values:
    """What is in both."""
    return Values(
        common(one.spans, other.spans), one.words & other.words, one.flags & other.flags, one.null and other.null
    )


def join(*several: Values) -> Values:
    """What is in any of them."""
    return Values(
        united([span for one in several for span in one.spans]),
        frozenset().union(*(one.words for one in several)),
        frozenset().union(*(one.flags for one in several)),
        any(one.null for one in several),
    )


def common(one: Spans, other: Spans) -> Spans:
    """The numbers in both."""
    found = []
    i = j = 0
    while i < len(one) and j < len(other):
        low, high = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if low <= high:
            found.append((low, high))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def united(spans: Iterable[Span]) -> Spans:
    """The numbers in any of the spans, as disjoint spans that do not touch."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def complement(spans: Spans) -> Spans:
    """All numbers that are in none of the spans."""
    found, begin = [], -FAR
    for low, high in spans:
        if begin < low:
            found.append((begin, low - 1))
        begin = high + 1
    if begin <= FAR:
        found.append((begin, FAR))
    return tuple(found)


def nearest(spans: Spans, wanted: int) -> int:
    """The number in the spans that is nearest to one; of two the lower."""
    ends = [min(max(wanted, low), high) for low, high in spans]
    return min(ends, key=lambda end: (abs(end - wanted), end))
