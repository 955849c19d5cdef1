"""The lines of a ledger as a query: base, hits in their order, floor, ceiling, rounding. Knows what was computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
_TEXTS: Final = ("rule", "clause", "record_kind", "replaced_by")
_CELL: Final = ("target_kind", "target", "period", "measure")
_OF_CELL: Final = ("target", "period", "provisional")


@dataclass(frozen=True, slots=True)
class _Section:
    """The lines of one kind: the columns that tell their cell and order (`_KEYS`), those about them, and what makes a
    query of columns over the rows that they are of."""

    keys: Mapping[str, E]
    columns: Mapping[str, E]
    select: Callable[[dict[str, E]], exp.Select]


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of ledgers, kept in their order in a relation: `section`, `o2`, what varies, what is told of their
    cell, and how many lines come `earlier` than those of the cell. `ledgers`: of each its kind of targets, its name and
    its sections."""

    relation: str
    sections: Mapping[int, _Section]
    ledgers: Sequence[tuple[str, str, Sequence[int]]]
    varying: Sequence[str]

    def select(self, digits: Mapping[str, int] | None = None) -> exp.Select:
        """The rows of `ledger` in their order, numbers as whole numbers: in units of the last of so many digits, or, if
        none are given, of those that the last columns tell of price, quantity and points."""
        sections = [[n] for n in self.sections]
        told: dict[str, E] = {}
        for name in (*_NUMBERS, *_TEXTS, *SCALES):
            of = name
            if name == "points" and name not in self.varying and "nominal" in self.varying:
                of = "nominal"  # No cap has cut any.
            trees = [section.columns[of] for section in self.sections.values()]
            shifts = [self._shift(section, name, digits) for section in self.sections.values()]
            if of in self.varying:
                told[name] = sql.column(of)
                if any(shift != 1 for shift in shifts):
                    factor = _chosen([sql.number(shift) for shift in shifts], sections)
                    told[name] = sql.mul(sql.column(of), sql.cast(factor, BIG))
                continue
            wide = [
                sql.mul(sql.cast(tree, BIG), sql.number(shift))
                if shift != 1 and not isinstance(tree, exp.Null)
                else tree
                for tree, shift in zip(trees, shifts, strict=True)
            ]
            type_ = TEXT if name in _TEXTS else BIG if name in _NUMBERS else INT
            told[name] = sql.cast(_chosen(wide, sections), type_)
        owners = [of for _, _, of in self.ledgers]
        told["target_kind"] = _chosen([sql.text(kind) for kind, _, _ in self.ledgers], owners)
        told["measure"] = _chosen([sql.text(name) for _, name, _ in self.ledgers], owners)
        told |= {name: sql.column(name) for name in _OF_CELL}
        # Rows of a table come in the order in which they were put there.
        told["line"] = sql.sub(sql.window(sql.call("row_number")), sql.column("earlier"))
        told["record"] = sql.column("o2")
        return sql.select({name: told[name] for name in (*inner_columns("ledger"), *SCALES)}, sql.table(self.relation))

    def _shift(self, section: _Section, name: str, digits: Mapping[str, int] | None) -> int:
        if digits is None or name not in digits:
            return 1
        own = section.columns[f"{name if name in ('price', 'quantity') else 'points'}_scale"]
        return int(10 ** (digits[name] - int(own.name)))


def lay_lines(world: World, ledgers: Mapping[str, Sheet]) -> Lines:
    """Put the lines of some ledgers, one at least, in order.

    A year has many lines. They are sorted once, by the number of their cell and in it, with no more than differs from
    line to line, and kept so; what is the same for all lines of a section is told when they are read.
    """
    measures = [measure for name in ledgers if isinstance(measure := world.plan.measures[name], Ledger)]
    sections: dict[int, _Section] = {}
    told: list[tuple[str, str, Sequence[int]]] = []
    parts: list[tuple[int, int, _Section]] = []
    for place, measure in enumerate(measures):
        sheet = ledgers[measure.name]
        own = {**_own(measure, sheet, world.cells[measure.name].relation), **_hits(world, measure, sheet)}
        numbered = {len(sections) + n: own[key] for n, key in enumerate(sorted(own))}
        sections |= numbered
        told.append((measure.grain.kind, measure.name, list(numbered)))
        parts += [(place, n, section) for n, section in numbered.items()]
    varying = [name for name in (*_NUMBERS, *_TEXTS, *SCALES) if any(map(_varies(name), sections.values()))]
    if "points" in varying and all(one.columns["nominal"] == one.columns["points"] for one in sections.values()):
        varying.remove("points")
    cells = _numbered(world, measures, [_counted(place, section) for place, _, section in parts])
    return Lines(_sorted(world, cells, parts, varying), sections, told, varying)


def _counted(place: int, section: _Section) -> exp.Select:
    """How many lines of a section each cell has."""
    keys = {name: section.keys[name] for name in ("t", "p")}
    own = sql.nested(section.select(keys), "s")
    group = [sql.column(name) for name in keys]
    number = sql.call("count", exp.Star())
    return sql.select({"m": sql.number(place), "t": group[0], "p": group[1], "k": number}, own, None, group)


