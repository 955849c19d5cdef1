"""What one assessment came to, in a form that two can be laid beside each other. Reads a plan and its tables.

Everything is kept by what it is about, so that the order of rows plays no part, and read at once, since an engine may
use the same tables for the next plan.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from cityrules.feel.types import Number
from cityrules.plan.model import Plan, Rank
from cityrules.results.tables import Row, Table
from cityrules.results.verdicts import About, Verdict, VerdictKind, about_in, act_text, kinds_of, silent, verdicts

CellKind = Literal["value", "grade", "place", "consequence", "check"]
CELL_KINDS: Final[tuple[CellKind, ...]] = ("grade", "place", "value", "consequence", "check")
"""`grade`: a word of a closed list, whatever form gives it. `value`: every other measure that is no place."""

MONEY: Final = frozenset({"分钱", "角", "元", "千元", "万元", "百万元", "亿元", "fen", "jiao", "yuan", "CNY", "RMB"})
"""The units of money. Measures in them are added up; what a 分 is, a point or a hundredth of a yuan, no unit says, so
that it is none of these."""

_SECTIONS: Final[Mapping[str, str]] = {"consequence": "consequences", "check": "checks"}


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What is laid beside each other: the section of the document (`measures`, `consequences`, `checks`), since a name
    can be a measure in one document and a consequence in another, and the cell in it."""

    section: str
    about: About


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the table `consequences`: what follows. `text`: the act with its amount, time, by when and to whom it
    is done, and who decides; not what it was founded on."""

    step: str | None
    text: str
    clause: str | None


@dataclass(frozen=True, slots=True)
class Sum:
    """Whose amounts are added: of a measure or consequence, in one unit and period; `target` None: of all."""

    section: str
    name: str
    unit: str
    period: str | None
    target_kind: str | None = None
    target: str | None = None
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An assessment. `cells`: what the tables say; `acts`: the rows of each consequence; `sums`: amounts; `rejects`:
    why a row was not used, by kind, source and number of the row."""

    plan: Plan
    kinds: Mapping[tuple[str, str], CellKind]
    units: Mapping[str, str]
    cells: Mapping[Cell, Verdict]
    acts: Mapping[Cell, tuple[Act, ...]]
    sums: Mapping[Sum, Fraction]
    rejects: Mapping[tuple[str, str, int], tuple[str | None, str]]

    def verdict(self, cell: Cell, kind: CellKind) -> Verdict:
        """What is found; where the tables say nothing: nothing follows, a check holds, a cell does not exist."""
        found = self.cells.get(cell)
        if found is not None:
            return found
        if any(one.name == cell.about.name for one in self.plan.withheld):
            return Verdict("withheld")
        return silent("value" if kind in ("grade", "place") else kind)

    def number(self, cell: Cell) -> Fraction | None:
        """The number that a cell holds; None where it holds none, or something else."""
        measure = self.plan.measures.get(cell.about.name) if cell.section == "measures" else None
        found = self.cells.get(cell)
        if found is None or found.text is None or not (isinstance(measure, Rank) or _numeric(measure)):
            return None
        return Fraction(found.text)


