"""Caps: running sums of points held within bounds, cap after cap (`docs/engines.md`, "Ledger")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.bounds import Bound, bound_of
from cityrules.engines.sql.cells import ground
from cityrules.engines.sql.dialect import BIG, INT
from cityrules.engines.sql.hits import Hit, Hits
from cityrules.engines.sql.periods import start
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan.model import Axis, Cap, Ledger, PeriodAxis, RecordAxis
from cityrules.results.format import number_scale

ELEMENT: Final = ("t", "p", "o1", "o2")
"""What tells the hits of one rule apart: the cell and the element."""

POOL: Final = ("wt", "wp")
"""The cell of the wider grain that shares a cap."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What caps have left: by place of the rule the relation (`t`, `p`, `o1`, `o2`, `points`) of its hits. `bounds`:
    those that had to be computed."""

    points: Mapping[int, str]
    bounds: tuple[Bound, ...]


def lay_caps(world: World, ledger: Ledger, hits: list[Hits]) -> Laid:
    """Lay the caps of a ledger on its hits, one after the other."""
    points: dict[int, str] = {}
    bounds: list[Bound] = []
    found = {hit.rule.name: (part, hit) for part in hits for hit in part.rules}
    for number, cap in enumerate(ledger.caps):
        bound = bound_of(world, ledger, cap, found, points)
        if bound.relation is not None:
            bounds.append(bound)
        rules = [found[name] for name in cap.rules]
        points |= _lay(world, ledger, cap, number, rules, bound, points)
    return Laid(points, tuple(bounds))


def _lay(
    world: World,
    ledger: Ledger,
    cap: Cap,
    number: int,
    rules: list[tuple[Hits, Hit]],
    bound: Bound,
    before: Mapping[int, str],
) -> dict[int, str]:
    """What one cap leaves of the hits of its rules, by their places."""
    if not rules:
        return {}
    alone = len(rules) == 1 and cap.shared is None
    keys = tuple(f"k{place}" for place in range(len(next(iter(cap.per.values()), ()))))
    parts = [_rows(world, part, hit, number, keys, before, alone=alone) for part, hit in rules]
    by: tuple[str, ...] = ("t", "p", *keys)
    first: tuple[str, ...] = ("o1", "o2") if alone else ("m", "name", "place")
    if cap.shared is not None:
        parts = [_as_compared(rows, hit, cap, keys) for rows, (_, hit) in zip(parts, rules, strict=True)]
        by, first = POOL, (*keys, "m", "name", "t", "p", "place")
    rows: exp.Query = sql.union(parts)
    if cap.shared is not None:
        rows = _in_pools(rows, pools(world, ledger, cap))
    # What has no time of its own comes last; elements of one rule all have one, or none of them has.
    order = [sql.ordered(sql.column(name), nulls_first=alone) for name in first]
    bounded, sums = _bounded(rows, bound), [sql.column(name) for name in by]
    # A rule that moves nothing goes either way.
    up, down = all(hit.points.low >= 0 for _, hit in rules), all(hit.points.high <= 0 for _, hit in rules)
    if (up or down) and cap.short != "none":
        query: exp.Query = _one_sign(bounded, sums, order, negative=not up)
    else:
        query = _walked(_steps(world, bounded, sums, order), whole=cap.short == "none")
    relation = world.session.table(query, "capped")
    if alone:
        return {rules[0][1].place: relation}
    return {hit.place: world.session.view(_of_place(relation, hit.place), "capped") for _, hit in rules}


def _as_compared(rows: exp.Select, hit: Hit, cap: Cap, keys: tuple[str, ...]) -> exp.Select:
    """The hits of one rule with what the movements of several cells are ordered by: on one scale, and the other way
    round where the greatest comes first."""
    scales = [max(number_scale(exprs[place].type) for exprs in cap.per.values()) for place in range(len(keys))]
    grow = [scale - number_scale(expr.type) for scale, expr in zip(scales, cap.per[hit.rule.name], strict=True)]
    kept: dict[str, E] = {name: sql.column(name) for name in (*ELEMENT, "place", "r", "m", "name")}
    for name, more, high in zip(keys, grow, cap.high, strict=True):
        size = sql.mul(sql.cast(sql.column(name), BIG), sql.number(10**more))
        kept[name] = sql.cast(exp.Neg(this=sql.operand(size)) if high else size, BIG)
    return sql.select(kept, sql.nested(rows, "o"))


def _in_pools(rows: exp.Query, relation: str) -> exp.Select:
    """The hits with the cell of the wider grain that shares the cap."""
    cells = sql.select({}, sql.nested(rows, "x"))
    cells.set("expressions", [exp.Column(this=exp.Star(), table=sql.name("x"))])
    for name in POOL:
        cells.append("expressions", sql.alias(sql.column(name, "y"), name))
    same = [sql.equals(sql.column(name, "y"), sql.column(name, "x")) for name in ("t", "p")]
    sql.join(cells, sql.table(relation, "y"), sql.both(*same), "INNER")
    return cells


def pools(world: World, ledger: Ledger, cap: Cap) -> str:
    """The cells of a ledger with the cell of the wider grain that shares the cap: `t`, `p`, `wt`, `wp`."""
    grain = cap.shared
    assert grain is not None
    found = ground(world, ledger.grain, False, ledger.applies, ledger.name)
    target = found.place.target(grain.kind)
    period = found.place.period(grain.period) if grain.period is not None else sql.number(0)
    assert target is not None
    assert period is not None
    outputs: dict[str, E] = {name: found.drawn(name) for name in ("t", "p")}
    outputs |= {"wt": found.query.draw(sql.cast(target, dialect.TEXT)), "wp": found.query.draw(sql.cast(period, INT))}
    return world.session.table(found.query.select(outputs, found.where), "pools")


def _rows(
    world: World,
    part: Hits,
    hit: Hit,
    number: int,
    keys: tuple[str, ...],
    before: Mapping[int, str],
    *,
    alone: bool,
) -> exp.Select:
    """The hits of a rule with what counts so far (`r`), what the cap tells apart, and when they come (`m`)."""
    query, reader = part.query(world)
    columns: dict[str, E] = {name: query.draw(sql.column(name, "b")) for name in ELEMENT}
    points: E = sql.cast(reader.emit(hit.points), BIG)
    if hit.place in before:
        alias = query.join_same(before[hit.place], ELEMENT)
        points = query.draw(sql.column("points", alias))
    own = hit.keys.get(number, ())
    columns |= {name: reader.emit(code) for name, code in zip(keys, own, strict=True)}
    columns |= {"place": sql.number(hit.place), "r": sql.coalesce(points, sql.number(0))}
    if not alone:
        columns["m"] = sql.cast(_moment(world, hit.rule.axis, columns["o1"]), dialect.INT)
        columns["name"] = sql.coalesce(sql.cast(columns["o2"], dialect.TEXT), sql.text(""))
    return query.select(columns, reader.emit(hit.hits))


def _moment(world: World, axis: Axis | None, o1: E) -> E:
    """Seconds since 1970-01-01 at which an element comes; null for what has no time of its own."""
    day = sql.number(86_400)
    if isinstance(axis, PeriodAxis):
        return sql.mul(start(world.periods[axis.period], o1), day)
    if not isinstance(axis, RecordAxis):
        return sql.null()
    kind = world.plan.record(axis.record)
    assert kind.dated is not None
    return sql.mul(o1, day) if kind.fields[kind.dated].base == "date" else o1


def _bounded(rows: exp.Query, bound: Bound) -> exp.Select:
    """The rows with their bound (`bound`)."""
    if bound.relation is None:
        return sql.everything(sql.nested(rows, "a"), None, {"bound": sql.cast(sql.number(bound.constant), BIG)})
    query = sql.select({}, sql.nested(rows, "a"))
    same = [sql.equals(sql.column(name, "c"), sql.column(name, "a")) for name in ("t", "p")]
    query.set("expressions", [exp.Column(this=exp.Star(), table=sql.name("a"))])
    found = sql.coalesce(sql.column("bound", "c"), sql.cast(sql.number(0), BIG))
    query.append("expressions", sql.alias(found, "bound"))
    sql.join(query, sql.table(bound.relation, "c"), sql.both(*same))
    return query


def _of_place(relation: str, place: int) -> exp.Select:
    """The hits of one rule."""
    return sql.everything(sql.table(relation), sql.equals(sql.column("place"), sql.number(place)))


def _one_sign(rows: exp.Select, by: list[exp.Column], order: list[exp.Ordered], *, negative: bool) -> exp.Select:
    """All hits move the sum in one direction: each counts what its sum, cut at the cap, has over the sum before."""
    size = dialect.absolute(sql.column("r"))
    reached = sql.cast(sql.window(sql.call("sum", size), by, order, up_to_here=True), BIG)
    summed = sql.everything(sql.nested(rows, "a"), None, {"reached": reached})
    bound = sql.column("bound")
    now = dialect.least(bound, sql.column("reached"))
    before = dialect.least(bound, sql.sub(sql.column("reached"), size))
    points = sql.sub(before, now) if negative else sql.sub(now, before)
    return sql.select({**_element(), "points": points}, sql.nested(summed, "s"))


def _element(table: str | None = None) -> dict[str, E]:
    return {name: sql.column(name, table) for name in (*ELEMENT, "place")}


def _steps(world: World, rows: exp.Select, by: list[exp.Column], order: list[exp.Ordered]) -> str:
    """The rows of each sum (`g`), numbered in order (`n`), with the most the sum can come to (`reach`)."""
    groups = [sql.ordered(column) for column in by]
    numbered = sql.everything(
        sql.nested(rows, "a"),
        None,
        {
            "g": sql.window(sql.call("dense_rank"), (), groups),
            "n": sql.window(sql.call("row_number"), by, order),
            "reach": sql.window(sql.call("sum", dialect.absolute(sql.column("r"))), by),
        },
    )
    return world.session.table(numbered, "steps")


def _walked(steps: str, *, whole: bool = False) -> exp.Query:
    """Hits move the sum both ways: it is held within the cap step by step; `whole`: what would lead over it moves
    nothing. Where the sum cannot reach the cap at all nothing needs to be walked."""
    zero = sql.cast(sql.number(0), BIG)
    free = sql.select(
        {**_element(), "points": sql.column("r")},
        sql.table(steps),
        sql.at_most(sql.column("reach"), sql.column("bound")),
    )

    def held(so_far: E) -> E:
        bound = sql.column("bound", "n")
        moved = sql.add(so_far, sql.column("r", "n"))
        if whole:
            return sql.case((sql.at_most(dialect.absolute(moved), bound), moved), otherwise=so_far)
        return dialect.greatest(sql.cast(exp.Neg(this=bound), BIG), dialect.least(bound, moved))

    columns = {**_element("n"), "g": sql.column("g", "n"), "n": sql.column("n", "n")}
    bounded = sql.less(sql.column("bound", "n"), sql.column("reach", "n"))
    first = sql.select(
        {**columns, "so_far": held(zero), "points": held(zero)},
        sql.table(steps, "n"),
        sql.both(bounded, sql.equals(sql.column("n", "n"), sql.number(1))),
    )
    before = sql.column("so_far", "w")
    later = sql.select(
        {**columns, "so_far": held(before), "points": sql.sub(held(before), before)}, sql.table("walk", "w")
    )
    next_ = [
        sql.equals(sql.column("g", "n"), sql.column("g", "w")),
        sql.equals(sql.column("n", "n"), sql.add(sql.column("n", "w"), sql.number(1))),
    ]
    sql.join(later, sql.table(steps, "n"), sql.both(*next_), "INNER")
    walked = sql.select({**_element(), "points": sql.column("points")}, sql.table("walk"))
    return sql.recursive(sql.union([free, walked]), "walk", first, later)
