"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

_LONGEST: Final = 48
"""Longer names are only compared as a whole: nobody misspells fifty letters in a way worth the search."""

_CANDIDATES: Final = 10_000
_CELLS: Final = 400_000
"""Cells of distance tables one search may fill, about a tenth of a second; what it has found by then is the answer."""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was most likely meant to be, or None when none is close.

    Case and full-width forms do not count as differences. Close is one slip (a character wrong, missing, extra, or
    two swapped) for short names, up to three for long ones. Of equals the first wins. Bounded in time.
    """
    wanted = _fold(name)
    if not wanted:
        return None
    allowed = min(3, max(1, len(wanted) // 3))
    best: str | None = None
    cells = 0
    for number, candidate in enumerate(candidates):
        if number >= _CANDIDATES:
            break
        folded = _fold(candidate)
        if folded == wanted:
            return candidate
        if cells > _CELLS or abs(len(folded) - len(wanted)) > allowed or not 1 < len(folded) <= _LONGEST:
            continue
        if len(wanted) < 3 and wanted.isascii():
            continue  # Half of a two-letter name is not a likeness; half of a two-character Chinese one is.
        if len(wanted) <= 3 and not set(wanted) & set(folded):
            continue
        cells += (2 * allowed + 1) * len(wanted)
        distance = _distance(wanted, folded, allowed)
        if distance <= allowed:
            best, allowed = candidate, distance - 1
            if allowed < 1:
                # Nothing but a match as a whole can be nearer now, and that costs no table.
                cells = _CELLS + 1
    return best


def _fold(name: str) -> str:
    return normalize("NFKC", name).casefold() if len(name) <= 4 * _LONGEST else name


def _distance(one: str, two: str, limit: int) -> int:
    """Slips between two names (insertion, deletion, change, swap of neighbours), or limit + 1 when there are more."""
    far = limit + 1
    before: list[int] = []
    row = [min(j, far) for j in range(len(two) + 1)]
    for i, left in enumerate(one, 1):
        # Only a band of `limit` on each side of the diagonal can stay within the limit.
        low, high = max(1, i - limit), min(len(two), i + limit)
        here = [far] * (len(two) + 1)
        here[0] = min(i, far)
        for j in range(low, high + 1):
            right = two[j - 1]
            cost = min(row[j] + 1, here[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == two[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            here[j] = min(cost, far)
        if min(here) >= far:
            return far
        before, row = row, here
    return row[-1]
