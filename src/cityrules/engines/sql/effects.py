"""When acts have effect, as relations of days without overlaps that a day is looked up in. Knows no expressions."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import INT
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import BAD, World
from cityrules.plan.followings import DATE, STARTS, STEP, UNTIL

_NEVER: Final = 10_000_000
"""A day number beyond all dates."""


def effect_of(world: World, consequence: str, step: str | None) -> str:
    """When an act of a consequence has effect: a relation with `t` and the days from `f` to before `u`."""
    followed = world.followed(consequence)
    if step not in followed.effects:
        there = [sql.is_there(sql.column(STARTS))]
        if step is not None:
            there.append(sql.equals(sql.column(STEP), sql.text(step)))
        ends = sql.coalesce(sql.column(UNTIL), sql.number(_NEVER))
        outputs = {"t": sql.column("t"), "f": sql.column(STARTS), "u": ends}
        spans = sql.select(outputs, sql.table(followed.rows), sql.both(*there))
        followed.effects[step] = world.session.table(_merged(spans), "effects")
    return followed.effects[step]


def unknown_of(world: World, consequence: str) -> str:
    """When it is not known what has effect: a relation like that of an effect, one row a target."""
    followed = world.followed(consequence)
    if not followed.unknown:
        itself = world.plan.consequences[consequence].starts_itself
        first: E = sql.number(-_NEVER) if itself else sql.call("min", sql.column(DATE))
        outputs = {"t": sql.column("t"), "f": sql.cast(first, INT), "u": sql.number(_NEVER)}
        query = sql.select(outputs, sql.table(followed.rows), sql.column(BAD), [sql.column("t")])
        followed.unknown.append(world.session.table(query, "unknown"))
    return followed.unknown[0]


def _merged(spans: exp.Select) -> exp.Select:
    """Spans of days of each target, those that touch made one."""
    t, f, u = (sql.column(name) for name in ("t", "f", "u"))
    order = [sql.ordered(f), sql.ordered(u)]
    seen = sql.everything(
        sql.nested(spans, "a"), sql.less(f, u), {"before": sql.window(sql.call("max", u), [t], order, before=True)}
    )
    apart = sql.case((sql.at_most(f, sql.column("before")), sql.number(0)), otherwise=sql.number(1))
    begun = sql.window(sql.call("sum", apart), [t], order, up_to_here=True)
    numbered = sql.everything(sql.nested(seen, "b"), None, {"island": begun})
    outputs: dict[str, E] = {"t": t, "f": sql.call("min", f), "u": sql.call("max", u)}
    return sql.select(outputs, sql.nested(numbered, "c"), None, [t, sql.column("island")])
