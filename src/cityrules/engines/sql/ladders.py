"""Ladders: steps that fire as a count climbs. The contract is `docs/engines.md`, "Consequences".

Between two cells a ladder knows the value, the level (the value less the offset that a restart left) and which
conditions held. Without restarts all that is the cell before; with them the offset is carried from cell to cell by a
recursive query, one round for each cell of the longest stretch.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import Ground, ground
from cityrules.engines.sql.consequences import Told
from cityrules.engines.sql.dialect import BIG, INT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.followings import fact, note_followed
from cityrules.engines.sql.outputs import act_row, date_of, evidence, problem_row, terms_of, where_columns
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.texts import as_text
from cityrules.engines.sql.world import World
from cityrules.plan import coding
from cityrules.plan.followings import TERMS
from cityrules.plan.lower import lower, lower_flag
from cityrules.plan.model import Consequence, Measure, Step
from cityrules.results.format import level_type, number_scale

_WHERE = ("target_kind", "target", "period", "record_kind", "record", "provisional")


@dataclass(frozen=True, slots=True)
class _Ladder:
    """`scale`: of values, levels and bounds in the queries."""

    world: World
    consequence: Consequence
    measure: Measure
    scale: int


def climb(world: World, consequence: Consequence, told: Told) -> None:
    """What a ladder does in every cell of its measure."""
    measure = world.plan.measures[consequence.ladder or ""]
    bounds = [number_scale(step.bound.type) for step in consequence.steps if step.bound]
    ladder = _Ladder(world, consequence, measure, max([number_scale(measure.type), *bounds]))
    source = _levels(ladder, _chained(ladder, _seen(ladder)))
    moves = world.session.table(_moves(ladder, source), "moves")
    _tell(ladder, moves, told)


def _seen(ladder: _Ladder) -> exp.Select:
    """Every cell with what its steps read: `u` (undetermined), `val`, `ev<i>`, bounds `b<i>`, conditions `hv<i>` with
    their problems `hc<i>`, `hd<i>`, what speaks against steps that fire `xc<i>`, `xd<i>`, the problem of all reading
    `sc`, `sd`, and whether the consequence applies."""
    world, consequence, measure = ladder.world, ladder.consequence, ladder.measure
    cells = world.cells[measure.name]
    found = ground(world, consequence.grain, False, consequence.applies, consequence.name, cells.relation)
    reader = found.reader
    v = found.drawn("v")
    u: E = sql.is_there(found.drawn("c")) if cells.troubled else sql.truth(False)
    grow = sql.number(10 ** (ladder.scale - number_scale(measure.type)))
    value = sql.mul(sql.cast(sql.coalesce(v, sql.number(0)), BIG), grow)
    outputs: dict[str, E] = {
        "t": found.drawn("t"), "p": found.drawn("p"), "u": u, "val": sql.case((sql.not_(u), value)),
        **where_columns(found, consequence.grain), "date": date_of(found, consequence.grain),
        "applies": reader.emit(coding.all_of((found.exists, coding.negated(found.before.any())))),
        **dict(zip(("ac", "ad"), _doubt_columns(found, found.before), strict=True)),
    }  # fmt: skip
    everything = Doubts()
    for place, step in enumerate(consequence.steps):
        if step.bound is not None:
            reader.read([step.bound], everything)
            reader.compute(step.bound, consequence.name, everything)
            bound = coding.rescale(lower(step.bound.tree), ladder.scale - number_scale(step.bound.type))
            outputs[f"b{place}"] = sql.cast(sql.coalesce(reader.emit(bound), sql.number(0)), BIG)
        if step.when is not None:
            outputs |= _condition(found, ladder, place, step, u, everything)
        exprs = [step.when] if step.when is not None else []
        terms, if_done = terms_of(found, consequence, step.act, everything)
        outputs |= {f"{name}{place}": terms[name] for name in TERMS}
        outputs |= zip((f"xc{place}", f"xd{place}"), _doubt_columns(found, if_done), strict=True)
        outputs[f"ev{place}"] = evidence(reader, exprs, [(measure.name, v, measure.type)])
    outputs |= zip(("sc", "sd"), _doubt_columns(found, everything), strict=True)
    return found.query.select(outputs)


def _condition(found: Ground, ladder: _Ladder, place: int, step: Step, u: E, everything: Doubts) -> dict[str, E]:
    """The condition of a step: whether it holds, or the problem in its place."""
    reader, name = found.reader, ladder.consequence.name
    assert step.when is not None
    own = Doubts()
    reader.read([step.when], own)
    reader.compute(step.when, name, own)
    everything.take(own)
    held = reader.hold(lower_flag(step.when.tree))
    holds = coding.coalesce(held, coding.TRUE) if step.unknown == "yes" else coding.holds(held)
    causes: list[tuple[E, E]] = [(u, sql.text("depends"))]
    details: list[tuple[E, E]] = [(u, sql.text(ladder.measure.name))]
    cause, detail = _doubt_columns(found, own)
    if own:
        bad = reader.emit(reader.hold(own.any()))
        causes.append((bad, cause))
        details.append((bad, detail))
    if step.unknown == "undecided":
        unknown = reader.emit(coding.is_null(held))
        causes.append((unknown, sql.text("undecided")))
        details.append((unknown, sql.text(name)))
    return {
        f"hv{place}": reader.emit(holds),
        f"hc{place}": sql.cast(sql.case(*causes), dialect.TEXT),
        f"hd{place}": sql.cast(sql.case(*details), dialect.TEXT),
    }


def _doubt_columns(found: Ground, doubts: Doubts) -> tuple[E, E]:
    if not doubts:
        return sql.cast(sql.null(), dialect.TEXT), sql.cast(sql.null(), dialect.TEXT)
    return doubts.columns(found.reader.emitter, found.query.define)


def _chained(ladder: _Ladder, seen: exp.Select) -> exp.Select:
    """Each cell with the one before: `k` (its place in its stretch of cells without a hole), `dropped`, `pu` and `pv`
    (whether that was undetermined, and the last value), and the conditions there, `lv<i>`, `lc<i>`, `ld<i>`."""
    t, p = sql.column("t"), sql.column("p")
    order = [sql.ordered(p)]
    outputs: dict[str, E] = {}
    if ladder.consequence.grain.period is not None:
        before = sql.window(sql.call("lag", p), [t], order)
        hole = sql.not_(sql.is_true(sql.equals(before, sql.sub(p, sql.number(1)))))
        begins: E = sql.cast(hole, INT)
    else:
        begins = sql.number(1)
    marked = sql.everything(sql.nested(seen, "q"), None, {"begins": begins})
    stretch = sql.window(sql.call("sum", sql.column("begins")), [t], order, up_to_here=True)
    grouped = sql.everything(sql.nested(marked, "m"), None, {"stretch": sql.cast(stretch, INT)})
    part = [t, sql.column("stretch")]

    def lag(column: str) -> E:
        return sql.window(sql.call("lag", sql.column(column)), part, order)

    last = exp.IgnoreNulls(this=exp.LastValue(this=sql.column("val")))
    outputs = {
        "k": sql.window(sql.call("row_number"), part, order),
        "pu": sql.is_true(lag("u")),
        "pv": sql.coalesce(sql.window(last, part, order, before=True), sql.number(0)),
    }
    for place, step in enumerate(ladder.consequence.steps):
        if step.trigger == "on_entry":
            outputs |= {f"l{part_}{place}": lag(f"h{part_}{place}") for part_ in "vcd"}
    with_before = sql.everything(sql.nested(grouped, "g"), None, outputs)
    dropped = sql.is_true(sql.less(sql.column("val"), sql.column("pv")))
    return sql.everything(sql.nested(with_before, "w"), None, {"dropped": dropped})


def _levels(ladder: _Ladder, chain: exp.Select) -> exp.Query:
    """Each cell with `level` and `before` (null: unknown)."""
    value, dropped, zero = sql.column("val"), sql.column("dropped"), sql.cast(sql.number(0), BIG)
    if ladder.consequence.restart_after is None:
        before = sql.case((sql.column("pu"), sql.null()), (dropped, zero), otherwise=sql.column("pv"))
        return sql.everything(sql.nested(chain, "c"), None, {"level": value, "before": sql.cast(before, BIG)})
    # Read once for the first cells, and once more for each round.
    chained = ladder.world.session.table(chain, "chain")
    place, after = next(
        (place, step)
        for place, step in enumerate(ladder.consequence.steps)
        if step.name == ladder.consequence.restart_after
    )
    first = sql.everything(
        sql.table(chained), sql.equals(sql.column("k"), sql.number(1)), {"o_off": zero, "o_lev": zero}
    )
    keys = ("t", "stretch", "k")
    joined = sql.select({}, sql.table("walk", "w"))
    joined.set(
        "expressions",
        [
            exp.Column(this=exp.Star(), table=sql.name("n")),
            sql.alias(sql.column("off", "w"), "o_off"),
            sql.alias(sql.column("lev", "w"), "o_lev"),
        ],
    )
    next_ = [sql.equals(sql.column(key, "n"), sql.column(key, "w")) for key in keys[:2]]
    next_.append(sql.equals(sql.column("k", "n"), sql.add(sql.column("k", "w"), sql.number(1))))
    sql.join(joined, sql.table(chained, "n"), sql.both(*next_), "INNER")
    walked = sql.select({}, sql.table("walk"))
    walked.set("expressions", [exp.Star()])
    return sql.recursive(walked, "walk", _walk(ladder, place, after, first), _walk(ladder, place, after, joined))


def _walk(ladder: _Ladder, place: int, after: Step, rows: exp.Select) -> exp.Select:
    """One cell further: from the state before (`o_off`, `o_lev`) to `level`, `before` and the state after it."""
    value, dropped, u = sql.column("val"), sql.column("dropped"), sql.column("u")
    zero = sql.cast(sql.number(0), BIG)
    entered = sql.everything(
        sql.nested(rows, "r"),
        None,
        {
            "off0": sql.case((dropped, zero), otherwise=sql.column("o_off")),
            "before": sql.case(
                (sql.is_null(sql.column("o_lev")), sql.null()), (dropped, zero), otherwise=sql.column("o_lev")
            ),
        },
    )
    levelled = sql.everything(sql.nested(entered, "e"), None, {"level": sql.sub(value, sql.column("off0"))})
    left = value if ladder.consequence.surplus != "carried" else sql.add(sql.column("off0"), _bound(after, place))
    off = sql.case((_fires(after, place), sql.cast(left, BIG)), otherwise=sql.column("off0"))
    moved = sql.everything(sql.nested(levelled, "l"), None, {"off": sql.cast(off, BIG)})
    lev = sql.case((sql.not_(u), sql.sub(value, sql.column("off"))))
    found = sql.select({}, sql.nested(moved, "m"))
    left_out = [exp.column(column, quoted=True) for column in ("o_off", "o_lev", "off0")]
    found.set("expressions", [exp.Star(except_=left_out), sql.alias(sql.cast(lev, BIG), "lev")])
    return found


def _bound(step: Step, place: int) -> E:
    return sql.column(f"b{place}") if step.bound is not None else sql.number(0)


def _fires(step: Step, place: int) -> E:
    """Whether a step fires in a determined cell in which all could be read, and nothing speaks against it; never
    null."""
    return sql.both(_would_fire(step, place), sql.is_null(sql.column(f"xc{place}")))


def _would_fire(step: Step, place: int) -> E:
    """Whether a step fires, if nothing speaks against what it does."""
    clear = sql.both(sql.not_(sql.column("u")), sql.is_null(sql.column("sc")))
    level, before, bound = sql.column("level"), sql.column("before"), _bound(step, place)
    match step.trigger:
        case "at_least":
            fires: E = sql.at_most(bound, level)
        case "reaches":
            fires = sql.both(sql.at_most(bound, level), sql.less(before, bound))
        case "exceeds":
            fires = sql.both(sql.less(bound, level), sql.at_most(before, bound))
        case _:
            fires = sql.both(sql.column(f"hv{place}"), sql.is_null(sql.column(f"hc{place}")))
            if step.trigger == "on_entry":
                again = sql.is_true(sql.column(f"lv{place}"))
                known = sql.is_null(sql.column(f"lc{place}"))
                fires = sql.both(fires, sql.not_(again), known)
    return sql.is_true(sql.both(clear, fires))


def _against(ladder: _Ladder, step: Step, place: int) -> list[tuple[E, E, E]]:
    """When it is unknown whether a step fires, or what it would then do, with cause and detail."""
    cause, detail = sql.column(f"xc{place}"), sql.column(f"xd{place}")
    return [*_doubted(ladder, step, place), (sql.both(_would_fire(step, place), sql.is_there(cause)), cause, detail)]


def _doubted(ladder: _Ladder, step: Step, place: int) -> list[tuple[E, E, E]]:
    """When it is unknown whether a step fires, with cause and detail."""
    level, bound = sql.column("level"), _bound(step, place)
    if step.trigger in ("reaches", "exceeds"):
        over = sql.at_most(bound, level) if step.trigger == "reaches" else sql.less(bound, level)
        unknown = sql.both(over, sql.is_null(sql.column("before")))
        return [(unknown or over, sql.text("depends"), sql.text(ladder.measure.name))]
    if step.when is None:
        return []
    own = sql.is_there(sql.column(f"hc{place}"))
    found: list[tuple[E, E, E]] = [(own, sql.column(f"hc{place}"), sql.column(f"hd{place}"))]
    if step.trigger == "on_entry":
        earlier = sql.both(sql.column(f"hv{place}"), sql.is_there(sql.column(f"lc{place}")))
        found.append((earlier, sql.column(f"lc{place}"), sql.column(f"ld{place}")))
    return found


def _moves(ladder: _Ladder, levels: exp.Query) -> exp.Select:
    """Each cell with its problem `pc`, `pd`, and whether each step fires, `s<i>`."""
    steps = list(enumerate(ladder.consequence.steps))
    u, unread = sql.column("u"), sql.is_there(sql.column("sc"))
    refused = sql.is_there(sql.column("ac"))
    doubted = [found for place, step in steps for found in _against(ladder, step, place)]
    head: list[tuple[E, E, E]] = [(refused, sql.column("ac"), sql.column("ad"))]
    head.append((sql.not_(sql.column("applies")), sql.null(), sql.null()))
    head.append((u, sql.text("depends"), sql.text(ladder.measure.name)))
    head.append((unread, sql.column("sc"), sql.column("sd")))
    all_ = [*head, *doubted]
    outputs: dict[str, E] = {
        "pc": sql.cast(sql.case(*((when, cause) for when, cause, _ in all_)), dialect.TEXT),
        "pd": sql.cast(sql.case(*((when, detail) for when, _, detail in all_)), dialect.TEXT),
    }
    firing = {place: sql.both(_fires(step, place), sql.column("applies")) for place, step in steps}
    inner = sql.everything(
        sql.nested(levels, "v"), None, {**outputs, **{f"f{place}": tree for place, tree in firing.items()}}
    )
    kept: dict[str, E] = {}
    for place, _ in steps:
        higher = [sql.column(f"f{other}") for other, _ in steps if other > place]
        only = ladder.consequence.together == "highest" and higher
        fires: E = sql.column(f"f{place}")
        if only:
            fires = sql.both(fires, sql.not_(sql.either(*higher)))
        kept[f"s{place}"] = fires
    found = sql.everything(sql.nested(inner, "i"), None, kept)
    if ladder.world.cells[ladder.measure.name].given is not None:
        # Given cells can lie outside of the grid. What followed before the span was told when that was assessed.
        same = [sql.equals(sql.column(name, "g"), sql.column(name, "i")) for name in ("t", "p")]
        sql.join(found, sql.table(ladder.world.grid(ladder.consequence.grain), "g"), sql.both(*same), "SEMI")
    return found


def _tell(ladder: _Ladder, moves: str, told: Told) -> None:
    consequence = ladder.consequence
    where: dict[str, E] = {name: sql.column(name) for name in _WHERE}
    type_ = level_type(consequence, ladder.measure.type)
    shrink = sql.number(10 ** (ladder.scale - number_scale(type_)))
    own = dialect.whole_div(sql.column("level"), shrink)
    level = as_text(own, type_)
    undecided = sql.is_there(sql.column("pc"))
    facts: list[exp.Query] = [fact(ladder.world, consequence, moves, None, where=undecided)]
    for place, step in enumerate(consequence.steps):
        terms = {name: sql.column(f"{name}{place}") for name in TERMS}
        seen = sql.column(f"ev{place}")
        row = act_row(consequence, step.act, where, sql.column("date"), step.name, level, terms, seen)
        told.acts.append(sql.select(row, sql.table(moves), sql.column(f"s{place}")))
        rows = fact(
            ladder.world, consequence, moves, terms,
            act=step.act, where=sql.column(f"s{place}"), step=step.name, level=own,
        )  # fmt: skip
        facts.append(rows)
    problem = problem_row(
        sql.text("undecided"), consequence.name, where, sql.column("pc"), sql.column("pd"), consequence.clause
    )
    told.problems.append(sql.select(problem, sql.table(moves), undecided))
    note_followed(ladder.world, consequence, facts)
