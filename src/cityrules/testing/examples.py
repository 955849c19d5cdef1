"""Worked cases of a document, run: how what comes out differs from what was expected.

Knows plans, engines and result tables; not how a document is loaded (the caller hands in the plan to run).
Only what an example names is compared. A difference is a diagnostic at the line of the expectation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cityrules.calendar.periods import Span as Days
from cityrules.engines.base import Engine, Outcome
from cityrules.io.rows import DataError
from cityrules.plan.model import Consequence, Plan
from cityrules.results.tables import Cell, Table
from cityrules.scheme.document import ExampleBody
from cityrules.testing.agreement import differences
from cityrules.testing.cells import (
    UNDETERMINED,
    Path,
    UnreadableError,
    address_in,
    address_of,
    as_list,
    as_map,
    by_cell,
    cell,
    cell_in,
    nothing,
    unknown_name,
)
from cityrules.testing.given import MOVEMENTS, PROBLEMS, REJECTS, Case, cells_of, prepare
from cityrules.testing.movements import compare_movements
from cityrules.testing.notes import Address, Difference, Located, Notes, Writing
from cityrules.testing.values import compare_values
from cityrules.text.diagnostic import Report
from cityrules.text.suggest import nearest

NO_STEPS, NO_SUCH_STEP = "CR1093", "CR1094"
_SHOWN = 5
"""Problems that a complaint names where none was expected."""


def run_example(
    name: str,
    body: ExampleBody,
    plan: Plan,
    engine: Engine,
    report: Report,
    document: Located,
    against: Engine | None = None,
) -> Mapping[str, Table] | None:
    """Run one example and note every difference in `report`; the result tables, or None when it could not be run.

    With `against` every table must be the same on that engine, too, whatever the example expects.
    """
    notes = Notes(name, ("examples", name), report, document)
    ran = run_body(name, body, plan, engine, notes, against)
    return None if ran is None else ran.tables


def run_body(
    name: str, body: ExampleBody, plan: Plan, engine: Engine, notes: Notes, against: Engine | None = None
) -> Outcome | None:
    """The same with notes that keep what differs; what the engine answered, or None when it could not be run."""
    try:
        case = prepare(name, body, plan)
        outcome = engine.assess(plan, case.inputs, case.question)
        other = outcome if against is None else against.assess(plan, case.inputs, case.question)
    except UnreadableError as error:
        notes.unreadable(error)
        return None
    except DataError as error:
        place = (*notes.at, "given")
        for found in error.diagnostics:
            notes.report.put(replace(found, at=notes.document.span(place), path=".".join(place)))
        return None
    _Comparison(case, plan, outcome.tables, notes).run()
    if unlike := [] if against is None else differences(outcome, other):
        tables = dict.fromkeys(line.split()[0].rstrip(":") for line in unlike)
        notes.add("CR716", (), found=", ".join(tables), number=str(len(unlike)))
    return outcome


class _Comparison:
    """One pass over what an example expects, against the tables that came out."""

    def __init__(self, case: Case, plan: Plan, tables: Mapping[str, Table], notes: Notes) -> None:
        self.case, self.plan, self.tables, self.notes = case, plan, tables, notes

    def run(self) -> None:
        if self._unexpected_rejects():
            return  # Whatever else differs follows from these.
        for name, wanted in self.case.expect.items():
            try:
                self._compare(str(name), wanted)
            except UnreadableError as error:
                self.notes.unreadable(error)

    def _unexpected_rejects(self) -> bool:
        """Complain about each field for which a row was rejected, unless the example speaks of its kind's rejects."""
        expected = self.case.expect.get(REJECTS)
        spoken_of = set(expected) if isinstance(expected, Mapping) else set()
        found = [row for row in self._rows(REJECTS) if row["kind"] not in spoken_of]
        for row in found:
            kind = str(row["kind"])
            places = self.case.places.get(kind, ())
            number = row["row"]
            known = isinstance(number, int) and 0 < number <= len(places)
            path = places[number - 1] if known and isinstance(number, int) else ("given", kind)
            for reason in str(row["reasons"]).split("; "):
                field, colon, code = reason.rpartition(": ")
                column = field if colon else ", ".join(self._key(kind))
                place = (*path, field) if colon else path
                self.notes.add("CR705", place, kind=kind, column=column, reason=code, reason_type=code)
        return bool(found)

    def _key(self, kind: str) -> Sequence[str]:
        record = self.plan.records.get(kind)
        return record.key if record is not None and record.key else ("-",)

    def _compare(self, name: str, wanted: object) -> None:
        if name == REJECTS:
            self._rejects(wanted)
        elif name == PROBLEMS:
            self._problems(wanted)
        elif name == MOVEMENTS:
            compare_movements(wanted, self.plan, self._rows("ledger"), self._rows("values"), self.notes)
        elif measure := self.plan.measures.get(name):
            values = self._rows("record_values" if measure.of_record else "values")
            cells, problems = as_map(wanted, ("expect", name)), self._rows(PROBLEMS)
            compare_values(measure, cells, self.case, self.plan, values, problems, self.notes)
        elif consequence := self.plan.consequences.get(name):
            self._consequence(consequence, wanted)
        elif waits := [one.waits_for for one in self.plan.withheld if one.name == name]:
            if wanted == UNDETERMINED:
                return  # It has no cells: what the text leaves open is not computed at all.
            raise UnreadableError("CR715", ("expect", name), at_key=True, found=name, waits=waits[0])
        else:
            known = (*self.plan.measures, *self.plan.consequences, REJECTS, PROBLEMS, MOVEMENTS)
            raise unknown_name(("expect", name), known)

    def _rows(self, table: str) -> list[dict[str, Cell]]:
        names = self.tables[table].shape.names
        return [dict(zip(names, row, strict=True)) for row in self.tables[table].rows()]

    def _consequence(self, consequence: Consequence, wanted: object) -> None:
        fired = [row for row in self._rows("consequences") if row["consequence"] == consequence.name]
        path = ("expect", consequence.name)
        if isinstance(wanted, Mapping):
            _steps_there(consequence, wanted, path)
        self._judged(consequence.name, wanted, path)
        addresses = {cell_in(row): address_in(row) for row in fired}
        kind = consequence.grain.kind if consequence.of_record else None
        written: Writing
        if isinstance(wanted, Mapping):
            want = [f"{key}: {step}" for key, steps in wanted.items() for step in _each(steps)]
            got = [f"{cell_in(row)}: {row['step']}" for row in fired]
            written = by_cell((cell_in(row), str(row["step"])) for row in fired)
        else:
            want = [str(item) for item in as_list(wanted, path)]
            written = got = [cell_in(row) for row in fired]
        self._same_list("CR702", path, consequence.name, want, got, written, addresses, kind)

    def _rejects(self, wanted: object) -> None:
        rows = self._rows(REJECTS)
        kinds = (*self.plan.records, *self.plan.kinds)
        for kind, keys in as_map(wanted, ("expect", REJECTS)).items():
            path = ("expect", REJECTS, kind)
            if kind not in kinds:
                self.notes.unreadable(unknown_name(path, kinds))
                continue
            mine = [row for row in rows if row["kind"] == kind]
            written: Writing
            if isinstance(keys, Mapping):
                want = [f"{_said(key)}: {reason}" for key, reasons in keys.items() for reason in _each(reasons)]
                got = [f"{_said(row['key'])}: {row['reasons']}" for row in mine]
                written = by_cell((_said(row["key"]), str(row["reasons"])) for row in mine)
            else:
                want = [_said(key) for key in as_list(keys, path)]
                written = got = [_said(row["key"]) for row in mine]
            self._same_list("CR709", path, kind, want, got, written, {}, kind)

    def _problems(self, wanted: object) -> None:
        rows = self._rows(PROBLEMS)
        withheld = (one.name for one in self.plan.withheld)
        known = dict.fromkeys((*self.plan.measures, *self.plan.consequences, *self.plan.checks, *withheld))
        known |= dict.fromkeys(str(row["name"]) for row in rows)
        named = as_map(wanted, ("expect", PROBLEMS))
        if not named:
            self._no_problems(rows)
        for name, cells in named.items():
            path = ("expect", PROBLEMS, name)
            if name not in known:
                self.notes.unreadable(unknown_name(path, known))
                continue
            self._judged(name, cells, path)
            mine = [row for row in rows if row["name"] == name]
            got = [cell_in(row) for row in mine]
            addresses = {cell_in(row): address_in(row) for row in mine}
            kind = next((str(row["record_kind"]) for row in mine if row["record"]), None)
            want = [str(said) for said in as_list(cells, path)]
            self._same_list("CR708", path, name, want, got, got, addresses, kind)

    def _no_problems(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Complain about whatever could not be determined and every check that does not hold. What the text leaves open
        is not computed at all: that is no problem of this example."""
        found = [f"{row['name']} {cell_in(row)}".strip() for row in rows if row["target"] is not None or row["record"]]
        if found:
            shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
            self.notes.add("CR986", ("expect", PROBLEMS), at_key=True, number=str(len(found)), found=shown)

    def _judged(self, name: str, wanted: object, path: Path) -> None:
        """Complain about an empty list of cells of which none could be there: nothing was judged."""
        grain, span = cells_of(name, self.plan), self.case.question.span
        if wanted or grain is None or grain.period is None or self._any_in(grain.period, span):
            return
        first, last = span.start.isoformat(), span.last_day.isoformat()
        self.notes.add("CR950", path, at_key=True, name=name, period=grain.period, first=first, last=last)

    def _any_in(self, kind: str, span: Days) -> bool:
        """Whether a period of a kind, of any target, lies in a span."""
        firsts: list[dt.date | None] = [None, *self.case.firsts.get(kind, {}).values()]
        return any(self.plan.periods.in_span(kind, span, first) for first in firsts)

    def _same_list(
        self,
        code: str,
        path: Path,
        name: str,
        want: list[str],
        got: list[str],
        written: Writing,
        addresses: Mapping[str, Address],
        kind: str | None,
    ) -> None:
        """Complain about a list that is another in whatever order; `addresses`: of what is there, as it is written."""
        if sorted(want) == sorted(got):
            return
        self.notes.add(code, path, name=name, found=_listed(got), wanted=_listed(want))
        unlike = [
            item.partition(": ")[0] for item in dict.fromkeys((*got, *want)) if got.count(item) != want.count(item)
        ]
        cells = tuple(found for cell in unlike if (found := self._located(name, cell, addresses, kind)) is not None)
        self.notes.differs(Difference(path, name, tuple(sorted(want)), tuple(sorted(got)), written, cells, kind))

    def _located(self, name: str, said: str, addresses: Mapping[str, Address], kind: str | None) -> Address | None:
        """The address of a cell as written; None where it names none."""
        grain = cells_of(name, self.plan)
        if said in addresses or kind is not None or grain is None:
            return addresses.get(said, said if kind is not None else None)
        try:
            return address_of(self.plan.periods, grain, cell(self.plan.periods, said, name, grain, ()))
        except UnreadableError:
            return None


def _steps_there(consequence: Consequence, wanted: Mapping[object, object], path: Path) -> None:
    """Raises `UnreadableError` where steps are expected of a consequence without any, or one that it does not have."""
    known = [step.name for step in consequence.steps]
    if not known:
        raise UnreadableError(NO_STEPS, path, at_key=True, found=consequence.name)
    for said, steps in wanted.items():
        for place, step in enumerate(_each(steps)):
            if step not in known:
                at = (*path, str(said), *([str(place)] if isinstance(steps, (list, tuple)) else []))
                meant = nearest(step, known)
                values = {"found": step, "name": consequence.name, "expected": ", ".join(known)}
                raise UnreadableError(NO_SUCH_STEP, at, False, **values, **({"suggestion": meant} if meant else {}))


def _each(said: object) -> list[str]:
    """What is said of one cell or key: one thing, or a list of several."""
    return [_said(one) for one in said] if isinstance(said, (list, tuple)) else [_said(said)]


def _said(value: object) -> str:
    """A key or a step as a case writes it, `null` where there is none."""
    said = nothing(value)
    return "null" if said is None else str(said)


def _listed(items: Sequence[str]) -> str:
    return "[" + ", ".join(sorted(items)) + "]"
