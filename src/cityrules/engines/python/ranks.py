"""Ranks: places in a field. The contract is `docs/engines.md`, "Rank"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
    """A cell that is to be placed. `standing`: what its place goes by, its value first; None without a value.
    `problem`: its own, if any."""

    place: CellPlace
    group: Group
    value: Value
    standing: Group | None
    problem: Problem | None


def solve_rank(world: World, measure: Rank) -> None:
    """Compute a rank in every group of every period; rows of the table `ranks` go to the world."""
    given = world.question.given.get(measure.name, {})
    cells = world.cells.setdefault(measure.name, CellResults(given=given))
    value = Reading(world, measure.value, measure.name)
    tie_breaks = [Reading(world, expr, measure.name) for expr, _ in measure.tie_breaks]
    among = [Reading(world, expr, measure.name) for expr in measure.among]
    groups: dict[tuple[int | None, Group], list[_Entry]] = {}
    for candidate in candidates(world, measure.grain, measure.of_record, measure.applies, measure.name):
        entry = _entry(measure, value, tie_breaks, among, candidate)
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


def _entry(
    measure: Rank, value: Reading, tie_breaks: list[Reading], among: list[Reading], candidate: Candidate
) -> _Entry:
    place = candidate.place
    assert isinstance(place, CellPlace)
    doubts = Doubts()
    group = tuple(reading.at(place, doubts) for reading in among)
    ranked = value.at(place, doubts)
    decisive = tuple(reading.at(place, doubts) for reading in tie_breaks)
    if not doubts:
        ranked = stand_in(ranked, measure.missing, measure.name, doubts)
    standing = None if ranked is None else (ranked, *decisive)
    return _Entry(place, group, ranked, standing, candidate.problem or (doubts.problem() if doubts else None))


def _place(world: World, measure: Rank, among: list[Reading], cells: CellResults, entries: list[_Entry]) -> None:
    """Give every cell of a group its place."""
    sharing = Counter(entry.standing for entry in entries if entry.standing is not None)
    places: dict[Group, int] = {}
    better = 0
    for one in _best_first(measure, sharing):
        places[one] = better + 1
        better += 1 if measure.ties == "dense" else sharing[one]
    size = sum(sharing.values())
    type_ = with_stand_in(measure.value.type, measure.missing)
    for entry in entries:
        key, standing = entry.place.key, entry.standing
        if standing is not None and measure.ties == "error" and sharing[standing] > 1:
            cells.results[key] = Problem("ties", measure.name)
            continue
        place = None if standing is None else places[standing]
        cells.results[key] = place
        tied = None if standing is None else sharing[standing]
        if tied is not None:
            cells.tied[key] = tied
        if key not in cells.given:
            group = " / ".join(as_text(v, r.type) or "" for v, r in zip(entry.group, among, strict=True))
            world.told(measure.name).ranks.append(
                (
                    measure.grain.kind,
                    entry.place.name,
                    period_name(entry.place),
                    measure.name,
                    group if among else None,
                    place,
                    tied,
                    size,
                    as_text(entry.value, type_),
                    measure.clause,
                    world.grid.provisional(measure.grain, entry.place.index),
                )
            )


def _best_first(measure: Rank, standings: Iterable[Group]) -> list[Group]:
    """What places go by, the best first. Sorting keeps the order of equal ones: the last tie-break goes first."""
    found = list(standings)
    directions = [measure.high, *(high for _, high in measure.tie_breaks)]
    for number, high in reversed(list(enumerate(directions))):
        found.sort(key=lambda standing: standing[number], reverse=high)  # type: ignore[arg-type, return-value]
    return found
