"""The result tables out of a finished world, each in its stated order (`docs/engines.md`, "Tables")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from cityrules.engines.python.cells import places_of
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.elements import period_name
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.lines import Line
from cityrules.engines.python.problems import note_problem
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.results import Result
from cityrules.engines.python.world import World
from cityrules.feel.types import Number, Type
from cityrules.plan.model import Bands, Ledger, Measure, Overridden
from cityrules.results.format import as_decimal, as_text, ledger_digits, ledger_scale, number_scale
from cityrules.results.tables import Cell, Row, Table, table_of


def make_tables(world: World, rejects: list[Row]) -> dict[str, Table]:
    """All tables of `results.tables.SHAPES`."""
    values: list[Row] = []
    grades: list[Row] = []
    singles: list[Row] = []
    for measure in world.plan.measures.values():
        if measure.of_record:
            singles += _record_values(world, measure)
        else:
            values += _values(world, measure)
        if isinstance(measure, Bands) and not measure.of_record:
            grades += _grades(world, measure, measure)
        raw = world.plan.measures.get(measure.raw) if isinstance(measure, Overridden) else None
        if isinstance(raw, Bands) and not measure.of_record:
            grades += _grades(world, measure, raw)
    for withheld in world.plan.withheld:
        problem = Problem("unstated", withheld.waits_for)
        note_problem(world, None, "undetermined", withheld.name, problem, withheld.clause)
    lines = [row for ledger, cell, lines in world.lines for row in _lines(world, ledger, cell, lines)]
    digits = {"ledger": ledger_digits(world.plan)}
    return {
        name: _table(name, rows, width, digits.get(name, {}))
        for name, rows, width in (
            ("ledger", lines, 5),
            ("values", values, 4),
            ("record_values", singles, 3),
            ("grades", grades, 4),
            ("ranks", world.ranks, 4),
            ("consequences", world.fired, None),
            ("inputs", world.inputs, 5),
            ("problems", world.problems, None),
            ("rejects", rejects, None),
        )
    }


def _table(name: str, rows: list[Row], width: int | None, digits: Mapping[str, int]) -> Table:
    """A table in order of its first `width` columns, nothing before everything; of all columns where None."""
    columns = slice(width)
    try:
        rows.sort(key=itemgetter(columns))
    except TypeError:
        # Nothing cannot be compared with something: it is put first explicitly, which takes longer.
        rows.sort(key=lambda row: _order(row[columns]))
    return table_of(name, lambda: iter(rows), digits)


def _order(cells: Sequence[Cell]) -> tuple[tuple[bool, Cell], ...]:
    return tuple((cell is not None, cell) for cell in cells)


def _where(place: CellPlace) -> tuple[str, str, str | None]:
    return place.grain.kind, place.name, period_name(place)


def _unit(type_: Type) -> str | None:
    return type_.unit if isinstance(type_, Number) else None


def _state(world: World, place: Place, measure: Measure, result: Result) -> tuple[str | None, str]:
    """A result as text and its state; a problem is noted."""
    if isinstance(result, Problem):
        note_problem(world, place, "undetermined", measure.name, result, measure.clause)
        return None, "undetermined"
    return as_text(result, measure.type), "missing" if result is None else "value"


def _values(world: World, measure: Measure) -> Iterator[Row]:
    for place, result in places_of(world, measure):
        text, state = _state(world, place, measure, result)
        provisional = world.grid.provisional(measure.grain, place.index)
        yield (*_where(place), measure.name, text, _unit(measure.type), state, provisional)


def _record_values(world: World, measure: Measure) -> Iterator[Row]:
    results = world.singles[measure.name]
    for place in world.single_places(measure.grain.kind):
        if place.record in results:
            text, state = _state(world, place, measure, results[place.record])
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


def _lines(world: World, ledger: Ledger, cell: CellPlace, lines: list[Line]) -> Iterator[Row]:
    scale = ledger_scale(ledger)
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
