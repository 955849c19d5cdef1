"""The values of an earlier assessment as an edition knows them: under its own names, and without what begins anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cityrules.compare.editions.edition import Edition, judge
from cityrules.io.rows import RawRow, Rows


@dataclass(frozen=True, slots=True)
class _Known:
    """The rows of a table `values`, of measures that the edition at `to` goes on from under the names that it has."""

    editions: Sequence[Edition]
    to: int
    source: Rows

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
        """The rows in order of the source."""
        if "measure" not in self.columns or "period" not in self.columns:
            yield from self.source.rows()
            return
        name_at, period_at = self.columns.index("measure"), self.columns.index("period")
        for row in self.source.rows():
            name = None if row.bad is not None else self._name(row.texts[name_at] or "", row.texts[period_at])
            if name is None:
                yield from (row,) if row.bad is not None else ()
            else:
                texts = (*row.texts[:name_at], name, *row.texts[name_at + 1 :])
                yield replace(row, texts=texts)

    def _name(self, name: str, period: str | None) -> str | None:
        """What the edition calls a measure of a period; None where it does not know of it."""
        at = self._judge(period)
        for place in range(at + 1, self.to + 1):
            one = self.editions[place]
            called = [new for new in one.plan.measures if one.called(new) == name]
            if called:
                name = called[0]
                if not one.sees(name):
                    return None
        return name

    def _judge(self, period: str | None) -> int:
        periods = self.editions[self.to].plan.periods
        try:
            kind, index = periods.parse(period or "")
        except ValueError:
            return self.to
        if periods[kind].whose is not None:
            return self.to
        first, last = periods.start_of(kind, index), periods.last_day_of(kind, index)
        return min(judge(self.editions, kind, first, last), self.to)


def known_before(editions: Sequence[Edition], to: int, source: Rows) -> Rows:
    """The rows of the table `values` of an earlier assessment as the edition at `to` goes on from them."""
    return _Known(editions, to, source)
