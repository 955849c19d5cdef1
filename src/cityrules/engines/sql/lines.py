"""The lines of a ledger as a query: base, hits in their order, floor, ceiling, rounding. Knows what was computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import BIG, INT, TEXT
from cityrules.engines.sql.hits import Hit, Hits
from cityrules.engines.sql.ledgers import Sheet
from cityrules.engines.sql.outputs import cell_columns, text_or_null
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan.model import Ledger
from cityrules.results.format import ledger_scale, number_scale
from cityrules.results.tables import SHAPES, inner_columns

SCALES: Final = ("price_scale", "quantity_scale", "points_scale")
_ORDER: Final = ("section", "o1", "o2")


def lines_of(world: World, measure: Ledger, sheet: Sheet) -> exp.Select:
    """Rows of `ledger`: numbers as whole numbers, with the scales of price, quantity and points as last columns."""
    cells = world.cells[measure.name]
    parts = [*_own(measure, sheet, cells.relation), *_hits(world, measure, sheet)]
    lines = sql.nested(sql.union(parts), "l")
    order = [sql.ordered(sql.column(name, "l")) for name in _ORDER]
    t, p = sql.column("t", "b"), sql.column("p", "b")
    columns = {
        **{name: sql.column(name, "l") for name in (*SHAPES["ledger"].names[5:13], "replaced_by", *SCALES)},
        **cell_columns(world, measure.grain, t, p),
        "measure": sql.text(measure.name),
        "line": sql.window(sql.call("row_number"), [t, p], order),
    }
    # Given cells have no base; undetermined ones no lines.
    there = [sql.is_there(sql.column("base", "b"))]
    if cells.troubled:
        there.append(sql.is_null(sql.column("c", "b")))
    names = (*inner_columns("ledger"), *SCALES)
    query = sql.select({name: columns[name] for name in names}, lines, sql.both(*there))
    same = [sql.equals(sql.column(name, "b"), sql.column(name, "l")) for name in ("t", "p")]
    sql.join(query, sql.table(cells.relation, "b"), sql.both(*same), "INNER")
    return query


def _line(
    measure: Ledger, t: E, p: E, section: int, rule: str, clause: str | None, numbers: dict[str, E], **more: E
) -> dict[str, E]:
    """The columns of one line. Missing texts are null."""
    nothing = text_or_null(None)
    texts = {name: more.get(name, nothing) for name in ("record_kind", "record", "replaced_by", "o2")}
    none = sql.cast(sql.null(), BIG)
    return {
        "t": t,
        "p": p,
        "section": sql.number(section),
        "o1": more.get("o1", sql.cast(sql.number(0), INT)),
        "o2": texts["o2"],
        "rule": sql.text(rule),
        "clause": text_or_null(clause if clause is not None else measure.clause),
        "record_kind": texts["record_kind"],
        "record": texts["record"],
        **{name: sql.cast(numbers.get(name, none), BIG) for name in ("price", "quantity", "nominal", "points")},
        "replaced_by": sql.cast(texts["replaced_by"], TEXT),
        "price_scale": more.get("price_scale", sql.number(0)),
        "quantity_scale": more.get("quantity_scale", sql.number(0)),
        "points_scale": sql.number(ledger_scale(measure)),
    }


def _own(measure: Ledger, sheet: Sheet, relation: str) -> Iterator[exp.Select]:
    """The base, and what items, floor, ceiling and rounding did to the sum."""
    t, p = sql.column("t"), sql.column("p")
    for place, (column, name) in enumerate(sheet.own.items()):
        moved = sql.column(column)
        section = 0 if column == "base" else len(measure.rules) + place
        line = _line(measure, t, p, section, name, None, {"nominal": moved, "points": moved})
        where = None if column == "base" else sql.binary(exp.NEQ, moved, sql.number(0))
        yield sql.select(line, sql.table(relation), where)


def _hits(world: World, measure: Ledger, sheet: Sheet) -> Iterator[exp.Select]:
    for part in sheet.hits:
        for hit in part.rules:
            yield _of_rule(world, measure, part, hit, sheet.caps.get(hit.place))


def _of_rule(world: World, measure: Ledger, part: Hits, hit: Hit, cap: str | None) -> exp.Select:
    query, reader = part.query(world)
    keys = {name: query.draw(sql.column(name, "b")) for name in ("t", "p", "o1", "o2")}
    points: E = reader.emit(hit.points)
    if cap is not None:
        alias = query.join_same(cap, ("t", "p", "o1", "o2"))
        points = query.draw(sql.column("points", alias))
    rule = hit.rule
    numbers = {
        "price": reader.emit(hit.price),
        "quantity": reader.emit(hit.quantity),
        "nominal": reader.emit(hit.nominal),
        "points": points,
    }
    line = _line(
        measure, keys["t"], keys["p"], hit.place + 1, rule.name, rule.clause, numbers,
        o1=keys["o1"], o2=keys["o2"], replaced_by=reader.emit(hit.replaced),
        record_kind=text_or_null(part.kind), record=keys["o2"],
        price_scale=sql.number(number_scale(rule.points.type)),
        quantity_scale=sql.number(number_scale(rule.times.type) if rule.times else 0),
    )  # fmt: skip
    return query.select(line, reader.emit(hit.hits))
