"""A row of `problems`, and where a row of `problems` or `consequences` is. Knows no measure."""

from __future__ import annotations

from cityrules.engines.python.doubts import Problem
from cityrules.engines.python.elements import period_name
from cityrules.engines.python.reading import Place
from cityrules.engines.python.records import RecordPlace
from cityrules.engines.python.world import World
from cityrules.results.tables import Row

# Six columns: target_kind, target, period, record_kind, record, provisional.
Where = tuple[str | None, str | None, str | None, str | None, str | None, bool]


def where_is(world: World, place: Place) -> Where:
    """The columns that say which cell or record is meant. What is said of a single record is never provisional."""
    if isinstance(place, RecordPlace):
        return None, None, None, place.record.kind, place.record.key, False
    provisional = world.grid.provisional(place.grain, place.index)
    return place.grain.kind, place.name, period_name(place), None, None, provisional


def problem_row(world: World, place: Place | None, level: str, name: str, problem: Problem, clause: str | None) -> Row:
    """A row of `problems`; without a place it is about the whole assessment."""
    where: Where = where_is(world, place) if place is not None else (None, None, None, None, None, False)
    *cell, provisional = where
    return (level, name, *cell, problem.cause, problem.detail, clause, provisional)
