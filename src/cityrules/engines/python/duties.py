"""Duties that come again: which intervals passed without a record. The contract is `docs/engines.md`, "Duties"."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.engines.python.cells import candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.problems import problem_row
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.world import World
from cityrules.plan.intervals import Interval, intervals
from cityrules.plan.model import Duty
from cityrules.plan.views import WHOLE
from cityrules.results.tables import Row


def watch(world: World, duty: Duty) -> Iterator[Row]:
    """The rows of `problems`: every interval of every target in which nothing was done, or cannot be told."""
    where = Reading(world, duty.where, duty.name) if duty.where is not None else None
    every = intervals(world.plan, duty, world.question.span, world.as_of)
    for candidate in candidates(world, duty.grain, False, duty.applies, duty.name):
        cell = candidate.place
        assert isinstance(cell, CellPlace)
        if candidate.problem is not None:
            yield problem_row(world, cell, "undecided", duty.name, candidate.problem, duty.clause)
            continue
        for interval in every:
            if not _there(world, cell, interval):
                continue
            doubts = Doubts()
            if not _met(world, duty, where, cell, interval, doubts):
                yield _row(duty, cell, interval, doubts)


def _there(world: World, cell: CellPlace, interval: Interval) -> bool:
    """Whether the target exists on the first and on the last day."""
    if cell.grain.kind == WHOLE:
        return True
    days = [day for day in (interval.first, interval.last) if day is not None]
    return all(world.registry.exists(cell.grain.kind, cell.name, day, day) for day in days)


def _met(world: World, duty: Duty, where: Reading | None, cell: CellPlace, interval: Interval, doubts: Doubts) -> bool:
    """Whether a record lies there that surely counts; otherwise what makes that uncertain is noted."""
    if interval.last is None:
        doubts.add("overflow", duty.name)
        return False
    for element in world.stream(duty.axis).of(cell.name, (interval.first, interval.last)):
        if where is None:
            return True
        if not where.concerns(element):
            continue
        own = Doubts()
        held = where.compute(where.read(cell, element, own), own)
        if own:
            doubts.merge(own)
        elif held or (held is None and duty.unknown == "yes"):
            return True
        elif held is None and duty.unknown == "undecided":
            doubts.add("undecided", duty.name)
    return False


def _row(duty: Duty, cell: CellPlace, interval: Interval, doubts: Doubts) -> Row:
    days = f"{interval.first}" if interval.last == interval.first else f"{interval.first}..{interval.last}"
    problem = doubts.problem() if doubts else Problem("missed", days)
    level = "undecided" if doubts else duty.otherwise
    where = (cell.grain.kind, cell.name, interval.name, None, None)
    return (level, duty.name, *where, problem.cause, problem.detail, duty.clause, False)
