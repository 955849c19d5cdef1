"""What a property is asked about: a scheme and the engine that assesses it; and what it says where it does not hold.

Knows plans, engines and result tables; draws nothing and tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from cityrules.engines.base import Engine, Inputs, Outcome
from cityrules.plan.model import Plan
from cityrules.results.tables import SHAPES
from cityrules.scheme.document import Document
from cityrules.testing.cells import UNDETERMINED, cell_in
from cityrules.testing.drawing.choices import Choices
from cityrules.testing.drawing.dirt import dirtied
from cityrules.testing.drawing.drawn import Drawn, Printer
from cityrules.testing.drawing.inputs import Drawer
from cityrules.text.diagnostic import Language

Found = Mapping[str, Any]
"""A row of a result table by column."""


class Loaded(Protocol):
    """A loaded scheme, as far as it is asked here."""

    @property
    def plan(self) -> Plan: ...

    @property
    def document(self) -> Document: ...

    @property
    def language(self) -> Language: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """A scheme, the engine that is tested on it, and the one it has to agree with (None: with none). `most`: how many
    records of a kind are drawn."""

    scheme: Loaded
    engine: Engine
    against: Engine | None
    most: int

    @property
    def plan(self) -> Plan:
        return self.scheme.plan

    def assess(self, drawn: Drawn, inputs: Inputs | None = None) -> Outcome:
        """All of the drawn span; with other inputs in their place where they are given."""
        return self.engine.assess(self.plan, drawn.inputs if inputs is None else inputs, drawn.question(self.plan))


@dataclass(frozen=True, slots=True)
class Trial:
    """What a property is tried on: inputs, and what is done with them (None: nothing)."""

    drawn: Drawn
    more: Any = None

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        # What hypothesis shows of it; the failure itself tells all.
        printer.text("...")


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a property does not hold: what it is about by name, the cell or record; what there should have been and
    what there was. `rows`: what differs, a line each. `done`: what was done with the inputs, by wording and values.
    `expect`: what a case would expect."""

    name: str
    cell: str
    wanted: str
    found: str
    rows: tuple[str, ...] = ()
    done: Mapping[str, str] = field(default_factory=dict)
    expect: Mapping[str, object] = field(default_factory=dict)


class Property(Protocol):
    """Something that holds of a scheme whatever is given. `name`: that of its test and of its wording."""

    name: str

    def applies(self, subject: Subject) -> bool:
        """Whether there is anything in the scheme that it speaks of."""
        ...

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        """What it is tried on."""
        ...

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        """Where it does not hold; None where it does."""
        ...


def inputs_of(subject: Subject, choices: Choices, *, dirty: bool = True) -> Drawn:
    """Whole inputs, with dirt or without."""
    drawn = Drawer(subject.plan, choices).draw(subject.most)
    return dirtied(subject.plan, choices, drawn) if dirty else drawn


def rows(outcome: Outcome, table: str) -> list[Found]:
    """The rows of a result table by column."""
    names = SHAPES[table].names
    return [dict(zip(names, row, strict=True)) for row in outcome.tables[table].rows()]


# A value is what a case can expect; so it is told before the lines that lead to it.
_FIRST = ("values", "record_values", "consequences")
COMPUTED = (*_FIRST, *(name for name in SHAPES if name not in (*_FIRST, "rejects")))
EVERY = (*COMPUTED, "rejects")
_NAMES = ("measure", "consequence", "name", "kind")
_VALUES = ("value", "points", "step", "place", "grade", "amount", "cause", "reasons")


def unlike(one: Outcome, other: Outcome, tables: Sequence[str] = COMPUTED) -> Broken | None:
    """How some tables of two outcomes differ, each row with the types of its cells; None where they do not."""
    found: list[str] = []
    first: Broken | None = None
    for table in tables:
        left, right = rows(one, table), rows(other, table)
        if [_typed(row) for row in left] == [_typed(row) for row in right]:
            continue
        here, there = _only(left, right), _only(right, left)
        first = first or _first(table, here, there)
        found += [f"{table} - {_shown(row)}" for row in here]
        found += [f"{table} + {_shown(row)}" for row in there]
        found += [] if here or there else [f"{table}: other order"]
    return None if first is None else replace(first, rows=tuple(found))


def _first(table: str, here: list[Found], there: list[Found]) -> Broken:
    """The first difference of a table, side by side."""
    if not here and not there:
        return Broken(table, "-", "-", "other order")
    row = (here or there)[0]
    name = next((str(row[key]) for key in _NAMES if row.get(key) is not None), table)
    beside = next((one for one in there if _about(one) == _about(row)), {}) if here else row
    wanted = _value(row if here else {})
    values = table in ("values", "record_values") and row in here
    return Broken(
        name,
        cell_in(row),
        wanted,
        _value(beside),
        expect={name: {cell_in(row): _expected(row)}} if values else {},
    )


def _about(row: Found) -> tuple[object, ...]:
    return tuple(row.get(key) for key in (*_NAMES, "target", "period", "dimension", "record", "line"))


def _value(row: Found) -> str:
    return next((str(row[key]) for key in _VALUES if row.get(key) is not None), str(row.get("state") or "-"))


def _expected(row: Found) -> str | None:
    """The same as a worked case expects it."""
    return UNDETERMINED if row["state"] == UNDETERMINED else None if row["value"] is None else str(row["value"])


def _only(these: Iterable[Found], those: Iterable[Found]) -> list[Found]:
    known = {_typed(row) for row in those}
    return [row for row in these if _typed(row) not in known]


def _typed(row: Found) -> tuple[tuple[str, str], ...]:
    return tuple((type(cell).__name__, str(cell)) for cell in row.values())


def _shown(row: Found) -> str:
    return ", ".join(f"{key}={cell}" for key, cell in row.items() if cell is not None)
