"""Rows of records that an edition does not see, because what they say begins anew with it. Knows no values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cityrules.compare.editions.edition import Edition
from cityrules.engines.base import Inputs
from cityrules.io.rows import RawRow, Rows


@dataclass(frozen=True, slots=True)
class _Since:
    """The rows of a source that are not dated before a day, and those whose date cannot be read."""

    source: Rows
    column: str
    day: str

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def columns(self) -> tuple[str, ...]:
        return self.source.columns

    @property
    def optional_columns(self) -> bool:
        return self.source.optional_columns

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the source, with the numbers that they have there."""
        if self.column not in self.columns:
            yield from self.source.rows()
            return
        at = self.columns.index(self.column)
        for row in self.source.rows():
            # Days are written YYYY-MM-DD, so that their texts are in order of time; what is not is refused later.
            said = row.texts[at] if row.bad is None else None
            if said is None or said[:10] >= self.day or not said[:4].isdecimal():
                yield row


def without_unseen(editions: Sequence[Edition], at: int, inputs: Inputs) -> Inputs:
    """The inputs of an edition without the records that begin anew with it, or with one before it."""
    plan = editions[at].plan
    records = dict(inputs.records)
    for kind in inputs.records:
        days = [one.first for one in editions[1 : at + 1] if not one.before.get(kind, True)]
        dated = plan.records[kind].dated
        if days and dated is not None:
            records[kind] = [_Since(rows, dated, max(days).isoformat()) for rows in records[kind]]
    return replace(inputs, records=records)
