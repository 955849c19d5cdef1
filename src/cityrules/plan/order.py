"""The order in which measures can be computed, and the circles in which they cannot. Knows names only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MOST_CIRCLES = 20
"""Circles that are named; a hostile document could have more than there are words for."""


def ordered(reads: Mapping[str, Sequence[str]]) -> tuple[list[str], list[tuple[str, ...]]]:
    """All names in an order in which each comes after what it reads, as near to the given one as that allows; and the
    circles, each once, from the member that comes first. `reads` may name others, which are passed over."""
    place = {name: number for number, name in enumerate(reads)}
    done: dict[str, None] = {}
    circles: dict[tuple[str, ...], None] = {}
    for start in reads:
        if start in done:
            continue
        # Depth first without recursion, for a hostile document may chain thousands.
        way, left = {start: None}, [iter(reads[start])]
        while way:
            name = next(reversed(way))
            other = next((read for read in left[-1] if read in place and read not in done), None)
            if other is None:
                done[name] = None
                del way[name]
                left.pop()
            elif other in way:
                if len(circles) >= MOST_CIRCLES:
                    continue
                circle = list(way)[list(way).index(other) :]
                first = min(range(len(circle)), key=lambda at: place[circle[at]])
                circles[(*circle[first:], *circle[:first])] = None
            else:
                way[other] = None
                left.append(iter(reads[other]))
    return list(done), list(circles)
