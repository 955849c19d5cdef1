"""Ledgers that go on from the period before: cells walked in order of time (`docs/engines.md`, "Ledger").

What the hits of a cell come to does not depend on what was carried; only floor and ceiling do. So the sums of all cells
are there before the walk, and each step of it is a sum held between two bounds.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import given_cells
from cityrules.engines.sql.dialect import BIG
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.values import column_type
from cityrules.engines.sql.world import Cells, World
from cityrules.plan.model import Ledger
from cityrules.results.format import ledger_scale

_LINES: Final = ("base", "floored", "ceiled", "rounded")


def walk(world: World, measure: Ledger, moved: exp.Select, *, troubled: bool) -> None:
    """Note the cells of a carried ledger with the world. `moved`: `t`, `p`, `s` (what hits come to, in units of the
    ledger's scale) and, if there can be problems, `c` and `d`."""
    steps = world.session.table(_steps(world, measure, moved, troubled=troubled), "steps")
    first = sql.select(_step(measure, _number(0), sql.truth(False)), sql.table(steps, "n"))
    before = [sql.equals(sql.column("t", "o"), sql.column("t", "n"))]
    before.append(sql.equals(sql.column("p", "o"), sql.sub(sql.column("p", "n"), sql.number(1))))
    sql.join(first, sql.table(steps, "o"), sql.both(*before))
    first.set("where", exp.Where(this=sql.is_null(sql.column("t", "o"))))
    so_far, torn = sql.coalesce(sql.column("v", "w"), _number(0)), sql.column("torn", "w")
    later = sql.select(_step(measure, so_far, torn), sql.table("walk", "w"))
    after = [sql.equals(sql.column("t", "n"), sql.column("t", "w"))]
    after.append(sql.equals(sql.column("p", "n"), sql.add(sql.column("p", "w"), sql.number(1))))
    sql.join(later, sql.table(steps, "n"), sql.both(*after), "INNER")
    outputs: dict[str, E] = {name: sql.column(name) for name in ("t", "p", *_LINES)}
    outputs["v"] = sql.cast(sql.column("v"), column_type(measure.type))
    own = sql.column("c")
    outputs["c"] = sql.case((sql.is_there(own), own), (sql.column("torn"), sql.text("depends")))
    outputs["d"] = sql.case((sql.is_there(own), sql.column("d")), (sql.column("torn"), sql.text(measure.name)))
    found = sql.recursive(sql.select(outputs, sql.table("walk")), "walk", first, later)
    relation = world.session.table(found, "cells")
    given = given_cells(world, measure)
    world.cells[measure.name] = Cells(relation, measure.type, measure.grain, troubled, measure.applies is None, given)


def _number(value: int) -> E:
    return sql.cast(sql.number(value), BIG)


def _steps(world: World, measure: Ledger, moved: exp.Select, *, troubled: bool) -> exp.Query:
    """Every cell with what it moves, or with its given value (`own`)."""
    nothing = sql.cast(sql.null(), dialect.TEXT)
    kept: dict[str, E] = {name: sql.column(name, "b") for name in ("t", "p", "s")}
    kept |= {name: sql.column(name, "b") if troubled else nothing for name in ("c", "d")}
    kept |= {"given": sql.truth(False), "own": _null()}
    query = sql.select(kept, sql.nested(moved, "b"))
    given = given_cells(world, measure)
    if given is None:
        return query
    same = [sql.equals(sql.column(name, "g"), sql.column(name, "b")) for name in ("t", "p")]
    sql.join(query, sql.table(given, "g"), sql.both(*same))
    query.set("where", exp.Where(this=sql.is_null(sql.column("t", "g"))))
    outputs: dict[str, E] = {"t": sql.column("t"), "p": sql.column("p"), "s": _number(0), "c": nothing, "d": nothing}
    outputs |= {"given": sql.truth(True), "own": sql.cast(sql.column("v"), BIG)}
    return sql.union([query, sql.select(outputs, sql.table(given))])


def _null() -> E:
    return sql.cast(sql.null(), BIG)


def _step(measure: Ledger, base: E, torn_before: E) -> dict[str, E]:
    """The columns of the cell `n` that starts from `base`. Given and undetermined cells have no lines."""
    given, zero, unit = sql.column("given", "n"), _number(0), 10 ** ledger_scale(measure)
    torn = sql.both(sql.not_(given), sql.either(sql.is_there(sql.column("c", "n")), torn_before))
    none = sql.either(given, torn)
    total = sql.add(base, sql.column("s", "n"))
    lifted: E = zero
    cut: E = zero
    if measure.floor is not None:
        lifted = dialect.greatest(zero, sql.sub(_number(int(Fraction(measure.floor) * unit)), total))
    if measure.ceiling is not None:
        reached = sql.add(total, lifted)
        cut = dialect.least(zero, sql.sub(_number(int(Fraction(measure.ceiling) * unit)), reached))
    value = sql.add(sql.add(total, lifted), cut)
    columns = {"base": base, "floored": lifted, "ceiled": cut, "rounded": zero}
    outputs: dict[str, E] = {name: sql.column(name, "n") for name in ("t", "p", "c", "d")}
    outputs |= {name: sql.cast(sql.case((none, _null()), otherwise=tree), BIG) for name, tree in columns.items()}
    held = sql.case((given, sql.column("own", "n")), (torn, _null()), otherwise=value)
    return {**outputs, "v": sql.cast(held, BIG), "torn": torn}
