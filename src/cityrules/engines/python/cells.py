"""The cells (or records) of one measure: where it applies, and what is noted about each result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.records import RecordPlace
from cityrules.engines.python.results import CellResults, Result
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Expr, Measure
from cityrules.scheme.notation import Grain

# How a form of measure finds the value of one cell. What speaks against it is noted in the doubts.
Solve = Callable[[Place, Doubts], Value]


class Candidate(NamedTuple):
    """A place where a measure or consequence has a cell, unless a problem already stands there."""

    place: Place
    problem: Problem | None


def candidates(world: World, grain: Grain, of_record: bool, applies: Expr | None, owner: str) -> Iterator[Candidate]:
    """The cells of a grain, or the records of a kind, to which something applies.

    Where `applies` reads something undetermined there is a cell, undetermined likewise.
    """
    places: Iterable[Place] = world.single_places(grain.kind) if of_record else world.grid.cells(grain)
    reading = Reading(world, applies, owner) if applies else None
    for place in places:
        if reading is None:
            yield Candidate(place, None)
            continue
        doubts = Doubts()
        holds = reading.at(place, doubts)
        if doubts:
            yield Candidate(place, doubts.problem())
        elif holds:
            yield Candidate(place, None)


def solve_each(world: World, measure: Measure, solve: Solve) -> None:
    """Compute a measure cell by cell, or record by record; given values stand as they are."""
    given = world.question.given.get(measure.name, {})
    if measure.of_record:
        singles = world.singles.setdefault(measure.name, {})
    else:
        cells = world.cells.setdefault(measure.name, CellResults(given=given))
    for candidate in candidates(world, measure.grain, measure.of_record, measure.applies, measure.name):
        place = candidate.place
        key = (place.record.key, None) if isinstance(place, RecordPlace) else place.key
        result = given[key] if key in given else candidate.problem or _solved(solve, place)
        if isinstance(place, RecordPlace):
            singles[place.record] = result
        else:
            cells.results[place.key] = result
    if measure.of_record:
        # A record to which the measure does not apply has a cell once a value is given for it.
        singles.update(
            (p.record, given[key])
            for p in world.single_places(measure.grain.kind)
            if (key := (p.record.key, None)) in given
        )
    else:
        cells.results.update(given)


def _solved(solve: Solve, place: Place) -> Result:
    doubts = Doubts()
    value = solve(place, doubts)
    return doubts.problem() if doubts else value


def places_of(world: World, measure: Measure) -> Iterator[tuple[CellPlace, Result]]:
    """Every cell of a measure with its result, in order of target and period."""
    for name, cells in world.cells[measure.name].of_target():
        for index, result in cells:
            yield world.grid.place(measure.grain, name, index), result
