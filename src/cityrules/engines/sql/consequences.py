"""What follows in each cell by a condition, and checks. The contract is `docs/engines.md`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import Ground, add_to_records, ground
from cityrules.engines.sql.dialect import INT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.followings import fact, note_followed
from cityrules.engines.sql.outputs import (
    act_row,
    date_of,
    evidence,
    problem_row,
    terms_of,
    text_or_null,
    where_columns,
)
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.followings import TERMS
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Check, Consequence


@dataclass(slots=True)
class Told:
    """Queries that give rows of `consequences` and of `problems` (dates as day numbers)."""

    acts: list[exp.Query] = field(default_factory=list)
    problems: list[exp.Query] = field(default_factory=list)


def decide(world: World, consequence: Consequence, told: Told) -> None:
    """What one consequence without a ladder comes to."""
    when, act = consequence.when, consequence.act
    if when is None or act is None:
        return
    name = consequence.name
    found = ground(world, consequence.grain, consequence.of_record, consequence.applies, name)
    reader, own = found.reader, Doubts()
    reader.read([when], own)
    reader.compute(when, name, own)
    held = reader.hold(lower_flag(when.tree))
    terms, if_done = terms_of(found, consequence, act, own)
    if consequence.unknown == "undecided":
        own.add("undecided", name, coding.is_null(held))
    fires = coding.coalesce(held, coding.TRUE) if consequence.unknown == "yes" else coding.holds(held)
    done = coding.all_of((coding.negated(own.any()), fires))
    own.take(if_done.mapped(lambda against: coding.all_of((done, against))))
    doubts = found.settled(own)
    clear = coding.all_of((found.exists, coding.negated(doubts.any()), fires))
    where, date = where_columns(found, consequence.grain), date_of(found, consequence.grain)
    row = act_row(consequence, act, where, date, None, text_or_null(None), terms, evidence(reader, [when]))
    facts: list[exp.Query] = []
    cell = {} if consequence.of_record else {name: found.drawn(name) for name in ("t", "p")}
    # Numbers of the acts stand as text in their own rows, and as numbers for whoever runs over them.
    more = {**cell, **{f"n_{name}": terms[name] for name in TERMS}} if cell else {}
    table, made = _table(found, {**row, **more}, clear)
    told.acts.append(_columns(row, table, made))
    if cell:
        columns = {name: made[f"n_{name}"] for name in TERMS}
        facts.append(fact(world, consequence, table, columns, act=act))
    troubles: dict[str, E] = {}
    if doubts:
        cause, detail = doubts.columns(reader.emitter, found.query.define)
        bad = reader.hold(coding.all_of((found.exists, doubts.any())))
        problem = problem_row(sql.text("undecided"), name, where, cause, detail, consequence.clause)
        table, made = _table(found, {**problem, **cell, "date": sql.cast(date, INT)}, bad)
        told.problems.append(_columns(problem, table, made))
        troubles = {part: sql.case((reader.emit(bad), tree)) for part, tree in (("c", cause), ("d", detail))}
        if cell:
            facts.append(fact(world, consequence, table, None))
    if consequence.of_record:
        records = world.of_kind(consequence.grain.kind)
        add_to_records(found, records, name, reader.emit(reader.hold(clear)), troubles)
    else:
        note_followed(world, consequence, facts)


def verify(world: World, check: Check, told: Told) -> None:
    """Every cell or record in which a check does not hold, or cannot be told."""
    found = ground(world, check.grain, check.of_record, None, check.name)
    reader, own = found.reader, Doubts()
    reader.read([check.that], own)
    reader.compute(check.that, check.name, own)
    held = reader.hold(lower_flag(check.that.tree))
    if check.unknown == "undecided":
        own.add("undecided", check.name, coding.is_null(held))
    fails = coding.holds(coding.negated(held))
    if check.unknown == "no":
        fails = coding.negated(coding.holds(held))
    where = where_columns(found, check.grain)
    clear = coding.all_of((coding.negated(own.any()), fails))
    seen = evidence(reader, [check.that])
    row = problem_row(sql.text(check.otherwise), check.name, where, sql.text("check"), seen, check.clause)
    told.problems.append(_kept(found, row, clear))
    if own:
        cause, detail = own.columns(reader.emitter, found.query.define)
        row = problem_row(sql.text("undecided"), check.name, where, cause, detail, check.clause)
        told.problems.append(_kept(found, row, own.any()))


def _kept(found: Ground, row: dict[str, E], where: Code) -> exp.Query:
    """The rows, as a query over a table that is made now."""
    return _columns(row, *_table(found, row, where))


_OWN: Final = frozenset({"t", "p", "date"})
"""What those who run over acts read as columns."""


def _table(found: Ground, columns: dict[str, E], where: Code) -> tuple[str, dict[str, E]]:
    """A table of the rows, and by name the columns of it, or the one value that a column would have."""
    own, same = sql.apart(columns, _OWN)
    table = found.world.session.table(found.query.select(own, found.reader.emit(where)), "told")
    return table, {name: sql.column(name) for name in own} | same


def _columns(row: dict[str, E], table: str, made: Mapping[str, E]) -> exp.Query:
    return sql.select({name: made[name] for name in row}, sql.table(table))
