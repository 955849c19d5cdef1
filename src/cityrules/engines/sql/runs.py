"""Runs: how many cells in a row a condition has held. The contract is `docs/engines.md`, "Run".

The cells of a target fall into stretches: each begins after a hole, with a new year where that breaks the run, at a
cell where the run is definitely 0, or at a given cell. Inside a stretch the run is what has been counted so far, and
one undetermined cell makes the rest of its stretch undetermined.
"""

from __future__ import annotations

from sqlglot import exp

from cityrules.engines.sql import periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import given_cells, ground, note
from cityrules.engines.sql.dialect import INT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan import coding
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Run


def solve_run(world: World, measure: Run) -> None:
    """Compute a run over all its cells, target by target in order of period."""
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    reader, own = found.reader, Doubts()
    reader.read([measure.condition], own)
    reader.compute(measure.condition, measure.name, own)
    condition = reader.hold(lower_flag(measure.condition.tree))
    one, zero = coding.number(1), coding.number(0)
    unknown = {"holds": zero, "counts": one}.get(measure.missing or "breaks")
    counted = coding.choose(coding.holds(condition), one, zero)
    breaks = coding.negated(coding.holds(condition))
    if unknown is not None:
        counted = coding.choose(coding.is_null(condition), unknown, counted)
        breaks = coding.holds(coding.negated(condition))
    doubts = found.settled(own)
    outputs: dict[str, E] = {"t": found.drawn("t"), "p": found.drawn("p")}
    if doubts:
        bad = reader.hold(doubts.any())
        counted, breaks = coding.choose(bad, zero, counted), coding.all_of((coding.negated(bad), breaks))
        outputs["c"], outputs["d"] = doubts.columns(reader.emitter, found.query.define)
        outputs["bad"] = reader.emit(bad)
    outputs |= {"n": sql.cast(reader.emit(counted), INT), "breaks": reader.emit(breaks)}
    cells = found.query.select(outputs, found.where)
    troubled = bool(doubts)

    given = given_cells(world, measure)
    if given is not None:
        kept = sql.select({name: sql.column(name, "b") for name in outputs}, sql.nested(cells, "b"))
        same = [sql.equals(sql.column(name, "g"), sql.column(name, "b")) for name in ("t", "p")]
        sql.join(kept, sql.table(given, "g"), sql.both(*same))
        kept.set("where", exp.Where(this=sql.is_null(sql.column("t", "g"))))
        start: dict[str, E] = {"t": sql.column("t"), "p": sql.column("p")}
        start |= {"c": sql.null(), "d": sql.null(), "bad": sql.truth(False)} if troubled else {}
        # A given run may be missing; nothing has been counted then.
        start |= {"n": sql.coalesce(sql.column("v"), sql.number(0)), "breaks": sql.truth(True)}
        cells = sql.select({}, sql.nested(sql.union([kept, sql.select(start, sql.table(given))]), "u"))
        cells.set("expressions", [exp.Star()])
    note(world, measure, _counted(world, measure, cells, troubled), troubled=troubled)


def _counted(world: World, measure: Run, cells: exp.Select, troubled: bool) -> exp.Select:
    t, p = sql.column("t"), sql.column("p")
    order = [sql.ordered(p)]
    begins: list[E] = [sql.column("breaks")]
    if measure.grain.period is not None:
        before = sql.window(sql.call("lag", p), [t], order)
        begins.append(sql.not_(sql.is_true(sql.equals(before, sql.sub(p, sql.number(1))))))
        if measure.new_year == "breaks" and world.periods.shorter(measure.grain.period, "year"):
            own, year = world.periods[measure.grain.period], world.periods["year"]
            of_before = periods.containing(own, sql.sub(p, sql.number(1)), year)
            begins.append(sql.not_(sql.equals(periods.containing(own, p, year), of_before)))
    begin = sql.either(*begins)
    marked = sql.nested(sql.everything(sql.nested(cells, "a"), None, {"begins": sql.cast(begin, INT)}), "m")
    stretch = sql.window(sql.call("sum", sql.column("begins")), [t], order, up_to_here=True)
    grouped = sql.nested(sql.everything(marked, None, {"stretch": stretch}), "s")
    part = [t, sql.column("stretch")]
    total: E = sql.cast(sql.window(sql.call("sum", sql.column("n")), part, order, up_to_here=True), INT)
    outputs: dict[str, E] = {"t": t, "p": p}
    if not troubled:
        return sql.select({**outputs, "v": total}, grouped)
    torn = sql.window(sql.call("bool_or", sql.column("bad")), part, order, up_to_here=True)
    inner = sql.nested(sql.everything(grouped, None, {"v0": total, "torn": torn}), "w")
    bad = sql.column("bad")
    outputs |= {
        "v": sql.case((sql.not_(sql.column("torn")), sql.column("v0"))),
        "c": sql.case((bad, sql.column("c")), (sql.column("torn"), sql.text("depends"))),
        "d": sql.case((bad, sql.column("d")), (sql.column("torn"), sql.text(measure.name))),
    }
    return sql.select(outputs, inner)
