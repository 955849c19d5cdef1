"""Pauses that stand as records: how long a deadline's time stood still. See `docs/engines.md`, "Pauses".

Time that runs is the count less what has stood still, and stretches that do not overlap lie on it at points. A time
of n units that begins at a point of it takes in the stretches at all points before n more: two running sums, and no
pair of a record with a pause is ever made.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import ground, store
from cityrules.engines.sql.dialect import INT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.places import RecordPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Held, Reader
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.feel.types import Flag
from cityrules.plan import coding
from cityrules.plan.bounds import scaled
from cityrules.plan.code import Slot
from cityrules.plan.lower import lower
from cityrules.plan.model import Expr, Pauses
from cityrules.plan.times import MOST


def solve_pauses(world: World, measure: Pauses) -> None:
    """Compute how many units of its time each record's deadline stood still."""
    likes = [f"g{place}" for place in range(len(measure.among))]
    stretches, doubts = _stretches(world, measure, likes)
    flags = [f"f{place}" for place, _ in enumerate(doubts)]
    lookers = _lookers(world, measure, likes)
    stops = world.session.table(_stops(stretches, likes), "stops")
    passed = world.session.table(_passed(stops, lookers, likes), "passed")
    took = world.session.table(_took(stops, passed, likes), "took")
    against = world.session.table(_against(stretches, lookers, likes, flags), "against")
    found = ground(world, measure.grain, True, measure.applies, measure.name)
    by = {"o": sql.column("o", "b")}
    units, troubles = found.query.join(took, by), found.query.join(against, by) if flags else ""
    own = Doubts()
    exprs = (measure.starts, measure.length, *(one.own for one in measure.among))
    found.reader.read(exprs, own)
    for expr in exprs:
        found.reader.compute(expr, measure.name, own)
    for flag, (cause, name, _) in zip(flags, doubts, strict=True):
        own.add(cause, name, found.reader.flag(sql.is_true(sql.column(flag, troubles))))
    column = found.query.draw(sql.coalesce(sql.column("took", units), sql.number(0)))
    stood = Slot("int", 0, scaled(MOST, 0), False, 1, Held(Flag(), column.name))
    there = [coding.is_null(lower(expr.tree)) for expr in (measure.starts, measure.length)]
    store(found, measure, coding.choose(coding.any_of(there), coding.null("int"), stood), own)


def _stretches(world: World, measure: Pauses, likes: Sequence[str]) -> tuple[str, Doubts]:
    """The records that stop the count: a relation with `likes`, `s`, `e`, and what speaks against those like it."""
    query, reader = _reader(world, measure.axis.record)
    doubts, unread = Doubts(), Doubts()
    others = [one.other for one in measure.among]
    reader.read(others, unread)
    reader.read((measure.begins, measure.ends), doubts)
    for expr in (measure.begins, measure.ends):
        reader.compute(expr, measure.name, doubts)
    outputs = {**_likes(reader, others, likes), "s": _whole(reader, measure.begins), "e": _whole(reader, measure.ends)}
    outputs |= {f"f{place}": reader.emit(one) for place, (_, _, one) in enumerate(doubts)}
    return world.session.table(query.select(outputs, reader.emit(coding.negated(unread.any()))), "stretches"), doubts


def _lookers(world: World, measure: Pauses, likes: Sequence[str]) -> str:
    """The records whose time may stand still: a relation with `o`, `likes`, `s` and `n`."""
    query, reader = _reader(world, measure.grain.kind)
    doubts = Doubts()
    own = [one.own for one in measure.among]
    reader.read(own, doubts)
    outputs = {"o": query.draw(sql.column("o", "b")), **_likes(reader, own, likes)}
    outputs |= {"s": _whole(reader, measure.starts), "n": _whole(reader, measure.length)}
    return world.session.table(query.select(outputs, reader.emit(coding.negated(doubts.any()))), "lookers")


def _reader(world: World, kind: str) -> tuple[Query, Reader]:
    records = world.records_of(kind)
    query = Query(records.relation)
    place = RecordPlace(world, query, records, records.kind.routes)
    return query, Reader(world, query, place, place)


def _likes(reader: Reader, exprs: Sequence[Expr], likes: Sequence[str]) -> dict[str, E]:
    return {name: reader.emit(reader.hold(lower(expr.tree))) for name, expr in zip(likes, exprs, strict=True)}


def _whole(reader: Reader, expr: Expr) -> E:
    return sql.cast(reader.emit(lower(expr.tree)), INT)


