"""Which verdicts would come out otherwise if any one record were wrong: every record left out, and every one changed in
the ways of `slips.py`, each by a run of what the verdicts about its targets depend on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.compare.basis import Basis
from cityrules.compare.counterfactuals.part import Node, Part, Parts, whole
from cityrules.compare.counterfactuals.rows import RowAt, used
from cityrules.compare.counterfactuals.slips import Slip, Slips
from cityrules.compare.counterfactuals.sought import asked_names, there
from cityrules.plan.views import WHOLE
from cityrules.results.counterfactual import RecordRow
from cityrules.results.robustness import Decisive, Robustness, Tried
from cityrules.results.verdicts import VERDICT_KINDS, About, Verdict, VerdictKind, kinds_of, labels_of, silent, verdicts

_OPEN: Final = ("undetermined", "undecided")
"""The states of a verdict that is left open: of a measure, and of a consequence."""


def robustness(basis: Basis, names: Sequence[str], target: str | None, period: str | None, runs: int) -> Robustness:
    """What of the verdicts `names` (none: all grades and consequences of targets) hangs on one record; only of a
    `target` and in a `period` where these are given. `runs`: how many changes are tried, those that leave a record out
    first. Raises NothingToExplain for a name that gives no verdicts, DataError for rows that cannot be assessed."""
    asked = asked_names(basis.plan, names)
    search = Search(basis, asked, target, period)
    tell = basis.progress or (lambda _stage, _done, _all: None)
    most = min(runs, search.changes)
    for number, slip in enumerate(islice(search.slips(), most)):
        tell("changes", number, most)
        search.attempt(slip)
    return search.answer(most)


@dataclass(frozen=True, slots=True)
class _Half:
    """The part that a change concerns, and the verdicts as they are there."""

    part: Part
    now: Mapping[About, Verdict]


class Search:
    """The changes that concern what is asked, and what comes of those that are tried. `bearing`: how many of each
    record; `changes`: of all."""

    def __init__(self, basis: Basis, names: Sequence[str], target: str | None, period: str | None) -> None:
        self._whole = whole(basis)
        self._target, self._period = target, period
        self._kinds: dict[str, VerdictKind] = {name: kinds_of(basis.plan, ())[name] for name in names}
        self._labels = labels_of(basis.plan)
        self._parts = Parts(basis, names)
        self._halves: dict[Hashable, _Half] = {}
        first = self._whole.run()
        there(basis.plan, first, names, target, period)
        accepted = used(basis.plan, self._whole.rows, first.tables["rejects"])
        self._all = len(accepted)
        self._found: dict[About, list[Decisive]] = {}
        self._missed: dict[str, None] = {}
        self._now = self._verdicts(first.tables)
        for about in self._now:
            self._found[about] = []
        self._span = self._parts.days_of(period) if period is not None else None
        self._slips = Slips(self._parts.plan, self._parts.rows)
        numbers = ((at, self._slips.number(at, self._concerns)) for at in self._parts.rows.rows if at in accepted)
        self.bearing = {at: number for at, number in numbers if number}
        self.changes = sum(self.bearing.values())

    def slips(self) -> Iterator[Slip]:
        """The first of every record, then the others; each is made when it is asked for."""
        for at in self.bearing:
            yield from islice(self._slips.of(at, self._concerns), 1)
        for at in self.bearing:
            yield from islice(self._slips.of(at, self._concerns), 1, None)

    def attempt(self, slip: Slip) -> None:
        """Run what a change concerns, and note the verdicts that come out otherwise."""
        half = self._half(slip)
        row = None if slip.field is None else self._parts.rows.with_text(slip.at, slip.field, slip.instead)
        then = self._verdicts(half.part.run({slip.at: row}).tables)
        for about in {*half.now, *then}:
            kind = self._kinds[about.name]
            before, after = (said.get(about) or silent(kind) for said in (half.now, then))
            if before == after:
                continue
            if slip.field is None and after.state in _OPEN and self._has_to_be(slip.at.kind):
                # The assessment says itself that the row is missing, so that nobody takes it for a result.
                self._missed[slip.at.kind] = None
            else:
                changed = Decisive(self._told(slip.at), slip.field, slip.found, slip.instead, after)
                self._found.setdefault(about, []).append(changed)

    def answer(self, runs: int) -> Robustness:
        found = [
            Tried(
                about,
                self._kinds[about.name],
                self._labels.get(about.name),
                self._now.get(about) or silent(self._kinds[about.name]),
                tuple(decisive),
            )
            for about, decisive in self._found.items()
        ]
        ordered = tuple(sorted(found, key=_place))
        return Robustness(ordered, len(self.bearing), self._all, self.changes, runs, tuple(self._missed))

    def _concerns(self, slip: Slip) -> bool:
        """Whether a change can reach a verdict that is asked about."""
        if self._target is not None and not self._parts.together:
            roots = self._parts.key_of([slip.at], _nodes(slip))
            if not any(self._parts.reaches(roots, kind, self._target) for kind in self._parts.plan.kinds):
                return False
        if self._span is None:
            return True
        record = self._parts.plan.records[slip.at.kind]
        if record.dated is None:
            return True
        days = [self._parts.rows.text(slip.at, record.dated), slip.instead if slip.field == record.dated else None]
        return any(_inside(self._span, day) for day in days if day is not None)

    def _half(self, slip: Slip) -> _Half:
        key = self._parts.key_of([slip.at], _nodes(slip))
        if key not in self._halves:
            part = self._parts.of_rows([slip.at], _nodes(slip), self._span)
            self._halves[key] = _Half(part, self._verdicts(part.run().tables))
        return self._halves[key]

    def _verdicts(self, tables: Mapping[str, object]) -> dict[About, Verdict]:
        return {
            about: verdict
            for about, verdict in verdicts(tables, self._kinds).items()  # type: ignore[arg-type]  # All are tables.
            if about.record_kind is None
            and (self._target is None or (about.target or WHOLE) == self._target)
            and (self._period is None or about.period == self._period)
        }

    def _has_to_be(self, kind: str) -> bool:
        """Whether a cell without a row of a kind is undetermined."""
        return self._whole.plan.records[kind].absent == "error"

    def _told(self, at: RowAt) -> RecordRow:
        rows = self._whole.rows
        key = rows.key(self._whole.plan.records[at.kind], at)
        return RecordRow(at.kind, key, rows.sources[at.kind][at.source].name, at.number)


def _nodes(slip: Slip) -> list[Node]:
    """The target that a record would name besides."""
    return [] if slip.target is None else [(slip.target[0], (slip.target[1],))]


def _inside(span: Span, text: str) -> bool:
    return span.start.isoformat() <= text[:10] <= span.last_day.isoformat()


def _place(one: Tried) -> tuple[int, str, tuple[str, ...]]:
    """Grades first; what is about one name together, by period and target."""
    about = one.about
    where = (about.period, about.target_kind, about.target, about.dimension)
    return VERDICT_KINDS.index(one.kind), about.name, tuple(part or "" for part in where)
