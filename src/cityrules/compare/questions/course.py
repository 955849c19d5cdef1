"""How verdicts go from period to period: how many of each sort in each, and which targets go from one grade to another.

Reads the outcome of one run over several periods; runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cityrules.calendar.periods import Periods
from cityrules.compare.questions.asking import names_asked
from cityrules.compare.questions.tallies import Tally, tallies_by
from cityrules.compare.unanswerable import Unanswerable
from cityrules.engines.base import Outcome
from cityrules.plan.model import Plan
from cityrules.results.format import fraction_text
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import About, Verdict, VerdictKind, acts_in, kinds_of, labels_of, reads, verdicts
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.vocabulary import turned, vocabulary

NO_SUCH_PERIOD: Final = "CR1125"

COURSE: Final = Shape(
    "course",
    (
        *map(Column, ("period", "kind", "name", "label", "state", "result")),
        Column("number", "integer"),
        *map(Column, ("total", "unit")),
    ),
)
"""One row is how many verdicts of one sort there are in a period. `total`: the exact sum of their numbers, of
consequences of their amounts."""

COURSE_MOVES: Final = Shape(
    "course_moves",
    tuple(
        map(
            Column,
            (
                *("kind", "name", "label", "target_kind", "target", "dimension", "period_before", "period"),
                *("state_before", "before", "state_after", "after"),
            ),
        )
    ),
)
"""One row is a grade of a target that is otherwise than its own in the period before."""


@dataclass(frozen=True, slots=True)
class Going:
    """A grade of a target in a period (`about`), and its own in the period before, which is another one."""

    about: About
    period_before: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Course:
    """Periods side by side, in the order of time, the longer of two that begin together first. `by`: the kind of period
    that shorter ones are counted in; None: each for itself. `moves`: name by name, period by period."""

    by: str | None
    periods: Mapping[str, tuple[Tally, ...]]
    moves: tuple[Going, ...]
    labels: Mapping[str, str]

    @property
    def tables(self) -> dict[str, Table]:
        """All of it as two tables, of the shapes `COURSE` and `COURSE_MOVES`."""
        return {"course": self.table, "course_moves": Table(COURSE_MOVES, self._moves)}

    @property
    def table(self) -> Table:
        """The numbers alone."""
        return Table(COURSE, self._rows)

    def _rows(self) -> Iterator[Row]:
        for period, found in self.periods.items():
            for one in found:
                total = None if one.total is None else fraction_text(one.total)
                counted = (one.kind, one.name, one.label, one.state, one.result, one.number, total, one.unit)
                yield (period or None, *counted)

    def _moves(self) -> Iterator[Row]:
        for one in self.moves:
            about = one.about
            where = (about.target_kind, about.target, about.dimension, one.period_before, about.period)
            said = (one.before.state, one.before.text, one.after.state, one.after.text)
            yield ("grade", about.name, self.labels.get(about.name), *where, *said)

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "by": self.by,
            "periods": [dict(zip(COURSE.names, row, strict=True)) for row in self._rows()],
            "moves": [dict(zip(COURSE_MOVES.names, row, strict=True)) for row in self._moves()],
        }


def course(plan: Plan, outcome: Outcome, by: str | None = None, of: Sequence[str] = ()) -> Course:
    """The verdicts of an outcome, period by period. `by`: count them in the periods of this kind that contain theirs;
    what has no period, or one that belongs to none of these, stands under its own. `of`: the names that are told about
    (all that give verdicts). Raises Unanswerable for an unknown name, and for a kind of period that there is not."""
    if by is not None and by not in plan.periods:
        # The word of documents in Chinese keywords.
        by = turned(vocabulary().periods, "en").get(by, by)
    if by is not None and (by not in plan.periods or plan.periods[by].whose is not None):
        known = ", ".join(name for name in plan.periods if plan.periods[name].whose is None)
        raise Unanswerable(Diagnostic(NO_SUCH_PERIOD, values={"found": by, "expected": known}))
    kinds = names_asked(plan, kinds_of(plan, reads(plan)), of)
    acted = acts_in(outcome.tables, kinds)
    found = verdicts(outcome.tables, kinds, acted)

    def group(period: str | None) -> str:
        if period is None or by is None:
            return period or ""
        kind, index = _read(plan.periods, period)
        if not kind or plan.periods[kind].whose is not None or not plan.periods.within(kind, by):
            return period
        return plan.periods.name_of(by, plan.periods.containing(kind, index, by))

    tallies = tallies_by(plan, acted, kinds, found, group)
    ordered = sorted(tallies, key=lambda period: _place(plan.periods, period))
    going = tuple(_moves(plan.periods, kinds, found))
    return Course(by, {period: tallies[period] for period in ordered}, going, labels_of(plan))


def _moves(periods: Periods, kinds: Mapping[str, VerdictKind], found: Mapping[About, Verdict]) -> Iterator[Going]:
    """Each grade that a target has otherwise than in the period right before."""
    cells: dict[tuple[str, ...], dict[int, tuple[About, Verdict]]] = {}
    for about, verdict in found.items():
        if kinds[about.name] != "grade" or about.period is None:
            continue
        kind, index = _read(periods, about.period)
        where = (about.name, kind, about.target_kind or "", about.target or "", about.dimension or "")
        cells.setdefault(where, {})[index] = about, verdict
    going = []
    for of_target in cells.values():
        for index, (about, verdict) in of_target.items():
            earlier = of_target.get(index - 1)
            if earlier is not None and earlier[1] != verdict:
                going.append((index, Going(about, earlier[0].period or "", earlier[1], verdict)))
    names = list(kinds)
    going.sort(
        key=lambda one: (
            names.index(one[1].about.name),
            one[0],
            one[1].about.target or "",
            one[1].about.dimension or "",
        )
    )
    yield from (one for _, one in going)


def _read(periods: Periods, name: str) -> tuple[str, int]:
    """The kind and number of a period by its name; of the days of a duty, which are no period, nothing."""
    try:
        return periods.parse(name)
    except ValueError:
        return "", 0


def _place(periods: Periods, name: str) -> tuple[str, str, str]:
    """By the first day, the longer one first; what has no period comes first, and the days of duties by themselves."""
    if not name:
        return "", "", ""
    kind, index = _read(periods, name)
    if not kind or periods[kind].whose is not None:
        return "9", name, ""
    days = periods.start_of(kind, index), periods.last_day_of(kind, index)
    return "1", days[0].isoformat(), f"{9_999_999 - days[1].toordinal():07}"
