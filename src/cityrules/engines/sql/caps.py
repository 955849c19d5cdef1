"""Caps: the running sum of a rule's points in a cell, held within a bound (`docs/engines.md`, "Ledger")."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import BIG
from cityrules.engines.sql.hits import Hit, Hits
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World

_KEYS = ("t", "p", "o1", "o2")


def capped(world: World, part: Hits, hit: Hit, scale: int) -> str:
    """The points that a cap leaves of each hit of a rule: a relation with `t`, `p`, `o1`, `o2` and `points`."""
    assert hit.rule.cap is not None
    cap = int(Fraction(hit.rule.cap) * 10**scale)
    query, reader = part.query(world)
    keys: dict[str, E] = {name: query.draw(sql.column(name, "b")) for name in _KEYS}
    points = sql.cast(reader.emit(hit.points), BIG)
    rows = query.select({**keys, "r": sql.coalesce(points, sql.number(0))}, reader.emit(hit.hits))
    by = [sql.column("t"), sql.column("p")]
    order = [sql.ordered(sql.column("o1")), sql.ordered(sql.column("o2"))]
    if hit.points.low >= 0 or hit.points.high <= 0:
        return world.session.table(_one_sign(rows, cap, by, order, negative=hit.points.high <= 0), "capped")
    numbered = sql.everything(
        sql.nested(rows, "a"),
        None,
        {
            "k": sql.window(sql.call("row_number"), by, order),
            "reach": sql.window(sql.call("sum", dialect.absolute(sql.column("r"))), by),
        },
    )
    steps = world.session.table(numbered, "steps")
    return world.session.table(_walked(steps, cap), "capped")


def _one_sign(
    rows: exp.Select, cap: int, by: list[exp.Column], order: list[exp.Ordered], *, negative: bool
) -> exp.Select:
    """All hits move the sum in one direction: each counts what its sum, cut at the cap, has over the sum before."""
    size = dialect.absolute(sql.column("r"))
    reached = sql.cast(sql.window(sql.call("sum", size), by, order, up_to_here=True), BIG)
    summed = sql.everything(sql.nested(rows, "a"), None, {"reached": reached})
    bound = sql.cast(sql.number(cap), BIG)
    now = dialect.least(bound, sql.column("reached"))
    before = dialect.least(bound, sql.sub(sql.column("reached"), size))
    points = sql.sub(before, now) if negative else sql.sub(now, before)
    return sql.select({**{name: sql.column(name) for name in _KEYS}, "points": points}, sql.nested(summed, "s"))


def _walked(steps: str, cap: int) -> exp.Query:
    """Hits move the sum both ways: it is held within the cap step by step. Where it cannot reach the cap at all nothing
    needs to be walked."""
    bound, zero = sql.cast(sql.number(cap), BIG), sql.cast(sql.number(0), BIG)
    free = sql.select(
        {**{name: sql.column(name) for name in _KEYS}, "points": sql.column("r")},
        sql.table(steps),
        sql.at_most(sql.column("reach"), bound),
    )

    def held(so_far: E) -> E:
        moved = sql.add(so_far, sql.column("r", "n"))
        return dialect.greatest(sql.cast(exp.Neg(this=sql.operand(bound)), BIG), dialect.least(bound, moved))

    columns = {name: sql.column(name, "n") for name in (*_KEYS, "k")}
    bounded = sql.less(bound, sql.column("reach", "n"))
    first = sql.select(
        {**columns, "so_far": held(zero), "points": held(zero)},
        sql.table(steps, "n"),
        sql.both(bounded, sql.equals(sql.column("k", "n"), sql.number(1))),
    )
    before = sql.column("so_far", "w")
    later = sql.select(
        {**columns, "so_far": held(before), "points": sql.sub(held(before), before)}, sql.table("walk", "w")
    )
    next_ = [sql.equals(sql.column(name, "n"), sql.column(name, "w")) for name in ("t", "p")]
    next_.append(sql.equals(sql.column("k", "n"), sql.add(sql.column("k", "w"), sql.number(1))))
    sql.join(later, sql.table(steps, "n"), sql.both(*next_), "INNER")
    walked = sql.select({name: sql.column(name) for name in (*_KEYS, "points")}, sql.table("walk"))
    found = sql.union([free, walked])
    return sql.recursive(found, "walk", first, later)
