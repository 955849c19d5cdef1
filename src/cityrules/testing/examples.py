"""Worked cases of a document: what is given, what is expected, and how a run differs from it.

Knows plans, engines and result tables; not how a document is loaded (the caller hands in the plan to run).
Only what an example names is compared. A difference is a diagnostic at the line of the expectation.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cityrules.calendar import periods
from cityrules.engines.base import CellKey, Engine, Inputs, Question
from cityrules.feel.tree import Value
from cityrules.feel.types import Date, DateTime, Flag, Number, Type
from cityrules.io.listed import ListRows
from cityrules.plan.model import Consequence, Measure, Plan
from cityrules.results.format import as_text
from cityrules.results.tables import Cell, Row, Table
from cityrules.scheme.document import ExampleBody
from cityrules.scheme.notation import Grain, NotationError, parse_numeral, plain_number, scale_of
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.source import Span as TextSpan

Locate = Callable[[tuple[str, ...]], TextSpan | None]
_RESERVED = {"as_of", "targets", "values"}


@dataclass(frozen=True, slots=True)
class Case:
    """An example made ready to run."""

    name: str
    inputs: Inputs
    question: Question
    expect: Mapping[str, object]


class _Unreadable(Exception):
    """A part of an example that cannot be understood: the diagnostic's code, the path below the example, its values."""

    def __init__(self, code: str, path: tuple[str, ...], **values: str) -> None:
        super().__init__(code)
        self.code, self.path, self.values = code, path, values


def run_example(
    name: str, body: ExampleBody, plan: Plan, engine: Engine, report: Report, locate: Locate
) -> Mapping[str, Table] | None:
    """Run one example and note every difference in `report`; the result tables, or None when it could not be run."""
    try:
        case = prepare(name, body, plan)
    except _Unreadable as error:
        path = ("examples", name, *error.path)
        report.put(Diagnostic(error.code, locate(path), ".".join(path), {"example": name, **error.values}))
        return None
    outcome = engine.assess(plan, case.inputs, case.question)
    _Comparison(case, plan, outcome.tables, report, locate).run()
    return outcome.tables


# ---------------------------------------------------------------------------------------------------- what is given


def prepare(name: str, body: ExampleBody, plan: Plan) -> Case:
    """Turn the texts of an example into inputs and a question. Raises `_Unreadable`."""
    given = dict(body.given)
    for key in given:
        if key not in _RESERVED and key not in plan.records:
            raise _Unreadable("CR703", ("given", key), found=key)
    targets = _map(given.get("targets", {}), ("given", "targets"))
    records = {kind: _rows(kind, given[kind], body, plan) for kind in given if kind not in _RESERVED}
    values = _given_values(_map(given.get("values", {}), ("given", "values")), plan)
    span = _span(name, records, values, body.expect, plan)
    as_of = given.get("as_of")
    moment = (
        dt.datetime.combine(span.last_day, dt.time()) + dt.timedelta(days=1) if as_of is None else _instant(str(as_of))
    )
    inputs = Inputs(
        records={kind: [ListRows(kind, rows)] for kind, rows in records.items()},
        targets={kind: [ListRows(kind, _targets(kind, listed, plan))] for kind, listed in targets.items()},
    )
    return Case(name, inputs, Question(span, moment, values), body.expect)


