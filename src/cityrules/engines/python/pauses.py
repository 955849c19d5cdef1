"""Pauses that stand as records: how long a deadline's time stood still. See `docs/engines.md`, "Pauses"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cityrules.engines.python.cells import Solve
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Pauses


@dataclass(slots=True)
class _Stops:
    """The stretches of the count in which it stands still for records that agree, in order."""

    stretches: list[tuple[int, int]] = field(default_factory=list)
    doubts: Doubts = field(default_factory=Doubts)


def solve_pauses(world: World, measure: Pauses) -> Solve:
    """How many units of its time each record's deadline stood still."""
    stops = _stops(world, measure)
    own = [Reading(world, one.own, measure.name) for one in measure.among]
    starts, length = (Reading(world, expr, measure.name) for expr in (measure.starts, measure.length))

    def solve(place: Place, doubts: Doubts) -> Value:
        begin, units = starts.at(place, doubts), length.at(place, doubts)
        found = stops.get(tuple([reading.at(place, doubts) for reading in own]), _Stops())
        doubts.merge(found.doubts)
        if begin is None or units is None:
            return None
        assert isinstance(begin, int)
        assert isinstance(units, int)
        return stood_still(begin, units, found.stretches)

    return solve


def _stops(world: World, measure: Pauses) -> dict[tuple[Value, ...], _Stops]:
    """The stretches by what records have to agree in."""
    likes = [Reading(world, one.other, measure.name) for one in measure.among]
    begins, ends = (Reading(world, expr, measure.name) for expr in (measure.begins, measure.ends))
    found: dict[tuple[Value, ...], _Stops] = {}
    for place in world.single_places(measure.axis.record):
        unknown = Doubts()
        like = tuple([reading.at(place, unknown) for reading in likes])
        if unknown:
            continue
        stops = found.setdefault(like, _Stops())
        begin, end = begins.at(place, stops.doubts), ends.at(place, stops.doubts)
        if isinstance(begin, int) and isinstance(end, int):
            stops.stretches.append((begin, end))
    for stops in found.values():
        stops.stretches.sort()
    return found


def stood_still(begin: int, units: int, stretches: Iterable[tuple[int, int]]) -> int:
    """How much a time that begins at a count and is so many units long stands still, by stretches in order.

    Each that begins before the time is up, as it then stands, moves its end by what no earlier one took already.
    """
    took, reached = 0, begin
    for start, end in stretches:
        if units <= 0 or start >= begin + units + took:
            break
        taken = max(0, end - max(start, reached))
        took += taken
        reached = max(reached, end)
    return took
