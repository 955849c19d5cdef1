"""Folds: many elements to one value. The contract is `docs/engines.md`, "Fold"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import constant, ground, store
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.elements import Elements, elements
from cityrules.engines.sql.places import CellPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Held, Reader
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.feel.types import Flag, Number
from cityrules.plan import coding
from cityrules.plan.axes import most_elements
from cityrules.plan.bounds import bits_of
from cityrules.plan.code import Code, Slot
from cityrules.plan.coding import FALSE, TRUE
from cityrules.plan.lower import lower, lower_flag
from cityrules.plan.model import Fold, KindAxis, RecordAxis
from cityrules.results.format import number_scale, with_stand_in
from cityrules.scheme.notation import RoundingMode

# What the query of elements calls its columns.
VALUE, STATE = "value", "state"


@dataclass(frozen=True, slots=True)
class Listed:
    """What `inputs` tells of a mean or a portion: for records the sums by cell (`relation` with `t`, `p`, `s`, `n`),
    else one row an element (`relation` with `t`, `p`, `name`, `value`, `state`)."""

    relation: str
    by_element: bool


def solve_fold(world: World, measure: Fold) -> Listed | None:
    """Compute a fold; what `inputs` tells of it, for means and portions."""
    tells = measure.tells
    by_element = tells and not isinstance(measure.axis, RecordAxis)
    found = (
        beside(world, measure, measure.axis)
        if isinstance(measure.axis, KindAxis) and measure.axis.itself is not None
        else elements(world, measure.axis, measure.grain, measure.window, (measure.where, measure.value))
    )
    took = taken(found, measure)
    reader = found.reader
    outputs: dict[str, E] = {"t": found.t, "p": found.p}
    listed: Listed | None = None
    if by_element:
        rows = {
            **outputs,
            "name": found.order[-1],
            VALUE: reader.emitter.stored(took.value),
            STATE: reader.emit(took.state),
        }
        where = reader.emit(coding.negated(coding.is_null(took.state)))
        listed = Listed(world.session.table(found.query.select(rows, where), "inputs"), True)
    parts = aggregates(
        measure,
        reader.emit(took.value),
        reader.emit(took.counts),
        [reader.emit(doubt) for _, _, doubt in took.doubts],
        found.order,
    )
    totals = {name: sql.is_true(part) if name.startswith("f") else part for name, part in parts.items()}
    sums = world.session.table(found.query.select({**outputs, **totals}, None, [found.t, found.p]), "sums")
    finish(world, measure, sums, took)
    return Listed(sums, False) if tells and not by_element else listed


def beside(world: World, measure: Fold, axis: KindAxis) -> Elements:
    """The targets of the cell's own kind that agree with the cell's in `among`."""
    query = Query(world.grid(measure.grain))
    place = CellPlace(world, query, measure.grain)
    reader = Reader(world, query, place, place)
    outputs: dict[str, E] = {name: query.draw(sql.column(name, "b")) for name in ("t", "p")}
    likes = [f"g{number}" for number in range(len(measure.among))]
    outputs |= {
        like: reader.emit(reader.hold(lower(one.other.tree))) for like, one in zip(likes, measure.among, strict=True)
    }
    # Of whom it is not known whom they are like, nobody is.
    known = [sql.is_there(outputs[like]) for like in likes]
    relation = world.session.table(query.select(outputs, sql.both(*known) if known else None), "alike")
    query = Query(relation)
    same = [sql.equals(sql.column(name, "g"), sql.column(name, "b")) for name in ("p", *likes)]
    if axis.itself == "excluded":
        same.append(sql.not_(sql.equals(sql.column("t", "g"), sql.column("t", "b"))))
    query.join_where(relation, "g", sql.both(*same))
    reader = Reader(world, query, CellPlace(world, query, measure.grain, "g"), CellPlace(world, query, measure.grain))
    t, p = (query.draw(sql.column(name, "g")) for name in ("t", "p"))
    return Elements(query, reader, t, p, (query.draw(sql.column("t", "b")),), axis.kind)


@dataclass(frozen=True, slots=True)
class Taken:
    """Of each element: whether it counts (never null), its value where it does, its state in `inputs` (null: not
    told), and what speaks against the cell because of it."""

    counts: Code
    value: Code
    state: Code
    doubts: Doubts


def taken(found: Elements, measure: Fold) -> Taken:
    reader, name, stated = found.reader, measure.name, measure.missing
    doubts = Doubts()
    concerns = reader.hold(reader.concerns((measure.where, measure.value)))
    reader.read((measure.where, measure.value), doubts, concerns)
    holds: Code = TRUE
    unknown: Code = FALSE
    if measure.where is not None:
        reader.compute(measure.where, name, doubts, concerns)
        where = reader.hold(lower_flag(measure.where.tree))
        holds = coding.holds(where)
        unknown = coding.all_of((concerns, coding.is_null(where)))
        if stated is not None and stated.policy == "error":
            doubts.add("missing", name, unknown)
    inside = reader.hold(coding.all_of((concerns, holds)))
    if measure.value is None:
        return Taken(inside, coding.number(1), coding.null("text"), doubts)
    reader.compute(measure.value, name, doubts, inside)
    type_ = with_stand_in(measure.value.type, stated)
    value = lower(measure.value.tree)
    if isinstance(measure.value.type, Number):
        value = coding.rescale(value, number_scale(type_) - number_scale(measure.value.type))
    value = reader.hold(value)
    absent = coding.is_null(value)
    text = coding.text
    if stated is not None and stated.policy == "value":
        instead = constant(stated.value, type_)
        counts = coding.any_of((inside, unknown))
        kept = coding.choose(coding.all_of((inside, coding.negated(absent))), value, instead)
        state = coding.choose(unknown, text("replaced"), coding.choose(absent, text("replaced"), text("used")))
    else:
        if stated is not None and stated.policy == "error":
            doubts.add("missing", name, coding.all_of((inside, absent)))
        counts, kept = inside, value
        state = coding.choose(absent, text("missing"), text("used"))
    counts = reader.hold(counts)
    told = coding.choose(counts, state, coding.null("text"))
    told = coding.choose(concerns, told, text("absent"))
    return Taken(counts, reader.hold(coding.choose(counts, kept, coding.null(kept.sort))), told, doubts)


def aggregates(measure: Fold, value: E, counts: E, doubts: Sequence[E], order: Sequence[E] = ()) -> dict[str, E]:
    """What is added up in each cell: `n` elements that count, `s`, the sum, extreme or number of hits, and `f0`, `f1`,
    ..., whether any of the doubts holds (null: none does). Over the value of each element, and whether it counts;
    `order` is that of the elements, for the first and the last of them."""
    flags = {f"f{place}": sql.call("bool_or", doubt) for place, doubt in enumerate(doubts)}
    if measure.op == "count":
        return {"n": sql.call("count_if", counts), **flags}
    totals: dict[str, E] = {"n": sql.call("count", value), **flags}
    match measure.op:
        case "portion":
            totals["s"] = sql.call("count_if", value)
        case "min" | "max":
            totals["s"] = sql.call(measure.op, value)
        case "first" | "last":
            totals["s"] = sql.first(value, order, last=measure.op == "last")
        case "distinct":
            totals["s"] = sql.distinct(value)
        case _:
            totals["s"] = sql.call("sum", value)
    return totals


def finish(world: World, measure: Fold, sums: str, took: Taken) -> None:
    """From the totals to the value of each cell of the grid, or each record."""
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    key = ("o",) if measure.of_record else ("t", "p")
    alias = found.query.join(sums, {name: sql.column(name, "b") for name in key})
    doubts, value = Doubts(), took.value
    own = [one.own for one in measure.among]
    found.reader.read(own, doubts)
    if measure.missing is not None and measure.missing.policy == "error":
        for expr in own:
            doubts.add("missing", measure.name, coding.is_null(lower(expr.tree)))
    most = most_elements(measure.axis, measure.grain, measure.window, world.plan.periods)

    def drawn(column: str, low: int, high: int, sort: str = "int", otherwise: E | None = None) -> Code:
        tree: E = sql.column(column, alias)
        if otherwise is not None:
            tree = sql.coalesce(tree, otherwise)
        if sort == "int":
            tree = sql.cast(tree, dialect.int_type(bits_of(low, high)))
        name = found.query.draw(tree).name
        return Slot(sort, low, high, otherwise is None, 1, Held(Flag(), name))  # type: ignore[arg-type]

    zero = sql.number(0)
    for place, (cause, name, _) in enumerate(took.doubts):
        doubts.add(cause, name, drawn(f"f{place}", 0, 0, "bool", sql.truth(False)))
    count = drawn("n", 0, most, otherwise=zero)
    low, high = min(0, value.low * most), max(0, value.high * most)
    scale = number_scale(measure.type)
    rounding, op = measure.round, measure.op
    of = number_scale(with_stand_in(measure.value.type, measure.missing)) if measure.value is not None else 0
    of = 0 if op == "distinct" else of
    if op == "count":
        result = count
    elif op == "mean":
        assert rounding is not None
        result = _divided(drawn("s", low, high, otherwise=zero), count, of, rounding.digits, rounding.mode)
    elif op == "portion":
        assert rounding is not None
        hits = coding.mul(coding.number(measure.times), drawn("s", 0, most, otherwise=zero))
        result = _divided(hits, count, 0, rounding.digits, rounding.mode)
    elif op == "distinct":
        result = drawn("s", 0, most, otherwise=zero)
    elif op == "sum":
        result = drawn("s", low, high, otherwise=zero)
    else:
        result = drawn("s", value.low, value.high, value.sort)
    if isinstance(measure.type, Number) and op not in ("mean", "portion"):
        if rounding is not None:
            result = coding.rescale(
                _divided(result, coding.number(1), of, rounding.digits, rounding.mode), scale - rounding.digits
            )
        else:
            result = coding.rescale(result, scale - of)
    elif rounding is not None:
        result = coding.rescale(result, scale - rounding.digits)
    if op not in ("count", "sum", "distinct") or measure.empty is not None:
        nothing = coding.compare("=", count, coding.number(0))
        if measure.empty is None or measure.empty.error:
            doubts.add("empty", measure.name, nothing)
        else:
            result = coding.choose(nothing, constant(measure.empty.value, measure.type, rounding), result)
    store(found, measure, result, doubts)


def _divided(n: Code, d: Code, scale: int, digits: int, mode: RoundingMode) -> Code:
    """`n` in units of 10^-scale over `d`, rounded to units of 10^-digits."""
    more = digits - scale
    if more >= 0:
        return coding.div(coding.rescale(n, more), d, mode)
    return coding.div(n, coding.rescale(d, -more), mode)
