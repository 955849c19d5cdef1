"""Dates that come again by a rule, such as each second Tuesday of the month (iCalendar, RFC 5545). Knows no schemes.

Only rules that always come again are built (`scheme.recurring` reads them), so that looking for the next date never
runs through centuries, whatever a document says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Frequency = Literal["WEEKLY", "MONTHLY", "YEARLY"]

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# As dateutil numbers them.
_FREQUENCIES: Final[Mapping[Frequency, Literal[0, 1, 2]]] = {"YEARLY": 0, "MONTHLY": 1, "WEEKLY": 2}
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule. `weekdays`: by their number from Monday, each with which of them in the month or year it is (0: every
    one); `places`: which of the days found in a month count, from the end where negative. `interval`: of weeks."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    places: tuple[int, ...] = ()

    def __str__(self) -> str:
        """The rule as RFC 5545 writes it."""
        days = ",".join(f"{place or ''}{WEEKDAYS[weekday]}" for weekday, place in self.weekdays)
        parts = {
            "FREQ": self.frequency,
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "BYMONTH": ",".join(map(str, self.months)),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYDAY": days,
            "BYSETPOS": ",".join(map(str, self.places)),
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def days(self, first: dt.date, last: dt.date, begins: dt.date | None = None) -> Iterator[dt.date]:
        """The dates from `first` to `last`, both inside, in order. `begins`: a day of the first week that counts, where
        not every week does; nothing comes before it."""
        # Loaded on use: most schemes have no such rule.
        from dateutil import rrule

        start = first
        if begins is not None:
            # Weeks that are skipped are counted from the Monday of the one that begins.
            turn = _WEEK * self.interval
            monday = begins.toordinal() - begins.weekday()
            passed = max(0, first.toordinal() - monday) // turn * turn
            start = max(begins, dt.date.fromordinal(monday + passed))
        weekdays = [rrule.weekday(weekday, place or None) for weekday, place in self.weekdays]
        found = rrule.rrule(
            _FREQUENCIES[self.frequency],
            dtstart=dt.datetime.combine(start, dt.time()),
            until=dt.datetime.combine(last, dt.time()),
            interval=self.interval,
            wkst=rrule.MO,
            byweekday=weekdays or None,
            bymonthday=self.month_days or None,
            bymonth=self.months or None,
            bysetpos=self.places or None,
        )
        try:
            yield from (moment.date() for moment in found if moment.date() >= first)
        except ValueError:
            # The last week of the year 9999 goes on into a year that there is not.
            return
