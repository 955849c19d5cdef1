"""What lifts acts, as relations of days without overlaps in which the next such day is looked up. Knows no acts.

The contract is `docs/engines.md`, "Acts".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.elements import elements
from cityrules.engines.sql.places import RecordPlace
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.coding import TRUE
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Ending
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import Grain

_NEVER: Final = 10_000_000
"""A day number beyond all dates."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Relations with `t`, `f`, `u`, `d`: what starts on a day from `f` to before `u` ends on the day `d`, in `sure` by
    the record `k`. `unsure`: of records of which it is not known whether they end anything; None: of all it is."""

    sure: str
    unsure: str | None


def endings(world: World, ending: Ending) -> Ends:
    """What ends acts, by target and day; the same for all steps that it is said of."""
    if ending.path not in world.lifts:
        found = _endings(world, ending)
        world.lifts[ending.path] = found.sure, found.unsure
    return Ends(*world.lifts[ending.path])


def _endings(world: World, ending: Ending) -> Ends:
    axis, where, doubts = ending.axis, ending.where, Doubts()
    found = elements(world, axis, Grain(axis.route.kind if axis.route is not None else WHOLE), None, (where,))
    reader = found.reader
    held: Code = TRUE
    if where is not None:
        concerns = reader.hold(reader.concerns((where,)))
        reader.read((where,), doubts, concerns)
        reader.compute(where, ending.path, doubts, concerns)
        held = reader.hold(coding.all_of((concerns, coding.holds(lower_flag(where.tree)))))
    records = world.of_kind(axis.record)
    place = RecordPlace(world, found.query, records, records.kind.routes)
    day = found.query.lift(place.day() if axis.placed is None else place.day_of(axis.placed.field))
    unsure = reader.hold(doubts.any())
    rows = {
        "t": sql.cast(found.t, TEXT),
        "d": sql.cast(day, INT),
        "k": sql.cast(found.order[-1], TEXT),
        "sure": reader.emit(coding.all_of((held, coding.negated(unsure)))),
        "unsure": reader.emit(unsure),
    }
    table = world.session.table(found.query.select(rows), "ends")
    sure = world.session.table(_next(table, "sure"), "next")
    return Ends(sure, world.session.table(_next(table, "unsure"), "next") if doubts else None)


def _next(table: str, which: str) -> exp.Select:
    """The next day on which something ends, by the day from which on it is looked for."""
    t, d = sql.column("t"), sql.column("d")
    days = sql.select(
        {"t": t, "d": d, "k": sql.call("min", sql.column("k"))},
        sql.table(table),
        sql.column(which),
        [t, d],
    )
    before = sql.window(sql.call("lag", d), [t], [sql.ordered(d)])
    first = sql.coalesce(sql.add(before, sql.number(1)), sql.number(-_NEVER))
    own: dict[str, E] = {"f": sql.cast(first, INT), "u": sql.cast(sql.add(d, sql.number(1)), INT)}
    return sql.everything(sql.nested(days, "a"), None, own)
