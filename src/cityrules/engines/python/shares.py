"""Shares: a total divided so that the parts come to it. The contract is `docs/engines.md`, "Share"."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cityrules.engines.python.cells import Candidate, candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.elements import period_name
from cityrules.engines.python.formula import stand_in
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.results import CellResults
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Share
from cityrules.results.format import as_text, with_stand_in

Group = tuple[Value, ...]


@dataclass(slots=True)
class _Entry:
    """A cell that has its part of a total. `weight`: what it goes by, None where it gets nothing; `found`: whether
    that is its own; `order`: what decides between those from whom rounding down took as much."""

    place: CellPlace
    group: Group
    total: Value
    weight: Value
    found: bool
    order: Group
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class _Readings:
    total: Reading
    weight: Reading
    among: tuple[Reading, ...]
    order: tuple[Reading, ...]


def solve_share(world: World, measure: Share) -> None:
    """Divide the total in every group of every period; rows of the table `inputs` go to the world."""
    given = world.question.given.get(measure.name, {})
    cells = world.cells.setdefault(measure.name, CellResults(given=given))
    readings = _Readings(
        Reading(world, measure.total, measure.name),
        Reading(world, measure.weight, measure.name),
        tuple(Reading(world, expr, measure.name) for expr in measure.among),
        tuple(Reading(world, expr, measure.name) for expr, _ in measure.order),
    )
    shared: dict[tuple[int | None, Group], list[_Entry]] = {}
    for candidate in candidates(world, measure.grain, measure.of_record, measure.applies, measure.name):
        entry = _entry(measure, readings, candidate)
        shared.setdefault((entry.place.index, entry.group), []).append(entry)
    for entries in shared.values():
        if any(entry.problem for entry in entries):
            others = Problem("depends", measure.name)
            cells.results.update((entry.place.key, entry.problem or others) for entry in entries)
        else:
            _divide(world, measure, cells, entries)
    cells.results.update(given)


def _entry(measure: Share, readings: _Readings, candidate: Candidate) -> _Entry:
    place = candidate.place
    assert isinstance(place, CellPlace)
    doubts = Doubts()
    group = tuple(reading.at(place, doubts) for reading in readings.among)
    total = readings.total.at(place, doubts)
    own = readings.weight.at(place, doubts)
    order = tuple(reading.at(place, doubts) for reading in readings.order)
    weight = own
    if not doubts:
        weight = stand_in(own, measure.missing, measure.name, doubts)
    problem = candidate.problem or (doubts.problem() if doubts else None)
    return _Entry(place, group, total, weight, own is not None, order, problem)


def _divide(world: World, measure: Share, cells: CellResults, entries: list[_Entry]) -> None:
    """Give every cell of a group its part."""
    there = [entry for entry in entries if entry.weight is not None]
    weights = sum((_number(entry.weight) for entry in there), Fraction(0))
    parts = _parts(measure, there, weights) if weights else {}
    empty = measure.empty
    if not weights and there:
        world.decided(f"{measure.path}.empty")
    for entry in entries:
        key = entry.place.key
        if entry.weight is None or weights:
            cells.results[key] = parts.get(key)
        elif empty is None or empty.error:
            cells.results[key] = Problem("empty", measure.name)
            continue
        else:
            cells.results[key] = empty.value
        if key not in cells.given:
            _tell(world, measure, entry, weights)


def _parts(measure: Share, entries: list[_Entry], weights: Fraction) -> dict[object, Fraction]:
    """The parts by cell: each rounded down to whole steps, and one step more where rounding down took most."""
    total = _number(entries[0].total)
    steps = abs(total) / measure.step
    exact = {entry.place.key: steps * _number(entry.weight) / weights for entry in entries}
    whole = {key: part.numerator // part.denominator for key, part in exact.items()}
    taken = sorted(entries, key=lambda entry: entry.place.name)
    for number, (_, high) in reversed(list(enumerate(measure.order))):
        # Sorting keeps the order of equal ones: what decides last goes first.
        taken.sort(key=lambda entry: entry.order[number], reverse=high)  # type: ignore[arg-type, return-value]
    taken.sort(key=lambda entry: exact[entry.place.key] - whole[entry.place.key], reverse=True)
    remaining = int(steps - sum(whole.values()))
    for entry in taken[:remaining]:
        whole[entry.place.key] += 1
    sign = -1 if total < 0 else 1
    return {key: sign * count * measure.step for key, count in whole.items()}


def _number(value: Value) -> Fraction:
    assert isinstance(value, (int, Fraction))
    return Fraction(value)


def _tell(world: World, measure: Share, entry: _Entry, weights: Fraction) -> None:
    """The rows of `inputs` of a cell: the total, its own weight, and that of all together."""
    start = (measure.grain.kind, entry.place.name, period_name(entry.place), measure.name)
    type_ = with_stand_in(measure.weight.type, measure.missing)
    state = "used" if entry.found else "missing" if entry.weight is None else "replaced"
    world.told(measure.name).inputs += [
        (*start, "total", as_text(entry.total, measure.total.type), "used"),
        (*start, "weight", as_text(entry.weight, type_), state),
        (*start, "weights", as_text(weights, type_), "used"),
    ]
