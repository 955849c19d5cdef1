"""Runs: how many cells in a row a condition has held. The contract is `docs/engines.md`, "Run"."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from cityrules.engines.base import CellKey
from cityrules.engines.python.cells import Candidate, candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.results import CellResults, Result
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.climbing import lengthened
from cityrules.plan.model import Run


def solve_run(world: World, measure: Run) -> None:
    """Compute a run over all its cells, target by target in order of period."""
    given = world.question.given.get(measure.name, {})
    cells = world.cells.setdefault(measure.name, CellResults(given=given))
    reading = Reading(world, measure.condition, measure.name)
    found = candidates(world, measure.grain, measure.of_record, measure.applies, measure.name)
    waiting = {candidate.place.key: candidate for candidate in found if isinstance(candidate.place, CellPlace)}
    for name, index in sorted({*waiting, *given}, key=_order):
        if (name, index) in given:
            cells.results[name, index] = given[name, index]
            continue
        before = _before(world, measure, cells.results, name, index)
        cells.results[name, index] = _next(measure, reading, waiting[name, index], before)


def _order(key: CellKey) -> tuple[str, int]:
    name, index = key
    return name, -1 if index is None else index


def _before(world: World, measure: Run, results: Mapping[CellKey, Result], name: str, index: int | None) -> Result:
    """The run of the cell before; 0 where there is none, or where a new year breaks it."""
    if index is None:
        return 0
    # A given run may be missing; nothing has been counted then.
    before = results.get((name, index - 1)) or 0
    if world.plan.periods.years_apart(measure.grain.period or "year", index):
        if before:
            world.decided(f"{measure.path}.new_year")
        return 0 if measure.new_year == "breaks" else before
    return before


def _next(measure: Run, reading: Reading, candidate: Candidate, before: Result) -> Result:
    if candidate.problem is not None:
        return candidate.problem
    doubts = Doubts()
    held: Value = reading.at(candidate.place, doubts)
    if doubts:
        return doubts.problem()
    assert held is None or isinstance(held, bool)
    # What was given may be a whole number of another class.
    counted = int(before) if isinstance(before, (int, Fraction)) else None
    run = lengthened(counted, held, measure.missing)
    return Problem("depends", measure.name) if run is None else run
