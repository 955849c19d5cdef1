"""What every engine is asked and what it answers. The meaning of each plan node is written in `docs/engines.md`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar, Protocol

from cityrules.calendar.periods import Span
from cityrules.feel.tree import Value
from cityrules.feel.types import Number
from cityrules.io.rows import DataError, RawRow, Rows
from cityrules.plan import axes
from cityrules.plan.bounds import holds
from cityrules.plan.model import Kind, Plan
from cityrules.results.facts import Facts
from cityrules.results.tables import Table
from cityrules.text.diagnostic import Diagnostic

__all__ = [
    "CellKey", "Engine", "Facts", "Inputs", "Outcome", "Progress", "Question", "Runner", "Sharing", "check_given",
    "check_number", "same_time", "with_stated",
]  # fmt: skip

# The cell of a measure: the target's name ('' for the whole city) and the period's running number (None: timeless).
CellKey = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be assessed: the periods wholly inside `span`, with what was known at `as_of` (local civil time).

    `given` replaces the computed value of a measure in single cells (worked examples use it); of measures of single
    records the key is the record's key text and None. Numbers have no more digits than the scale of their measure.
    """

    span: Span
    as_of: dt.datetime
    given: Mapping[str, Mapping[CellKey, Value]] = field(default_factory=dict)


def check_given(plan: Plan, question: Question) -> None:
    """Raises ValueError for a given value that its measure can never have: another type, out of its bounds, or a number
    with more digits than it has. What reads the measure relies on these."""
    for name, cells in question.given.items():
        measure = plan.measures.get(name)
        if measure is None:
            continue
        scale = measure.type.scale if isinstance(measure.type, Number) else None
        for (target, period), value in cells.items():
            if scale is not None and isinstance(value, (int, Fraction)) and (value * 10**scale).denominator > 1:
                raise ValueError(f"the value given for {name} ({target}, {period}) has more than {scale} digits")
            if not holds(measure.type, value):
                raise ValueError(f"{name} can never be what is given for it ({target}, {period}): {value}")


def check_number(kind: str, number: int, *, of_targets: bool) -> None:
    """Raises DataError for more accepted records, or targets, of a kind than sums are sized for."""
    most = axes.MOST_TARGETS if of_targets else axes.MOST_RECORDS
    if number > most:
        values = {"kind": kind, "found": str(number), "limit": str(most)}
        raise DataError([Diagnostic("CR880", None, kind, values)])


@dataclass(frozen=True, slots=True)
class Inputs:
    """The tables of records and of registered targets, by kind; each kind may come from several sources."""

    records: Mapping[str, Sequence[Rows]] = field(default_factory=dict)
    targets: Mapping[str, Sequence[Rows]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result tables by name (all of `results.tables.SHAPES`) and the facts behind them."""

    tables: Mapping[str, Table]
    facts: Facts


@dataclass(frozen=True, slots=True)
class StatedRows:
    """Targets that the document itself holds, as rows."""

    kind: Kind
    optional_columns: ClassVar[bool] = True

    @property
    def name(self) -> str:
        return f"targets.{self.kind.name}"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.kind.stated[0]) if self.kind.stated else ()

    def rows(self) -> Iterator[RawRow]:
        for number, row in enumerate(self.kind.stated or (), 1):
            yield RawRow(number, tuple(row.values()))


def with_stated(plan: Plan, inputs: Inputs) -> Inputs:
    """The inputs with the targets that the document itself holds."""
    stated = {kind.name: [StatedRows(kind)] for kind in plan.kinds.values() if kind.stated is not None}
    return replace(inputs, targets={**inputs.targets, **stated}) if stated else inputs


# Called with a short stage name, work done and work in all (0: unknown), for progress on long work.
Progress = Callable[[str, int, int], None]


class Engine(Protocol):
    """An engine evaluates a plan. Raises `io.rows.DataError` for inputs that cannot be read at all (a missing column)
    and for more of them than `plan.axes` allows;
    bad rows are rejects, cells that cannot be determined are problems, and neither raises."""

    name: str

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome: ...


class Runner(Protocol):
    """Runs plans on the same inputs, one after the other. What each comes to is what `Engine.assess` says, and raises
    as it does; work that plans and questions have in common may be done once."""

    def assess(self, plan: Plan, question: Question, progress: Progress | None = None) -> Outcome: ...


class Sharing(Engine, Protocol):
    """An engine that can run plans on the same inputs without doing the same work twice."""

    def over(self, inputs: Inputs) -> Runner: ...


def same_time(question: Question, other: Question) -> bool:
    """Whether two questions are about the same days, with what was known at the same instant. `given` values may differ
    between them: what reads those is computed anew."""
    return question.span == other.span and question.as_of == other.as_of
