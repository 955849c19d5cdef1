"""Formulas and bands: one expression, one value. The contract is `docs/engines.md`, "Formula" and "Bands"."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from cityrules.engines.python.cells import Solve
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.elements import period_name
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Bands, Formula, Missing, Weighted
from cityrules.results.format import as_text, with_stand_in
from cityrules.results.rounding import rounded
from cityrules.results.tables import Row
from cityrules.scheme.notation import Rounding


def solve_formula(world: World, measure: Formula) -> Solve:
    """The value of the expression, with what stands in for a zero divisor or a missing result, rounded."""
    reading = Reading(world, measure.value, measure.name)
    elements, told = _elements(world, measure), world.told(measure.name)

    def solve(place: Place, doubts: Doubts) -> Value:
        found = compute(place, doubts)
        if not doubts and isinstance(place, CellPlace):
            told.inputs.extend(elements(place))
        return found

    def compute(place: Place, doubts: Doubts) -> Value:
        value, cause = reading.outcome(reading.read(place, place, doubts))
        empty = measure.empty
        if cause == "empty" and empty is not None and not empty.error:
            return round_value(empty.value, measure.round)
        if cause is not None:
            doubts.add(cause, measure.name)
            return None
        return round_value(stand_in(value, measure.missing, measure.name, doubts), measure.round)

    return solve


def _elements(world: World, measure: Formula) -> Callable[[CellPlace], Iterator[Row]]:
    """The rows of `inputs` of a cell: the elements of a weighted sum; none of other formulas."""
    elements = measure.elements if isinstance(measure, Weighted) else ()
    instead = measure.instead if isinstance(measure, Weighted) else None
    readings = [(element, Reading(world, element.value, measure.name)) for element in elements]

    def rows(place: CellPlace) -> Iterator[Row]:
        start = (place.grain.kind, place.name, period_name(place), measure.name)
        for element, reading in readings:
            value, state = reading.at(place, Doubts()), "used"
            type_ = with_stand_in(element.value.type, instead)
            if value is None:
                value = instead.value if instead else None
                state = "missing" if value is None else "replaced"
            yield (*start, element.name, as_text(value, type_), state)

    return rows


def solve_bands(world: World, measure: Bands) -> Solve:
    """The label of the first bound that the value satisfies."""
    reading = Reading(world, measure.value, measure.name)
    bounds = [(Reading(world, bound, measure.name), label) for bound, label in measure.bounds]
    holds = _COMPARISONS[measure.word]

    def solve(place: Place, doubts: Doubts) -> Value:
        value = reading.at(place, doubts)
        limits = [(bound.at(place, doubts), label) for bound, label in bounds]
        if value is None:
            return stand_in(None, measure.missing, measure.name, doubts)
        for (bound, _), (limit, _) in zip(bounds, limits, strict=True):
            world.compared(bound.expr.path, value, limit)
        for (bound, label), (limit, _) in zip(bounds, limits, strict=True):
            if holds(value, limit):
                world.decided(bound.expr.path)
                return label
        world.decided(f"{measure.path}.otherwise")
        return measure.otherwise

    return solve


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "up_to": operator.le,
    "below": operator.lt,
}


def stand_in(value: Value, missing: Missing | None, owner: str, doubts: Doubts) -> Value:
    """A value, or what a stated `missing` puts in the place of none; `skip` leaves it missing."""
    if value is not None or missing is None or missing.policy == "skip":
        return value
    if missing.policy == "error":
        doubts.add("missing", owner)
        return None
    return missing.value


def round_value(value: Value, rounding: Rounding | None) -> Value:
    """A number rounded, where a rounding is stated; everything else as it is."""
    if rounding is None or isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return value
    return rounded(value, rounding)
