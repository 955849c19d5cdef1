"""Duties that come again: which intervals passed without a record. The contract is `docs/engines.md`, "Duties"."""

from __future__ import annotations

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import ground
from cityrules.engines.sql.consequences import Told
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.elements import Elements, elements
from cityrules.engines.sql.outputs import problem_row, text_or_null, where_columns
from cityrules.engines.sql.places import RecordPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Reader
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World, exists_within
from cityrules.plan import coding
from cityrules.plan.bounds import EPOCH
from cityrules.plan.code import Code
from cityrules.plan.coding import FALSE, TRUE
from cityrules.plan.intervals import intervals
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Duty
from cityrules.plan.views import WHOLE


def watch(world: World, duty: Duty, told: Told) -> None:
    """Every interval of every target in which nothing was done, or cannot be told."""
    times = _times(world, duty)
    owed = _owed(world, duty, times, told)
    seen, doubts = _seen(world, duty, times)
    query = sql.everything(
        sql.table(owed, "b"), None, {name: sql.column(name, "s") for name in ("met", *_flags(doubts))}, of="b"
    )
    same = [sql.equals(sql.column(name, "s"), sql.column(name, "b")) for name in ("t", "i")]
    sql.join(query, sql.table(seen, "s"), sql.both(*same))
    _tell(world, duty, world.session.table(query, "duty"), doubts, told)


def _times(world: World, duty: Duty) -> str:
    """The intervals: a relation with `i`, `label`, `said` (its days), `first` and `last` (null: not known)."""
    rows = []
    for number, one in enumerate(intervals(world.plan, duty, world.question.span, world.as_of)):
        last = None if one.last is None else (one.last - EPOCH).days
        said = f"{one.first}" if one.last == one.first else f"{one.first}..{one.last}"
        rows.append((number, one.name, said, (one.first - EPOCH).days, last))
    return world.session.filled({"i": INT, "label": TEXT, "said": TEXT, "first": INT, "last": INT}, rows, "times")


def _owed(world: World, duty: Duty, times: str, told: Told) -> str:
    """Every interval of every target: a relation with `t` and the columns of the interval."""
    found = ground(world, duty.grain, False, duty.applies, duty.name)
    where = where_columns(found, duty.grain)
    if found.before:
        cause, detail = found.before.columns(found.reader.emitter, found.query.define)
        row = problem_row(sql.text("undecided"), duty.name, where, cause, detail, duty.clause)
        told.problems.append(found.query.select(row, found.reader.emit(found.before.any())))
    clear = found.reader.emit(coding.all_of((found.exists, coding.negated(found.before.any()))))
    cells = world.session.table(found.query.select({"t": found.drawn("t")}, clear), "owing")
    query = sql.everything(sql.table(times, "i"), None, {"t": sql.column("t", "c")}, of="i")
    sql.join(query, sql.table(cells, "c"), sql.truth(True), "INNER")
    if duty.grain.kind != WHOLE:
        first, last = sql.column("first", "i"), sql.column("last", "i")
        lives = [_lives(world, duty, day) for day in (first, sql.coalesce(last, first))]
        query.set("where", exp.Where(this=sql.both(*lives)))
    return world.session.table(query, "owed")


def _lives(world: World, duty: Duty, day: E) -> E:
    """Whether the target `c` exists on a day."""
    members = sql.table(world.targets[duty.grain.kind].lives, "m")
    own = sql.equals(sql.column("n", "m"), sql.column("t", "c"))
    return sql.exists(sql.select({"one": sql.number(1)}, members, sql.both(own, exists_within(day, day))))


def _seen(world: World, duty: Duty, times: str) -> tuple[str, Doubts]:
    """What lies in each interval: a relation with `t`, `i`, whether something counts (`met`) and the doubts' flags."""
    found = elements(world, duty.axis, duty.grain, None, (duty.where,))
    met, doubts = _counts(found, duty)
    reader = found.reader
    flags = {name: reader.emit(one) for name, (_, _, one) in zip(_flags(doubts), doubts, strict=True)}
    rows = {"t": found.t, "day": found.query.draw(_day(world, found, duty)), "met": reader.emit(met), **flags}
    records = world.session.table(found.query.select(rows), "done")
    day = sql.column("day", "r")
    outputs: dict[str, E] = {"t": sql.column("t", "r"), "i": sql.column("i", "i")}
    totals = {name: sql.is_true(sql.call("bool_or", sql.column(name, "r"))) for name in ("met", *flags)}
    query = sql.select({**outputs, **totals}, sql.table(records, "r"), None, list(outputs.values()))
    inside = sql.both(sql.at_most(sql.column("first", "i"), day), sql.at_most(day, sql.column("last", "i")))
    sql.join(query, sql.table(times, "i"), inside, "INNER")
    return world.session.table(query, "seen"), doubts


def _day(world: World, found: Elements, duty: Duty) -> E:
    records = world.of_kind(duty.axis.record)
    place = RecordPlace(world, found.query, records, records.kind.routes)
    return place.day() if duty.axis.placed is None else place.day_of(duty.axis.placed.field)


def _counts(found: Elements, duty: Duty) -> tuple[Code, Doubts]:
    """Whether a record surely counts, and what makes that uncertain."""
    reader, doubts = found.reader, Doubts()
    if duty.where is None:
        return TRUE, doubts
    concerns = reader.hold(reader.concerns((duty.where,)))
    reader.read((duty.where,), doubts, concerns)
    reader.compute(duty.where, duty.name, doubts, concerns)
    held = reader.hold(lower_flag(duty.where.tree))
    clear = coding.all_of((concerns, coding.negated(doubts.any())))
    unknown = coding.all_of((clear, coding.is_null(held)))
    if duty.unknown == "undecided":
        doubts.add("undecided", duty.name, unknown)
    sure = coding.all_of((clear, coding.holds(held)))
    return coding.any_of((sure, unknown if duty.unknown == "yes" else FALSE)), doubts


def _flags(doubts: Doubts) -> list[str]:
    return [f"f{place}" for place, _ in enumerate(doubts)]


def _tell(world: World, duty: Duty, table: str, found: Doubts, told: Told) -> None:
    """The rows of `problems` of what was not met."""
    query = Query(table)
    reader = Reader(world, query, None)
    doubts = Doubts()
    for column, (kind, name, _) in zip(_flags(found), found, strict=True):
        doubts.add(kind, name, reader.flag(sql.is_true(sql.column(column, "b"))))
    doubts.add("overflow", duty.name, reader.flag(sql.is_null(sql.column("last", "b"))))
    where = {
        "target_kind": sql.text(duty.grain.kind),
        "target": query.draw(sql.column("t", "b")),
        "period": query.draw(sql.column("label", "b")),
        "record_kind": text_or_null(None),
        "record": text_or_null(None),
        "provisional": sql.truth(False),
    }
    missed = coding.negated(reader.flag(sql.is_true(sql.column("met", "b"))))
    said = query.draw(sql.column("said", "b"))
    clear = coding.all_of((missed, coding.negated(doubts.any())))
    row = problem_row(sql.text(duty.otherwise), duty.name, where, sql.text("missed"), said, duty.clause)
    told.problems.append(query.select(row, reader.emit(clear)))
    cause, detail = doubts.columns(reader.emitter, query.define)
    row = problem_row(sql.text("undecided"), duty.name, where, cause, detail, duty.clause)
    told.problems.append(query.select(row, reader.emit(coding.all_of((missed, doubts.any())))))
