"""What a fold, a rule or a tally runs over: the axis of a name at a grain. Knows kinds and periods, no expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from cityrules.calendar.periods import Periods
from cityrules.plan.kinds import plain_kinds
from cityrules.plan.model import Axis, KindAxis, PeriodAxis, RecordAxis, RecordKind, Route
from cityrules.plan.records import routes_by_kind, ways_of
from cityrules.plan.references import referent
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.views import WHOLE, Ground
from cityrules.scheme.notation import Grain, Window, parts_of


def find_axis(
    reporter: Reporter,
    ground: Ground,
    path: Address,
    key: str,
    name: str,
    grain: Grain,
    via: str | None,
    window: Window | None,
    itself: Literal["included", "excluded"] | None = None,
) -> Axis | None:
    """The axis called `name` (as it stands under `key`) for cells of `grain`, or None after a complaint. `itself`: the
    kind of the cell itself is an axis, too."""
    place = (*path, key)
    if window is not None and window.period and window.period not in ground.periods:
        return None  # What is wrong with the kind of period has been said.
    if name in ground.following:
        return _followings(reporter, ground, path, key, name, grain, via, window)
    if grain.kind in ground.records:
        return _others(reporter, ground, path, key, name, grain.kind, via, window)
    if via is not None and name not in ground.records:
        reporter.refuse("CR437", (*path, "via"), axis=name)
    if window is not None and not _window_fits(reporter, ground, (*path, "window"), name, grain, window):
        return None
    if name in ground.records:
        return _records(reporter, ground, path, key, ground.records[name], grain, via)
    if name in ground.kinds:
        beside = name == grain.kind and itself is not None
        elements = KindAxis(name, 0, itself) if beside else ground.elements(name, grain.kind)
        whose = ground.whose(grain.period)
        if whose is not None and (beside or elements is None or whose not in parts_of(elements.kind)):
            reporter.refuse("CR970", place, found=name, period=grain.period)
            return None
        if elements is not None:
            return elements
        reporter.refuse("CR432", place, found=name, grain=grain, kind=grain.kind)
        return None
    if name in ground.periods:
        return _periods(reporter, ground, place, name, grain, window)
    if name in reporter.loaded.document.consequences:
        return None  # What is wrong with its grain is said there.
    reporter.refuse_name("CR430", place, name, _possible(ground, grain, window))
    return None


def _followings(
    reporter: Reporter,
    ground: Ground,
    path: Address,
    key: str,
    name: str,
    grain: Grain,
    via: str | None,
    window: Window | None,
) -> Axis | None:
    """The rows of a consequence; of one about single records, the records for which it followed."""
    following = ground.following[name]
    if grain.kind in ground.records:
        reporter.refuse("CR912", (*path, key), found=name, grain=grain)
        return None
    if window is not None and not _window_fits(reporter, ground, (*path, "window"), name, grain, window):
        return None
    record = following.rows or ground.records[following.grain.kind]
    period = following.grain.period
    if following.rows is not None and period is not None and ground.periods[period].belongs not in LAST_DAY:
        reporter.refuse("CR913", (*path, key), found=name, period=period)
        return None
    if following.rows is not None and ground.torn(period, grain.period):
        reporter.refuse(ground.across(period), (*path, key), found=period, longer=grain.period)
        return None
    axis = _records(reporter, ground, path, key, record, grain, via)
    return replace(axis, follows=name) if isinstance(axis, RecordAxis) else None


def _others(
    reporter: Reporter,
    ground: Ground,
    path: Address,
    key: str,
    name: str,
    kind: str,
    via: str | None,
    window: Window | None,
) -> RecordAxis | None:
    """What a single record of a kind is counted with: records, whoever they reach; or those that refer to it by the
    field `via`."""
    if window is not None and window.kind == "last" and not ground.periods[window.period].steady:
        reporter.refuse("CR826", (*path, "window"), found=window)
        return None
    if window is not None and window.kind == "to_date" and (whose := ground.whose(window.period)) is not None:
        reporter.refuse("CR971", (*path, "window"), found=window, period=window.period, kind=whose)
        return None
    record = ground.records.get(name)
    if record is not None and via is not None and referent(ground.records, record, via) != kind:
        ways = [path for path in record.types if referent(ground.records, record, path) == kind]
        reporter.refuse_name("CR436", (*path, "via"), via, ways, record=name, kind=kind)
        return None
    if record is None:
        dated = [other.name for other in ground.records.values() if other.dated]
        reporter.refuse_name("CR871", (*path, key), name, dated)
    elif record.one_per is not None:
        reporter.refuse("CR431", (*path, key), found=record.name, grain=record.one_per)
    else:
        return RecordAxis(name, None)
    return None


def _possible(ground: Ground, grain: Grain, window: Window | None) -> list[str]:
    """Every name that would be an axis for cells of `grain`."""
    records = [r.name for r in ground.records.values() if r.dated]
    kinds = [kind for kind in plain_kinds(ground.kinds) if ground.elements(kind, grain.kind)]
    return [*records, *kinds, *ground.following, *(p for p in ground.periods if _period_fits(ground, p, grain, window))]


def _records(
    reporter: Reporter, ground: Ground, path: Address, key: str, record: RecordKind, grain: Grain, via: str | None
) -> Axis | None:
    if record.one_per is not None:
        reporter.refuse("CR431", (*path, key), found=record.name, grain=record.one_per)
        return None
    if grain.kind == WHOLE:
        if via is not None:
            # Every record belongs to the whole city, whatever its fields say.
            reporter.refuse("CR437", (*path, "via"), axis=record.name)
        return RecordAxis(record.name, None)
    # Of what `via` says, what the record has through others is as good as its own.
    ways = ways_of(record, ground.kinds) if via is None else routes_by_kind(record.types, ground.kinds)
    parts = parts_of(grain.kind)
    by_part = {part: ways.get(part, []) for part in parts}
    if via is not None:
        meant = [route for routes in by_part.values() for route in routes if route.field == via]
        meant += [route for part in parts if (route := _measured(ground, record, part, via))]
        if not meant:
            if not _doubtful(record, ground):
                fields = [route.field for routes in by_part.values() for route in routes]
                reporter.refuse_name("CR436", (*path, "via"), via, fields, record=record.name, kind=grain.kind)
            return None
        own = ways_of(record, ground.kinds)
        by_part = {part: own.get(part, []) for part in parts} | {route.kind: [route] for route in meant}
    if not all(by_part.values()) and _doubtful(record, ground):
        return None
    routes = [_only(reporter, (*path, key), record, part, by_part[part]) for part in parts]
    if not all(routes):
        return None
    # Of a target by dimension the other parts are reached by the only ways there are.
    route = next((route for route in routes if route and route.field == via), routes[0])
    return RecordAxis(record.name, replace(route, kind=grain.kind)) if route else None


def _measured(ground: Ground, record: RecordKind, kind: str, via: str) -> Route | None:
    """The route by a measure of the record that names the target, or one below it."""
    start = ground.leading.get(via)
    if start is None or ground.measures[via].kind != record.name:
        return None
    return Route(via, start, kind, True) if kind in (start, *ground.kinds[start].ancestors) else None


def _doubtful(record: RecordKind, ground: Ground) -> bool:
    """Whether a field names a kind that there is not, so that nobody knows what the record was to reach."""
    return any(field.kind is not None and field.kind not in ground.kinds for field in record.fields.values())


def _only(reporter: Reporter, place: Address, record: RecordKind, kind: str, routes: list[Route]) -> Route | None:
    if len(routes) == 1:
        return routes[0]
    if routes:
        fields = ", ".join(route.field for route in routes)
        reporter.refuse("CR435", place, found=record.name, kind=kind, fields=fields, first=routes[0].field)
    else:
        reporter.refuse("CR434", place, found=record.name, kind=kind)
    return None


def _periods(
    reporter: Reporter, ground: Ground, place: Address, name: str, grain: Grain, window: Window | None
) -> Axis | None:
    if _period_fits(ground, name, grain, window):
        return PeriodAxis(name)
    if ground.torn(name, grain.period):
        reporter.refuse(ground.across(name), place, found=name, longer=grain.period)
    elif name == grain.period and window is None:
        reporter.refuse("CR428", place, found=name, grain=grain)
    else:
        reporter.refuse("CR433", place, found=name, grain=grain)
    return None


def _period_fits(ground: Ground, name: str, grain: Grain, window: Window | None) -> bool:
    """Whether periods of a kind lie inside the cell's; with a window, the cell's own period may be its element."""
    if grain.period is None or not ground.within(name, grain.period):
        return False
    return name != grain.period or window is not None


def _window_fits(reporter: Reporter, ground: Ground, place: Address, axis: str, grain: Grain, window: Window) -> bool:
    """Whether a window says something definite about this axis; complains where it does not."""
    if grain.period is None:
        reporter.refuse("CR427", place, grain=grain)
    elif axis in ground.kinds:
        reporter.refuse("CR438", place, found=axis)
    elif window.kind == "to_date" and ground.torn(grain.period, window.period):
        reporter.refuse(ground.across(grain.period), place, found=grain.period, longer=window.period)
    elif window.kind == "last" and ground.torn(window.period, grain.period):
        reporter.refuse(ground.across(window.period), place, found=window.period, longer=grain.period)
    elif window.kind == "to_date" and (window.period == grain.period or not ground.within(grain.period, window.period)):
        reporter.refuse("CR426", place, found=window, grain=grain)
    elif window.kind == "to_date" and ground.whose(window.period) is not None and ground.whose(grain.period) is None:
        reporter.refuse("CR971", place, found=window, period=window.period, kind=ground.whose(window.period))
    elif window.kind == "last" and axis in ground.periods and window.period != axis:
        reporter.refuse("CR425", place, found=window, expected=f"last {window.count} {axis}s")
    elif window.kind == "last" and not ground.within(window.period, grain.period):
        reporter.refuse("CR424", place, found=window, grain=grain)
    else:
        return True
    return False


def meets(axis: Axis | None) -> object:
    """Rules with the same of this meet at the same elements: a record is one however it is reached."""
    return axis.record if isinstance(axis, RecordAxis) else axis


def most_elements(axis: Axis, grain: Grain, window: Window | None, periods: Periods) -> int:
    """The most elements one cell can have: a stated bound for records and targets, a count for periods."""
    if isinstance(axis, RecordAxis):
        return MOST_RECORDS
    if isinstance(axis, KindAxis):
        return MOST_TARGETS
    if window is not None and window.kind == "last":
        return window.count
    if window is not None and window.kind == "ever":
        return (
            MOST_YEARS * periods.most_inside(axis.period, "year")
            if periods.shorter(axis.period, "year")
            else MOST_YEARS
        )
    longest = window.period if window is not None else grain.period
    return periods.most_inside(axis.period, longest or axis.period)


LAST_DAY = (None, "by last day")
"""How a period counts for a longer one when its rows, which are dated by its last day, count for the same."""

MOST_YEARS = 10_000
"""Years of the calendar."""

MOST_RECORDS = 10**9
"""Records of one kind that one assessment may hold. Engines refuse more; sums are sized for it."""

MOST_TARGETS = 10**6
"""Targets of one kind that one assessment may hold."""
