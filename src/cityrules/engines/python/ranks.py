"""Ranks: places in a field. The contract is `docs/engines.md`, "Rank"."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from cityrules.engines.python.cells import Candidate, candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.elements import period_name
from cityrules.engines.python.formula import stand_in
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.results import CellResults
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Rank
from cityrules.results.format import as_text, with_stand_in

Group = tuple[Value, ...]


@dataclass(slots=True)
class _Entry:
    """A cell that is to be placed. `problem`: its own, if any."""

    place: CellPlace
    group: Group
    value: Value
    problem: Problem | None


def solve_rank(world: World, measure: Rank) -> None:
    """Compute a rank in every group of every period; rows of the table `ranks` go to the world."""
    given = world.question.given.get(measure.name, {})
    cells = world.cells.setdefault(measure.name, CellResults(given=given))
    value = Reading(world, measure.value, measure.name)
    among = [Reading(world, expr, measure.name) for expr in measure.among]
    groups: dict[tuple[int | None, Group], list[_Entry]] = {}
    for candidate in candidates(world, measure.grain, measure.of_record, measure.applies, measure.name):
        entry = _entry(measure, value, among, candidate)
        groups.setdefault((entry.place.index, entry.group), []).append(entry)
    for entries in groups.values():
        if any(entry.problem for entry in entries):
            others = Problem("depends", measure.name)
            cells.results.update((entry.place.key, entry.problem or others) for entry in entries)
        else:
            _place(world, measure, among, cells, entries)
    for key, place in given.items():
        cells.results[key] = place
        cells.tied.pop(key, None)
        if place is not None:
            cells.tied[key] = 1


def _entry(measure: Rank, value: Reading, among: list[Reading], candidate: Candidate) -> _Entry:
    place = candidate.place
    assert isinstance(place, CellPlace)
    doubts = Doubts()
    group = tuple(reading.at(place, doubts) for reading in among)
    ranked = value.at(place, doubts)
    if not doubts:
        ranked = stand_in(ranked, measure.missing, measure.name, doubts)
    return _Entry(place, group, ranked, candidate.problem or (doubts.problem() if doubts else None))


def _place(world: World, measure: Rank, among: list[Reading], cells: CellResults, entries: list[_Entry]) -> None:
    """Give every cell of a group its place."""
    sharing = Counter(entry.value for entry in entries if entry.value is not None)
    places: dict[Value, int] = {}
    better = 0
    for one in sorted(sharing, reverse=measure.high):  # type: ignore[type-var]
        places[one] = better + 1
        better += 1 if measure.ties == "dense" else sharing[one]
    size = sum(sharing.values())
    type_ = with_stand_in(measure.value.type, measure.missing)
    for entry in entries:
        key, value = entry.place.key, entry.value
        if value is not None and measure.ties == "error" and sharing[value] > 1:
            cells.results[key] = Problem("ties", measure.name)
            continue
        place = None if value is None else places[value]
        cells.results[key] = place
        tied = None if value is None else sharing[value]
        if tied is not None:
            cells.tied[key] = tied
        if key not in cells.given:
            group = " / ".join(as_text(v, r.type) or "" for v, r in zip(entry.group, among, strict=True))
            world.ranks.append(
                (
                    measure.grain.kind,
                    entry.place.name,
                    period_name(entry.place),
                    measure.name,
                    group if among else None,
                    place,
                    tied,
                    size,
                    as_text(value, type_),
                    measure.clause,
                    world.grid.provisional(measure.grain, entry.place.index),
                )
            )
