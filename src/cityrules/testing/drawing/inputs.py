"""Whole inputs for a plan, and single records beside them, from a seed. Good rows: dirt is the business of others.

Every row is one that a careful person could have written: keys are told apart, references lead to rows that are there,
targets are known. A row can still be refused by a condition of its kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.io.grammar import NAME_COLUMN, PERIOD_COLUMN, SINCE_COLUMN, UNTIL_COLUMN
from cityrules.plan.model import Kind, Plan, RecordKind
from cityrules.scheme.notation import parts_of
from cityrules.testing.drawing.choices import Choices, Seeded
from cityrules.testing.drawing.constants import constants, usual_span
from cityrules.testing.drawing.days import USUAL, distances, turning_days
from cityrules.testing.drawing.drawn import Drawn, Row
from cityrules.testing.drawing.values import Values

TARGETS: Final = 3
"""How many targets of a kind there are at most where the scheme does not name them."""
MOST_CELLS: Final = 60
"""How many cells of a kind that has one row for each get one."""

ALIKE: Final = 0.6
"""How many records are like another one but for a field or two."""

SHORT: Final = 0.6
"""How often only some months are assessed, and not a year."""
_QUARTER: Final = 91
HEAPED: Final = 0.4
"""How often one record comes again and again, so that bounds are reached and passed."""


class Drawer:
    """Draws inputs for one plan, by given choices or by those of a seed: the same seed draws the same. `span`: what
    is assessed; `names`: the targets there are, by kind; both drawn where they are not given."""

    def __init__(
        self,
        plan: Plan,
        source: int | str | Choices,
        span: Span | None = None,
        names: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._plan = plan
        self._choices = Seeded(f"{plan.scheme} {source}") if isinstance(source, (int, str)) else source
        usual = usual_span(plan)
        if span is None and self._choices.chance(SHORT, simpler=True):
            # What ends with the year is not seen then; everything else is, and sooner.
            usual = Span(usual.start, usual.start + min(usual.last_day - usual.start, dt.timedelta(days=_QUARTER)))
        made = {kind.name: self._names(kind) for kind in plan.kinds.values() if not kind.parts}
        self._span = span or usual
        # What a seed draws is written down in findings and proposals, so that it stays as it is; others look further.
        self._further = not isinstance(source, (int, str))
        turns, lengths = (turning_days(plan, self._span), distances(plan)) if self._further else ((), USUAL)
        known = {**made, **(names or {})}
        self._values = Values(self._choices, constants(plan), self._span, turns, lengths, known)

    @property
    def span(self) -> Span:
        """The days that are assessed."""
        return self._span

    def draw(self, most: int = 8) -> Drawn:
        """Targets, and up to `most` records of each kind that is dated."""
        drawn = Drawn(
            {}, self.registered(), self._span, keys={kind.name: kind.key for kind in self._plan.records.values()}
        )
        for kind in self._in_order():
            if kind.one_per is not None:
                drawn = drawn.with_records(kind.name, self._cells(kind))
                continue
            rows: list[Row] = []
            before = drawn

            def another(kind: RecordKind = kind, rows: list[Row] = rows, before: Drawn = before) -> None:
                rows.append(self.record(kind.name, before.with_records(kind.name, rows)))

            self._choices.repeat(most, another)
            drawn = drawn.with_records(kind.name, rows)
            if rows and self._choices.chance(HEAPED):
                times = self._choices.pick((1, most, 2 * most, 2 * most)) if self._further else 2 * most
                for _ in range(times):
                    drawn = drawn.with_record(kind.name, self._like(kind, drawn.records[kind.name][-1], drawn))
        return drawn

    def registered(self) -> dict[str, tuple[Row, ...]]:
        """The rows of all kinds of targets that are registered."""
        return {kind.name: self._targets(kind) for kind in self._plan.kinds.values() if kind.members == "registered"}

    def record(self, kind: str, beside: Drawn) -> Row:
        """One more record of a dated kind, of another key than those that are there."""
        record = self._plan.records[kind]
        others = beside.records.get(kind, ())
        day = self._values.day()
        row: dict[str, str | None] = {}
        for name, type_ in record.fields.items():
            row[name] = self._values.text(type_, day)
            if name == record.dated and row[name] is not None:
                row[name] = day.isoformat() + (row[name] or "")[10:]
        if others and self._choices.chance(ALIKE):
            # Like another one but for a field or two, so that events, repetitions and caps meet.
            free = [name for name in record.fields if name not in record.key]
            changed = self._choices.some(free, min(self._choices.pick((1, 1, 2)), len(free)))
            row = {**self._choices.pick(others), **{name: row[name] for name in changed}}
        for name, other in record.references.items():
            row[name] = self._reference(record.fields[name].optional, other, beside)
        return self._like(record, row, beside)

    def _like(self, kind: RecordKind, row: Row, beside: Drawn) -> Row:
        """The same record again, under another key."""
        for name in kind.key:
            if kind.fields[name].base in ("text", "count") and name not in kind.references:
                # The number of the row tells it apart from the others, whatever else is in the key.
                return {**row, name: str(len(beside.records.get(kind.name, ())) + 1)}
        return row

    def _reference(self, optional: bool, kind: str, beside: Drawn) -> str | None:
        key = self._plan.records[kind].key[0]
        known = [row[key] for row in beside.records.get(kind, ())]
        return None if not known or (optional and self._choices.chance(0.2)) else self._choices.pick(known)

    def _in_order(self) -> Iterator[RecordKind]:
        """Kinds of records, each behind those that it refers to."""
        waiting = list(self._plan.records.values())
        done: set[str] = set()
        while waiting:
            kind = next((one for one in waiting if set(one.references.values()) <= done), waiting[0])
            waiting.remove(kind)
            done.add(kind.name)
            yield kind

    def _names(self, kind: Kind) -> Sequence[str]:
        if not isinstance(kind.members, str):
            return kind.members
        if kind.stated is not None:
            return tuple(row[NAME_COLUMN] or "" for row in kind.stated)
        return tuple(f"{kind.name} {number}" for number in range(1, self._choices.whole(2, TARGETS) + 1))

    def _targets(self, kind: Kind) -> tuple[Row, ...]:
        first_days = self._plan.begins_with(kind.name)
        rows: list[Row] = []
        for name in self._values.names[kind.name]:
            row: dict[str, str | None] = {NAME_COLUMN: name, SINCE_COLUMN: None, UNTIL_COLUMN: None}
            if kind.parent is not None:
                row[kind.parent] = self._choices.pick(self._values.names[kind.parent])
            for field, type_ in kind.fields.items():
                text = self._values.text(type_, self._span.start)
                row[field] = self._span.start.isoformat() if field in first_days else text
            rows.append(row)
        return tuple(rows)

    def _cells(self, kind: RecordKind) -> Iterator[Row]:
        """Rows of a kind that has one for each cell: mostly all of them."""
        grain = kind.one_per
        assert grain is not None
        target, *dimensions = parts_of(grain.kind)
        columns = [*([] if target == "whole" else [target]), *dimensions]
        names = [self._values.names[name] for name in columns]
        periods: list[str | None] = [None]
        if grain.period is not None:
            known = self._plan.periods
            periods = [known.name_of(grain.period, index) for index in known.in_span(grain.period, self._span)]
        for number, (period, *members) in enumerate(product(periods, *names)):
            if number < MOST_CELLS and (kind.absent == "error" or self._choices.chance(0.9, simpler=True)):
                fields = {name: self._values.text(type_, self._span.start) for name, type_ in kind.fields.items()}
                when = {} if period is None else {PERIOD_COLUMN: period}
                yield {**dict(zip(columns, members, strict=True)), **when, **fields}
