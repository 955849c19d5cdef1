"""Shares: a total divided so that the parts come to it. The contract is `docs/engines.md`, "Share"."""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import ground, note, stand_in
from cityrules.engines.sql.dialect import BIG
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.values import column_type, lowered
from cityrules.engines.sql.world import World
from cityrules.feel.types import Number
from cityrules.plan import coding, rational
from cityrules.plan.lower import lower, lower_number
from cityrules.plan.model import Share
from cityrules.results.format import number_scale, with_stand_in


def solve_share(world: World, measure: Share) -> None:
    """Divide the total in every group of every period. Its relation also has `a` (the total), `b` (what the cell has
    its part by), `m` (whether that was missing) and `sum` (that of all)."""
    entries, troubled = _entries(world, measure)
    groups = [sql.column("p"), *(sql.column(f"g{place}") for place in range(len(measure.among)))]
    weight = sql.column("b")
    more: dict[str, E] = {"sum": sql.cast(sql.coalesce(sql.window(sql.call("sum", weight), groups), _big(0)), BIG)}
    if troubled:
        more["torn"] = sql.window(sql.call("bool_or", sql.is_there(sql.column("c"))), groups)
    summed = sql.everything(sql.nested(entries, "e"), None, more)
    # As many steps as the total has times the weight, by the sum of the weights: the part in steps, and what is over.
    units = _units(measure)
    product = sql.mul(sql.mul(dialect.absolute(sql.column("a")), _big(units)), weight)
    shares = sql.less(_big(0), sql.column("sum"))
    parts = sql.everything(
        sql.nested(summed, "s"),
        None,
        {
            "steps": sql.case((shares, dialect.whole_div(product, sql.column("sum")))),
            "over": sql.case((shares, dialect.remainder(product, sql.column("sum")))),
        },
    )
    order = [sql.ordered(sql.column("over"), descending=True, nulls_first=False)]
    order += [
        sql.ordered(sql.column(f"o{number}"), descending=high, nulls_first=False)
        for number, (_, high) in enumerate(measure.order)
    ]
    order.append(sql.ordered(sql.column("t")))
    steps_given = sql.window(sql.call("sum", sql.column("steps")), groups)
    ordered = sql.everything(
        sql.nested(parts, "q"),
        None,
        {
            "turn": sql.window(sql.call("row_number"), groups, order),
            "remaining": sql.sub(sql.mul(dialect.absolute(sql.column("a")), _big(units)), sql.cast(steps_given, BIG)),
        },
    )
    can_fail = measure.empty is not None and measure.empty.error
    note(world, measure, _settled(measure, sql.nested(ordered, "r"), troubled), troubled=troubled or can_fail)


def _big(value: int) -> E:
    return sql.cast(sql.number(value), BIG)


def _units(measure: Share) -> int:
    """How many steps one unit of the total is, which is one of its last digit."""
    return int(Fraction(1, 10 ** number_scale(measure.total.type)) / measure.step)


def _entries(world: World, measure: Share) -> tuple[exp.Select, bool]:
    """Each cell with `a`, `b`, `m`, what decides where the rest goes `o0`, ..., its group `g0`, ... and its own problem
    `c`, `d`; whether there can be one."""
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    reader, own = found.reader, Doubts()
    for expr in (*measure.among, measure.total, measure.weight, *(expr for expr, _ in measure.order)):
        reader.read([expr], own)
        reader.compute(expr, measure.name, own)
    type_ = with_stand_in(measure.weight.type, measure.missing)
    weight = coding.rescale(lower(measure.weight.tree), number_scale(type_) - number_scale(measure.weight.type))
    weight = reader.hold(weight)
    absent = coding.is_null(weight)
    weight = stand_in(weight, measure.missing, type_, measure.name, own)
    outputs: dict[str, E] = {"t": found.drawn("t"), "p": found.drawn("p")}
    for number, (expr, _) in enumerate(measure.order):
        fraction = isinstance(expr.type, Number) and expr.type.scale is None
        key = rational.sort_key(lower_number(expr.tree)) if fraction else lower(expr.tree)
        outputs[f"o{number}"] = reader.emit(reader.hold(key))
    for place, expr in enumerate(measure.among):
        outputs[f"g{place}"] = reader.emit(reader.hold(lower(expr.tree)))
    doubts = found.settled(own)
    if doubts:
        weight = coding.choose(reader.hold(doubts.any()), coding.null("int"), weight)
        outputs["c"], outputs["d"] = doubts.columns(reader.emitter, found.query.define)
    outputs["a"] = sql.cast(reader.emit(lower(measure.total.tree)), BIG)
    outputs["b"] = sql.cast(reader.emit(weight), BIG)
    outputs["m"] = reader.emit(absent)
    return found.query.select(outputs, found.where), bool(doubts)


def _settled(measure: Share, ranked: E, troubled: bool) -> exp.Select:
    """The columns of the relation: the part of each cell, problems of the group taken into account."""
    own = sql.text(measure.name)
    nothing = sql.both(sql.is_there(sql.column("b")), sql.equals(sql.column("sum"), _big(0)))
    causes: list[tuple[E, E]] = []
    details: list[tuple[E, E]] = []
    if troubled:
        own_problem, torn = sql.is_there(sql.column("c")), sql.column("torn")
        causes += [(own_problem, sql.column("c")), (torn, sql.text("depends"))]
        details += [(own_problem, sql.column("d")), (torn, own)]
    part = _part(measure)
    if measure.empty is not None and measure.empty.error:
        causes.append((nothing, sql.text("empty")))
        details.append((nothing, own))
    elif measure.empty is not None:
        instead = lowered(measure.empty.value, measure.type)
        assert instead is None or isinstance(instead, int)
        part = sql.case((nothing, sql.null() if instead is None else _big(instead)), otherwise=part)
    outputs: dict[str, E] = {name: sql.column(name) for name in ("t", "p", "a", "b", "m", "sum")}
    if causes:
        fine = sql.not_(sql.either(*(condition for condition, _ in causes)))
        part = sql.case((fine, part))
        outputs |= {"c": sql.case(*causes), "d": sql.case(*details)}
    outputs["v"] = sql.cast(part, column_type(measure.type))
    return sql.select(outputs, ranked)


def _part(measure: Share) -> E:
    """The steps of a cell, one more where it is its turn, as the measure counts: with the sign of the total."""
    worth = int(measure.step * 10 ** number_scale(measure.type))
    turn = sql.at_most(sql.column("turn"), sql.column("remaining"))
    steps = sql.add(sql.column("steps"), sql.case((turn, _big(1)), otherwise=_big(0)))
    size = sql.mul(steps, _big(worth))
    there = sql.is_there(sql.column("b"))
    negative = sql.less(sql.column("a"), _big(0))
    return sql.case((sql.both(there, negative), sql.sub(_big(0), size)), (there, size))
