"""What a fold or a rule ran over, found again: records, lower targets, shorter periods. Reads tables, facts, plan."""

from __future__ import annotations

from collections.abc import Iterable

from cityrules.feel.tree import Read, Value
from cityrules.plan import windows
from cityrules.plan.model import Axis, Expr, Fold, KindAxis, PeriodAxis, RecordAxis
from cityrules.results.facts import Days
from cityrules.results.places import Place
from cityrules.results.reading import Reader
from cityrules.scheme.notation import Window


def elements(reader: Reader, axis: Axis, window: Window | None, here: Place, fold: Fold | None = None) -> list[Place]:
    """The elements in order of name or time. `fold`: the measure that runs over them, if it is one."""
    match axis:
        case KindAxis(kind=kind):
            names = sorted(
                str(name) for of, name in reader.cells.distinct("values", "target_kind", "target") if of == kind
            )
            places = [Place(kind, name, here.period, here.index) for name in names]
            if fold is not None and isinstance(axis, KindAxis) and axis.itself is not None:
                return [place for place in places if _beside(reader, axis, fold, here, place)]
            return [place for place in places if reader.target_of(place, here.kind) == here.target]
        case PeriodAxis(period=period):
            return [Place(here.kind, here.target, period, index) for index in _periods(reader, period, window, here)]
        case RecordAxis():
            if fold is not None and here.of_record:
                keys = reader.facts.counted_with(fold, here.target)
                return [Place(axis.record, key, of_record=True) for key in keys]
            keys = reader.facts.reached(axis, here.target, _days(reader, window, here))
            return [Place(axis.record, key, of_record=True, route=axis.route) for key in keys]


def _beside(reader: Reader, axis: KindAxis, fold: Fold, here: Place, other: Place) -> bool:
    """Whether a target agrees with the cell's in what a fold says."""
    if other.target == here.target:
        return axis.itself == "included"
    return all(_value(reader, one.own, here) == _value(reader, one.other, here, other) for one in fold.among)


def _value(reader: Reader, expr: Expr, here: Place, other: Place | None = None) -> Value:
    """The value of a name in which elements agree."""
    return reader.value(expr.tree.binding, here, other) if isinstance(expr.tree, Read) else None


def _days(reader: Reader, window: Window | None, here: Place) -> Days | None:
    """The days of a cell or its window; None for all time."""
    if here.period is None or here.index is None:
        return None
    return windows.days(reader.periods, here.period, here.index, window)


def _periods(reader: Reader, axis: str, window: Window | None, here: Place) -> Iterable[int]:
    """The running numbers of the periods of kind `axis` that a cell or its window holds."""
    if here.period is None or here.index is None:
        return ()
    found = windows.elements(reader.periods, axis, here.period, here.index, window)
    if window is None or window.kind != "ever":
        return found
    # Without a first period: as far back as anything of the target was computed.
    rows = reader.cells.rows("values", target_kind=here.kind, target=here.target)
    named = {str(row["period"]) for row in rows if row["period"] is not None}
    known = (reader.cell(here.kind, here.target, *reader.periods.parse(name)) for name in named)
    return sorted(one.index for one in known if one.period == axis and one.index is not None and one.index in found)