def seen(
    plan: Plan,
    tables: Mapping[str, Table],
    *,
    passed_over: Container[str] = (),
    wanted: Callable[[Cell], bool] = lambda _: True,
    rejects: bool = True,
) -> Seen:
    """What the tables of one assessment say of the cells that are `wanted`, of no name that is `passed_over`; and, with
    `rejects`, of rows that were not used. Amounts of consequences are added up in whatever unit, measures where their
    unit is `MONEY`."""
    kinds = {place: kind for place, kind in _kinds(plan).items() if place[1] not in passed_over}
    names: dict[str, VerdictKind] = {name: kind for (_, name), kind in kinds.items()}
    cells: dict[Cell, Verdict] = {}
    sums: dict[Sum, Fraction] = {}
    units = _units(plan)
    valued = {name: unit for name, unit in units.items() if unit in MONEY and name in names}

    def kept(about: About, verdict: Verdict) -> None:
        cell = Cell(_SECTIONS.get(names[about.name], "measures"), about)
        if wanted(cell):
            cells[cell] = verdict

    for about, verdict in verdicts(tables, names).items():
        kept(about, verdict)
    of_records = {name for name, measure in plan.measures.items() if measure.of_record and name in names}
    for row in _rows(tables["record_values"], of_records):
        about = About(row["measure"] or "", record_kind=row["record_kind"], record=row["record"])
        kept(about, Verdict(row["state"] or "value", row["value"]))
    acts = _acts(tables["consequences"], names, sums, wanted)
    for cell, found in acts.items():
        cells[cell] = Verdict("follows", " + ".join(sorted(act.text for act in found)))
    for table in ("values", "record_values"):
        for row in _rows(tables[table], valued):
            if row["measure"] is not None and row["value"] is not None:
                _add(sums, "measures", row["measure"], valued[row["measure"]], row, Fraction(row["value"]))
    return Seen(plan, kinds, units, cells, acts, sums, _rejects(tables["rejects"]) if rejects else {})


def _kinds(plan: Plan) -> dict[tuple[str, str], CellKind]:
    """What every name of a plan gives, by section."""
    found: dict[tuple[str, str], CellKind] = {}
    for name, kind in kinds_of(plan, ()).items():
        graded = kind == "value" and plan.labels(name) and not plan.measures[name].of_record
        found[_SECTIONS.get(kind, "measures"), name] = "grade" if graded else kind
    return found


def _units(plan: Plan) -> dict[str, str]:
    types = {name: measure.type for name, measure in plan.measures.items()}
    return {name: type_.unit for name, type_ in types.items() if isinstance(type_, Number) and type_.unit}


def _numeric(measure: object) -> bool:
    return isinstance(getattr(measure, "type", None), Number)


def _acts(
    table: Table, names: Collection[str], sums: dict[Sum, Fraction], wanted: Callable[[Cell], bool]
) -> dict[Cell, tuple[Act, ...]]:
    found: dict[Cell, list[Act]] = {}
    for row in _rows(table, names):
        amount = Fraction(row["amount"]) if row["amount"] is not None else None
        if amount is not None:
            _add(sums, "consequences", row["consequence"] or "", row["unit"] or "", row, amount)
        cell = Cell("consequences", about_in("consequence", row))
        if wanted(cell):
            found.setdefault(cell, []).append(Act(row["step"], _said(row), row["clause"]))
    return {cell: tuple(acts) for cell, acts in found.items()}


def _said(row: Mapping[str, str | None]) -> str:
    """An act as a verdict says it, and to whom and by when it is done."""
    to = f" -> {row['to']}" if row["to"] else ""
    due = f", ..{row['due']}" if row["due"] else ""
    return f"{act_text(row)}{to}{due}"


def _add(
    sums: dict[Sum, Fraction], section: str, name: str, unit: str, row: Mapping[str, str | None], amount: Fraction
) -> None:
    whole = Sum(section, name, unit, row.get("period"))
    sums[whole] = sums.get(whole, Fraction(0)) + amount
    if row.get("target") is not None:
        own = Sum(section, name, unit, row["period"], row["target_kind"], row["target"], row["dimension"])
        sums[own] = sums.get(own, Fraction(0)) + amount


def _rejects(table: Table) -> dict[tuple[str, str, int], tuple[str | None, str]]:
    rows = (_named(table, row) for row in table.rows())
    return {
        (row["kind"] or "", row["source"] or "", int(row["row"] or 0)): (row["key"], row["reasons"] or "")
        for row in rows
    }


def _rows(table: Table, names: Collection[str]) -> Iterator[dict[str, str | None]]:
    """The rows about some names; where there is none, the table is not even asked."""
    return (_named(table, row) for row in table.about(names)) if names else iter(())


def _named(table: Table, row: Row) -> dict[str, str | None]:
    return {name: None if cell is None else str(cell) for name, cell in zip(table.shape.names, row, strict=True)}
