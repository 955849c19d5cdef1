"""The columns that several result tables share: which cell or record is meant, acts, problems, evidence, as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from cityrules.engines.sql import periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import Ground, key_text
from cityrules.engines.sql.dialect import BIG, INT, TEXT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.endings import endings
from cityrules.engines.sql.places import RecordPlace
from cityrules.engines.sql.reading import Reader
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.texts import as_text
from cityrules.engines.sql.world import World
from cityrules.feel.tree import Read
from cityrules.feel.types import Number, Type
from cityrules.feel.walk import nodes
from cityrules.plan import coding
from cityrules.plan.bounds import EPOCH
from cityrules.plan.followings import DUE, ENDED_BY, NUMBERS, STARTS, TERMS, UNTIL
from cityrules.plan.lower import lower, lower_flag
from cityrules.plan.model import ActPlan, Consequence, Ending, Expr, Measure
from cityrules.results.format import NOTHING
from cityrules.results.tables import inner_columns
from cityrules.scheme.notation import Grain

_WHERE = ("target_kind", "target", "period", "record_kind", "record", "provisional")


def text_or_null(value: str | None) -> E:
    return sql.cast(sql.null(), TEXT) if value is None else sql.text(value)


def cell_columns(world: World, grain: Grain, t: E, p: E) -> dict[str, E]:
    """`target_kind`, `target`, `period`, `provisional` of a cell."""
    return {
        "target_kind": sql.text(grain.kind),
        "target": t,
        "period": text_or_null(None) if grain.period is None else periods.name(world.periods[grain.period], p),
        "provisional": world.provisional(grain, p),
    }


def where_columns(found: Ground, grain: Grain) -> dict[str, E]:
    """The columns that say which cell or record is meant. What is said of a single record is never provisional."""
    nothing = text_or_null(None)
    if isinstance(found.place, RecordPlace):
        key = found.query.draw(key_text(found.place.records))
        return {
            "target_kind": nothing, "target": nothing, "period": nothing,
            "record_kind": sql.text(grain.kind), "record": key, "provisional": sql.truth(False),
        }  # fmt: skip
    cell = cell_columns(found.world, grain, found.drawn("t"), found.drawn("p"))
    return {**cell, "record_kind": nothing, "record": nothing}


def date_of(found: Ground, grain: Grain) -> E:
    """The day of what follows in a cell; cells without a period are dated when they are looked at."""
    if not isinstance(found.place, RecordPlace) and grain.period is None:
        return sql.number((found.world.as_of.date() - EPOCH).days)
    return found.query.draw(found.place.day())


Terms = Mapping[str, E]
"""How much is done, by when, and from when until when it has effect (day numbers), by column; null where nothing is
said."""


def terms_of(found: Ground, consequence: Consequence, act: ActPlan, doubts: Doubts) -> tuple[Terms, Doubts]:
    """What would be done, and what speaks against it where it is done; what cannot be read or computed is noted in any
    case."""
    reader, if_done = found.reader, Doubts()
    columns: dict[str, E] = dict.fromkeys(TERMS, sql.null())
    for name, expr in act.terms.items():
        own = Doubts()
        reader.read([expr], own)
        reader.compute(expr, consequence.name, own)
        columns[name] = reader.emit(reader.hold(lower(expr.tree)))
        if name == STARTS and act.ends is not None:
            unread = own
        doubts.take(own)
    if act.between is not None and act.between.crossed is not None:
        crossed = act.between.crossed
        reader.read([crossed], doubts)
        reader.compute(crossed, consequence.name, doubts)
        if_done.add("crossed", consequence.name, coding.holds(lower_flag(crossed.tree)))
    if act.ends is not None:
        columns |= _ended(found, act.ends, columns, unread, if_done)
    return {name: sql.cast(column, term_type(name)) for name, column in columns.items()}, if_done


def _ended(found: Ground, ending: Ending, columns: Terms, unread: Doubts, if_done: Doubts) -> Terms:
    """When and by what an act ends, where it is lifted before its time is up. `unread`: what speaks against the day on
    which it starts."""
    query, reader = found.query, found.reader
    ends = endings(found.world, ending)
    starts, until = query.define(sql.cast(columns[STARTS], INT)), sql.cast(columns[UNTIL], INT)
    day, key = query.look_within(ends.sure, found.drawn("t"), starts, ("d", "k"))
    before = sql.both(sql.is_there(day), sql.coalesce(sql.less(day, until), sql.truth(True)))
    last = query.define(sql.case((before, day), otherwise=until))
    if ends.unsure is not None:
        (unknown,) = query.look_within(ends.unsure, found.drawn("t"), starts, ("d",))
        too_early = sql.both(sql.is_there(unknown), sql.coalesce(sql.less(unknown, last), sql.truth(True)))
        doubt = coding.all_of((coding.negated(unread.any()), reader.defined(too_early)))
        if_done.add("depends", ending.axis.follows or ending.axis.record, doubt)
    return {UNTIL: last, ENDED_BY: sql.case((before, key))}


def term_type(name: str) -> str:
    """The type of a column of terms: a whole number, the number of a day, or a key."""
    return BIG if name in NUMBERS else TEXT if name == ENDED_BY else INT


def act_row(
    consequence: Consequence,
    act: ActPlan,
    where: Mapping[str, E],
    date: E,
    step: str | None,
    level: E,
    terms: Terms,
    evidence: E,
) -> dict[str, E]:
    """A row of `consequences`; days are day numbers."""
    of = {name: act.terms[name].type for name in NUMBERS if name in act.terms}
    unit = next((type_.unit for type_ in of.values() if isinstance(type_, Number)), None)
    return {
        "target_kind": where["target_kind"],
        "target": where["target"],
        "period": where["period"],
        "date": sql.cast(date, INT),
        "consequence": sql.text(consequence.name),
        "step": text_or_null(step),
        "act": text_or_null(act.do),
        "options": text_or_null("; ".join(act.options) or None),
        "act_kind": sql.text(act.kind),
        "to": text_or_null(act.to),
        "decision": sql.text("proposal" if act.decided_by else "automatic"),
        "decided_by": text_or_null("; ".join(act.decided_by) or None),
        "level": level,
        **{name: as_text(terms[name], of[name]) if name in of else text_or_null(None) for name in NUMBERS},
        "unit": text_or_null(unit),
        **{name: terms[name] for name in (STARTS, DUE, UNTIL, ENDED_BY)},
        "evidence": evidence,
        "clause": text_or_null(act.clause if act.clause is not None else consequence.clause),
        "record_kind": where["record_kind"],
        "record": where["record"],
        "provisional": where["provisional"],
    }


def problem_row(level: E, name: str, where: Mapping[str, E], cause: E, detail: E, clause: str | None) -> dict[str, E]:
    """A row of `problems`."""
    return {
        "level": level,
        "name": sql.text(name),
        **{column: where[column] for column in _WHERE[:5]},
        "cause": cause,
        "detail": detail,
        "clause": text_or_null(clause),
        "provisional": where["provisional"],
    }


def evidence(reader: Reader, exprs: Sequence[Expr], before: Sequence[tuple[str, E, Type]] = ()) -> E:
    """`name=value; name=value` for the names that expressions read, each name once, in order of the text."""
    named: dict[str, E] = {}
    for name, value, type_ in before:
        named.setdefault(name, as_text(value, type_))
    for expr in exprs:
        for node in _reads(expr):
            if node.name not in named:
                named[node.name] = as_text(reader.value(node.binding), node.binding.type)
    parts: list[E] = []
    for name, value in named.items():
        parts += [sql.text(f"; {name}=" if parts else f"{name}="), sql.coalesce(value, sql.text(NOTHING))]
    return sql.joined(*parts) if parts else sql.text("")


def _reads(expr: Expr) -> Iterator[Read]:
    found = [node for tree in (expr.tree, *expr.guards) for node in nodes(tree) if isinstance(node, Read)]
    yield from sorted(found, key=lambda node: node.start)


def of_cell(world: World, measure: Measure) -> dict[str, E]:
    """The columns that say which cell of which measure a row of the relation `b` tells of."""
    return {
        **cell_columns(world, measure.grain, sql.column("t", "b"), sql.column("p", "b")),
        "measure": sql.text(measure.name),
    }


def shaped(name: str, columns: Mapping[str, E], source: E, where: E | None = None) -> exp.Select:
    """The columns of a table in its own order."""
    return sql.select({column: columns[column] for column in inner_columns(name)}, source, where)


def not_given(query: exp.Select, given: str | None) -> exp.Select:
    """Only cells that were computed: given ones have no place in some tables."""
    if given is None:
        return query
    same = [sql.equals(sql.column(name, "g"), sql.column(name, "b")) for name in ("t", "p")]
    sql.join(query, sql.table(given, "g"), sql.both(*same))
    where = query.args.get("where")
    new = sql.is_null(sql.column("t", "g"))
    query.set("where", exp.Where(this=sql.both(where.this, new) if where is not None else new))
    return query
