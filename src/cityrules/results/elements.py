"""What a fold or a rule ran over, found again: records, lower targets, shorter periods. Reads tables, facts, plan."""

from __future__ import annotations

from cityrules.calendar.periods import MONTHS, containing
from cityrules.plan.model import Axis, Fold, KindAxis, PeriodAxis, RecordAxis
from cityrules.results.reading import Place, Reader
from cityrules.scheme.notation import Window


def elements(reader: Reader, axis: Axis, window: Window | None, here: Place, fold: Fold | None = None) -> list[Place]:
    """The elements in order of name or time. `fold`: the measure that runs over them, if it is one."""
    match axis:
        case KindAxis(kind=kind):
            names = sorted(
                str(name) for of, name in reader.cells.distinct("values", "target_kind", "target") if of == kind
            )
            places = [Place(kind, name, here.period, here.index) for name in names]
            return [place for place in places if reader.target_of(place, here.kind) == here.target]
        case PeriodAxis(period=period):
            return [Place(here.kind, here.target, period, index) for index in periods(period, window, here)]
        case RecordAxis():
            if fold is not None and here.of_record:
                keys = reader.facts.counted_with(fold, here.target)
                return [Place(axis.record, key, of_record=True) for key in keys]
            keys = reader.facts.reached(axis, here.target, months(window, here))
            return [Place(axis.record, key, of_record=True, route=axis.route) for key in keys]


def months(window: Window | None, here: Place) -> range | None:
    """The months of a cell or its window; None for all time."""
    if here.period is None or here.index is None:
        return None
    own = MONTHS[here.period]
    start, stop = here.index * own, (here.index + 1) * own
    if window is None:
        return range(start, stop)
    if window.kind == "ever":
        return range(stop)
    span = MONTHS[window.period]
    last = (stop - 1) // span
    return range(
        last * span if window.kind != "last" else (last + 1 - window.count) * span,
        stop if window.kind != "last" else (last + 1) * span,
    )


def periods(axis: str, window: Window | None, here: Place) -> range:
    """The running numbers of the periods of kind `axis` that a cell or its window holds."""
    if here.period is None or here.index is None:
        return range(0)
    own, each = MONTHS[here.period], MONTHS[axis]
    end = max((here.index + 1) * own // each, here.index * own // each + 1)
    if window is None:
        return range(here.index * own // each, end)
    if window.kind == "ever":
        return range(end)
    if window.kind == "last":
        return range(end - max(1, window.count * MONTHS[window.period] // each), end)
    return range(containing(here.period, here.index, window.period) * MONTHS[window.period] // each, end)
