"""The lines of a ledger as a query: base, hits in their order, floor, ceiling, rounding. Knows what was computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import BIG, INT, TEXT, text_of
from cityrules.engines.sql.hits import Hit, Hits
from cityrules.engines.sql.ledgers import Sheet
from cityrules.engines.sql.outputs import cell_columns, text_or_null
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan.model import Ledger
from cityrules.results.format import ledger_scale, number_scale
from cityrules.results.tables import inner_columns

SCALES: Final = ("price_scale", "quantity_scale", "points_scale")
_KEYS: Final = ("t", "p", "o1", "o2")
_NUMBERS: Final = ("price", "quantity", "nominal", "points")
_ORDER: Final = ("section", "o1", "o2")


@dataclass(frozen=True, slots=True)
class _Section:
    """The lines of one kind: the columns that tell their cell and order (`_KEYS`), those about them, and what makes a
    query of columns over the rows that they are of."""

    keys: Mapping[str, E]
    columns: Mapping[str, E]
    select: Callable[[dict[str, E]], exp.Select]


def lines_of(world: World, measure: Ledger, sheet: Sheet) -> exp.Select:
    """Rows of `ledger`: numbers as whole numbers, with the scales of price, quantity and points as last columns.

    Lines are sorted, and a year has many: what is the same for all lines of a section is told after the sorting.
    """
    cells = world.cells[measure.name]
    sections = {**_own(measure, sheet, cells.relation), **_hits(world, measure, sheet)}
    counted_as_named = all(section.columns["nominal"] == section.columns["points"] for section in sections.values())
    names = (*_NUMBERS, "rule", "clause", "record_kind", "replaced_by", *SCALES)
    varying = [name for name in names if any(_varies(section.columns[name]) for section in sections.values())]
    if counted_as_named and "points" in varying:
        varying.remove("points")
    parts = [
        section.select({**section.keys, "section": sql.number(n), **{name: section.columns[name] for name in varying}})
        for n, section in sections.items()
    ]
    lines = sql.nested(sql.union(parts), "l")
    told = {name: sql.column(name, "l") for name in varying}
    if counted_as_named and "nominal" in varying:
        told["points"] = sql.column("nominal", "l")
    order = [sql.ordered(sql.column(name, "l")) for name in _ORDER]
    t, p = sql.column("t", "l"), sql.column("p", "l")
    columns = {
        **{name: _by_section(name, sections) for name in names},
        **told,
        **cell_columns(world, measure.grain, t, p),
        "record": sql.column("o2", "l"),
        "measure": sql.text(measure.name),
        "line": sql.window(sql.call("row_number"), [t, p], order),
    }
    # Given cells have no base; undetermined ones no lines.
    there = [sql.is_there(sql.column("base", "b"))]
    if cells.troubled:
        there.append(sql.is_null(sql.column("c", "b")))
    query = sql.select({name: columns[name] for name in (*inner_columns("ledger"), *SCALES)}, lines, sql.both(*there))
    same = [sql.equals(sql.column(name, "b"), sql.column(name, "l")) for name in ("t", "p")]
    sql.join(query, sql.table(cells.relation, "b"), sql.both(*same), "INNER")
    return query


def _varies(tree: E) -> bool:
    return tree.find(exp.Column) is not None


def _by_section(name: str, sections: Mapping[int, _Section]) -> E:
    """A column that is the same for all lines of a section."""
    type_ = TEXT if name in ("rule", "clause", "record_kind", "replaced_by") else BIG if name in _NUMBERS else INT
    section = sql.column("section", "l")
    alike: dict[str, tuple[E, list[E]]] = {}
    for n, one in sections.items():
        tree = one.columns[name]
        alike.setdefault(text_of(tree), (tree, []))[1].append(sql.equals(section, sql.number(n)))
    *some, (last, _) = alike.values()
    chosen = sql.case(*((sql.either(*where), tree) for tree, where in some), otherwise=last) if some else last
    return sql.cast(chosen, type_)


def _columns(measure: Ledger, rule: str, clause: str | None, numbers: Mapping[str, E], **more: E) -> dict[str, E]:
    """What is told of the lines of a section besides their cell and order. Missing texts are null."""
    nothing = text_or_null(None)
    return {
        "rule": sql.text(rule),
        "clause": text_or_null(clause if clause is not None else measure.clause),
        "record_kind": more.get("record_kind", nothing),
        "replaced_by": more.get("replaced_by", nothing),
        **{name: numbers.get(name, sql.null()) for name in _NUMBERS},
        "price_scale": more.get("price_scale", sql.number(0)),
        "quantity_scale": more.get("quantity_scale", sql.number(0)),
        "points_scale": sql.number(ledger_scale(measure)),
    }


def _own(measure: Ledger, sheet: Sheet, relation: str) -> dict[int, _Section]:
    """The base, and what items, floor, ceiling and rounding did to the sum."""
    found = {}
    keys: dict[str, E] = {
        "t": sql.column("t"),
        "p": sql.column("p"),
        "o1": sql.cast(sql.number(0), INT),
        "o2": text_or_null(None),
    }
    for place, (column, name) in enumerate(sheet.own.items()):
        moved = sql.column(column)
        section = 0 if column == "base" else len(measure.rules) + place
        where = None if column == "base" else sql.binary(exp.NEQ, moved, sql.number(0))
        columns = _columns(measure, name, None, {"nominal": moved, "points": moved})
        found[section] = _Section(keys, columns, partial(sql.select, source=sql.table(relation), where=where))
    return found


def _hits(world: World, measure: Ledger, sheet: Sheet) -> dict[int, _Section]:
    return {
        hit.place + 1: _of_rule(world, measure, part, hit, sheet.caps.get(hit.place))
        for part in sheet.hits
        for hit in part.rules
    }


def _of_rule(world: World, measure: Ledger, part: Hits, hit: Hit, cap: str | None) -> _Section:
    query, reader = part.query(world)
    keys: dict[str, E] = {name: query.draw(sql.column(name, "b")) for name in _KEYS}
    points: E = reader.emit(hit.points)
    if cap is not None:
        alias = query.join_same(cap, _KEYS)
        points = query.draw(sql.column("points", alias))
    rule = hit.rule
    numbers = {
        "price": reader.emit(hit.price),
        "quantity": reader.emit(hit.quantity),
        "nominal": reader.emit(hit.nominal),
        "points": points,
    }
    columns = _columns(
        measure, rule.name, rule.clause, numbers,
        replaced_by=reader.emit(hit.replaced),
        record_kind=text_or_null(part.kind),
        price_scale=sql.number(number_scale(rule.points.type)),
        quantity_scale=sql.number(number_scale(rule.times.type) if rule.times else 0),
    )  # fmt: skip
    hits = reader.emit(hit.hits)
    return _Section(keys, columns, lambda outputs: query.select(outputs, hits))
