"""The elements that a fold ran over, found again: lower targets, shorter periods. Reads tables, facts and the plan."""

from __future__ import annotations

from cityrules.calendar.periods import MONTHS, containing
from cityrules.plan.model import Fold, KindAxis, PeriodAxis
from cityrules.results.reading import Place, Reader
from cityrules.scheme.notation import Window


def elements(reader: Reader, fold: Fold, here: Place) -> list[Place]:
    """The elements in order of name or time. None for records: the tables do not list what did not move a point."""
    match fold.axis:
        case KindAxis(kind=kind):
            names = sorted(
                str(name) for of, name in reader.cells.distinct("values", "target_kind", "target") if of == kind
            )
            places = [Place(kind, name, here.period, here.index) for name in names]
            return [place for place in places if reader.target_of(place, here.kind) == here.target]
        case PeriodAxis(period=period):
            return [Place(here.kind, here.target, period, index) for index in periods(period, fold.window, here)]
        case _:
            return []


def periods(axis: str, window: Window | None, here: Place) -> range:
    """The running numbers of the periods of kind `axis` that a cell or its window holds."""
    if here.period is None or here.index is None:
        return range(0)
    own, each = MONTHS[here.period], MONTHS[axis]
    end = max((here.index + 1) * own // each, here.index * own // each + 1)
    if window is None:
        return range(here.index * own // each, end)
    if window.kind == "last":
        return range(end - max(1, window.count * MONTHS[window.period] // each), end)
    return range(containing(here.period, here.index, window.period) * MONTHS[window.period] // each, end)
