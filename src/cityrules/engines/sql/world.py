"""All that measures are computed from, as relations: targets, records, cells, and results so far. Knows no measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlglot import exp

from cityrules.calendar.kinds import PeriodKind
from cityrules.calendar.periods import Periods
from cityrules.engines.base import Question
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.syntax import E
from cityrules.feel.types import Type
from cityrules.plan.bounds import EPOCH, LAST_DAY
from cityrules.plan.code import Listing
from cityrules.plan.model import Plan, RecordKind
from cityrules.plan.sharing import Common
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import Grain, parts_of


@dataclass(frozen=True, slots=True)
class Targets:
    """The members of one kind. `names`: a relation with `n` (name), each once. `lives`: one with `n`, `since` and
    `until` (days, null: open), a row for each version. `relation`: one with `n`, a column for the name of each ancestor
    and one for each attribute, and, where they change with time (`dated`), `f` and `u`: a row holds on the days from
    `f` to before `u`, and of each name exactly one holds on any day. `mortal`: some begin or end."""

    names: str
    lives: str
    relation: str
    dated: bool
    mortal: bool
    ancestors: Mapping[str, str]
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RecordMeasure:
    """Columns of a measure of single records: its value, whether it has a cell there (None: always), and the cause
    and detail of its problem (None: there never is one)."""

    value: str
    exists: str | None
    cause: str | None
    detail: str | None


# Measures of single records are computed where they are read, in the same pass over the records, up to so many.
MOST_PENDING: Final = 12


@dataclass(slots=True)
class Records:
    """The accepted records of one kind: a relation with `o` (running number), a column for each field (for kinds
    `one_per` a cell also `t` and `p`) and those of measures. `pending`: how much of the relation is a query not yet
    run; a measure that reads cells counts as `MOST_PENDING`. `afresh`: it is read from a file each time. `added`: of
    how many measures there are columns, whoever reads them."""

    kind: RecordKind
    relation: str
    fields: Mapping[str, str]
    measures: dict[str, RecordMeasure] = field(default_factory=dict)
    pending: int = 0
    afresh: bool = False
    added: int = 0

    def forked(self, kept: frozenset[str]) -> Records:
        """The same records with those of their measures that are kept."""
        measures = {name: found for name, found in self.measures.items() if name in kept}
        return replace(self, measures=measures)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one measure: a relation with `t` (target), `p` (running number of the period, 0: timeless), `v`,
    and, if there can be problems, `c` and `d`; ranks have `tied` too. `everywhere`: each cell of its grid is there.
    `given`: a relation with `t`, `p`, `v` of the cells whose value came with the question, if any."""

    relation: str
    type: Type
    grain: Grain
    troubled: bool
    everywhere: bool
    given: str | None = None


