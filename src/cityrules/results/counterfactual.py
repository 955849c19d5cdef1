"""What would have had to be otherwise for a verdict to come out otherwise: as values and a table. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import About, Verdict, VerdictKind

COUNTERFACTUAL: Final = Shape(
    "counterfactual",
    (
        Column("change"),
        Column("set", "integer"),
        *map(Column, ("record_kind", "record", "source")),
        Column("row", "integer"),
        *map(Column, ("field", "found", "instead", "state", "value")),
    ),
)
"""One row is one record of one set of records that could be left out (`left out`: a smallest one; `left out, not
proved`: none smaller is known), or one record that would have been cleared in time (`in time`): its `field`, what was
`found` in it, and the latest day `instead`. `state` and `value`: the verdict then."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row of a record: its kind, its identity as it is written there, the name of its source and its place in it."""

    kind: str
    key: str
    source: str
    row: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Records, and the verdict without them (of the real scheme, on all other rows)."""

    records: tuple[RecordRow, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class InTime:
    """A record whose date or time `field` was too late: what it `found` there (None: nothing), the `latest` text with
    which the verdict is what was sought, and that verdict. Every later day up to what was found was tried and is not;
    where there was nothing, up to the last day that was known."""

    record: RecordRow
    field: str
    found: str | None
    latest: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What is known of a verdict. `wanted`: what was sought in its place, in the words in which it can be asked for.

    `records`: how many rows bear on the verdict as far as is proved, of `all_records` that were used. `sets`: sets of
    these without which the verdict is what was sought, all of one size. `at_least`: no smaller number is enough, proved
    by trying each; where it is the size of `sets` they are smallest, and with `every` these are all of them. `sets`
    empty: none is known; with `every` there is none. `without_all`: the verdict without any record that bears on it.
    `in_time`: records of which one field alone, earlier, is enough; `fields_tried`: how many were there to be tried,
    with `in_time_all` all of them were. `runs`: how often (parts of) the scheme were run.
    """

    about: About
    kind: VerdictKind
    label: str | None
    verdict: Verdict
    wanted: str
    records: int
    all_records: int
    sets: tuple[LeftOut, ...]
    at_least: int
    every: bool
    without_all: Verdict
    in_time: tuple[InTime, ...]
    fields_tried: int
    in_time_all: bool
    runs: int

    @property
    def smallest(self) -> int | None:
        """The proved size of a smallest set; None where there is none, or none that is proved."""
        return self.at_least if self.sets and len(self.sets[0].records) == self.at_least else None

    @property
    def outcome(self) -> Literal["smallest", "found", "impossible", "unknown"]:
        """Whether smallest sets are known, some set that may not be smallest, that there is none, or nothing."""
        if self.sets:
            return "smallest" if self.smallest is not None else "found"
        return "impossible" if self.every else "unknown"

    @property
    def table(self) -> Table:
        """All of it as one table of the shape `COUNTERFACTUAL`."""
        return Table(COUNTERFACTUAL, self._rows)

    def _rows(self) -> Iterator[Row]:
        change = "left out" if self.smallest is not None else "left out, not proved"
        for number, one in enumerate(self.sets, 1):
            for each in one.records:
                said = one.verdict.state, one.verdict.text
                yield (change, number, each.kind, each.key, each.source, each.row, None, None, None, *said)
        for late in self.in_time:
            each, said = late.record, (late.verdict.state, late.verdict.text)
            where = each.kind, each.key, each.source, each.row
            yield ("in time", None, *where, late.field, late.found, late.latest, *said)

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "kind": self.kind,
            "label": self.label,
            **{name: getattr(self.about, name) for name in About.__slots__},
            **_verdict(self.verdict),
            "wanted": self.wanted,
            "records": self.records,
            "all_records": self.all_records,
            "outcome": self.outcome,
            "at_least": self.at_least,
            "every": self.every,
            "without_all": _verdict(self.without_all),
            "sets": [
                {"records": [_record(each) for each in one.records], **_verdict(one.verdict)} for one in self.sets
            ],
            "fields_tried": self.fields_tried,
            "in_time_all": self.in_time_all,
            "in_time": [
                {
                    **_record(one.record),
                    "field": one.field,
                    "found": one.found,
                    "latest": one.latest,
                    **_verdict(one.verdict),
                }
                for one in self.in_time
            ],
            "runs": self.runs,
        }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {"state": verdict.state, "value": verdict.text}


def _record(one: RecordRow) -> dict[str, Any]:
    return {"record_kind": one.kind, "record": one.key, "source": one.source, "row": one.row}
