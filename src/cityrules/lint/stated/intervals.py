"""L03: two cases that a number tells apart share some of it, or leave some of it to neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import Range
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.notation import plain_number

CODE: Final = "L03"


def check(stated: AsStated, teller: Teller) -> None:
    for name, intervals in stated.intervals.items():
        for lack, first, second, at in faults(intervals.parts):
            path = ("intervals", name, "parts", second)
            teller.tell(CODE, path, of=intervals.of, lack_type=lack, first=first, second=second, where=at)


def faults(parts: Mapping[str, Range]) -> Iterator[tuple[str, str, str, str]]:
    """Which ranges meet or leave a hole: `meet` or `hole`, both names, and the numbers in question."""
    for one, two in combinations(parts, 2):
        low, high = sorted((parts[one], parts[two]), key=lambda part: part.begin)
        if low.end > high.begin:
            yield "lint_meet", one, two, _between(high.begin, min(low.end, high.end))
    by_begin = sorted(parts, key=lambda part: parts[part].begin)
    for one, two in pairwise(by_begin):
        behind = max(parts[name].end for name in by_begin[: by_begin.index(two)])
        if behind < parts[two].begin:
            yield "lint_hole", one, two, _between(behind, parts[two].begin)


def _between(begin: tuple[int, object, int], end: tuple[int, object, int]) -> str:
    """The numbers from one place to another, a single one as itself."""
    (low_infinite, low, after), (high_infinite, high, behind) = begin, end
    if not low_infinite and not high_infinite and low == high:
        return plain_number(low)  # type: ignore[arg-type]
    left = "" if low_infinite else f"{'>' if after else '>='} {plain_number(low)}"  # type: ignore[arg-type]
    right = "" if high_infinite else f"{'<=' if behind else '<'} {plain_number(high)}"  # type: ignore[arg-type]
    return ", ".join(part for part in (left, right) if part) or "-"
