"""The result tables as queries over what was computed, each in its stated order (`docs/engines.md`, "Tables")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Final

import pyarrow as pa
from sqlglot import exp

from cityrules.engines.base import Question
from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import key_text
from cityrules.engines.sql.consequences import Told
from cityrules.engines.sql.dialect import DECIMAL, FLAG, INT, TEXT
from cityrules.engines.sql.folds import Listed
from cityrules.engines.sql.inputs import input_queries
from cityrules.engines.sql.intake import Taken
from cityrules.engines.sql.ledgers import Sheet
from cityrules.engines.sql.lines import Lines, lay_lines
from cityrules.engines.sql.outputs import not_given, of_cell, problem_row, shaped, text_or_null
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.texts import as_text
from cityrules.engines.sql.world import World
from cityrules.feel.types import Number, Type
from cityrules.plan.bounds import EPOCH
from cityrules.plan.model import Bands, Measure, Overridden, Plan, Rank
from cityrules.plan.sharing import Common
from cityrules.results.format import as_decimal, ledger_digits, with_stand_in
from cityrules.results.tables import SHAPES, Row, Shape, Table, inner_columns, table_of

_REMEMBERED = 10_000


@dataclass(slots=True)
class Results:
    """What is kept of an assessment besides the relations of its measures. `told`: by consequence; `checked`: by check.
    `sources`: the relations that measures of records are told from, by measure."""

    world: World
    taken: tuple[Taken, ...]
    told: dict[str, Told] = field(default_factory=dict)
    checked: dict[str, Told] = field(default_factory=dict)
    listed: dict[str, Listed] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def forked(self, session: Session, plan: Plan, question: Question, common: Common) -> Results:
        """What comes to the same in another plan that accepts the same rows, and nothing else."""
        kept = common.computed
        return Results(
            self.world.forked(session, plan, question, common),
            self.taken,
            {name: told for name, told in self.told.items() if name in kept},
            {name: told for name, told in self.checked.items() if name in common.checks},
            {name: listed for name, listed in self.listed.items() if name in kept},
            {name: sheet for name, sheet in self.sheets.items() if name in kept},
            {name: source for name, source in self.sources.items() if name in kept},
        )


def make_tables(results: Results) -> dict[str, Table]:
    """All tables of `results.tables.SHAPES`. Rows are fetched from the database when they are asked for."""
    world, sources = results.world, results.sources
    cells = [measure for measure in world.plan.measures.values() if not measure.of_record]
    singles = [measure for measure in world.plan.measures.values() if measure.of_record]
    _note_sources(results)
    told = [*results.told.items(), *results.checked.items()]
    made: dict[str, tuple[Callable[[], Iterable[_Part]], int | None]] = {
        "values": (lambda: ((measure.name, _values(world, measure)) for measure in cells), 4),
        "record_values": (lambda: ((one.name, _record_values(world, one, sources)) for one in singles), 3),
        "grades": (lambda: _all_grades(world, cells), 4),
        "ranks": (lambda: ((one.name, _ranks(world, one)) for one in cells if isinstance(one, Rank)), 4),
        "consequences": (lambda: ((name, query) for name, one in told for query in one.acts), None),
        "inputs": (lambda: input_queries(world, results.listed), 5),
        "problems": (
            lambda: (*_undetermined(world, sources), *((name, query) for name, one in told for query in one.problems)),
            None,
        ),
    }
    tables = {name: _table(world, SHAPES[name], *found) for name, found in made.items()}
    order = [name for name in world.plan.order if name in results.sheets]
    tables["ledger"] = _ledger(world, {name: results.sheets[name] for name in order})
    tables["rejects"] = Table(SHAPES["rejects"], lambda: _rejects(results))
    return {name: tables[name] for name in SHAPES}


_Part = tuple[str, exp.Query]
"""Rows of a table, and the measure, consequence or check that they are about."""


def _table(world: World, shape: Shape, make: Callable[[], Iterable[_Part]], width: int | None) -> Table:
    """A table in order of its first `width` columns, nothing before everything; of all where None. Its queries are made
    when it is read: of most variants of a scheme few tables are."""
    parts = cache(lambda: tuple(make()))
    # By the names that engines have for cells, whatever is told of them.
    order = [sql.ordered(sql.column(name, "u")) for name in inner_columns(shape.name)[:width]]

    def source(queries: Sequence[exp.Query]) -> E:
        return sql.nested(sql.union(queries) if queries else _nothing(shape), "u")

    def everything() -> E:
        return source([query for _, query in parts()])

    def in_order(query: exp.Select) -> exp.Select:
        query.set("order", exp.Order(expressions=order))
        return query

    def fetched(found: E) -> Iterator[Row]:
        rows = world.session.rows(in_order(sql.everything(found)))
        return (_dated(row) for row in rows) if shape.name == "consequences" else rows

    def some(names: Container[str]) -> Iterator[Row]:
        queries = [query for name, query in parts() if name in names]
        return fetched(source(queries)) if queries else iter(())

    def rows() -> Iterator[Row]:
        return fetched(everything()) if parts() else iter(())

    def typed() -> exp.Select:
        return in_order(sql.select(_typed(world, shape, {}), everything()))

    def batches(length: int) -> Iterator[Any]:
        return world.session.batches(typed(), length)

    return table_of(shape.name, rows, {}, batches, lambda path: world.session.save(typed(), path), some)


def _nothing(shape: Shape) -> exp.Select:
    """No row, with the columns of a table as engines fill it."""
    types = {column.name: {"date": INT, **_ARROW_TYPES}[column.type] for column in shape.columns}
    nothing = {name: sql.cast(sql.null(), types[name]) for name in inner_columns(shape.name)}
    return sql.select(nothing, None, sql.truth(False))


def _ledger(world: World, sheets: Mapping[str, Sheet]) -> Table:
    """The lines of all ledgers, which are put in order when the first of them is asked for."""
    shape, digits = SHAPES["ledger"], ledger_digits(world.plan)
    if not sheets:
        return Table(shape, lambda: iter(()), digits)

    @cache
    def lines() -> Lines:
        return lay_lines(world, sheets)

    def typed(numbers: Mapping[str, E]) -> exp.Select:
        return sql.select(_typed(world, shape, numbers), sql.nested(lines().select(digits), "u"))

    def rows() -> Iterator[Row]:
        return _ledger_rows(world.session.rows(lines().select()))

    def batches(length: int) -> Iterator[Any]:
        numbers = {name: sql.cast(sql.column(name), DECIMAL) for name in digits}
        return (_with_points(batch, digits) for batch in world.session.batches(typed(numbers), length))

    def save(path: str) -> int:
        if max(digits.values()) > _MOST_DIGITS:
            raise ArithmeticError("more digits than are quickly written")
        numbers = {name: dialect.with_point(sql.column(name), most) for name, most in digits.items()}
        return world.session.save(typed(numbers), path)

    return table_of(shape.name, rows, digits, batches, save)


_ARROW_TYPES: Final = {"text": TEXT, "integer": INT, "flag": FLAG}
# With 19 digits of a BIGINT before it they fit into a decimal.
_MOST_DIGITS: Final = 18


def _typed(world: World, shape: Shape, numbers: Mapping[str, E]) -> dict[str, E]:
    """The columns of a table as they are told, each in its own type; the key of a target by dimension in two."""
    kind, key = sql.column("target_kind", "u"), sql.column("target", "u")
    told: dict[str, E] = {"dimension": sql.null()}
    if any(kind.parts for kind in world.plan.kinds.values()):
        told = {
            "target_kind": dialect.text_part(kind, " per ", 1),
            "target": dialect.name_part(key, 0),
            "dimension": dialect.other_parts(key),
        }
    outputs: dict[str, E] = {}
    for name, type_ in ((column.name, column.type) for column in shape.columns):
        if type_ == "number":
            outputs[name] = numbers[name]
        elif type_ == "date":
            outputs[name] = sql.cast(dialect.date_of(sql.column(name, "u")), "DATE")
        else:
            outputs[name] = sql.cast(told.get(name, sql.column(name, "u")), _ARROW_TYPES[type_])
    return outputs


def _with_points(batch: pa.RecordBatch, digits: Mapping[str, int]) -> pa.RecordBatch:
    columns = [
        _with_digits(column, digits[name]) if name in digits else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def _with_digits(column: pa.Array, digits: int) -> pa.Array:
    """The same whole numbers read as decimals with some digits after the point."""
    return pa.Array.from_buffers(pa.decimal128(38, digits), len(column), column.buffers(), offset=column.offset)


def _ledger_rows(rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    """Numbers come as whole numbers, with the scales of price, quantity and points at the end."""
    seen: dict[tuple[int | None, int], Decimal | None] = {}
    for row in rows:
        numbers = []
        for key in zip(row[9:13], (row[15], row[16], row[17], row[17]), strict=True):
            # A ledger repeats few amounts many times.
            found = seen.get(key)
            if found is None and key[0] is not None:
                if len(seen) > _REMEMBERED:
                    seen.clear()
                found = seen[key] = as_decimal(Fraction(key[0], 10 ** key[1]), key[1])
            numbers.append(found)
        yield (*row[:9], *numbers, *row[13:15])


_DAYS: Final = tuple(place for place, column in enumerate(SHAPES["consequences"].columns) if column.type == "date")


def _dated(row: tuple[Any, ...]) -> Row:
    """The row with dates in the place of day numbers."""
    cells = list(row)
    for place in _DAYS:
        if cells[place] is not None:
            cells[place] = EPOCH + dt.timedelta(days=cells[place])
    return tuple(cells)


def _rejects(results: Results) -> Iterator[Row]:
    rows = [row for taken in results.taken for row in taken.rejects(results.world.session)]
    rows.sort(key=lambda row: tuple((cell is not None, cell) for cell in row))
    yield from rows


def _unit(type_: Type) -> E:
    return text_or_null(type_.unit if isinstance(type_, Number) else None)


def _values(world: World, measure: Measure) -> exp.Query:
    cells = world.cells[measure.name]
    value = sql.column("v", "b")
    columns = {
        **of_cell(world, measure),
        "value": as_text(value, measure.type),
        "unit": _unit(measure.type),
        "state": _state(value, sql.column("c", "b") if cells.troubled else None),
    }
    return shaped("values", columns, sql.table(cells.relation, "b"))


def _state(value: E, cause: E | None) -> E:
    branches = [(sql.is_there(cause), sql.text("undetermined"))] if cause is not None else []
    return sql.case(*branches, (sql.is_null(value), sql.text("missing")), otherwise=sql.text("value"))


def _note_sources(results: Results) -> None:
    """Note the relations that measures of records are told from, by measure. Each query over a relation pays for all of
    its columns, so that many queries over one with the columns of many measures cost their square: it is cut then."""
    world, found = results.world, results.sources
    for kind, records in world.records.items():
        names = [name for name in records.measures if name not in found]
        # What is told of several is read more than once.
        relations = [world.records_of(kind).relation for _ in names[:2]]
        relation = relations[-1] if relations else ""
        key = [records.fields[name] for name in records.kind.key]
        for first in range(0, len(names), _TOGETHER):
            group, told = names[first : first + _TOGETHER], relation
            if len(names) > _TOGETHER:
                ones = [records.measures[name] for name in group]
                more = [part for one in ones for part in (one.value, one.exists, one.cause, one.detail) if part]
                columns: dict[str, E] = {name: sql.column(name) for name in dict.fromkeys([*key, *more])}
                told = world.session.table(sql.select(columns, sql.table(relation)), "told")
            found |= dict.fromkeys(group, told)


_TOGETHER: Final = 16
"""Measures of one kind of record whose columns are told from one relation."""


def _record_values(world: World, measure: Measure, sources: Mapping[str, str]) -> exp.Query:
    records = world.records[measure.grain.kind]
    own = records.measures[measure.name]
    value = sql.column(own.value, "b")
    columns = {
        "record_kind": sql.text(measure.grain.kind),
        "record": key_text(records),
        "measure": sql.text(measure.name),
        "value": as_text(value, measure.type),
        "unit": _unit(measure.type),
        "state": _state(value, sql.column(own.cause, "b") if own.cause else None),
    }
    exists = sql.column(own.exists, "b") if own.exists else None
    return shaped("record_values", columns, sql.table(sources[measure.name], "b"), exists)


def _grades(world: World, measure: Bands) -> exp.Query:
    cells = world.cells[measure.name]
    columns = {
        **of_cell(world, measure),
        "grade": as_text(sql.column("v", "b"), measure.type),
        "value": as_text(sql.column("b", "b"), measure.value.type),
        "clause": text_or_null(measure.clause),
    }
    graded = sql.is_there(sql.column("v", "b"))
    return not_given(shaped("grades", columns, sql.table(cells.relation, "b"), graded), cells.given)


def _all_grades(world: World, measures: Sequence[Measure]) -> Iterator[_Part]:
    """The grades of bands, and those that hold after overrides of them."""
    for measure in measures:
        if isinstance(measure, Bands):
            yield measure.name, _grades(world, measure)
        raw = world.plan.measures.get(measure.raw) if isinstance(measure, Overridden) else None
        if isinstance(raw, Bands):
            yield measure.name, _overridden_grades(world, measure, raw)


def _overridden_grades(world: World, measure: Measure, raw: Bands) -> exp.Query:
    cells = world.cells[measure.name]
    columns = {
        **of_cell(world, measure),
        "grade": as_text(sql.column("v", "b"), measure.type),
        "value": as_text(sql.column("b", "s"), raw.value.type),
        "clause": text_or_null(measure.clause),
    }
    graded = sql.is_there(sql.column("v", "b"))
    query = shaped("grades", columns, sql.table(cells.relation, "b"), graded)
    same = [sql.equals(sql.column(key, "s"), sql.column(key, "b")) for key in ("t", "p")]
    sql.join(query, sql.table(world.cells[raw.name].relation, "s"), sql.both(*same), "LEFT")
    return not_given(query, cells.given)


def _ranks(world: World, measure: Rank) -> exp.Query:
    cells = world.cells[measure.name]
    columns = {
        **of_cell(world, measure),
        "group": sql.column("grp", "b"),
        "place": sql.column("v", "b"),
        "tied": sql.column("tied", "b"),
        "size": sql.column("size", "b"),
        "value": as_text(sql.column("b", "b"), with_stand_in(measure.value.type, measure.missing)),
        "clause": text_or_null(measure.clause),
    }
    determined = sql.is_null(sql.column("c", "b")) if cells.troubled else None
    return not_given(shaped("ranks", columns, sql.table(cells.relation, "b"), determined), cells.given)


def _undetermined(world: World, sources: Mapping[str, str]) -> Iterator[_Part]:
    """The problems of measures, and the names that wait for something unstated."""
    nothing = text_or_null(None)
    level = sql.text("undetermined")
    for measure in world.plan.measures.values():
        if not measure.of_record:
            cells = world.cells[measure.name]
            if cells.troubled:
                where = {**of_cell(world, measure), "record_kind": nothing, "record": nothing}
                cause, detail = sql.column("c", "b"), sql.column("d", "b")
                row = problem_row(level, measure.name, where, cause, detail, measure.clause)
                yield measure.name, sql.select(row, sql.table(cells.relation, "b"), sql.is_there(cause))
            continue
        records = world.records[measure.grain.kind]
        own = records.measures[measure.name]
        if own.cause is not None and own.detail is not None:
            cause = sql.column(own.cause, "b")
            where = {
                "target_kind": nothing, "target": nothing, "period": nothing, "provisional": sql.truth(False),
                "record_kind": sql.text(measure.grain.kind), "record": key_text(records),
            }  # fmt: skip
            row = problem_row(level, measure.name, where, cause, sql.column(own.detail, "b"), measure.clause)
            yield measure.name, sql.select(row, sql.table(sources[measure.name], "b"), sql.is_there(cause))
    absent = dict.fromkeys(("target_kind", "target", "period", "record_kind", "record"), nothing)
    for withheld in world.plan.withheld:
        where = {**absent, "provisional": sql.truth(False)}
        unstated, for_ = sql.text("unstated"), sql.text(withheld.waits_for)
        yield withheld.name, sql.select(problem_row(level, withheld.name, where, unstated, for_, withheld.clause))
