"""Records as they were known at an instant: corrections applied to rows before anything judges them.

Each source of which rows were corrected is read once for that. What comes out are rows again, so that engines know
nothing of corrections and agree as always; a file that a database could have read itself is then read as texts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cityrules.io import grammar
from cityrules.io.corrections import Correction, Corrections, begin_of, contradicted, known_by, read_moment
from cityrules.io.keys import key_columns, key_of
from cityrules.io.rows import RawRow, Rows
from cityrules.plan.model import Plan, RecordKind
from cityrules.results.corrected import CORRECTIONS
from cityrules.results.tables import SHAPES, Row, Table

_KNOWN: Final = "known_on"
_RECORD: Final = "record"

Records = Mapping[str, Sequence[Rows]]


@dataclass(frozen=True, slots=True)
class CorrectedRows:
    """The rows of a source, some of them with other texts (by their place from 0), some annulled (None).

    `columns` are those of the source and those that a correction needs besides.
    """

    source: Rows
    columns: tuple[str, ...]
    changed: Mapping[int, tuple[str | None, ...] | None]

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def optional_columns(self) -> bool:
        return self.source.optional_columns

    @property
    def unreadable_columns(self) -> Mapping[str, str]:
        """Columns that cannot be read, with their types."""
        return getattr(self.source, "unreadable_columns", {})

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the source."""
        for place, row in enumerate(self.source.rows()):
            if place not in self.changed:
                yield row
            elif (texts := self.changed[place]) is not None:
                yield replace(row, texts=texts)


@dataclass(frozen=True, slots=True)
class Applied:
    """The records as they were known, the corrections that made them so, with the row of the table of corrections for
    each, and the rows of `rejects` about the other ones."""

    records: Records
    used: tuple[tuple[Correction, Row], ...] = ()
    rejects: tuple[Row, ...] = ()

    def tables(self, tables: Mapping[str, Table]) -> Mapping[str, Table]:
        """The tables of an assessment of these records, with what became of the corrections."""
        refused = tables["rejects"]

        def rows() -> Iterator[Row]:
            return iter(sorted([*refused.rows(), *self.rejects]))

        return {
            **tables,
            "rejects": Table(SHAPES["rejects"], rows, refused.digits),
            CORRECTIONS.name: Table(CORRECTIONS, lambda: (row for _, row in self.used)),
        }


def applied(plan: Plan, records: Records, corrections: Corrections, as_of: dt.datetime) -> Applied:
    """The records as they were known at an instant, with the corrections known by then, in order of knowledge.

    A correction changes every row of its record that was known when it was decided: where `latest_by` is a day or an
    instant, one that was entered later says what is known since. Rejects are corrections that were not known yet, that
    contradict another, and that meet no record.
    """
    known = [one for one in corrections.given if known_by(one.known, as_of)]
    against = contradicted(known)
    rejects = [
        *corrections.rejects,
        *(one.refused(grammar.AFTER_AS_OF, _KNOWN) for one in corrections.given if not known_by(one.known, as_of)),
        *(known[place].refused(grammar.CONTRADICTED) for place in against),
    ]
    good = {place: one for place, one in enumerate(known) if place not in against}
    found, made = dict(records), dict[int, Row]()
    for kind in dict.fromkeys(one.kind for one in good.values()):
        wanted: dict[str, list[int]] = {}
        for place, one in good.items():
            if one.kind == kind:
                wanted.setdefault(one.record, []).append(place)
        found[kind] = [_corrected(plan, kind, rows, good, wanted, made) for rows in records.get(kind, ())]
    rejects += [one.refused(grammar.UNKNOWN_RECORD, _RECORD) for place, one in good.items() if place not in made]
    used = tuple((one, made[place]) for place, one in good.items() if place in made)
    return Applied(found, used, tuple(rejects))


def _corrected(
    plan: Plan,
    kind: str,
    source: Rows,
    given: Mapping[int, Correction],
    wanted: Mapping[str, Sequence[int]],
    made: dict[int, Row],
) -> Rows:
    """A source with its rows corrected; the same where none of its rows is. What was done is noted in `made`, by the
    place of the correction; of several rows of one record the last."""
    record = plan.records[kind]
    columns = source.columns
    if any(name not in columns for name in key_columns(record)):
        return source  # Engines complain about it, with everything else that is wrong with the columns.
    if source.optional_columns:
        fields = (given[place].field for places in wanted.values() for place in places)
        columns = tuple(dict.fromkeys([*columns, *(field for field in fields if field is not None)]))
    keys = [columns.index(name) for name in key_columns(record)]
    changed: dict[int, tuple[str | None, ...] | None] = {}
    for place, row in enumerate(source.rows()):
        texts = row.texts + (None,) * (len(columns) - len(row.texts))
        key = key_of([texts[at] for at in keys], plan, record)
        if key not in wanted:
            continue
        entered = _entered(record, dict(zip(columns, texts, strict=False)))
        state = _State(texts)
        for at in wanted[key]:
            one = given[at]
            unreadable = row.bad is not None and one.field is not None
            if unreadable or (entered is not None and _later(entered, one.known)):
                continue
            made[at] = state.take(one, key, columns)
            changed[place] = None if state.annulled else state.texts
    return CorrectedRows(source, columns, changed) if changed else source


@dataclass(slots=True)
class _State:
    """One row while it is corrected."""

    texts: tuple[str | None, ...]
    annulled: bool = False

    def take(self, one: Correction, key: str, columns: Sequence[str]) -> Row:
        """Apply one correction; the answer is its row in the table of corrections."""
        before = after = None
        if one.annulled is not None:
            self.annulled = one.annulled
        elif one.field in columns:
            at = columns.index(one.field)
            before, after = self.texts[at] or None, one.value
            self.texts = (*self.texts[:at], after, *self.texts[at + 1 :])
        return (
            one.kind, key, one.known.isoformat(), one.field, before, after, one.annulled,
            one.reason, one.by, one.number, one.source, one.row,
        )  # fmt: skip


def _entered(record: RecordKind, texts: Mapping[str, str | None]) -> dt.date | None:
    """When a row says it was entered, where its kind asks for that and it can be read."""
    by = record.latest_by
    return read_moment(texts.get(by)) if by is not None and record.fields[by].base in ("date", "datetime") else None


def _later(entered: dt.date, known: dt.date) -> bool:
    """Whether a row was surely entered after something was known: of one day, only where both say the time."""
    if isinstance(entered, dt.datetime) and isinstance(known, dt.datetime):
        return entered > known
    return begin_of(entered).date() > begin_of(known).date()
