"""Which verdicts hang on a single record being right: as values, a table and data. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from cityrules.results.counterfactual import RecordRow
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import About, Verdict, VerdictKind

ROBUSTNESS: Final = Shape(
    "robustness",
    (
        *map(Column, ("kind", "name", "label", "target_kind", "target", "dimension", "period", "state", "value")),
        *map(Column, ("stands", "record_kind", "record", "source")),
        Column("row", "integer"),
        *map(Column, ("field", "found", "instead", "then_state", "then_value")),
    ),
)
"""One row is one change of one record by which a verdict (`state`, `value`) comes out otherwise (`then_state`,
`then_value`): in `field` the text `instead` of what was `found`; without a field the record is left out. A verdict that
none changes has one row without a record. `stands`: `no`, `yes` (whichever single record is wrong in a way that was
tried) or `unknown` (not all was tried)."""


@dataclass(frozen=True, slots=True)
class Decisive:
    """A change of one record by which a verdict comes out otherwise: `field` None: the record is left out."""

    record: RecordRow
    field: str | None
    found: str | None
    instead: str | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Tried:
    """A verdict, and every change of those tried by which it comes out otherwise."""

    about: About
    kind: VerdictKind
    label: str | None
    verdict: Verdict
    decisive: tuple[Decisive, ...]


@dataclass(frozen=True, slots=True)
class Robustness:
    """What of the verdicts hangs on one record. `verdicts`: all that were asked about, and those that only a change
    brings about. `records`: how many rows bear on them as far as is proved, of `all_records` that were used; `changes`:
    in how many ways one of them could be wrong; `runs`: how many of these were tried, each by a run. `missed`: the
    kinds of them that have to be there (`absent: error`) and of which a row left out leaves a verdict undetermined: the
    assessment says so itself, and it does not count as another verdict."""

    verdicts: tuple[Tried, ...]
    records: int
    all_records: int
    changes: int
    runs: int
    missed: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every change was tried: then a verdict without a decisive one needs more than one wrong record."""
        return self.runs == self.changes

    @property
    def fragile(self) -> tuple[Tried, ...]:
        return tuple(one for one in self.verdicts if one.decisive)

    @property
    def standing(self) -> tuple[Tried, ...]:
        return tuple(one for one in self.verdicts if not one.decisive)

    @property
    def table(self) -> Table:
        """All of it as one table of the shape `ROBUSTNESS`."""
        return Table(ROBUSTNESS, self._rows)

    def _rows(self) -> Iterator[Row]:
        for one in self.verdicts:
            about = one.about
            where = about.target_kind, about.target, about.dimension, about.period
            head = one.kind, about.name, one.label, *where, one.verdict.state, one.verdict.text
            if not one.decisive:
                yield (*head, "yes" if self.complete else "unknown", *[None] * 9)
            for each in one.decisive:
                record = each.record
                changed = each.field, each.found, each.instead, each.verdict.state, each.verdict.text
                yield (*head, "no", record.kind, record.key, record.source, record.row, *changed)

    def to_json(self) -> dict[str, Any]:
        """The same for machines. `needs`: how many wrong records it takes at least, null where that is not known."""
        return {
            "records": self.records,
            "all_records": self.all_records,
            "changes": self.changes,
            "runs": self.runs,
            "missed": list(self.missed),
            "complete": self.complete,
            "verdicts": [self._told(one) for one in self.verdicts],
        }

    def _told(self, one: Tried) -> dict[str, Any]:
        about = {name: getattr(one.about, name) for name in ("name", "target_kind", "target", "dimension", "period")}
        return {
            "kind": one.kind,
            "label": one.label,
            **about,
            "state": one.verdict.state,
            "value": one.verdict.text,
            "needs": 1 if one.decisive else 2 if self.complete else None,
            "decisive": [
                {
                    "record_kind": each.record.kind,
                    "record": each.record.key,
                    "source": each.record.source,
                    "row": each.record.row,
                    "field": each.field,
                    "found": each.found,
                    "instead": each.instead,
                    "state": each.verdict.state,
                    "value": each.verdict.text,
                }
                for each in one.decisive
            ],
        }
