"""The input rows as one edition sees them. Judges no row but by its day: which of them are used, engines say.

* Of a kind of records that begins anew with an edition, what is dated before it is not seen by it.
* A record of the time of an edition that does not have its kind is used by none, and is a reject.
* A source may be of another edition's time: columns that only this one declares are then there, and empty.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cityrules.compare.editions.edition import Edition, judge, judge_of_day
from cityrules.engines.base import Inputs
from cityrules.io import grammar
from cityrules.io.keys import cell_columns, key_columns
from cityrules.io.rows import RawRow, Rows
from cityrules.plan.model import Kind, Plan, RecordKind
from cityrules.results.tables import Row

Judge = Callable[[str | None], int | None]
"""Whose a row is, by the text of its day or period; None: it cannot be told."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The rows of a source that an edition sees, by the text in the column `dated`; with `more` columns, empty."""

    source: Rows
    dated: str | None
    sees: Callable[[str | None], bool]
    more: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.source.columns, *self.more)

    @property
    def optional_columns(self) -> bool:
        return self.source.optional_columns

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the source, with the numbers that they have there."""
        at = self.source.columns.index(self.dated) if self.dated in self.source.columns else None
        nothing = (None,) * len(self.more)
        for row in self.source.rows():
            if row.bad is not None:
                yield row
            elif at is None or self.sees(row.texts[at]):
                yield replace(row, texts=(*row.texts, *nothing)) if nothing else row


def as_seen(editions: Sequence[Edition], at: int, inputs: Inputs) -> Inputs:
    """The rows of the kinds that an edition has, as it sees them."""
    plan = editions[at].plan
    records = {}
    for kind, sources in inputs.records.items():
        if kind in plan.records:
            record = plan.records[kind]
            declared = [_fields(one.plan.records[kind]) for one in editions if kind in one.plan.records]
            sees, dated, mine = _sees(editions, at, record), record.dated or grammar.PERIOD_COLUMN, _fields(record)
            records[kind] = [_Seen(rows, dated, sees, _lacking(rows, mine, declared)) for rows in sources]
    targets = {}
    for kind, sources in inputs.targets.items():
        if kind in plan.kinds:
            declared = [_columns(one.plan.kinds[kind]) for one in editions if kind in one.plan.kinds]
            mine = _columns(plan.kinds[kind])
            targets[kind] = [_Seen(rows, None, lambda _: True, _lacking(rows, mine, declared)) for rows in sources]
    return Inputs(records, targets)


def of_no_edition(editions: Sequence[Edition], inputs: Inputs) -> Iterator[Row]:
    """Rows of `rejects` for the records that are dated in the time of an edition without their kind, the edition
    last."""
    for kind, sources in inputs.records.items():
        having = [at for at, one in enumerate(editions) if kind in one.plan.records]
        if not having or len(having) == len(editions):
            continue
        record = editions[having[0]].plan.records[kind]
        whose = _whose(editions, having[0], record)
        dated = record.dated or grammar.PERIOD_COLUMN
        for rows in sources:
            if dated not in rows.columns:
                continue
            for row in rows.rows():
                at = None if row.bad is not None else whose(row.texts[rows.columns.index(dated)])
                if at is not None and at not in having:
                    yield (*_reject(record, rows, row, dated), editions[at].name)


def _reject(record: RecordKind, rows: Rows, row: RawRow, dated: str) -> Row:
    texts = dict(zip(rows.columns, row.texts, strict=False))
    values = {name: texts.get(name) or None for name in _fields(record)}
    said = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    join = grammar.CELL_JOIN if record.one_per is not None else grammar.KEY_JOIN
    key = join.join(texts.get(name) or "" for name in key_columns(record))
    return record.name, rows.name, row.number, key, grammar.reason(dated, grammar.OUTSIDE_PERIOD), said


def _whose(editions: Sequence[Edition], at: int, record: RecordKind) -> Judge:
    """Whose a row of a kind of records is."""
    plan: Plan = editions[at].plan

    def of_day(said: str | None) -> int | None:
        try:
            return judge_of_day(editions, dt.date.fromisoformat((said or "")[:10]))
        except ValueError:
            return None

    def of_period(said: str | None) -> int | None:
        try:
            kind, index = plan.periods.parse(said or "")
            one = plan.periods[kind]
            return None if one.whose is not None else judge(editions, kind, one.start(index), one.last_day(index))
        except (ValueError, OverflowError):
            return None

    return of_period if record.dated is None else of_day


def _sees(editions: Sequence[Edition], at: int, record: RecordKind) -> Callable[[str | None], bool]:
    """Whether an edition sees a row of a kind, by the text of its day or period."""
    kind, whose = record.name, _whose(editions, at, record)
    first = max((place for place in range(1, at + 1) if not editions[place].before.get(kind, True)), default=0)
    lacking = {place for place, one in enumerate(editions) if kind not in one.plan.records}

    def sees(said: str | None) -> bool:
        place = whose(said)
        return place is None or (place >= first and place not in lacking)

    return sees


def _fields(record: RecordKind) -> tuple[str, ...]:
    return (*cell_columns(record), *record.fields)


def _columns(kind: Kind) -> tuple[str, ...]:
    return (*((kind.parent,) if kind.parent is not None else ()), *kind.fields)


def _lacking(rows: Rows, own: Sequence[str], declared: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The columns that a source lacks for this edition; none unless it has all that another one declares."""
    lacking = tuple(name for name in own if name not in rows.columns)
    whole = any(all(name in rows.columns for name in one) for one in declared)
    return lacking if whole and rows.columns else ()