def _numbered(world: World, measures: Sequence[Ledger], counts: Sequence[exp.Select]) -> str:
    """The cells that have lines: `m` (which ledger), `t`, `p`, what is told of them, their number `n` in the order of
    the table, and how many lines come `earlier`."""
    found = []
    for place, measure in enumerate(measures):
        cells = world.cells[measure.name]
        # Given cells have no base; undetermined ones no lines.
        there = [sql.is_there(sql.column("base"))]
        if cells.troubled:
            there.append(sql.is_null(sql.column("c")))
        t, p = sql.column("t"), sql.column("p")
        named = {**cell_columns(world, measure.grain, t, p), "measure": sql.text(measure.name)}
        outputs = {"m": sql.number(place), "t": t, "p": p, **{name: named[name] for name in (*_CELL, "provisional")}}
        found.append(sql.select(outputs, sql.table(cells.relation), sql.both(*there)))
    keys = [sql.column(name) for name in ("m", "t", "p")]
    rows = sql.call("sum", sql.column("k"))
    of_cell = sql.select({**{key.name: key for key in keys}, "k": rows}, sql.nested(sql.union(counts), "s"), None, keys)
    query = sql.everything(sql.nested(sql.union(found), "c"), None, {"k": sql.column("k", "s")}, of="c")
    sql.join(query, sql.nested(of_cell, "s"), _same_cell("c", "s"), "INNER")
    order = [sql.ordered(sql.column(name)) for name in _CELL]
    up_to = sql.window(sql.call("sum", sql.column("k")), (), order, up_to_here=True)
    outputs = {
        **{name: sql.column(name) for name in ("m", "t", "p", *_OF_CELL)},
        "n": sql.cast(sql.window(sql.call("row_number"), (), order), "UINTEGER"),
        "earlier": sql.cast(sql.sub(up_to, sql.column("k")), INT),
    }
    return world.session.table(sql.select(outputs, sql.nested(query, "q")), "lined")


def _sorted(world: World, cells: str, parts: Sequence[tuple[int, int, _Section]], varying: Sequence[str]) -> str:
    """The relation of all lines in order (`Lines`)."""
    found = []
    for place, n, section in parts:
        own: dict[str, E] = {**section.keys, "m": sql.number(place), "section": sql.number(n)}
        found.append(section.select({**own, **{name: section.columns[name] for name in varying}}))
    kept = {name: sql.column(name, "l") for name in ("section", "o2", *varying)}
    kept |= {name: sql.column(name, "c") for name in (*_OF_CELL, "earlier")}
    query = sql.select(kept, sql.nested(sql.union(found), "l"))
    sql.join(query, sql.table(cells, "c"), _same_cell("c", "l"), "INNER")
    order = [sql.column("n", "c"), *(sql.column(name, "l") for name in ("section", "o1", "o2"))]
    query.set("order", exp.Order(expressions=[sql.ordered(key) for key in order]))
    return world.session.table(query, "lines")


def _same_cell(one: str, other: str) -> E:
    return sql.both(*(sql.equals(sql.column(name, one), sql.column(name, other)) for name in ("m", "t", "p")))


def _times(tree: E, shift: int) -> E:
    nothing = shift == 1 or isinstance(tree, exp.Null)
    return tree if nothing else sql.mul(sql.cast(tree, BIG), sql.number(shift))


def _varies(name: str) -> Callable[[_Section], bool]:
    return lambda section: section.columns[name].find(exp.Column) is not None


def _chosen(trees: Sequence[E], sections: Sequence[Sequence[int]]) -> E:
    """The tree whose sections the line is of."""
    alike: dict[str, tuple[E, list[int]]] = {}
    for tree, numbers in zip(trees, sections, strict=True):
        alike.setdefault(text_of(tree), (tree, []))[1].extend(numbers)
    *some, (last, _) = alike.values()
    own = sql.column("section")
    return sql.case(*((sql.among(own, [sql.number(n) for n in of]), tree) for tree, of in some), otherwise=last)


def _columns(measure: Ledger, rule: str, clause: str | None, numbers: Mapping[str, E], **more: E) -> dict[str, E]:
    """What is told of the lines of a section besides their cell and order. Missing texts are null."""
    nothing = text_or_null(None)
    stated = text_or_null(clause if clause is not None else measure.clause)
    return {
        "rule": sql.text(rule),
        "clause": sql.call("coalesce", more["cited"], stated) if "cited" in more else stated,
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
        **({} if hit.clause is None else {"cited": reader.emit(hit.clause)}),
        price_scale=sql.number(number_scale(rule.points.type)),
        quantity_scale=sql.number(number_scale(rule.times.type) if rule.times else 0),
    )  # fmt: skip
    hits = reader.emit(hit.hits)
    return _Section(keys, columns, lambda outputs: query.select(outputs, hits))
