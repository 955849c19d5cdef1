"""The inputs of an assessment to a world: targets before records, parents before children, all rejects noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from cityrules.engines.base import CellKey, Inputs, Progress, Question, check_number, with_stated
from cityrules.engines.columns import cell_columns, check_inputs
from cityrules.engines.python.accept_targets import member_of, members_known, note_appearing, target_form
from cityrules.engines.python.conditions import RowPlace, unmet_conditions
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.fields import Column, converter, named, period_converter
from cityrules.engines.python.grid import Grid
from cityrules.engines.python.intake import Accepted, Form, Values, accept
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.records import Record, RecordPlace
from cityrules.engines.python.registry import Member, Registry
from cityrules.engines.python.world import Watch, World
from cityrules.feel.tree import Value
from cityrules.io import grammar
from cityrules.plan.model import Plan, RecordKind
from cityrules.plan.records import aliases_of
from cityrules.plan.references import in_order
from cityrules.results.format import as_field_text
from cityrules.results.tables import Row
from cityrules.scheme.notation import FieldType, joined_name

Known = Mapping[str, Mapping[Value, Record]]
"""The records that others can refer to, by kind and key."""


def take_in(
    plan: Plan, inputs: Inputs, question: Question, tell: Progress | None = None, watch: Watch | None = None
) -> tuple[World, list[Row]]:
    """The world of accepted inputs, without any results, and the rows of `rejects`. Raises DataError. `watch` is shown
    the conditions on rows, too."""
    check_inputs(plan, inputs)
    inputs = with_stated(plan, inputs)
    registry, rejects = Registry(plan.kinds, plan.periods), []
    for kind in sorted(plan.kinds.values(), key=lambda kind: len(kind.ancestors)):
        if kind.in_rows:
            found = accept(target_form(plan, kind, registry), inputs.targets.get(kind.name, ()), tell)
            rejects += found.rejects
            for row in found.accepted:
                registry.add(kind.name, member_of(kind, row))
        elif not isinstance(kind.members, str) and not kind.parts:
            for name in dict.fromkeys(kind.members):
                registry.add(kind.name, Member(name, None, {}))
    records: dict[str, list[Record]] = {}
    rows: dict[str, dict[CellKey, Record]] = {}
    known: dict[str, dict[Value, Record]] = {}
    for name in in_order(plan.records, {record.name: record.references for record in plan.records.values()}):
        record = plan.records[name]
        form = (
            _cell_form(plan, record, question, registry, known, watch)
            if record.one_per
            else _record_form(plan, record, question, registry, known, watch)
        )
        accepted, refused, referents = accept(form, inputs.records.get(record.name, ()), tell)
        rejects += refused
        check_number(record.name, len(accepted), of_targets=False)
        if record.one_per is not None:
            rows[record.name] = {(one.target, one.period): one for one in _by_cell(record, accepted, known)}
        else:
            records[record.name] = [_record(record, row, known) for row in accepted]
            if len(record.key) == 1:
                others = [_record(record, row, known) for row in referents]
                known[record.name] = {one.values[record.key[0]]: one for one in (*records[record.name], *others)}
    note_appearing(plan, registry, records, rows)
    registry.pair()
    for kind in plan.kinds.values():
        check_number(kind.name, len(registry.members(kind.name)), of_targets=True)
    world = World(plan, question, registry, Grid(plan, question, registry), records, rows, watch=watch)
    return world, rejects


def _field_columns(plan: Plan, registry: Registry, fields: Mapping[str, FieldType]) -> tuple[Column, ...]:
    columns = []
    for name, type_ in fields.items():
        convert = converter(type_, members_known(plan, registry, type_.kind))
        columns.append(Column(name, named(convert, aliases_of(plan, type_)), type_.optional))
    return tuple(columns)


def _in_force(plan: Plan, question: Question) -> tuple[dt.date, dt.date]:
    """The first and last day in force; unstated: from the start of what is assessed."""
    until = plan.in_force_until
    last = dt.date.max if until is None else until - dt.timedelta(days=1) if until > dt.date.min else dt.date.min
    return plan.in_force_from or plan.days_of(question.span).start, last


def _record_form(
    plan: Plan, record: RecordKind, question: Question, registry: Registry, known: Known, watch: Watch | None
) -> Form:
    names = list(record.fields)
    assert record.dated is not None
    key = tuple(names.index(name) for name in record.key)
    types = [record.fields[name] for name in record.key]
    dated, dated_name = names.index(record.dated), record.dated
    first, last = _in_force(plan, question)
    days = plan.days_of(question.span)
    first, last = max(first, days.start), min(last, days.last_day)

    latest = names.index(record.latest_by) if record.latest_by is not None else None
    outside = grammar.reason(dated_name, grammar.OUTSIDE_PERIOD)

    def judge(values: Values) -> list[str]:
        moment = values[dated]
        reasons = _unknown(record, values, latest, question.as_of)
        if isinstance(moment, dt.date):
            day = moment.date() if isinstance(moment, dt.datetime) else moment
            if _late(moment, question.as_of):
                reasons.append(grammar.reason(dated_name, grammar.AFTER_AS_OF))
            elif not first <= day <= last:
                reasons.append(outside)
        return reasons

    def key_texts(values: Values) -> list[str]:
        return [as_field_text(values[place], type_) for place, type_ in zip(key, types, strict=True)]

    kinds = _registered(plan, [(name, type_.kind) for name, type_ in record.fields.items()])

    beyond = _beyond_discretion(plan, record, question, registry, watch)
    unmet = unmet_conditions(
        plan, record, question, registry, lambda values: _place(record, values, registry, known), watch
    )

    def forbid(values: Values) -> list[str]:
        moment = values[dated]
        day = moment.date() if isinstance(moment, dt.datetime) else moment
        assert isinstance(day, dt.date)
        reasons = [*_absent(registry, kinds, values, day, day), *_nobody(record, values, known), *beyond(values)]
        return reasons or unmet(values)

    return Form(
        record.name,
        _field_columns(plan, registry, record.fields),
        key,
        grammar.KEY_JOIN,
        key_texts,
        judge,
        forbid,
        latest=latest,
        outside=outside,
        referred=record.name in plan.referred,
    )


def _beyond_discretion(
    plan: Plan, record: RecordKind, question: Question, registry: Registry, watch: Watch | None
) -> Callable[[Values], list[str]]:
    """What finds the fields whose points the rules that count them do not leave to choose."""
    # Nothing but the row itself is read: neither records nor results are there yet.
    alone = replace(record, through={})
    world = World(plan, question, registry, Grid(plan, question, registry), {}, {}, watch=watch)
    asked = [(one.field, Reading(world, one.outside, record.name)) for one in plan.discretions(record.name)]

    def beyond(values: Values) -> list[str]:
        place = RecordPlace(_record(alone, Accepted("", values), {}), {}, registry)
        found = [field for field, outside in asked if outside.at(place, Doubts()) is True]
        return [grammar.reason(field, grammar.OUTSIDE_CHOICE) for field in dict.fromkeys(found)]

    return beyond if asked else lambda _values: []


def _place(record: RecordKind, values: Values, registry: Registry, known: Known) -> RecordPlace:
    """A row of a dated kind as a place to read names at."""
    return RecordPlace(_record(record, Accepted("", values), known), record.routes, registry)


def _late(moment: dt.date, as_of: dt.datetime) -> bool:
    """Whether a date or date-time was not yet when everything was known."""
    return moment > as_of if isinstance(moment, dt.datetime) else moment > as_of.date()


def _unknown(record: RecordKind, values: Values, latest: int | None, as_of: dt.datetime) -> list[str]:
    """A reason against a correction that was made after everything was known."""
    moment = values[latest] if latest is not None else None
    late = isinstance(moment, dt.date) and _late(moment, as_of)
    return [grammar.reason(record.latest_by or "", grammar.AFTER_AS_OF)] if late else []


def _registered(plan: Plan, kinds: Iterable[tuple[str, str | None]]) -> list[tuple[int, str, str]]:
    """The place, name and kind of each column that names a registered target."""
    return [
        (place, name, kind) for place, (name, kind) in enumerate(kinds) if kind is not None and plan.kinds[kind].in_rows
    ]


def _absent(
    registry: Registry, kinds: Sequence[tuple[int, str, str]], values: Values, first: dt.date, last: dt.date
) -> list[str]:
    """A reason for each column whose target does not exist on any day from `first` to `last`."""
    return [
        grammar.reason(name, grammar.OUTSIDE_LIFETIME)
        for place, name, kind in kinds
        if isinstance(target := values[place], str) and not registry.exists(kind, target, first, last)
    ]


def _nobody(record: RecordKind, values: Values, known: Known) -> list[str]:
    """A reason for each field that refers to a record that there is not."""
    return [
        grammar.reason(name, grammar.UNKNOWN_RECORD)
        for name, value in zip(record.fields, values, strict=True)
        if name in record.references and value is not None and value not in known[record.references[name]]
    ]


def _through(record: RecordKind, values: dict[str, Value], known: Known) -> dict[str, Value]:
    """The values of a record with what it has through those that it refers to."""
    for path in record.through:
        field, _, rest = path.partition(".")
        other = known[record.references[field]].get(values[field])
        values[path] = None if other is None else other.values[rest]
    return values


def _record(record: RecordKind, row: Accepted, known: Known) -> Record:
    values = _through(record, dict(zip(record.fields, row.values, strict=True)), known)
    moment = values[record.dated or ""]
    assert isinstance(moment, dt.date)
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    return Record(record.name, row.key, values, moment, day)


def _cell_form(
    plan: Plan, record: RecordKind, question: Question, registry: Registry, known: Known, watch: Watch | None
) -> Form:
    grain = record.one_per
    assert grain is not None
    columns: list[Column] = []
    for name in cell_columns(record):
        if name == grammar.PERIOD_COLUMN:
            convert = period_converter(plan.periods, grain.period or "", question.span, _in_force(plan, question))
        else:
            convert = named(converter(FieldType("kind"), members_known(plan, registry, name)), plan.kinds[name].aliases)
        columns.append(Column(name, convert, False))
    key = tuple(range(len(columns)))

    def key_texts(values: Values) -> list[str]:
        return [
            plan.periods.name_of(grain.period or "", value) if isinstance(value, int) else str(value)
            for value in values[: len(key)]
        ]

    cell = [(name, None if name == grammar.PERIOD_COLUMN else name) for name in cell_columns(record)]
    period_at = cell_columns(record).index(grammar.PERIOD_COLUMN) if grain.period is not None else None
    kinds = _registered(plan, [*cell, *((name, type_.kind) for name, type_ in record.fields.items())])
    grid = Grid(plan, question, registry)

    def place(values: Values) -> RowPlace:
        row = _of_cell(record, Accepted("", values), known)
        cell_ = grid.place(grain, row.target, row.period)
        return RowPlace(cell_.grain, cell_.name, cell_.index, cell_.day, registry, row.values)

    unmet = unmet_conditions(plan, record, question, registry, place, watch)

    def forbid(values: Values) -> list[str]:
        index = None if period_at is None else values[period_at]
        if not isinstance(index, int) or grain.period is None:
            first, last = question.span.start, question.span.last_day
        else:
            one = plan.periods[grain.period]
            first, last = one.start(index), one.last_day(index)
        nobody = _nobody(record, values[len(columns) :], known)
        return [*_absent(registry, kinds, values, first, last), *nobody] or unmet(values)

    every = (*columns, *_field_columns(plan, registry, record.fields))
    latest = len(columns) + list(record.fields).index(record.latest_by) if record.latest_by is not None else None

    def judge(values: Values) -> list[str]:
        return _unknown(record, values, latest, question.as_of)

    return Form(record.name, every, key, grammar.CELL_JOIN, key_texts, judge, forbid, latest=latest)


def _by_cell(record: RecordKind, accepted: Sequence[Accepted], known: Known) -> list[Record]:
    """The accepted rows of a kind `one_per` a cell as records of their cells."""
    return [_of_cell(record, row, known) for row in accepted]


def _of_cell(record: RecordKind, row: Accepted, known: Known) -> Record:
    cell = cell_columns(record)
    places = dict(zip(cell, row.values, strict=False))
    period = places.get(grammar.PERIOD_COLUMN)
    values = _through(record, dict(zip(record.fields, row.values[len(cell) :], strict=True)), known)
    target = joined_name(str(value) for name, value in places.items() if name != grammar.PERIOD_COLUMN)
    return Record(record.name, row.key, values, target=target, period=period if isinstance(period, int) else None)