def _stops(stretches: str, likes: Sequence[str]) -> exp.Select:
    """Stretches that do not overlap, those of nothing left out: `likes`, `s` (its beginning), `p` (what has stood still
    up to its end), `b` (up to its beginning) and `a` (where it lies on the time that runs)."""
    by = [sql.column(name) for name in likes]
    real = sql.both(sql.is_there(sql.column("s")), sql.less(sql.column("s"), sql.column("e")))
    start, end = sql.column("s"), sql.column("e")
    before = sql.window(sql.call("max", end), by, [sql.ordered(start), sql.ordered(end)], before=True)
    kept = {name: sql.column(name) for name in likes}
    first = sql.select({**kept, "e": end, "s": dialect.greatest(start, sql.coalesce(before, start))},
                       sql.table(stretches), real)  # fmt: skip
    own = sql.sub(sql.column("e"), sql.column("s"))
    summed = sql.window(sql.call("sum", own), by, [sql.ordered(sql.column("s"))], up_to_here=True)
    apart = sql.less(sql.column("s"), sql.column("e"))
    whole = sql.select({**kept, "s": sql.column("s"), "e": sql.column("e"), "p": sql.cast(summed, INT)},
                       sql.nested(first, "x"), apart)  # fmt: skip
    begun = sql.sub(sql.column("p"), sql.sub(sql.column("e"), sql.column("s")))
    point = sql.sub(sql.column("s"), begun)
    return sql.select({**kept, "s": sql.column("s"), "p": sql.column("p"), "b": begun, "a": point},
                      sql.nested(whole, "y"))  # fmt: skip


def _passed(stops: str, lookers: str, likes: Sequence[str]) -> exp.Select:
    """Of each record whose time runs at all: `o`, `likes`, what had stood still when its time began (`passed`), and
    the point of the running time at which it is up (`a`)."""
    kept = {name: sql.column(name) for name in likes}
    nothing = sql.cast(sql.null(), INT)
    one = sql.select(
        {**kept, "at": sql.column("s"), "late": sql.number(0), "s": sql.column("s"), "p": sql.column("p"),
         "b": sql.column("b"), "o": nothing, "n": nothing}, sql.table(stops))  # fmt: skip
    runs = sql.both(sql.is_there(sql.column("s")), sql.less(sql.number(0), sql.column("n")))
    other = sql.select(
        {**kept, "at": sql.column("s"), "late": sql.number(1), "s": nothing, "p": nothing, "b": nothing,
         "o": sql.column("o"), "n": sql.column("n")}, sql.table(lookers), runs)  # fmt: skip
    by, order = [sql.column(name) for name in likes], [sql.ordered(sql.column("at")), sql.ordered(sql.column("late"))]
    last = {name: sql.window(sql.call("max", sql.column(name)), by, order, up_to_here=True) for name in ("s", "p", "b")}
    marks = sql.select(
        {**kept, "at": sql.column("at"), "o": sql.column("o"), "n": sql.column("n"), **last},
        sql.nested(sql.union([one, other]), "m"),
    )
    # Of the last stretch that has begun, so much as lies before the time begins.
    inside = dialect.least(sql.sub(sql.column("p"), sql.column("b")), sql.sub(sql.column("at"), sql.column("s")))
    passed = sql.coalesce(sql.add(sql.column("b"), inside), sql.number(0))
    up = sql.add(sql.sub(sql.column("at"), passed), sql.column("n"))
    return sql.select({**kept, "o": sql.column("o"), "passed": passed, "a": up}, sql.nested(marks, "w"),
                      sql.is_there(sql.column("o")))  # fmt: skip


def _took(stops: str, passed: str, likes: Sequence[str]) -> exp.Select:
    """What stands still in the time of each record: `o`, `took`."""
    kept = {name: sql.column(name) for name in likes}
    nothing = sql.cast(sql.null(), INT)
    one = sql.select(
        {**kept, "a": sql.column("a"), "late": sql.number(1), "p": sql.column("p"), "o": nothing, "passed": nothing},
        sql.table(stops),
    )
    other = sql.select(
        {**kept, "a": sql.column("a"), "late": sql.number(0), "p": nothing, "o": sql.column("o"),
         "passed": sql.column("passed")}, sql.table(passed))  # fmt: skip
    by, order = [sql.column(name) for name in likes], [sql.ordered(sql.column("a")), sql.ordered(sql.column("late"))]
    stood = sql.coalesce(sql.window(sql.call("max", sql.column("p")), by, order, up_to_here=True), sql.column("passed"))
    summed = sql.select({"o": sql.column("o"), "took": sql.sub(stood, sql.column("passed"))},
                        sql.nested(sql.union([one, other]), "m"))  # fmt: skip
    return sql.select({"o": sql.column("o"), "took": sql.column("took")}, sql.nested(summed, "w"),
                      sql.is_there(sql.column("o")))  # fmt: skip


def _against(stretches: str, lookers: str, likes: Sequence[str], flags: Sequence[str]) -> exp.Select:
    """What speaks against a record because of those that may stop its time: `o` and the `flags`."""
    alike = [sql.equals(sql.column(name, "s"), sql.column(name, "r")) for name in likes]
    some = {name: sql.call("bool_or", sql.column(name)) for name in flags}
    by = {name: sql.column(name) for name in likes}
    groups = sql.select({**by, **some, "n": sql.call("count", exp.Star())}, sql.table(stretches), None,
                        list(by.values()))  # fmt: skip
    query = sql.select({"o": sql.column("o", "r"), **{name: sql.column(name, "s") for name in flags}},
                       sql.table(lookers, "r"))  # fmt: skip
    sql.join(query, sql.nested(groups, "s"), sql.both(*alike), "INNER")
    return query
