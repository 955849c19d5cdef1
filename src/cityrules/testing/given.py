"""What a worked case gives, made into the inputs and the question of an engine. Runs nothing."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.engines.base import CellKey, Inputs, Question
from cityrules.engines.firsts import FirstDays, first_days, placed
from cityrules.feel.tree import Value
from cityrules.io.grammar import NAME_COLUMN, PERIOD_COLUMN, SINCE_COLUMN, UNTIL_COLUMN
from cityrules.io.listed import ListRows
from cityrules.plan.model import Duty, Plan, Quotient, RecordKind
from cityrules.plan.quotients import halves_of_value
from cityrules.scheme.document import ExampleBody
from cityrules.scheme.notation import Grain, joined_name, parts_of
from cityrules.testing.cells import (
    Path,
    UnreadableError,
    as_list,
    as_map,
    cell,
    instant,
    nothing,
    parted,
    possible,
    unknown_name,
)
from cityrules.testing.known import Known
from cityrules.testing.writing.table import AS_OF, TARGETS, VALUES

_YEARS: Final = 100
"""How long the days of one case may be: a date that is far away makes each of them a period that is assessed."""

RESERVED = (AS_OF, TARGETS, VALUES)
REJECTS, PROBLEMS, MOVEMENTS = "rejects", "problems", "movements"

Row = Mapping[str, object]
Rows = list[tuple[Row, Path]]
"""Rows of one kind, each with the path below the example where it is written."""


@dataclass(frozen=True, slots=True)
class Case:
    """An example made ready to run. `places`: for each kind, the path below the example of each of its rows; `firsts`:
    for each kind of period that targets have for themselves, the first day of each target that has one; `known`: whom
    the example can speak of."""

    name: str
    inputs: Inputs
    question: Question
    expect: Mapping[str, object]
    places: Mapping[str, Sequence[Path]]
    firsts: FirstDays
    known: Known


def prepare(name: str, body: ExampleBody, plan: Plan, whole: Span | None = None) -> Case:
    """Turn the texts of an example into inputs and a question about all that it names, or about `whole`. Raises
    `UnreadableError`."""
    given = dict(body.given)
    for key in given:
        if key not in RESERVED and key not in plan.records:
            meant = {"suggestion": f"{TARGETS}: {{{key}: [...]}}"} if key in plan.kinds else {}
            raise unknown_name(("given", key), (*RESERVED, *plan.records), **meant)
    for kind, fields in body.defaults.items():
        if kind not in plan.records:
            raise unknown_name(("defaults", kind), plan.records)
        _filled(fields, kind, _columns(plan.records[kind]), ("defaults", kind))
    targets = {kind: _targets(kind, listed, plan) for kind, listed in _targets_by_kind(given)}
    records = {kind: _records(kind, given[kind], body, plan) for kind in given if kind not in RESERVED}
    inputs = Inputs(
        records={kind: [ListRows(kind, [row for row, _ in rows])] for kind, rows in records.items()},
        targets={kind: [ListRows(kind, [row for row, _ in rows])] for kind, rows in targets.items()},
    )
    firsts, known = first_days(plan, inputs), Known(plan, inputs)
    values = _values(as_map(given.get(VALUES, {}), ("given", VALUES)), plan, firsts, known)
    span = whole or _span(records, values, body.expect, plan, firsts)
    as_of = given.get(AS_OF)
    places = {kind: [path for _, path in rows] for kind, rows in {**records, **targets}.items()}
    question = Question(span, plan.days_of(span).end if as_of is None else instant(str(as_of)), values)
    return Case(name, inputs, question, body.expect, places, firsts, known)


def _targets_by_kind(given: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    return as_map(given.get(TARGETS, {}), ("given", TARGETS)).items()


def _targets(kind: str, listed: object, plan: Plan) -> Rows:
    """The registered targets of one kind, by name alone or with their fields."""
    path = ("given", TARGETS, kind)
    if kind not in plan.kinds:
        raise unknown_name(path, plan.kinds)
    known = plan.kinds[kind]
    if known.members != "registered":
        raise UnreadableError("CR713", path, at_key=True, found=kind)
    parent = (known.parent,) if known.parent else ()
    columns = (NAME_COLUMN, *parent, *known.fields, SINCE_COLUMN, UNTIL_COLUMN)
    rows: Rows = []
    for number, item in enumerate(as_list(listed, path)):
        here = (*path, str(number))
        row = as_map(item, here) if isinstance(item, Mapping) else {NAME_COLUMN: item}
        rows.append((_filled(row, kind, columns, here), here))
    return rows


def _records(kind: str, listed: object, body: ExampleBody, plan: Plan) -> Rows:
    """The rows of one record kind: defaults filled in, repetitions unfolded, keys that are not written numbered."""
    record = plan.records[kind]
    columns = _columns(record)
    base = _filled(body.defaults.get(kind, {}), kind, columns, ("defaults", kind))
    numbers = itertools.count(1)
    rows: Rows = []
    for row, path, times in _written(listed, ("given", kind)):
        written = {key: nothing(value) for key, value in row.items()}
        _filled(row, kind, columns, path)
        for _ in range(times):
            number = str(next(numbers))
            unwritten = {key: number for key in record.key if base[key] is None and key not in written}
            rows.append(({**base, **unwritten, **written}, path))
    return rows


def _columns(record: RecordKind) -> tuple[str, ...]:
    grain = record.one_per
    if grain is None:
        return tuple(record.fields)
    target, *dimensions = parts_of(grain.kind)
    period = () if grain.period is None else (PERIOD_COLUMN,)
    return (*(() if target == "whole" else (target,)), *period, *dimensions, *record.fields)


def _written(listed: object, path: Path) -> Iterator[tuple[Mapping[str, object], Path, int]]:
    """Each row as written, where it stands, and how often it comes."""
    alone = isinstance(listed, Mapping)
    for number, item in enumerate([listed] if alone else as_list(listed, path)):
        here = path if alone else (*path, str(number))
        row = as_map(item, here)
        if not ("repeat" in row and "row" in row):
            yield row, here, 1
            continue
        # That it is a whole number within bounds was seen when the document was read.
        yield as_map(row["row"], (*here, "row")), (*here, "row"), int(str(row["repeat"]))


def _filled(row: Row, kind: str, columns: Sequence[str], path: Path) -> dict[str, object]:
    """A row with all columns of its kind. Raises `UnreadableError` for a column that the kind does not have."""
    for name in row:
        if name not in columns:
            raise unknown_name((*path, name), columns, "CR712", kind=kind, expected=", ".join(columns))
    return {name: nothing(row.get(name)) for name in columns}


def _values(
    values: Mapping[str, object], plan: Plan, firsts: FirstDays, known: Known
) -> dict[str, dict[CellKey, Value]]:
    """What stands in for measures, cell by cell."""
    result: dict[str, dict[CellKey, Value]] = {}
    for name, cells in values.items():
        path = ("given", VALUES, name)
        measure = plan.measures.get(name)
        if measure is None or measure.of_record:
            raise unknown_name(path, [one.name for one in plan.measures.values() if not one.of_record])
        result[name] = {}
        for said, text in as_map(cells, path).items():
            here = (*path, said)
            written = cell(plan.periods, said, name, measure.grain, here)
            known.target(written, measure.grain, name, here)
            key = placed(plan, measure.grain, written, firsts)
            if key is None:
                raise UnreadableError("CR710", here, at_key=True, name=name, found=said)
            result[name][key] = possible(text, measure.type, name, here)
        if isinstance(measure, Quotient):
            result |= _halves(plan, measure, result[name], path)
    return result


def _halves(plan: Plan, whole: Quotient, cells: Mapping[CellKey, Value], path: Path) -> dict[str, dict[CellKey, Value]]:
    """What is given for a measure that stays a fraction is given for its halves, which are what is read of it."""
    names = (whole.numerator, whole.denominator)
    found: dict[str, dict[CellKey, Value]] = {name: {} for name in names}
    for key, value in cells.items():
        halves = halves_of_value(plan, whole, value)
        if halves is None:
            raise UnreadableError("CR714", path, found=str(value), name=whole.name, wanted="n/d")
        for name, half in zip(names, halves, strict=True):
            found[name][key] = half
    return found


def _span(
    records: Mapping[str, Rows],
    values: Mapping[str, Mapping[CellKey, Value]],
    expect: Mapping[str, object],
    plan: Plan,
    firsts: FirstDays,
) -> Span:
    """The smallest span of whole months that holds every cell and every record the example names. Raises
    `UnreadableError` where there is none, or it is too long."""
    named = [
        *_given_periods(values, plan),
        *_expected_periods(expect, plan, firsts),
        *_periods_of_records(records, plan),
    ]
    known = plan.periods
    found = [Span(known.start_of(*one), known.last_day_of(*one)) for one in named] + [*_intervals(expect, plan)]
    if not found:
        raise UnreadableError("CR706", ())
    start, last = min(one.start for one in found), max(one.last_day for one in found)
    # By year, month and day: behind the last year of the calendar there is no date.
    if (last.year - _YEARS, last.month, last.day) >= (start.year, start.month, start.day):
        raise UnreadableError("CR1096", (), first=start.isoformat(), last=last.isoformat(), years=str(_YEARS))
    return Span(start, last)


def _given_periods(values: Mapping[str, Mapping[CellKey, Value]], plan: Plan) -> Iterator[tuple[str, int]]:
    for name, cells in values.items():
        kind = plan.measures[name].grain.period
        yield from ((kind, index) for _, index in cells if kind is not None and index is not None)


def _expected_periods(expect: Mapping[str, object], plan: Plan, firsts: FirstDays) -> Iterator[tuple[str, int]]:
    for name, wanted in [*expect.items(), *_nested(expect, PROBLEMS), *_nested(expect, MOVEMENTS)]:
        grain = cells_of(name, plan)
        if grain is not None and isinstance(wanted, (Mapping, list, tuple)):
            for said in wanted:
                target, period, values = parted(plan.periods, str(said).strip(), grain)
                if period is not None:
                    key = joined_name((target, *values)), period[1]
                    _, index = placed(plan, Grain(grain.kind, period[0]), key, firsts) or (None, None)
                    yield from () if index is None else ((period[0], index),)


def _nested(expect: Mapping[str, object], key: str) -> Iterable[tuple[str, object]]:
    """What is expected below a key, by the names that it is about."""
    wanted = expect.get(key)
    return wanted.items() if isinstance(wanted, Mapping) else ()


def cells_of(name: str, plan: Plan) -> Grain | None:
    """The cells about which something of this name says something; None where it is about records, about intervals
    that a rule of dates gives, or about nothing that the plan knows."""
    item = plan.measures.get(name) or plan.consequences.get(name) or plan.checks.get(name)
    match item:
        case None:
            return None
        case Duty(every=str() as kind):
            return Grain(item.grain.kind, kind)
        case Duty():
            return None
        case _:
            return None if item.of_record else item.grain


def _intervals(expect: Mapping[str, object], plan: Plan) -> Iterator[Span]:
    """The intervals named of duties that come by a rule of dates: `NAME 2024-02-05..2024-02-19`."""
    for name, wanted in _nested(expect, PROBLEMS):
        duty = plan.checks.get(name)
        if isinstance(duty, Duty) and not isinstance(duty.every, str) and isinstance(wanted, (list, tuple)):
            for said in wanted:
                try:
                    yield plan.periods.parse_span(str(said).strip().rpartition(" ")[2])
                except ValueError:
                    continue


def _periods_of_records(records: Mapping[str, Rows], plan: Plan) -> Iterator[tuple[str, int]]:
    for kind, rows in records.items():
        dated = plan.records[kind].dated
        for row, _ in rows:
            said = str(row.get(dated or PERIOD_COLUMN, ""))
            try:
                if dated is None and plan.periods[(found := plan.periods.parse(said))[0]].whose is None:
                    yield found
                elif dated is None:
                    continue
                else:
                    yield "month", plan.periods.index_of("month", dt.date.fromisoformat(said[:10]))
            except ValueError:
                continue
