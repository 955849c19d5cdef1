"""Ranks: places in a field. The contract is `docs/engines.md`, "Rank"."""

from __future__ import annotations

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import ground, note, stand_in
from cityrules.engines.sql.dialect import INT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.formula import told
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.texts import as_text
from cityrules.engines.sql.world import World
from cityrules.feel.types import Number
from cityrules.plan import coding, rational
from cityrules.plan.lower import lower, lower_number
from cityrules.plan.lower import with_stand_in as with_missing
from cityrules.plan.model import Rank
from cityrules.results.format import number_scale, with_stand_in


def solve_rank(world: World, measure: Rank) -> None:
    """Compute a rank in every group of every period. Its relation also has `b` (the value ranked), `grp`, `tied` and
    `size`."""
    entries, troubled = _entries(world, measure)
    query = sql.nested(entries, "e")
    groups = [sql.column("p"), *(sql.column(f"g{place}") for place in range(len(measure.among)))]
    value, cause = sql.column("b"), sql.column("c")
    tie_breaks = [sql.column(f"o{number}") for number in range(len(measure.tie_breaks))]
    directions = [measure.high, *(high for _, high in measure.tie_breaks)]
    here = sql.window(sql.call("count", value), [*groups, value, *tie_breaks])
    better = sql.window(
        sql.call("dense_rank" if measure.ties == "dense" else "rank"),
        groups,
        [
            sql.ordered(column, descending=high, nulls_first=False)
            for column, high in zip((value, *tie_breaks), directions, strict=True)
        ],
    )
    outputs: dict[str, E] = {name: sql.column(name) for name in ("t", "p", "b", "grp")}
    if isinstance(measure.value.type, Number) and measure.value.type.scale is None:
        outputs["b"] = sql.column("w")  # What is ordered by tells nobody anything.
    outputs |= {"place": sql.case((sql.is_there(value), better)), "same": here}
    outputs |= {"size": sql.window(sql.call("count", value), groups)}
    if troubled:
        torn = sql.window(sql.call("bool_or", sql.is_there(cause)), groups)
        outputs |= {"c": cause, "d": sql.column("d"), "torn": torn}
    ranked = sql.nested(sql.select(outputs, query), "r")
    note(world, measure, _settled(measure, ranked, troubled), troubled=troubled or measure.ties == "error")


def _entries(world: World, measure: Rank) -> tuple[exp.Select, bool]:
    """Each cell with `b`, its tie-breaks `o0`, `o1`, ..., `grp`, its group `g0`, `g1`, ... and its own problem `c`,
    `d`; whether there can be one."""
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    reader, own = found.reader, Doubts()
    for expr in (*measure.among, measure.value, *(expr for expr, _ in measure.tie_breaks)):
        reader.read([expr], own)
        reader.compute(expr, measure.name, own)
    type_ = with_stand_in(measure.value.type, measure.missing)
    assert isinstance(type_, Number)
    if type_.scale is None:
        fraction = with_missing(lower_number(measure.value.tree), measure.missing)
        value = reader.hold(rational.sort_key(fraction))
        if measure.missing is not None and measure.missing.policy == "error":
            own.add("missing", measure.name, coding.is_null(value))
    else:
        value = coding.rescale(lower(measure.value.tree), number_scale(type_) - number_scale(measure.value.type))
        value = stand_in(reader.hold(value), measure.missing, type_, measure.name, own)
    outputs: dict[str, E] = {"t": found.drawn("t"), "p": found.drawn("p")}
    for number, (expr, _) in enumerate(measure.tie_breaks):
        fraction_ = isinstance(expr.type, Number) and expr.type.scale is None
        key = rational.sort_key(lower_number(expr.tree)) if fraction_ else lower(expr.tree)
        outputs[f"o{number}"] = reader.emit(reader.hold(key))
    texts: list[E] = []
    for place, expr in enumerate(measure.among):
        group = reader.hold(lower(expr.tree))
        outputs[f"g{place}"] = reader.emit(group)
        text = sql.coalesce(as_text(reader.emit(group), expr.type), sql.text(""))
        texts += [sql.text(" / "), text] if texts else [text]
    outputs["grp"] = sql.joined(*texts) if texts else sql.cast(sql.null(), dialect.TEXT)
    doubts = found.settled(own)
    if doubts:
        value = coding.choose(reader.hold(doubts.any()), coding.null("int"), value)
        outputs["c"], outputs["d"] = doubts.columns(reader.emitter, found.query.define)
    outputs["b"] = reader.emitter.stored(value)
    if type_.scale is None:
        outputs["w"] = told(reader, measure.value, measure.missing)
    return found.query.select(outputs, found.where), bool(doubts)


def _settled(measure: Rank, ranked: E, troubled: bool) -> exp.Select:
    """The columns of the relation, problems of the group and of ties taken into account."""
    own = sql.text(measure.name)
    place: E = sql.cast(sql.column("place"), INT)
    shared: E = sql.case((sql.is_there(sql.column("place")), sql.cast(sql.column("same"), INT)))
    causes: list[tuple[E, E]] = []
    details: list[tuple[E, E]] = []
    if troubled:
        own_problem, torn = sql.is_there(sql.column("c")), sql.column("torn")
        causes += [(own_problem, sql.column("c")), (torn, sql.text("depends"))]
        details += [(own_problem, sql.column("d")), (torn, own)]
    if measure.ties == "error":
        tie = sql.is_true(sql.less(sql.number(1), shared))
        causes.append((tie, sql.text("ties")))
        details.append((tie, own))
    outputs: dict[str, E] = {name: sql.column(name) for name in ("t", "p", "b", "grp", "size")}
    if causes:
        fine = sql.not_(sql.either(*(condition for condition, _ in causes)))
        outputs |= {"v": sql.case((fine, place)), "tied": sql.case((fine, shared))}
        outputs |= {"c": sql.case(*causes), "d": sql.case(*details)}
    else:
        outputs |= {"v": place, "tied": shared}
    return sql.select(outputs, ranked)
