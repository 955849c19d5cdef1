"""Drawn inputs: rows by kind that can be changed one by one, as an engine takes them. Draws nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from cityrules.calendar.periods import Span
from cityrules.engines.base import Inputs, Question
from cityrules.io.listed import ListRows
from cityrules.plan.model import Plan
from cityrules.testing.writing.case import WrittenCase, case_text
from cityrules.testing.writing.table import Keys, Row, Rows, tables

__all__ = ["Drawn", "Row", "Rows"]

_NOTHING_WRONG: Final[Mapping[str, object]] = {"problems": {}}
"""Stands for whatever a reader expects: a case has to expect something."""


class Printer(Protocol):
    """What shows a value."""

    def text(self, obj: str) -> None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """Rows of records and of registered targets, by kind, the days that are assessed, and what was known (`as_of`;
    None: all that there is on the day after them). `keys`: the columns of the key by kind. It shows itself as a worked
    case, ready for a file of cases, whose rows keep their keys, by which a failure speaks of them."""

    records: Rows
    targets: Rows
    span: Span
    as_of: dt.datetime | None = None
    keys: Keys = field(default_factory=dict)

    def __repr__(self) -> str:
        return case_text(self.case()).rstrip("\n")

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        # What hypothesis shows of an example.
        printer.text(f"\n{self!r}")

    def case(self, name: str = "found", expect: Mapping[str, object] | None = None) -> WrittenCase:
        """The case of a name. `expect`: what is expected, by name."""
        as_of = self.as_of or self.span.end
        known = as_of.isoformat() if as_of.time() != dt.time() else as_of.date().isoformat()
        body = tables(self.records, self.targets, self.keys, as_of=known)
        assessed = f"assessed: {self.span.start}..{self.span.last_day}"
        return WrittenCase(name, {**body, "expect": dict(expect or _NOTHING_WRONG)}, (assessed,))

    @property
    def inputs(self) -> Inputs:
        records, targets = (
            {kind: [ListRows(kind, rows)] for kind, rows in given.items()} for given in (self.records, self.targets)
        )
        return Inputs(records, targets)

    def question(self, plan: Plan) -> Question:
        """All of the span, as it was known."""
        return Question(self.span, plan.days_of(self.span).end if self.as_of is None else self.as_of)

    def with_record(self, kind: str, row: Row) -> Drawn:
        """The same and one more record, the last of its kind."""
        return self.with_records(kind, (*self.records.get(kind, ()), row))

    def with_records(self, kind: str, rows: Iterable[Row]) -> Drawn:
        """The same with other records of a kind."""
        return replace(self, records={**self.records, kind: tuple(rows)})

    def smaller(self) -> Iterator[Drawn]:
        """The same without some rows, each time others: all of a kind, then its halves, then one; records first."""
        for size in (1, 2, 0):
            for part in ("records", "targets"):
                given: Rows = getattr(self, part)
                for kind, rows in given.items():
                    step = -(-len(rows) // size) if size else 1
                    if size and len(rows) < 2 * size:
                        continue
                    for place in range(0, len(rows), step):
                        left = (*rows[:place], *rows[place + step :])
                        changed = {**given, kind: left}
                        records, targets = (changed, self.targets) if part == "records" else (self.records, changed)
                        yield replace(self, records=records, targets=targets)
