"""All periods of one scheme as numbers: which contains which, what lies in a span, what a name means.

A period is the name of its kind and its running number, so that the one before is one less and engines can count with
them. `BUILT_IN` has what every scheme has; a document adds kinds of its own. Knows days, no schemes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cityrules.calendar import kinds
from cityrules.calendar.kinds import PeriodKind, crosses, shorter
from cityrules.calendar.steps import Months, Since

Back = Literal["", "period", "year"]
"""Not back at all, to the period before, or to the same one of the year before."""


@dataclass(frozen=True, slots=True)
class Span:
    """What is assessed: the days from `start` up to and including `last_day`, made of whole periods."""

    start: dt.date
    last_day: dt.date

    @property
    def end(self) -> dt.datetime:
        """The instant at which the day after it begins; of the last of all days, which has none after it, its last
        second."""
        if self.last_day == dt.date.max:
            return dt.datetime.max.replace(microsecond=0)
        return dt.datetime.combine(self.last_day + dt.timedelta(days=1), dt.time())


@dataclass(frozen=True)
class Periods:
    """Kinds of periods by name, shorter and longer ones in any order."""

    kinds: Mapping[str, PeriodKind]

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __contains__(self, kind: object) -> bool:
        return kind in self.kinds

    def __getitem__(self, kind: str) -> PeriodKind:
        return self.kinds[kind]

    # -------------------------------------------------------------------------------------------- one period

    def index_of(self, kind: str, day: dt.date) -> int:
        """The running number of the period of `kind` that holds `day`."""
        return self.kinds[kind].index_of(day)

    def start_of(self, kind: str, index: int) -> dt.date:
        """The first day of a period."""
        return self.kinds[kind].start(index)

    def last_day_of(self, kind: str, index: int) -> dt.date:
        """The last day of a period."""
        return self.kinds[kind].last_day(index)

    def number_of(self, kind: str, index: int) -> int:
        """1 to 12 for a month, 1 to 4 for a quarter, the year itself for a year: the place in the year."""
        return self.kinds[kind].number(index)

    def name_of(self, kind: str, index: int) -> str:
        """`2024-03-05`, `2024-W05`, `2024-03-X1`, `2024-03`, `2024-Q1`, `2024-H1`, `2024`, `2024-03@billing`."""
        return self.kinds[kind].called(index)

    def back(self, kind: str, index: int, how: Back) -> int | None:
        """The period that is so far back; None where the year before has no such one (29 February, week 53)."""
        if how == "year":
            return self.kinds[kind].before_a_year(index)
        return index - 1 if how == "period" else index

    def parse(self, text: str) -> tuple[str, int]:
        """The kind and running number of a period's name, which no two kinds share. Raises ValueError."""
        said = text.strip()
        for name, kind in self.kinds.items():
            try:
                return name, kind.parse(said)
            except ValueError:
                continue
        raise ValueError(text)

    # -------------------------------------------------------------------------------------------- two kinds

    def within(self, fine: str, coarse: str) -> bool:
        """Whether every period of `fine` belongs to one of `coarse`: it lies inside, or states where it belongs."""
        if fine == coarse:
            return True
        one, other = self.kinds[fine], self.kinds[coarse]
        return shorter(one, other) and (one.belongs is not None or not crosses(one, other))

    def torn(self, fine: str, coarse: str) -> bool:
        """Whether a period of a shorter kind can lie in two of `coarse` and does not state to which it belongs."""
        one, other = self.kinds[fine], self.kinds[coarse]
        # A year from a day of one's own lies in two calendar years.
        alike = one.whose is not None and other.whose is None and one.steps.often == other.steps.often
        return fine != coarse and one.belongs is None and (alike or crosses(one, other))

    def shorter(self, fine: str, coarse: str) -> bool:
        """Whether periods of one kind are shorter on average than those of another."""
        return shorter(self.kinds[fine], self.kinds[coarse])

    def containing(self, kind: str, index: int, longer: str) -> int:
        """The running number of the `longer` period to which period `index` of `kind` belongs."""
        if kind == longer:
            return index
        one = self.kinds[kind]
        return self.kinds[longer].index_of(one.anchor(index), one.begins(index))

    def inside(self, kind: str, longer: str, index: int) -> range:
        """The running numbers of the periods of `kind` that belong to period `index` of a `longer` kind."""
        if kind == longer:
            return range(index, index + 1)
        fine, coarse = self.kinds[kind], self.kinds[longer]
        begins = coarse.begins(index)
        return range(_first(fine, coarse.start(index), begins), _last(fine, coarse.last_day(index), begins) + 1)

    def most_inside(self, kind: str, longer: str) -> int:
        """The most periods of `kind` that one of a `longer` kind can have."""
        one, other = self.kinds[kind].steps, self.kinds[longer].steps
        if kind == longer:
            return 1
        if isinstance(one, Months) and isinstance(other, Months) and other.plain and one.months <= other.months:
            return len(one.marks) * other.months // one.months
        # Of days at least so far apart, at most so many fall into so long a time.
        return (other.longest - 1) // one.shortest + 1

    def years_apart(self, kind: str, index: int) -> bool:
        """Whether a period belongs to another year than the one before it; never for years and what is longer."""
        if not self.shorter(kind, "year"):
            return False
        return self.containing(kind, index, "year") != self.containing(kind, index - 1, "year")

    # -------------------------------------------------------------------------------------------- spans

    def in_span(self, kind: str, span: Span, begins: dt.date | None = None) -> range:
        """The running numbers of the periods of `kind` that lie wholly in a span; of a kind that states where it
        belongs, those that belong there; of periods of a target's own, those of who has that first day."""
        one = self.kinds[kind]
        if isinstance(one.steps, Since):
            if begins is None:
                return range(0)
            first, last = one.index_of(span.start, begins), one.index_of(span.last_day, begins)
            first += one.start(first) < span.start
            last -= one.last_day(last) > span.last_day
            while last >= first and one.start(last + 1) == dt.date.max:
                last -= 1  # One that goes on beyond the calendar has no end to be assessed at.
            return range(max(first, one.steps.of(begins, 1)), last + 1)
        if one.belongs is not None:
            first, last = _first(one, span.start), _last(one, span.last_day)
        else:
            first, last = one.index_of(span.start), one.index_of(span.last_day)
            first += one.start(first) < span.start
            last -= one.last_day(last) > span.last_day
        return range(first if one.first is None else max(first, one.first), last + 1)

    def days_of(self, span: Span, used: Iterable[str]) -> Span:
        """The days of a span and of all periods of the kinds `used` that belong to it."""
        start, last_day = span.start, span.last_day
        for kind in used:
            if self.kinds[kind].belongs is not None and (found := self.in_span(kind, span)):
                start = min(start, self.start_of(kind, found[0]))
                last_day = max(last_day, self.last_day_of(kind, found[-1]))
        return Span(start, last_day)

    def first_open(self, kind: str, day: dt.date, used: Iterable[str]) -> int:
        """The first period of `kind` that ends on `day` or later, with those of the kinds `used` that count for it."""
        index = self.index_of(kind, day)
        before = [each for each in used if self.kinds[each].belongs is not None and self.within(each, kind)]
        ends = [self.last_day_of(each, self.inside(each, kind, index - 1).stop - 1) for each in before]
        # One that crosses a border ends long before the next longer one does.
        return index - 1 if any(end >= day for end in ends) else index

    def closes(self, kind: str, index: int, used: Iterable[str]) -> dt.date:
        """The last day of a period, or of the last of the kinds `used` that counts for it."""
        counted = [each for each in used if self.kinds[each].belongs is not None and self.within(each, kind)]
        ends = [self.last_day_of(each, self.inside(each, kind, index).stop - 1) for each in counted]
        return max([self.last_day_of(kind, index), *ends])

    def parse_span(self, text: str) -> Span:
        """`2015`, `2015-03`, or from one to another: `2008-08..2009-02`. Raises ValueError."""
        first, dots, last = text.partition("..")
        start = self.parse(first)
        end = self.parse(last) if dots else start
        if any(self.kinds[kind].whose for kind, _ in (start, end)):
            raise ValueError(text)
        span = Span(self.start_of(*start), self.last_day_of(*end))
        if span.last_day < span.start:
            raise ValueError(text)
        return span


def _first(kind: PeriodKind, day: dt.date, begins: dt.date | None = None) -> int:
    """The first period that counts for `day` or a later one."""
    index = kind.index_of(day, begins)
    return index + (kind.anchor(index) < day)


def _last(kind: PeriodKind, day: dt.date, begins: dt.date | None = None) -> int:
    """The last period that counts for `day` or an earlier one."""
    index = kind.index_of(day, begins)
    return index - (kind.anchor(index) > day)


BUILT_IN = Periods(kinds.BUILT_IN)