BAD: Final = "bad"
"""The column that says that it is not known what followed there."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a consequence of cells followed: a relation with `t`, `p`, `bad`, and a flag for each of its `steps` (None:
    any); what is not there did not follow. `rows`: a relation with a row for each act. `effects`: by step, when it has
    effect: relations with `t`, `f`, `u` without overlaps; `unknown`: the same, when that is not known."""

    relation: str
    steps: Mapping[str | None, str]
    rows: str
    effects: dict[str | None, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def forked(self) -> Followed:
        """The same, for whoever asks for more of its effects."""
        return replace(self, effects={**self.effects}, unknown=[*self.unknown])


Left = Callable[["World"], tuple[Followed, Records]]
"""Makes what a consequence of cells leaves behind, and its rows as records, when they are first asked for: most
consequences are read by nobody. It holds no world, so that relations go as soon as their world does."""


@dataclass(slots=True)
class World:
    """`targets`, `records`: by kind; rows of consequences are records, too. `cells`: by measure, filled in the order of
    the plan. `left`: by consequence of cells, as long as it was not asked for. `histories`: of folds of single records,
    what they ran over (`engines.sql.history`). `lifts`: by address in the plan, what ends acts
    (`engines.sql.endings`)."""

    session: Session
    plan: Plan
    question: Question
    targets: Mapping[str, Targets]
    records: dict[str, Records]
    cells: dict[str, Cells] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)
    histories: dict[str, str] = field(default_factory=dict)
    lifts: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    _followed: dict[str, Followed] = field(default_factory=dict)
    _grids: dict[Grain, str] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _listings: dict[Listing, str] = field(default_factory=dict)
    _origin: World | None = None

    def forked(self, session: Session, plan: Plan, question: Question, common: Common) -> World:
        """The world of another plan that accepts the same rows, with the results of what comes to the same there, and
        of nothing else. What it computes itself belongs to the `session`."""
        kept = common.computed
        return World(
            session, plan, question, self.targets,
            {name: found.forked(kept) for name, found in self.records.items() if name in plan.records or name in kept},
            {name: found for name, found in self.cells.items() if name in kept},
            {name: _of_origin(name) for name in self.left if name in kept},
            {name: found for name, found in self.histories.items() if name in kept},
            _followed={name: found.forked() for name, found in self._followed.items() if name in kept},
            _grids={**self._grids}, _read={*self._read}, _listings={**self._listings}, _origin=self,
        )  # fmt: skip

    def followed(self, name: str) -> Followed:
        """Where a consequence of cells followed."""
        self._take(name)
        return self._followed[name]

    def of_kind(self, kind: str) -> Records:
        """The records of a kind, or the rows of a consequence of cells, as they stand. Raises KeyError."""
        self._take(kind)
        return self.records[kind]

    def _take(self, name: str) -> None:
        left = self.left.get(name)
        if left is not None:
            self._followed[name], self.records[name] = left(self)
            del self.left[name]  # Not before: whoever asks after an interruption finds it.

    @property
    def periods(self) -> Periods:
        return self.plan.periods

    @property
    def as_of(self) -> dt.datetime:
        return self.question.as_of

    def records_of(self, kind: str) -> Records:
        """The records of a kind with all measures so far, computed. Those that are left in a file are kept when they
        are asked for again."""
        records = self.growing(kind)
        again = records.afresh and kind in self._read
        if again or (records.pending and self._in_origin(records) is not None):
            self._keep(records)
        self._read.add(kind)
        return records

    def growing(self, kind: str) -> Records:
        """The records of a kind, for one more measure of them. What grows on a query that is not yet run is run again
        whenever any of it is: so only so much of it may be pending."""
        records = self.of_kind(kind)
        if records.pending >= MOST_PENDING:
            self._keep(records)
        return records

    def _in_origin(self, records: Records) -> Records | None:
        """The same relation where it was forked from, as long as nothing was added to it here."""
        found = self._origin.records.get(records.kind.name) if self._origin is not None else None
        return found if found is not None and found.relation == records.relation else None

    def _keep(self, records: Records) -> None:
        shared = self._in_origin(records)
        if self._origin is not None and shared is not None:
            # Kept once for all who come after.
            self._origin._keep(shared)
            records.relation, records.pending, records.afresh = shared.relation, 0, False
            return
        records.relation = self.session.table(sql.everything(sql.table(records.relation)), "rec")
        records.pending, records.afresh = 0, False

    def listed(self, listing: Listing) -> str:
        """A list of whole numbers as a relation: the place `k` of each and its value `v`."""
        if listing not in self._listings:
            rows = list(enumerate(listing.values, listing.first))
            self._listings[listing] = self.session.filled({"k": INT, "v": INT}, rows, "listed")
        return self._listings[listing]

    def grid(self, grain: Grain) -> str:
        """The cells of a grain: a relation with `t` and `p`."""
        if grain not in self._grids:
            self._grids[grain] = self.session.table(self._cells_of(grain), "grid")
        return self._grids[grain]

    def begun(self, kind: str) -> list[int]:
        """The periods of a kind in the span that have begun and touch the time in force; they follow one another."""
        return [index for index in self.periods.in_span(kind, self.question.span) if self._counts(kind, index)]

    def _counts(self, kind: str, index: int) -> bool:
        first, last = self.periods.start_of(kind, index), self.periods.last_day_of(kind, index)
        from_ = self.plan.in_force_from or self.question.span.start
        until = self.plan.in_force_until
        return last >= from_ and (until is None or first < until) and first <= self.as_of.date()

    def provisional(self, grain: Grain, period: E) -> E:
        """Whether the period of a cell (without one, the span) has not closed at `as_of`."""
        today = self.as_of.date()
        if grain.period is None:
            return sql.truth(self.plan.days_of(self.question.span).last_day >= today)
        if self.periods[grain.period].whose is not None:
            ends = [periods.last_day(self.periods[grain.period], period)]
            for each in self.plan.counting_for(grain.period):
                found = periods.elements(self.periods, each, grain.period, period, None)[1]
                ends.append(periods.last_day(self.periods[each], found))
            return sql.at_most(sql.number((today - EPOCH).days), dialect.greatest(*ends))
        # Periods follow one another: those from some number on have not closed.
        return sql.at_most(sql.number(self.plan.first_open(grain.period, today)), period)

    def _cells_of(self, grain: Grain) -> exp.Select:
        if grain.period is not None and self.periods[grain.period].whose is not None:
            return self._cells_of_own(grain, self.periods[grain.period])
        numbered = None if grain.period is None else self._period_table(grain.period)
        if grain.kind == WHOLE:
            outputs = {
                "t": sql.cast(sql.text(""), TEXT),
                "p": sql.column("p") if numbered else sql.cast(sql.number(0), INT),
            }
            return sql.select(outputs, sql.table(numbered) if numbered else None)
        targets = self.targets[grain.kind]
        members = sql.table(targets.lives, "m")
        if numbered is None:
            span = self.question.span
            first, last = sql.number((span.start - EPOCH).days), sql.number((span.last_day - EPOCH).days)
            outputs = {"t": sql.column("n", "m"), "p": sql.cast(sql.number(0), INT)}
            return sql.select(
                outputs, members, exists_within(first, last), [sql.column("n", "m")] if targets.dated else ()
            )
        outputs = {"t": sql.column("n", "m"), "p": sql.column("p", "q")}
        # Several versions of one target can lie in one period.
        query = sql.select(outputs, members, None, list(outputs.values()) if targets.dated else ())
        sql.join(
            query, sql.table(numbered, "q"), exists_within(sql.column("first", "q"), sql.column("last", "q")), "INNER"
        )
        return query

    def _cells_of_own(self, grain: Grain, kind: PeriodKind) -> exp.Select:
        """The cells of targets of which each has periods of its own."""
        span, whose = self.question.span, kind.whose
        assert whose is not None
        owner, field = whose
        holders, parts = self.targets[owner], parts_of(grain.kind)
        begun = {"n": sql.column("n"), "begins": sql.column(holders.attributes[field])}
        has = sql.is_there(begun["begins"])
        # All versions of a target begin on one day.
        firsts = self.session.table(sql.select(begun, sql.table(holders.lives), has, list(begun.values())), "begins")
        first, until = self.plan.in_force_from or span.start, self.plan.in_force_until
        known = {"start": span.start, "end": span.last_day, "first": first, "today": self.as_of.date()}
        days = {name: sql.number((day - EPOCH).days) for name, day in known.items()}
        begins = sql.column("begins", "o")
        most = ((span.last_day - span.start).days + 1) // kind.steps.shortest + 1
        earliest = periods.of_day(kind, dialect.greatest(begins, days["start"]), begins)
        index = sql.add(earliest, sql.column("k", "q"))
        each = sql.select({"n": sql.column("n", "o"), "p": index}, sql.table(firsts, "o"))
        numbers = self.session.filled({"k": INT}, [(k,) for k in range(most + 1)], "numbers")
        sql.join(each, sql.table(numbers, "q"), sql.truth(True), "INNER")
        p = sql.column("p", "e")
        ends = {"n": sql.column("n", "e"), "p": p, "first": periods.start(kind, p), "last": periods.last_day(kind, p)}
        found = sql.nested(sql.select(ends, sql.nested(each, "e")), "q")
        begin, end = sql.column("first", "q"), sql.column("last", "q")
        inside = [
            sql.at_most(days["start"], begin), sql.at_most(end, days["end"]), sql.at_most(begin, days["today"]),
            sql.at_most(days["first"], end),
            sql.truth(True) if until is None else sql.less(begin, sql.number((until - EPOCH).days)),
            # One that goes on beyond the calendar has no end to be assessed at.
            sql.less(end, sql.number(LAST_DAY - 1)),
        ]  # fmt: skip
        targets = self.targets[grain.kind]
        outputs = {"t": sql.column("n", "m"), "p": sql.column("p", "q")}
        query = sql.select(
            outputs, sql.table(targets.lives, "m"), sql.both(*inside), list(outputs.values()) if targets.dated else ()
        )
        own = sql.column("n", "m") if len(parts) == 1 else dialect.name_part(sql.column("n", "m"), parts.index(owner))
        sql.join(query, found, sql.both(sql.equals(sql.column("n", "q"), own), exists_within(begin, end)), "INNER")
        return query

    def _period_table(self, kind: str) -> str:
        one = self.periods[kind]
        rows = [
            (index, (one.start(index) - EPOCH).days, (one.last_day(index) - EPOCH).days) for index in self.begun(kind)
        ]
        return self.session.filled({"p": INT, "first": INT, "last": INT}, rows, "periods")


def _of_origin(name: str) -> Left:
    """What a consequence left where a world was forked from, made there for all who come after."""

    def found(world: World) -> tuple[Followed, Records]:
        origin = world._origin
        assert origin is not None
        return origin.followed(name).forked(), origin.of_kind(name).forked(frozenset())

    return found


def exists_within(first: E, last: E) -> E:
    """Whether the member `m` exists on some day from `first` to `last`."""
    since, until = sql.column("since", "m"), sql.column("until", "m")
    begins = dialect.greatest(sql.coalesce(since, first), first)
    ends = sql.coalesce(sql.less(begins, until), sql.truth(True))
    return sql.both(sql.at_most(begins, last), ends)
