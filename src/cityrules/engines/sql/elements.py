"""The elements of an axis in the cells of a grain, as a query: records, lower targets, shorter periods.

The elements are the source of the query and their cells are joined, or, where nothing of the cell is read but what the
element itself knows, not even that. Cells that are not there drop out when the result is joined to the grid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import key_text
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.places import CellPlace, RecordPlace, routes_through
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Reader, reads_cell
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan.model import Axis, Expr, KindAxis, RecordAxis, Standing
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import Grain, Window, parts_of


@dataclass(frozen=True, slots=True)
class Elements:
    """`t`, `p`: the cell of each element. `order`: what elements of one cell are ordered by; the last identifies the
    element as result tables cite it (a record's key, a target, the name of a period)."""

    query: Query
    reader: Reader
    t: E
    p: E
    order: tuple[E, ...]
    kind: str | None


def elements(world: World, axis: Axis, grain: Grain, window: Window | None, exprs: Iterable[Expr | None]) -> Elements:
    """The elements of an axis with a reader for `exprs`."""
    # Whose period it is stands in the cell.
    own = grain.period is not None and world.periods[grain.period].whose is not None
    joined = window is not None or own or reads_cell(world, exprs)
    if isinstance(axis, RecordAxis):
        joined = joined or isinstance(axis.placed, Standing)
        return _records(world, axis, grain, window, joined)
    if isinstance(axis, KindAxis):
        query = Query(world.grid(Grain(axis.kind, grain.period)))
        element = CellPlace(world, query, Grain(axis.kind, grain.period))
        target = element.target(grain.kind)
        assert target is not None
        p: E = sql.column("p", "b")
        if joined:
            query.join_where(world.grid(grain), "g", _matches(grain, target, p))
        name: E = sql.column("t", "b")
        several = len(parts_of(axis.kind)) > 1
        # All else that a target by dimension consists of is the same for all elements of a cell.
        order: tuple[E, ...] = (query.draw(dialect.name_part(name, axis.part) if several else name),)
    else:
        query = Query(world.grid(Grain(grain.kind, axis.period)))
        element = CellPlace(world, query, Grain(grain.kind, axis.period))
        target, index = sql.column("t", "b"), sql.column("p", "b")
        each = world.periods[axis.period]
        p = sql.number(0) if own else periods.containing(each, index, world.periods[grain.period or axis.period])
        if joined:
            inside = (
                _in_window(world, axis.period, grain, window, index)
                if window is not None or own
                else sql.equals(sql.column("p", "g"), p)
            )
            query.join_where(world.grid(grain), "g", sql.both(sql.equals(sql.column("t", "g"), target), inside))
        order = (query.draw(index), query.draw(periods.name(each, index)))
    cell = CellPlace(world, query, grain, "g") if joined else None
    reader = Reader(world, query, cell, element)
    kind = parts_of(axis.kind)[axis.part] if isinstance(axis, KindAxis) else None
    return Elements(query, reader, *_key(query, target, p, joined), order, kind)


def _records(world: World, axis: RecordAxis, grain: Grain, window: Window | None, joined: bool) -> Elements:
    records = world.records_of(axis.record)
    query = Query(records.relation)
    element = RecordPlace(world, query, records, routes_through(records.kind, axis.route, world))
    target: E | None = sql.text("") if axis.route is None else element.target(axis.route.kind)
    if target is None:
        raise LookupError(f"{axis.record} does not reach {grain.kind}")
    p: E = sql.number(0)
    inside: E | None = None
    if grain.period is not None:
        unit, begins, ends = periods.window(world.periods, grain.period, sql.column("p", "g"), window)
        day = element.day() if axis.placed is None else element.day_of(axis.placed.field)
        each, own = world.periods[unit], world.periods[unit].whose is not None
        if own:
            # Days are compared, so that nothing need be known of whose period it is.
            begins, ends = None if begins is None else periods.start(each, begins), periods.last_day(each, ends)
        first = last = day if own else periods.of_day(each, day)
        if isinstance(axis.placed, Standing):
            last = element.last_day(axis.placed)
            last = last if own else periods.of_day(each, last)
        elif window is None and not own:
            p = first
        point = window is None and first is last and not own
        inside = sql.equals(sql.column("p", "g"), p) if point else _touches(begins, ends, first, last)
    if axis.placed is not None:
        query.only(element.begun(axis.placed))
    if axis.route is not None:
        query.only(sql.is_there(target))
    if joined:
        same = sql.equals(sql.column("t", "g"), target)
        query.join_where(world.grid(grain), "g", same if inside is None else sql.both(same, inside))
    cell = CellPlace(world, query, grain, "g") if joined else None
    order = (query.lift(element.moment()), query.lift(key_text(records)))
    reader = Reader(world, query, cell, element)
    return Elements(query, reader, *_key(query, target, p, joined), order, axis.record)


def _key(query: Query, target: E, p: E, joined: bool) -> tuple[E, E]:
    if joined:
        return query.draw(sql.column("t", "g")), query.draw(sql.column("p", "g"))
    return query.lift(sql.cast(target, TEXT)), query.lift(sql.cast(p, INT))


def _matches(grain: Grain, target: E, p: E) -> E:
    same = sql.equals(sql.column("p", "g"), p)
    return same if grain.kind == WHOLE else sql.both(sql.equals(sql.column("t", "g"), target), same)


def _in_window(world: World, axis: str, grain: Grain, window: Window | None, index: E) -> E:
    """Whether period `index` of the axis lies in the window of the cell `g`."""
    assert grain.period is not None
    return _touches(*periods.elements(world.periods, axis, grain.period, sql.column("p", "g"), window), index, index)


def _touches(first: E | None, last: E, begin: E, end: E) -> E:
    """Whether periods from `begin` to `end` (null: open) touch those from `first` (None: of all) to `last`."""
    from_ = sql.truth(True) if first is None else sql.coalesce(sql.at_most(first, end), sql.truth(True))
    return sql.both(sql.at_most(begin, last), from_)
