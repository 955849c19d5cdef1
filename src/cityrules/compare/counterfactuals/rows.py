"""The rows of a study one by one, each by its place in the input, and inputs in which some are another or are left out.

Judges no row: which of them an engine uses, it says itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cityrules.engines.base import Inputs
from cityrules.engines.columns import cell_columns
from cityrules.io.grammar import CELL_JOIN, KEY_JOIN
from cityrules.io.rows import RawRow, Rows
from cityrules.model.forms import Form, forms_of
from cityrules.plan.model import Plan, RecordKind
from cityrules.results.tables import Table


class RowAt(NamedTuple):
    """Where a row of a record stands: its kind, the running number of the source among those of the kind, from 0, and
    the number that the source gives it."""

    kind: str
    source: int
    number: int


Instead = Mapping[RowAt, RawRow | None]
"""Rows that stand in the place of others; None: the row is left out."""


@dataclass(frozen=True, slots=True)
class TheseRows:
    """Rows of a source that were picked, as a source of the same name and columns."""

    name: str
    columns: tuple[str, ...]
    optional_columns: bool
    kept: tuple[RawRow, ...]

    def rows(self) -> Iterator[RawRow]:
        return iter(self.kept)


@dataclass(frozen=True, slots=True)
class Spread:
    """Inputs, row by row. `sources`: of records, by kind; `rows`: all that there are of them, in order; `targets`: as
    they were given; `beside`: of rows that are not alone with their key the others of it."""

    sources: Mapping[str, Sequence[Rows]]
    rows: Mapping[RowAt, RawRow]
    targets: Mapping[str, Sequence[Rows]] = field(default_factory=dict)
    beside: Mapping[RowAt, frozenset[RowAt]] = field(default_factory=dict)

    def inputs(self, instead: Instead | None = None) -> Inputs:
        """The rows as inputs, with some changed. A record is all rows of its key: what is repeated, or was corrected by
        a later row, does not come in the place of one that is changed or left out."""
        changed: dict[tuple[str, int], list[RawRow]] = {}
        instead = instead or {}
        gone = {other for at in instead for other in self.beside.get(at, ())} - set(instead)
        for at, row in self.rows.items():
            now = instead.get(at, row)
            if now is not None and at not in gone:
                changed.setdefault((at.kind, at.source), []).append(now)
        records = {
            kind: [
                TheseRows(one.name, one.columns, one.optional_columns, tuple(changed.get((kind, number), ())))
                for number, one in enumerate(found)
            ]
            for kind, found in self.sources.items()
        }
        return Inputs(records, self.targets)

    def only(self, rows: Collection[RowAt], targets: Callable[[str, Rows, RawRow], bool] | None = None) -> Spread:
        """Some of the rows, and of the targets those of which `targets` says so (of a kind, a source and a row)."""
        kept = {at: row for at, row in self.rows.items() if at in rows}
        if targets is None:
            return Spread(self.sources, kept, self.targets, self.beside)
        members = {
            kind: [
                TheseRows(
                    one.name,
                    one.columns,
                    one.optional_columns,
                    tuple(row for row in one.rows() if targets(kind, one, row)),
                )
                for one in found
            ]
            for kind, found in self.targets.items()
        }
        return Spread(self.sources, kept, members, self.beside)

    def text(self, at: RowAt, column: str) -> str | None:
        """What a row has in a column; None where it has none."""
        columns = self.sources[at.kind][at.source].columns
        texts = self.rows[at].texts
        place = columns.index(column) if column in columns else len(texts)
        return (texts[place] or None) if place < len(texts) else None

    def has(self, at: RowAt, column: str) -> bool:
        """Whether the source of a row has a column."""
        return column in self.sources[at.kind][at.source].columns

    def with_text(self, at: RowAt, column: str, text: str | None) -> RawRow | None:
        """The row with another text in a column; None where the source has no such column."""
        columns = self.sources[at.kind][at.source].columns
        if column not in columns:
            return None
        row = self.rows[at]
        texts = list(row.texts) + [None] * (len(columns) - len(row.texts))
        texts[columns.index(column)] = text
        return RawRow(row.number, tuple(texts), row.bad)

    def key(self, record: RecordKind, at: RowAt) -> str:
        """The identity of a row as it is written in the input: its key fields, or the cell that it is about."""
        cell = cell_columns(record)
        return (CELL_JOIN if cell else KEY_JOIN).join(self.text(at, name) or "" for name in cell or record.key)


def spread(inputs: Inputs, plan: Plan) -> Spread:
    """Inputs, row by row; a plan says which of them are of one record."""
    rows = {
        RowAt(kind, source, row.number): row
        for kind, found in inputs.records.items()
        for source, one in enumerate(found)
        for row in one.rows()
    }
    return Spread(inputs.records, rows, inputs.targets, _beside(inputs, rows, forms_of(plan)))


def _beside(
    inputs: Inputs, rows: Mapping[RowAt, RawRow], forms: Mapping[str, Form]
) -> Mapping[RowAt, frozenset[RowAt]]:
    found: dict[tuple[str, tuple[str, ...]], list[RowAt]] = {}
    for at, row in rows.items():
        if at.kind in forms and row.bad is None:
            form, given = forms[at.kind], dict(zip(inputs.records[at.kind][at.source].columns, row.texts, strict=False))
            found.setdefault((at.kind, form.key_of({name: given.get(name) for name in form.columns})), []).append(at)
    several = (frozenset(one) for one in found.values() if len(one) > 1)
    return {at: every - {at} for every in several for at in every}


def used(plan: Plan, all_rows: Spread, rejects: Table) -> frozenset[RowAt]:
    """The rows that were used: all but those of the table `rejects`."""
    refused = {(row[0], row[1], row[2], row[3]) for row in rejects.rows()}
    return frozenset(
        at
        for at in all_rows.rows
        if at.kind in plan.records
        and (at.kind, all_rows.sources[at.kind][at.source].name, at.number, all_rows.key(plan.records[at.kind], at))
        not in refused
    )
