"""What was decided on the knowledge of one day, against what would be decided on that of another. Runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import VERDICT_KINDS, About, Verdict, VerdictKind, silent

APPEALS: Final = Shape(
    "appeals",
    (
        *map(Column, ("kind", "name", "label", "target_kind", "target", "dimension", "period", "record_kind")),
        *map(Column, ("record", "decided_state", "decided", "now_state", "now")),
        Column("passing", "flag"),
        Column("together", "flag"),
        *map(Column, ("corrected_kind", "corrected", "known_on", "reason", "by", "number")),
    ),
)
"""One row is a verdict that differs, with one ruling that alone changes it; without one the last six are null."""

Verdicts = Mapping[About, Verdict]


@dataclass(frozen=True, slots=True)
class Change:
    """One correction of a ruling: a field with its texts before and after, or none where the record was `annulled`
    (true) or stands again (false)."""

    field: str | None
    before: str | None
    after: str | None
    annulled: bool | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """All that was decided about one record at one time (a day or an instant, as text), with its reasons, by whom, and
    the numbers of the decision."""

    kind: str
    record: str
    known_on: str
    reason: str
    by: str | None
    number: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A verdict that differs. `passing`: it would without any of the rulings, too, by what was entered since, or by
    time going by. `rulings`: those that alone change what it would be without them. `together`: rulings change it, and
    none that was tried alone does."""

    about: About
    kind: VerdictKind
    label: str | None
    decided: Verdict
    now: Verdict
    passing: bool
    rulings: tuple[Ruling, ...]
    together: bool


@dataclass(frozen=True, slots=True)
class Appeals:
    """The verdicts that differ between two days of knowledge, and why. `rulings`: those applied since; `alone`: how
    many of them, from the first, were tried alone; `unused`: the corrections that were not applied now, as rows of
    `rejects`; `same`: how many verdicts do not differ; `added`: how many there were none of then, and would be now
    without any ruling (of periods that had not begun, say): these are not in `moved`; `still`: whether nothing but
    corrections was known since, and no time had gone by; `refused`: the rows of corrected records that cannot be used
    as they are now, as rows of `rejects`: what was corrected may be wrong itself; `unusable`: how many other rows
    cannot be used now, though they are of the time that is assessed."""

    decided: dt.datetime
    now: dt.datetime
    moved: tuple[Moved, ...]
    rulings: tuple[Ruling, ...]
    alone: int
    unused: tuple[Row, ...]
    same: int
    added: int
    still: bool = False
    refused: tuple[Row, ...] = ()
    unusable: int = 0

    @property
    def by_rulings(self) -> int:
        """How many verdicts hang on rulings, alone or together; these come first."""
        return sum(1 for one in self.moved if one.rulings or one.together)

    @property
    def table(self) -> Table:
        """All of it as one table of the shape `APPEALS`."""
        return Table(APPEALS, self._rows)

    def _rows(self) -> Iterator[Row]:
        for one in self.moved:
            about = [getattr(one.about, name) for name in About.__slots__]
            states = (one.decided.state, one.decided.text, one.now.state, one.now.text)
            told: Row = (one.kind, about[0], one.label, *about[1:], *states, one.passing, one.together)
            for by in one.rulings:
                yield (*told, by.kind, by.record, by.known_on, by.reason, by.by, by.number)
            if not one.rulings:
                yield (*told, None, None, None, None, None, None)

    def to_json(self) -> dict[str, Any]:
        """The same for machines; each verdict names its rulings by their places in `rulings`, from 0."""
        places = {id(one): place for place, one in enumerate(self.rulings)}
        return {
            "decided": self.decided.isoformat(),
            "now": self.now.isoformat(),
            "same": self.same,
            "added": self.added,
            "still": self.still,
            "alone": self.alone,
            "rulings": [_ruling(one) for one in self.rulings],
            "unused": [_reject(row) for row in self.unused],
            "refused": [_reject(row) for row in self.refused],
            "unusable": self.unusable,
            "verdicts": [
                {
                    "kind": one.kind,
                    "label": one.label,
                    **{name: getattr(one.about, name) for name in About.__slots__},
                    "decided": {"state": one.decided.state, "value": one.decided.text},
                    "now": {"state": one.now.state, "value": one.now.text},
                    "passing": one.passing,
                    "together": one.together,
                    "rulings": [places[id(by)] for by in one.rulings],
                }
                for one in self.moved
            ],
        }


def _reject(row: Row) -> dict[str, Any]:
    return dict(zip(("kind", "source", "row", "record", "reasons"), row, strict=False))


def _ruling(one: Ruling) -> dict[str, Any]:
    named = {name: getattr(one, name) for name in Ruling.__slots__ if name != "changes"}
    changes = [{name: getattr(change, name) for name in Change.__slots__} for change in one.changes]
    return {**named, "changes": changes}


def rulings_of(made: Sequence[Row]) -> tuple[Ruling, ...]:
    """The rows of a table of corrections, those about one record at one time together; in order of knowledge."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in made:
        found.setdefault((str(row[0]), str(row[1]), str(row[2])), []).append(row)
    return tuple(
        Ruling(
            *key,
            _joined([row[7] for row in rows]) or "",
            _joined([row[8] for row in rows]),
            _joined([row[9] for row in rows]),
            tuple(Change(_text(row[3]), _text(row[4]), _text(row[5]), _flag(row[6])) for row in rows),
        )
        for key, rows in found.items()
    )


def _joined(cells: Sequence[object]) -> str | None:
    return "; ".join(dict.fromkeys(str(cell) for cell in cells if cell is not None)) or None


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _flag(cell: object) -> bool | None:
    return cell if isinstance(cell, bool) else None


def moves(
    decided: Verdicts,
    now: Verdicts,
    without: Verdicts,
    alone: Sequence[tuple[Ruling, Verdicts]],
    kinds: Mapping[str, VerdictKind],
    labels: Mapping[str, str],
) -> tuple[tuple[Moved, ...], int, int]:
    """The verdicts that differ between `decided` and `now`, how many do not, and how many are new.

    `without`: now without the rulings since; `alone`: each with what holds under it alone."""

    def of(found: Verdicts, about: About) -> Verdict:
        return found.get(about) or silent(kinds[about.name])

    moved = []
    added = 0
    every = {*decided, *now}
    for about in every:
        before, after, base = of(decided, about), of(now, about), of(without, about)
        if before == after:
            continue
        by = tuple(ruling for ruling, found in alone if of(found, about) != base)
        if about not in decided and kinds[about.name] in ("grade", "place", "value") and after == base and not by:
            added += 1
            continue
        together = after != base and not by
        kind, label = kinds[about.name], labels.get(about.name)
        moved.append(Moved(about, kind, label, before, after, before != base, by, together))
    return tuple(sorted(moved, key=_place)), len(every) - len(moved) - added, added


def _place(one: Moved) -> tuple[bool, int, str, tuple[str, ...]]:
    """What hangs on rulings comes first; then grades first, checks last."""
    about = one.about
    where = (about.period, about.target_kind, about.target, about.dimension, about.record_kind, about.record)
    return (
        not (one.rulings or one.together),
        VERDICT_KINDS.index(one.kind),
        about.name,
        tuple(part or "" for part in where),
    )
