"""Small schemes and small inputs for engine tests, and their results in a form that reads well in an assertion."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cityrules.calendar.periods import BUILT_IN
from cityrules.engines.base import CellKey, Engine, Inputs, Outcome, Question
from cityrules.engines.firsts import first_days, placed
from cityrules.engines.python.engine import PythonEngine
from cityrules.feel.tree import Value
from cityrules.io.listed import ListRows
from cityrules.io.rows import RawRow, Rows
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.results.tables import SHAPES, Cell
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.show import show
from cityrules.text.source import Source

HEAD = """
cityrules: 1
scheme: test
title: A test
clause: "1"
in_force: {from: 2000-01-01}
"""

# A scheme of most tests: squads in bureaus, findings of squads, ratings of bureaus.
CITY = """
targets:
  bureau: {members: registered, fields: {quota: count, size: text}}
  squad: {in: bureau, members: registered}
records:
  finding:
    dated: held
    key: [no]
    fields:
      no: text
      squad: squad
      helper: optional squad
      held: date
      n: optional count
      points: number(2)
      bad: optional flag
  rating: {one_per: bureau each month, absent: error, fields: {stars: optional number(1)}}
  extra: {one_per: squad each month, absent: "null", fields: {bonus: number(1)}}
"""

# The same with one way only from a finding to a squad.
ALONE = CITY.replace("      helper: optional squad\n", "")


@dataclass(frozen=True, slots=True)
class Raw:
    """Rows as a reader would hand them over, good or bad."""

    name: str
    columns: tuple[str, ...]
    raw: tuple[RawRow, ...]
    optional_columns: bool = True

    def rows(self) -> Iterator[RawRow]:
        return iter(self.raw)


def plan_of(body: str, head: str = HEAD) -> Plan:
    """The plan of a document of which only the telling part is written down."""
    report = Report()
    loaded = read_document(Source("test.yaml", head + body), report)
    plan = build(loaded, report) if loaded else None
    complaints = "\n".join(show(diagnostic, "en") for diagnostic in report)
    assert plan is not None, complaints
    return plan


@dataclass(slots=True)
class Results:
    """The tables of an outcome with ways to ask for little of them."""

    outcome: Outcome
    tables: dict[str, list[dict[str, Cell]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, table in self.outcome.tables.items():
            names = table.shape.names
            self.tables[name] = [dict(zip(names, row, strict=True)) for row in table.rows()]

    def values(self, measure: str, column: str = "value") -> dict[str, Cell]:
        """The values of a measure by cell (`A 2015-01`) or by record; undetermined ones as `?`."""
        found = {
            cell_name(row): "?" if row["state"] == "undetermined" else row[column]
            for row in self.tables["values"]
            if row["measure"] == measure
        }
        for row in self.tables["record_values"]:
            if row["measure"] == measure:
                found[str(row["record"])] = "?" if row["state"] == "undetermined" else row[column]
        return found

    def problems(self, name: str) -> dict[str, str]:
        """The problems that a name has, `cause: detail` by cell or record."""
        return {
            str(row["record"] or cell_name(row)): f"{row['cause']}: {row['detail']}"
            for row in self.tables["problems"]
            if row["name"] == name
        }

    def rejects(self) -> list[str]:
        """`key: reasons` of every reject."""
        return [f"{row['key']}: {row['reasons']}" for row in self.tables["rejects"]]

    def lines(self, cell: str) -> list[str]:
        """The ledger lines of a cell: `rule record nominal points by`."""
        return [
            " ".join(
                str(row[name])
                for name in ("rule", "record", "nominal", "points", "replaced_by")
                if row[name] is not None
            )
            for row in self.tables["ledger"]
            if cell_name(row) == cell
        ]

    def fired(self, name: str) -> dict[str, str]:
        """The steps (or acts) of a consequence by cell or record."""
        found: dict[str, str] = {}
        for row in self.tables["consequences"]:
            if row["consequence"] == name:
                cell = str(row["record"] or cell_name(row))
                step = str(row["step"] or row["act"])
                found[cell] = f"{found[cell]} {step}" if cell in found else step
        return found


def cell_name(row: Mapping[str, Cell]) -> str:
    return " ".join(str(part) for part in (row["target"], row["period"]) if part)


Items = Sequence[Mapping[str, object]] | Sequence[Rows]
Given = Mapping[str, Mapping[str, Value]]


def assess(
    plan: Plan | str,
    span: str = "2015-01..2015-03",
    as_of: dt.datetime | None = None,
    targets: Mapping[str, Items] | None = None,
    given: Given | None = None,
    engine: Engine | None = None,
    **records: Items,
) -> Results:
    """Assess rows written as mappings (or as `Rows`). Without `as_of`, everything is known."""
    if isinstance(plan, str):
        plan = plan_of(plan)
    inputs = Inputs(
        {kind: list(_sources(kind, items)) for kind, items in records.items()},
        {kind: list(_sources(kind, items)) for kind, items in (targets or {}).items()},
    )
    question = Question(BUILT_IN.parse_span(span), as_of or dt.datetime(2100, 1, 1), _given(plan, inputs, given or {}))
    outcome = (engine or _engine()).assess(plan, inputs, question)
    assert set(outcome.tables) == set(SHAPES)
    return Results(outcome)


def _engine() -> Engine:
    """The reference; with `CITYRULES_ENGINES=both` the set-based engine must agree with it row by row."""
    if os.environ.get("CITYRULES_ENGINES") != "both":
        return PythonEngine()
    from engines.agreement import BothEngines

    return BothEngines()


def _sources(kind: str, items: Items) -> Iterable[Rows]:
    if items and not isinstance(items[0], Mapping):
        yield from items  # type: ignore[misc]
    else:
        yield ListRows(kind, items)


def _given(plan: Plan, inputs: Inputs, given: Given) -> dict[str, dict[CellKey, Value]]:
    firsts = first_days(plan, inputs)
    found: dict[str, dict[CellKey, Value]] = {}
    for name, cells in given.items():
        for cell, value in cells.items():
            key: CellKey | None = _cell(plan, cell)
            if name in plan.measures and key is not None:
                key = placed(plan, plan.measures[name].grain, key, firsts)
            assert key is not None, cell
            found.setdefault(name, {})[key] = value
    return found


def _cell(plan: Plan, text: str) -> CellKey:
    target, _, period = text.rpartition(" ")
    try:
        return target, plan.periods.parse(period)[1]
    except ValueError:
        return text, None


def finding(no: object, squad: str, day: str, points: object = "1", **more: object) -> dict[str, object]:
    """A row of `finding` in `CITY`."""
    return {"no": str(no), "squad": squad, "held": day, "points": points, **more}


TARGETS: dict[str, list[dict[str, object]]] = {
    "bureau": [{"name": "A", "quota": 3, "size": "big"}, {"name": "B", "quota": 2, "size": "small"}],
    "squad": [{"name": "a1", "bureau": "A"}, {"name": "a2", "bureau": "A"}, {"name": "b1", "bureau": "B"}],
}

__all__ = ["ALONE", "CITY", "HEAD", "TARGETS", "Raw", "RawRow", "Results", "assess", "finding", "plan_of"]
