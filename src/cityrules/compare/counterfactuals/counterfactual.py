"""What would have had to be otherwise for a verdict to come out otherwise: the fewest records without which it would,
and the latest day on which one of them would have been cleared in time. Every answer is a run of the real scheme.

Searched on the part of the data that the verdict can depend on (`part.py`), by the size of sets, and told only after it
was run on all of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cityrules.compare.basis import Basis
from cityrules.compare.counterfactuals.part import Part, Parts, whole
from cityrules.compare.counterfactuals.rows import Instead, RowAt, used
from cityrules.compare.counterfactuals.smallest import Trials, smallest
from cityrules.compare.counterfactuals.sought import Seen, Sought, about_cell, seen, sought
from cityrules.compare.counterfactuals.weights import weights
from cityrules.engines.base import Outcome
from cityrules.results.counterfactual import Counterfactual, InTime, LeftOut, RecordRow
from cityrules.results.verdicts import Verdict, kinds_of, labels_of

RUNS: Final = 2_000
"""How often a search runs the part of the scheme that a verdict depends on, without being asked for another number."""

MOST: Final = 10
"""How many sets, and how many records cleared in time, are told without being asked for another number."""


def counterfactual(
    basis: Basis, name: str, target: str, period: str | None, wanted: str | None, most: int, runs: int
) -> Counterfactual:
    """What would have had to be otherwise for the verdict `name` of a target in a period.

    `wanted`: see `sought`. `most`: of the sets and of the records cleared in time. `runs`: of each of the two searches.
    Raises NothingToExplain for a verdict that there is not, DataError for rows that cannot be assessed.
    """
    plan, everything = basis.plan, whole(basis)
    outcome = everything.run()
    about = about_cell(plan, outcome, name, target, period, basis.loaded.language)
    goal = sought(plan, about, seen(outcome.tables, about, kinds_of(plan, ())[name]), wanted)
    search = Search(Parts(basis, [name]).about(about), goal, everything, outcome)
    tell = basis.progress or (lambda _stage, _done, _all: None)

    def trial(chosen: frozenset[int]) -> bool:
        tell("sets", trials.done, runs)
        return search.met(search.left_out(chosen))

    trials = Trials(trial, runs)
    found = smallest(search.weights, search.needed, trials, most)
    cleared = search.cleared(most, runs)
    return Counterfactual(
        about,
        goal.kind,
        labels_of(plan).get(name),
        goal.now.verdict,
        goal.wanted,
        len(search.candidates),
        search.all_records,
        tuple(LeftOut(*search.verified(search.left_out(one))) for one in found.sets),
        found.at_least,
        found.every,
        search.without_all,
        tuple(search.in_time(one) for one in cleared.late),
        cleared.dates,
        cleared.every,
        trials.done + cleared.runs,
    )


@dataclass(frozen=True, slots=True)
class _Late:
    """A record that would have been cleared in time, on the `latest` of the days tried."""

    at: RowAt
    field: str
    latest: str


@dataclass(frozen=True, slots=True)
class _Cleared:
    """The records found, how many dates there were to try, whether `every` one was, and how often was run."""

    late: tuple[_Late, ...]
    dates: int
    every: bool
    runs: int


class Search:
    """The search for one verdict on the part of the data that it depends on."""

    def __init__(self, part: Part, goal: Sought, everything: Part, outcome: Outcome) -> None:
        self._part = part
        self._goal = goal
        self._whole = everything
        accepted = used(everything.plan, everything.rows, outcome.tables["rejects"])
        self.all_records = len(accepted)
        first = part.run()
        accepted &= used(part.plan, part.rows, first.tables["rejects"])
        there = [at for at in part.rows.rows if at in accepted]
        weighed = weights(part.plan, first.tables, goal)
        keys = {at: (at.kind, part.rows.key(part.plan.records[at.kind], at)) for at in there}
        surely = weighed is not None and all(first.facts.record(*key) is not None for key in keys.values())
        if weighed is not None and surely:
            there = [at for at in there if keys[at] in weighed.of]
            there.sort(key=lambda at: -weighed.of[keys[at]])
            self.weights: Sequence[Fraction] = [weighed.of[keys[at]] for at in there]
            self.needed = weighed.needed
        else:
            moved = _moved(first)
            there.sort(key=lambda at: -moved.get(keys[at], 0))
            self.weights, self.needed = [Fraction(1)] * len(there), Fraction(0)
        self.candidates: Sequence[RowAt] = there

    def left_out(self, chosen: frozenset[int]) -> Instead:
        """Rows that are left out, by their numbers among the candidates."""
        return {self.candidates[one]: None for one in chosen}

    def met(self, instead: Instead) -> bool:
        """Whether the verdict is what is sought with some rows changed."""
        return self._goal.met(self._verdict(self._part, instead))

    @property
    def without_all(self) -> Verdict:
        """The verdict without any record that bears on it, of the whole."""
        return self._verdict(self._whole, dict.fromkeys(self.candidates)).verdict

    def verified(self, instead: Instead) -> tuple[tuple[RecordRow, ...], Verdict]:
        """The rows that are changed and the verdict with them, of the whole scheme on all rows."""
        found = self._verdict(self._whole, instead)
        if not self._goal.met(found):
            raise RuntimeError(f"a part of the scheme says otherwise than the whole: {self._goal.about}")
        return tuple(map(self._told, sorted(instead))), found.verdict

    def in_time(self, late: _Late) -> InTime:
        """A record cleared in time, verified."""
        row = self._part.rows.with_text(late.at, late.field, late.latest)
        (record,), verdict = self.verified({late.at: row})
        return InTime(record, late.field, self._part.rows.text(late.at, late.field), late.latest, verdict)

    def _verdict(self, part: Part, instead: Instead) -> Seen:
        return seen(part.run(instead).tables, self._goal.about, self._goal.kind)

    def _told(self, at: RowAt) -> RecordRow:
        rows = self._whole.rows
        return RecordRow(
            at.kind, rows.key(self._whole.plan.records[at.kind], at), rows.sources[at.kind][at.source].name, at.number
        )

    # ------------------------------------------------------------------------------------------- cleared in time

    def cleared(self, most: int, runs: int) -> _Cleared:
        """The records of which one date alone, earlier, is enough. The earliest day that a date can have is tried
        first, that of the record itself; only where this is enough the latest is looked for, day by day back from what
        was found."""
        late: list[_Late] = []
        dates = list(self._dates())
        done = 0
        for at, field, days, clock in dates:
            if len(late) == most or done == runs:
                return _Cleared(tuple(late), len(dates), False, done)
            done += 1
            if not self._with(at, field, days[0] + clock):
                continue
            for day in reversed(days[1:]):
                if done == runs:
                    return _Cleared(tuple(late), len(dates), False, done)
                done += 1
                if self._with(at, field, day + clock):
                    break
            else:
                day = days[0]
            late.append(_Late(at, field, day + clock))
        return _Cleared(tuple(late), len(dates), True, done)

    def _with(self, at: RowAt, field: str, text: str) -> bool:
        row = self._part.rows.with_text(at, field, text)
        return row is not None and self.met({at: row})

    def _dates(self) -> Iterator[tuple[RowAt, str, list[str], str]]:
        """Every date of a record that can be earlier: the days from that of the record to the one before what is there
        (to the last one known where nothing is), as texts, and what follows the day in the text of a date-time."""
        last_known = self._part.basis.question(self._part.plan).as_of - dt.timedelta(seconds=1)
        for at in self.candidates:
            record = self._part.plan.records[at.kind]
            own = _day(self._part.rows.text(at, record.dated)) if record.dated is not None else None
            if own is None:
                continue
            for field, type_ in record.fields.items():
                if type_.base not in ("date", "datetime") or field in (record.dated, record.latest_by, *record.key):
                    continue
                there = self._part.rows.text(at, field)
                until = last_known.date() if there is None else _day(there)
                if until is None or self._part.rows.with_text(at, field, None) is None:
                    continue
                number = until.toordinal() - own.toordinal() + (1 if there is None else 0)
                if number > 0:
                    days = [(own + dt.timedelta(days=one)).isoformat() for one in range(number)]
                    yield at, field, days, "T23:59:59" if type_.base == "datetime" else ""


def _day(text: str | None) -> dt.date | None:
    """The day of a date or date-time that was accepted."""
    return None if text is None else dt.date.fromisoformat(text[:10])


def _moved(outcome: Outcome) -> Mapping[tuple[str, str], Fraction]:
    """What the lines of all ledgers say of each record: where to look first, and no proof of anything."""
    table = outcome.tables["ledger"]
    kind_at, key_at, nominal_at = (table.shape.names.index(one) for one in ("record_kind", "record", "nominal"))
    found: dict[tuple[str, str], Fraction] = {}
    for row in table.rows():
        nominal = row[nominal_at]
        if row[kind_at] is not None and isinstance(nominal, (int, Decimal)):
            key = str(row[kind_at]), str(row[key_at])
            found[key] = found.get(key, Fraction(0)) + abs(Fraction(nominal))
    return found
