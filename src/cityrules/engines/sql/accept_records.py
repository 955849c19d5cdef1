"""What the columns of each kind of record are, and its accepted rows as a relation. Knows no measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cityrules.engines.base import Question
from cityrules.engines.columns import cell_columns
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.accept_targets import members_of
from cityrules.engines.sql.columns import Declared
from cityrules.engines.sql.conditions import cell_of, joined_others, unmet_conditions
from cityrules.engines.sql.forbidden import absent, beyond_discretion, unreferred
from cityrules.engines.sql.intake import Form, Judge, Taken
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import Records, Targets, World
from cityrules.io import grammar
from cityrules.plan.bounds import EPOCH
from cityrules.plan.clock import counted
from cityrules.plan.model import Plan, RecordKind
from cityrules.plan.records import aliases_of
from cityrules.scheme.notation import FieldType

_TEXT = FieldType("text")


def _in_force(plan: Plan, question: Question) -> tuple[dt.date, dt.date]:
    """The first and last day in force; unstated: from the start of what is assessed."""
    until = plan.in_force_until
    last = dt.date.max if until is None else until - dt.timedelta(days=1) if until > dt.date.min else dt.date.min
    return plan.in_force_from or plan.days_of(question.span).start, last


def _fields(plan: Plan, record: RecordKind, targets: Mapping[str, Targets]) -> list[Declared]:
    return [
        Declared(name, type_, members_of(targets, type_.kind), aliases=aliases_of(plan, type_))
        for name, type_ in record.fields.items()
    ]


def record_form(world: World, record: RecordKind) -> Form:
    """What rows of a dated kind are. `world`: what is known before it, targets and the records that rows refer to."""
    plan, question, targets = world.plan, world.question, world.targets
    names = list(record.fields)
    key = tuple(names.index(name) for name in record.key)
    dated = names.index(record.dated or "")
    moments = record.fields[record.dated or ""].base == "datetime"
    columns = tuple(_fields(plan, record, targets))

    def days(values: Sequence[E]) -> tuple[E, E]:
        day = dialect.day_of_seconds(values[dated]) if moments else values[dated]
        return day, day

    latest = names.index(record.latest_by) if record.latest_by is not None else None
    in_time, corrected = _judge(plan, record, question, dated), _known(record, question, latest)

    def judge(values: Sequence[E]) -> dict[int, E]:
        # Where one field is both, the day of the record is looked at.
        return {**corrected(values), dated: in_time(values)}

    outside = grammar.reason(names[dated], grammar.OUTSIDE_PERIOD)
    forbid = (
        *absent(columns, targets, days),
        *unreferred(record, world.records),
        *beyond_discretion(world, record),
    )
    accept = unmet_conditions(world, record)
    return Form(
        record.name,
        columns,
        key,
        grammar.KEY_JOIN,
        judge,
        forbid=tuple(stage for stage in (forbid, accept) if stage),
        latest=latest,
        outside=outside,
        referred=record.name in plan.referred,
    )


def _known(record: RecordKind, question: Question, latest: int | None) -> Judge:
    """A reason against a correction that was made after everything was known."""
    base = record.fields[record.latest_by].base if record.latest_by is not None else ""
    known = question.as_of if base == "datetime" else question.as_of.date()

    def against(values: Sequence[E]) -> dict[int, E]:
        if latest is None or base not in ("date", "datetime"):
            return {}
        late = sql.less(sql.number(counted(known)), values[latest])
        return {latest: sql.case((late, sql.text(grammar.AFTER_AS_OF)))}

    return against


def _judge(plan: Plan, record: RecordKind, question: Question, dated: int) -> Callable[[Sequence[E]], E]:
    """The reason against the day of a record."""
    first, last = _in_force(plan, question)
    days = plan.days_of(question.span)
    first, last = max(first, days.start), min(last, days.last_day)
    moments = record.fields[record.dated or ""].base == "datetime"
    known = sql.number(counted(question.as_of) if moments else (question.as_of.date() - EPOCH).days)

    def against(values: Sequence[E]) -> E:
        moment = values[dated]
        day = dialect.day_of_seconds(moment) if moments else moment
        before, after = sql.number((first - EPOCH).days), sql.number((last - EPOCH).days)
        outside = sql.either(sql.less(day, before), sql.less(after, day))
        return sql.case(
            (sql.less(known, moment), sql.text(grammar.AFTER_AS_OF)), (outside, sql.text(grammar.OUTSIDE_PERIOD))
        )

    return against


def cell_form(world: World, record: RecordKind) -> Form:
    """What rows `one_per` a cell are. `world`: as for `record_form`."""
    plan, question, targets = world.plan, world.question, world.targets
    grain = record.one_per
    assert grain is not None
    columns: list[Declared] = []
    for name in cell_columns(record):
        if name != grammar.PERIOD_COLUMN or grain.period is None:
            type_ = FieldType("kind", kind=name)
            columns.append(Declared(name, type_, members_of(targets, name), aliases=plan.kinds[name].aliases))
            continue
        first, last = _in_force(plan, question)
        assessed = [
            index
            for index in plan.periods.in_span(grain.period, question.span)
            if plan.periods.start_of(grain.period, index) <= last
            and plan.periods.last_day_of(grain.period, index) >= first
        ]
        columns.append(Declared(grammar.PERIOD_COLUMN, _TEXT, None, plan.periods[grain.period], assessed))
    key = tuple(range(len(columns)))
    every = (*columns, *_fields(plan, record, targets))

    def days(values: Sequence[E]) -> tuple[E, E]:
        if grain.period is None:
            span = question.span
            return sql.number((span.start - EPOCH).days), sql.number((span.last_day - EPOCH).days)
        index = values[cell_columns(record).index(grammar.PERIOD_COLUMN)]
        one = plan.periods[grain.period]
        return periods.start(one, index), periods.last_day(one, index)

    latest = len(columns) + list(record.fields).index(record.latest_by) if record.latest_by is not None else None
    judge = _known(record, question, latest)
    forbid = (*absent(every, targets, days), *unreferred(record, world.records, len(columns)))
    accept = unmet_conditions(world, record)
    stages = tuple(stage for stage in (forbid, accept) if stage)
    return Form(record.name, every, key, grammar.CELL_JOIN, judge, forbid=stages, latest=latest)


def known_records(session: Session, record: RecordKind, taken: Taken, known: Mapping[str, Records]) -> Records:
    """The records that others may refer to, where there are referents: those and the accepted ones."""
    assert taken.referents is not None
    every = [sql.everything(sql.table(relation)) for relation in (taken.accepted, taken.referents)]
    return kept_records(session, record, replace(taken, accepted=session.view(sql.union(every), "known")), known)


def kept_records(session: Session, record: RecordKind, taken: Taken, known: Mapping[str, Records]) -> Records:
    cell = len(taken.form.key) if record.one_per is not None else 0
    outputs: dict[str, E] = {"o": sql.column("o")}
    if record.one_per is not None:
        outputs |= cell_of(record)
    fields = {name: f"f{place}" for place, name in enumerate(record.fields)}
    outputs |= {column: sql.column(f"v{place + cell}") for place, column in enumerate(fields.values())}
    relation = session.view(sql.select(outputs, sql.table(taken.accepted)), "records")
    if not record.through:
        return Records(record, relation, fields, afresh=taken.afresh)
    through = {path: f"r{place}" for place, path in enumerate(record.through)}
    # Joined once, since every measure of the records reads them again.
    relation = session.table(joined_others(record, relation, tuple(outputs), fields, through, known), "records")
    return Records(record, relation, {**fields, **through})
