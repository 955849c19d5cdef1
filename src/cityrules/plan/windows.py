"""What a window of a cell holds: periods, and the days of them. The contract is `docs/engines.md`, "Fold"."""

from __future__ import annotations

import datetime as dt

from cityrules.calendar.periods import Periods
from cityrules.scheme.notation import Window


def units(periods: Periods, own: str, index: int, window: Window | None) -> tuple[str, int | None, int]:
    """The periods that a cell's window is made of: their kind, the first of them (None: no first) and the last."""
    if window is None:
        return own, index, index
    match window.kind:
        case "last":
            last = periods.inside(window.period, own, index).stop - 1
            return window.period, _not_before_first(periods, window.period, last - window.count + 1), last
        case "to_date":
            whole = periods.containing(own, index, window.period)
            return own, periods.inside(own, window.period, whole).start, index
        case "ever":
            return own, periods[own].earliest(index), index


def _not_before_first(periods: Periods, kind: str, index: int) -> int:
    """The period, or the first one that there is."""
    first = periods[kind].earliest(index)
    return index if first is None else max(index, first)


def days(periods: Periods, own: str, index: int, window: Window | None) -> tuple[dt.date, dt.date]:
    """The first and the last day of a cell's window."""
    kind, first, last = units(periods, own, index, window)
    begins = dt.date.min if first is None else periods.start_of(kind, first)
    return begins, periods.last_day_of(kind, last)


def elements(periods: Periods, axis: str, own: str, index: int, window: Window | None) -> range:
    """The running numbers of the periods of kind `axis` in a cell's window; from 0 on where it has no first day."""
    kind, first, last = units(periods, own, index, window)
    begins = 0 if first is None else periods.inside(axis, kind, first).start
    return range(begins, periods.inside(axis, kind, last).stop)
