"""An edition among those of one scheme, and which of them judges a period or a day. Runs nothing.

An edition is in force from its first day until the next one begins. A period that lies wholly in one of them is its
own; of one that a first day cuts, the edition that begins says whose it is, by the kind of the period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cityrules.calendar.periods import Span
from cityrules.plan.model import Plan
from cityrules.text.diagnostic import Language


@dataclass(frozen=True, slots=True)
class Edition:
    """`first`: the first day in force (of the earliest, if its text leaves it open, the first of all days); `until`:
    the first day of the next one, or the end that the last one states. `later`: by kind of period whether those that
    `first` cuts are its own. `before`: of what is looked back at, whether it continues. `renamed`: what a measure was
    called in the edition before."""

    name: str
    plan: Plan
    first: dt.date
    until: dt.date | None
    later: Mapping[str, bool] = field(default_factory=dict)
    before: Mapping[str, bool] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    language: Language = "en"

    def owns(self, kind: str, start: dt.date, last_day: dt.date) -> bool:
        """Whether a period is this edition's, or that of one after it."""
        return (last_day if self.later.get(kind, False) else start) >= self.first

    def cuts(self, kind: str) -> bool:
        """Whether the first day lies inside a period of a kind, not at its beginning; of periods that begin with a day
        of each target's own it may."""
        known = self.plan.periods[kind]
        if known.whose is not None:
            return True
        return known.start(known.index_of(self.first)) != self.first

    def called(self, name: str) -> str:
        """What a measure (or a part of it, behind a dot) was called in the edition before."""
        whole, dot, part = name.rpartition(".")
        if name in self.renamed or not dot:
            return self.renamed.get(name, name)
        return f"{self.called(whole)}.{part}"

    def sees(self, name: str) -> bool:
        """Whether what a measure came to before is known to this edition; of a part of it, as of the whole."""
        whole, dot, _ = name.rpartition(".")
        return self.before.get(name, self.sees(whole) if dot else True)


def days_assessed(editions: Sequence[Edition], span: Span) -> Span:
    """The days of a span, and of the periods that count for it in any edition although they cross its border."""
    days = [one.plan.days_of(span) for one in editions]
    return Span(min(one.start for one in days), max(one.last_day for one in days))


def in_force(editions: Sequence[Edition], days: Span) -> tuple[Edition, ...]:
    """Those that are in force on some of the days; where these lie beside all of them, the nearest."""
    found = tuple(
        one for one in editions if one.first <= days.last_day and (one.until is None or one.until > days.start)
    )
    return found or ((editions[0],) if days.last_day < editions[0].first else (editions[-1],))


def judge(editions: Sequence[Edition], kind: str, start: dt.date, last_day: dt.date) -> int:
    """The place of the edition that judges a period."""
    return max((at for at, one in enumerate(editions) if at and one.owns(kind, start, last_day)), default=0)


def judge_of_day(editions: Sequence[Edition], day: dt.date) -> int:
    """The place of the edition in force on a day."""
    return max((at for at, one in enumerate(editions) if one.first <= day), default=0)


def known_as(editions: Sequence[Edition], name: str, of: int, at: int) -> str | None:
    """What a measure of the edition `of` is called in the edition `at`; None where it begins anew on the way.

    Looking forward, what an edition after it calls so.
    """
    if of >= at:
        for place in range(of, at, -1):
            if not editions[place].sees(name):
                return None
            name = editions[place].called(name)
        return name
    for place in range(of + 1, at + 1):
        one = editions[place]
        name = next((new for new in one.plan.measures if one.called(new) == name), "")
    return name or None
