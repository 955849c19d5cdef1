"""The result tables out of a finished world, each in its stated order (`docs/engines.md`, "Tables")."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Final

from cityrules.engines.python.cells import places_of
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.elements import period_name
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.lines import Line
from cityrules.engines.python.problems import problem_row
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.results import Result
from cityrules.engines.python.world import World
from cityrules.feel.types import Number, Type
from cityrules.plan.model import Bands, Ledger, Measure, Overridden, Withheld
from cityrules.results.format import as_decimal, as_text, ledger_digits, ledger_scale, number_scale
from cityrules.results.tables import Cell, Row, Table, table_of


def make_tables(world: World, rejects: list[Row]) -> dict[str, Table]:
    """All tables of `results.tables.SHAPES`. Rows are put in order when they are asked for."""
    found: list[tuple[str, Mapping[str, list[Row]]]]
    found = [(name, _told(world, measure)) for name, measure in world.plan.measures.items()]
    for name in world.plan.consequences:
        told = world.told(name)
        found.append((name, {"consequences": told.fired, "problems": told.problems}))
    found += [(name, {"problems": rows}) for name, rows in world.checked.items()]
    found += [(one.name, {"problems": [_unstated(world, one)]}) for one in world.plan.withheld]
    found.append(("", {"rejects": rejects}))
    digits = {"ledger": ledger_digits(world.plan)}
    return {
        name: _table(name, [(of, part[name]) for of, part in found if part.get(name)], width, digits.get(name, {}))
        for name, width in _IN_ORDER_OF.items()
    }


_IN_ORDER_OF: Final[Mapping[str, int | None]] = {
    "ledger": 5, "values": 4, "record_values": 3, "grades": 4, "ranks": 4, "consequences": None, "inputs": 5,
    "problems": None, "rejects": None,
}  # fmt: skip
"""By table, how many of its first columns its rows are in order of; all where None."""


def _told(world: World, measure: Measure) -> Mapping[str, list[Row]]:
    """The rows that a measure gives to the tables. They are made once, whichever plans have it in common."""
    told = world.told(measure.name)
    if told.tables is None:
        problems = [*told.problems]
        shown = _record_values if measure.of_record else _values
        grades: list[Row] = []
        if isinstance(measure, Bands) and not measure.of_record:
            grades += _grades(world, measure, measure)
        raw = world.plan.measures.get(measure.raw) if isinstance(measure, Overridden) else None
        if isinstance(raw, Bands) and not measure.of_record:
            grades += _grades(world, measure, raw)
        told.tables = {
            "record_values" if measure.of_record else "values": [*shown(world, measure, problems)],
            "grades": grades,
            "ledger": [*_lines(world, measure, told.lines)] if isinstance(measure, Ledger) else [],
            "inputs": told.inputs,
            "ranks": told.ranks,
            "problems": problems,
        }
    return told.tables


def _unstated(world: World, withheld: Withheld) -> Row:
    problem = Problem("unstated", withheld.waits_for)
    return problem_row(world, None, "undetermined", withheld.name, problem, withheld.clause)


def _table(name: str, parts: Sequence[tuple[str, list[Row]]], width: int | None, digits: Mapping[str, int]) -> Table:
    """A table in order of its first `width` columns, nothing before everything; of all columns where None. `parts`: its
    rows, by what they are about."""

    @cache
    def ordered() -> list[Row]:
        return _in_order([row for _, part in parts for row in part], slice(width))

    def some(names: Container[str]) -> Iterator[Row]:
        return iter(_in_order([row for name, part in parts if name in names for row in part], slice(width)))

    return table_of(name, lambda: iter(ordered()), digits, some=some)


def _in_order(rows: list[Row], columns: slice) -> list[Row]:
    """The rows, put in order of these columns."""
    try:
        rows.sort(key=itemgetter(columns))
    except TypeError:
        # Nothing cannot be compared with something: it is put first explicitly, which takes longer.
        rows.sort(key=lambda row: _order(row[columns]))
    return rows


def _order(cells: Sequence[Cell]) -> tuple[tuple[bool, Cell], ...]:
    return tuple((cell is not None, cell) for cell in cells)


def _where(place: CellPlace) -> tuple[str, str, str | None]:
    return place.grain.kind, place.name, period_name(place)


def _unit(type_: Type) -> str | None:
    return type_.unit if isinstance(type_, Number) else None


def _state(world: World, place: Place, measure: Measure, result: Result, problems: list[Row]) -> tuple[str | None, str]:
    """A result as text and its state; a problem is added to the `problems`."""
    if isinstance(result, Problem):
        problems.append(problem_row(world, place, "undetermined", measure.name, result, measure.clause))
        return None, "undetermined"
    return as_text(result, measure.type), "missing" if result is None else "value"


def _values(world: World, measure: Measure, problems: list[Row]) -> Iterator[Row]:
    for place, result in places_of(world, measure):
        text, state = _state(world, place, measure, result, problems)
        provisional = world.grid.provisional(measure.grain, place.index)
        yield (*_where(place), measure.name, text, _unit(measure.type), state, provisional)


def _record_values(world: World, measure: Measure, problems: list[Row]) -> Iterator[Row]:
    results = world.singles[measure.name]
    for place in world.single_places(measure.grain.kind):
        if place.record in results:
            text, state = _state(world, place, measure, results[place.record], problems)
            yield (measure.grain.kind, place.record.key, measure.name, text, _unit(measure.type), state)


def _grades(world: World, measure: Measure, bands: Bands) -> Iterator[Row]:
    """The grades of bands, or those that hold after overrides of them."""
    reading = Reading(world, bands.value, bands.name)
    cells = world.cells[measure.name]
    given = world.cells[bands.name].given
    for place, grade in places_of(world, measure):
        if grade is None or isinstance(grade, Problem) or place.key in cells.given:
            continue
        value = None if place.key in given else reading.at(place, Doubts())
        yield (
            *_where(place),
            measure.name,
            as_text(grade, measure.type),
            as_text(value, bands.value.type),
            measure.clause,
            world.grid.provisional(measure.grain, place.index),
        )


def _clause(ledger: Ledger, line: Line) -> str | None:
    """The clause of a movement: its own, else that of its rule, else that of the ledger."""
    of_rule = line.rule.clause if line.rule is not None else None
    return next((clause for clause in (line.clause, of_rule) if clause is not None), ledger.clause)


def _lines(world: World, ledger: Ledger, told: Sequence[tuple[CellPlace, list[Line]]]) -> Iterator[Row]:
    scale = ledger_scale(ledger)
    for cell, lines in told:
        provisional = world.grid.provisional(ledger.grain, cell.index)
        for number, line in enumerate(lines, 1):
            rule = line.rule
            price_scale = number_scale(rule.points.type) if rule else 0
            quantity_scale = number_scale(rule.times.type) if rule and rule.times else 0
            yield (
                *_where(cell),
                ledger.name,
                number,
                line.name,
                _clause(ledger, line),
                *(line.element or (None, None)),
                None if line.price is None else as_decimal(line.price, price_scale),
                None if line.quantity is None else as_decimal(line.quantity, quantity_scale),
                as_decimal(line.nominal, scale),
                as_decimal(line.points, scale),
                line.replaced_by,
                provisional,
            )
