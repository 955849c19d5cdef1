"""Drawn inputs: rows by kind that can be changed one by one, as an engine takes them. Draws nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cityrules.calendar.periods import Span
from cityrules.engines.base import Inputs, Question
from cityrules.io.listed import ListRows
from cityrules.plan.model import Plan

Row = Mapping[str, str | None]
"""The texts of one row by column."""
Rows = Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows of records and of registered targets, by kind, and the days that are assessed."""

    records: Rows
    targets: Rows
    span: Span

    @property
    def inputs(self) -> Inputs:
        records, targets = (
            {kind: [ListRows(kind, rows)] for kind, rows in given.items()} for given in (self.records, self.targets)
        )
        return Inputs(records, targets)

    def question(self, plan: Plan) -> Question:
        """All of the span, as it is known on the day after it."""
        last = dt.datetime.combine(plan.days_of(self.span).last_day, dt.time())
        return Question(self.span, last + dt.timedelta(days=1))

    def with_record(self, kind: str, row: Row) -> Drawn:
        """The same and one more record, the last of its kind."""
        return replace(self, records={**self.records, kind: (*self.records.get(kind, ()), row)})

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