def _map(value: object, path: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _Unreadable("CR707", path, found=".".join(path), wanted="a map")
    return {str(key): item for key, item in value.items()}


def _list(value: object, path: tuple[str, ...]) -> Sequence[object]:
    if not isinstance(value, (list, tuple)):
        raise _Unreadable("CR707", path, found=".".join(path), wanted="a list")
    return value


def _nothing(value: object) -> object:
    return None if value is None or (isinstance(value, str) and value in ("null", "")) else value


def _targets(kind: str, listed: object, plan: Plan) -> list[Mapping[str, object]]:
    path = ("given", "targets", kind)
    if kind not in plan.kinds:
        raise _Unreadable("CR703", path, found=kind)
    rows: list[Mapping[str, object]] = []
    for item in _list(listed, path):
        row = {"name": item} if not isinstance(item, Mapping) else item
        rows.append({str(key): _nothing(value) for key, value in row.items()})
    return rows


def _rows(kind: str, listed: object, body: ExampleBody, plan: Plan) -> list[Mapping[str, object]]:
    """The rows of one record kind: defaults filled in, repetitions unfolded, keys that are not written numbered."""
    path = ("given", kind)
    defaults = body.defaults.get(kind, {})
    numbers = itertools.count(1)
    rows: list[Mapping[str, object]] = []
    for item in [listed] if isinstance(listed, Mapping) else _list(listed, path):
        row = _map(item, path)
        times = 1
        if "repeat" in row and "row" in row:
            if not re.fullmatch(r"[0-9]{1,5}", str(row["repeat"])):
                raise _Unreadable("CR707", path, found=f"repeat: {row['repeat']}", wanted="a whole number")
            times, row = int(str(row["repeat"])), _map(row["row"], path)
        for _ in range(times):
            number = next(numbers)
            filled: dict[str, object] = {
                key: str(number) for key in plan.records[kind].key if not plan.records[kind].one_per
            }
            filled.update({key: _nothing(value) for key, value in defaults.items()})
            filled.update({key: _nothing(value) for key, value in row.items()})
            rows.append(filled)
    return rows


def _given_values(values: Mapping[str, object], plan: Plan) -> dict[str, dict[CellKey, Value]]:
    result: dict[str, dict[CellKey, Value]] = {}
    for name, cells in values.items():
        path = ("given", "values", name)
        measure = plan.measures.get(name)
        if measure is None or measure.of_record:
            raise _Unreadable("CR703", path, found=name)
        result[name] = {
            _cell(cell, measure.name, measure.grain, (*path, cell)): _value(text, measure.type, (*path, cell))
            for cell, text in _map(cells, path).items()
        }
    return result


def _cell(text: str, name: str, grain: Grain, path: tuple[str, ...]) -> CellKey:
    """`NAME 2024-03`, `2024-03` for the whole city, `NAME` for timeless grains."""
    said = text.strip()
    target, period = (said, None) if grain.period is None else _split(said)
    if (grain.period is not None) != (period is not None) or (grain.kind == "whole") != (target == ""):
        raise _Unreadable("CR704", path, found=said, name=name, wanted=_sample(grain))
    if period is None:
        return target, None
    kind, index = period
    if kind != grain.period:
        raise _Unreadable("CR704", path, found=said, name=name, wanted=_sample(grain))
    return target, index


def _split(said: str) -> tuple[str, tuple[str, int] | None]:
    target, _, last = said.rpartition(" ")
    try:
        return target.strip(), periods.parse_period(last)
    except ValueError:
        return said, None


def _sample(grain: Grain) -> str:
    name = "" if grain.kind == "whole" else grain.kind
    period = (
        ""
        if grain.period is None
        else periods.name_of(grain.period, periods.index_of(grain.period, dt.date(2024, 3, 1)))
    )
    return f"{name} {period}".strip()


def _value(text: object, type_: Type, path: tuple[str, ...]) -> Value:
    """The typed value that a text of an example stands for."""
    said = _nothing(text)
    if said is None:
        return None
    try:
        if isinstance(type_, Number):
            return _digits_checked(parse_numeral(said).value, type_, path)
        if isinstance(type_, Flag):
            return {"true": True, "false": False}[str(said).lower()]
        if isinstance(type_, Date):
            return dt.date.fromisoformat(str(said))
        if isinstance(type_, DateTime):
            return dt.datetime.fromisoformat(str(said))
    except (NotationError, KeyError, ValueError):
        raise _Unreadable("CR707", path, found=str(said), wanted=type(type_).__name__.lower()) from None
    return str(said)


def _digits_checked(value: Fraction, type_: Number, path: tuple[str, ...]) -> Fraction:
    """A value that the measure could have. One with more digits would never be equal to anything."""
    needed = scale_of(value)
    if type_.scale is not None and (needed is None or needed > type_.scale):
        raise _Unreadable("CR711", path, found=plain_number(value), wanted=str(type_.scale))
    return value


def _instant(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = dt.datetime.max
    if found.tzinfo is not None or found is dt.datetime.max:
        raise _Unreadable("CR707", ("given", "as_of"), found=text, wanted="2024-03-31 or 2024-03-31T18:00:00")
    return found


def _span(
    name: str,
    records: Mapping[str, Sequence[Mapping[str, object]]],
    values: Mapping[str, Mapping[CellKey, Value]],
    expect: Mapping[str, object],
    plan: Plan,
) -> periods.Span:
    """The smallest run of whole months that holds every cell and every record the example names."""
    days: list[dt.date] = []

    def note(kind: str, index: int) -> None:
        days.extend((periods.start_of(kind, index), periods.last_day_of(kind, index)))

    for measure, cells in values.items():
        grain = plan.measures[measure].grain
        for _, index in cells:
            if grain.period is not None and index is not None:
                note(grain.period, index)
    for key, wanted in expect.items():
        named: Iterable[object] = wanted if isinstance(wanted, (Mapping, list, tuple)) else ()
        item = plan.measures.get(key) or plan.consequences.get(key)
        if item is None or item.of_record:
            continue
        for cell in named:
            _, period = _split(str(cell).strip())
            if period:
                note(*period)
    for kind, rows in records.items():
        dated = plan.records[kind].dated or "period"
        for row in rows:
            said = str(row.get(dated, ""))
            try:
                note(*periods.parse_period(said)) if dated == "period" else note(
                    "month", periods.index_of("month", dt.date.fromisoformat(said[:10]))
                )
            except ValueError:
                continue
    if not days:
        raise _Unreadable("CR706", ())
    return periods.Span(min(days), max(days))


# ------------------------------------------------------------------------------------------------- what is expected


class _Comparison:
    """One pass over what an example expects, against the tables that came out."""

    def __init__(self, case: Case, plan: Plan, tables: Mapping[str, Table], report: Report, locate: Locate) -> None:
        self.case, self.plan, self.tables, self.report, self.locate = case, plan, tables, report, locate

    def run(self) -> None:
        for name, wanted in self.case.expect.items():
            try:
                self._compare(str(name), wanted)
            except _Unreadable as error:
                self._note(error.code, error.path, **error.values)
        if "rejects" not in self.case.expect:
            for row in self._rows("rejects"):
                self._note("CR705", ("given", str(row["kind"])), kind=str(row["kind"]), found=str(row["reasons"]))

    def _compare(self, name: str, wanted: object) -> None:
        if name == "rejects":
            self._rejects(wanted)
        elif name == "problems":
            self._problems(wanted)
        elif measure := self.plan.measures.get(name):
            self._measure(measure, _map(wanted, ("expect", name)))
        elif consequence := self.plan.consequences.get(name):
            self._consequence(consequence, wanted)
        else:
            raise _Unreadable("CR703", ("expect", name), found=name)

    def _rows(self, table: str) -> list[dict[str, Cell]]:
        names = self.tables[table].shape.names
        return [dict(zip(names, row, strict=True)) for row in self.tables[table].rows()]

    def _measure(self, measure: Measure, wanted: Mapping[str, object]) -> None:
        found = self._found(measure)
        for cell, text in wanted.items():
            path = ("expect", measure.name, cell)
            address: str | tuple[str | None, str | None] = cell
            if not measure.of_record:
                target, index = _cell(cell, measure.name, measure.grain, path)
                period = (
                    None
                    if index is None or measure.grain.period is None
                    else periods.name_of(measure.grain.period, index)
                )
                address = (target, period)
            got = found.get(address, "no cell")
            want = "undetermined" if text == "undetermined" else as_text(_value(text, measure.type, path), measure.type)
            if not _same(want, got, measure.type):
                self._note("CR701", path, name=measure.name, cell=cell, found=got or "null", wanted=want or "null")

    def _found(self, measure: Measure) -> dict[object, str | None]:
        found: dict[object, str | None] = {}
        for row in self._rows("record_values" if measure.of_record else "values"):
            if row["measure"] != measure.name:
                continue
            value = "undetermined" if row["state"] == "undetermined" else row["value"]
            address = row["record"] if measure.of_record else (row["target"] or "", row["period"])
            found[address] = None if value is None else str(value)
        return found

    def _consequence(self, consequence: Consequence, wanted: object) -> None:
        fired = [row for row in self._rows("consequences") if row["consequence"] == consequence.name]

        def cell(row: Mapping[str, Cell]) -> str:
            if consequence.of_record:
                return str(row["record"])
            return " ".join(str(part) for part in (row["target"], row["period"]) if part)

        path = ("expect", consequence.name)
        if isinstance(wanted, Mapping):
            want = sorted(f"{key}: {step}" for key, steps in wanted.items() for step in _steps(steps))
            got = sorted(f"{cell(row)}: {row['step']}" for row in fired)
        else:
            want = sorted(str(item) for item in _list(wanted, path))
            got = sorted(cell(row) for row in fired)
        if want != got:
            self._note("CR702", path, name=consequence.name, found=_listed(got), wanted=_listed(want))

    def _rejects(self, wanted: object) -> None:
        rows = self._rows("rejects")
        for kind, keys in _map(wanted, ("expect", "rejects")).items():
            path = ("expect", "rejects", kind)
            mine = [row for row in rows if row["kind"] == kind]
            if isinstance(keys, Mapping):
                want = sorted(f"{key}: {reason}" for key, reason in keys.items())
                got = sorted(f"{row['key']}: {row['reasons']}" for row in mine)
            else:
                want = sorted(str(key) for key in _list(keys, path))
                got = sorted(str(row["key"]) for row in mine)
            if want != got:
                self._note("CR709", path, name=kind, found=_listed(got), wanted=_listed(want))

    def _problems(self, wanted: object) -> None:
        rows = self._rows("problems")
        for name, cells in _map(wanted, ("expect", "problems")).items():
            path = ("expect", "problems", name)
            got = sorted(
                str(row["record"]) if row["record"] else " ".join(str(p) for p in (row["target"], row["period"]) if p)
                for row in rows
                if row["name"] == name
            )
            want = sorted(str(cell) for cell in _list(cells, path))
            if want != got:
                self._note("CR708", path, name=name, found=_listed(got), wanted=_listed(want))

    def _note(self, code: str, path: tuple[str, ...], **values: str) -> None:
        full = ("examples", self.case.name, *path)
        self.report.put(Diagnostic(code, self.locate(full), ".".join(full), {"example": self.case.name, **values}))


def _steps(steps: object) -> list[str]:
    return [str(step) for step in steps] if isinstance(steps, (list, tuple)) else [str(steps)]


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items) if items else "∅"


def _same(want: str | None, got: str | None, type_: Type) -> bool:
    """Numbers by value (70 is 70.00), everything else by text."""
    if isinstance(type_, Number) and want is not None and got is not None:
        try:
            return Fraction(Decimal(want)) == Fraction(Decimal(got))
        except ArithmeticError:
            return want == got
    return want == got


__all__ = ["Case", "Row", "prepare", "run_example"]
