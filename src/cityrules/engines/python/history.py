"""Folds of single records: what lies before a record and is like it. See `docs/engines.md`, "Looking back"."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from cityrules.calendar.periods import Periods
from cityrules.calendar.steps import Days, Months
from cityrules.engines.python.cells import Solve
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.folds import Folded, Folder, combined
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.records import RecordPlace, order_of
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.bounds import EPOCH
from cityrules.plan.model import Fold
from cityrules.plan.whole import add_months
from cityrules.scheme.notation import Window


@dataclass(slots=True)
class _Group:
    """Records that agree, in order of moment and key. `sums`, `counts`: of what those before each place brought in;
    `doubts` by place."""

    places: list[RecordPlace] = field(default_factory=list)
    order: list[tuple[dt.date, str]] = field(default_factory=list)
    days: list[dt.date] = field(default_factory=list)
    values: list[tuple[Value, ...]] = field(default_factory=list)
    sums: list[int | Fraction] = field(default_factory=lambda: [0])
    counts: list[int] = field(default_factory=lambda: [0])
    doubts: dict[int, Doubts] = field(default_factory=dict)

    def add(self, place: RecordPlace, found: Folded, doubts: Doubts) -> None:
        if doubts:
            self.doubts[len(self.places)] = doubts
        self.places.append(place)
        self.order.append(order_of(place))
        self.days.append(place.day)
        self.values.append(tuple(found.values))
        numbers = [value for value in found.values if isinstance(value, (int, Fraction))]
        self.sums.append(self.sums[-1] + sum(numbers))
        self.counts.append(self.counts[-1] + found.used + len(found.values))


class History:
    """A fold of single records made ready: what each record brings in is the same for all that look back at it."""

    def __init__(self, world: World, measure: Fold) -> None:
        self._measure = measure
        self._window = measure.window
        self._own = [Reading(world, one.own, measure.name) for one in measure.among]
        self._folder = Folder(world, measure)
        self._groups: dict[tuple[Value, ...], _Group] = {}
        others = [Reading(world, one.other, measure.name) for one in measure.among]
        for place in sorted(world.single_places(measure.axis.record), key=order_of):  # type: ignore[union-attr]
            doubts = Doubts()
            like = tuple([reading.at(place, doubts) for reading in others])
            if doubts or None in like:
                continue
            found, against = Folded(), Doubts()
            self._folder.take(place, place, found, against)
            self._groups.setdefault(like, _Group()).add(place, found, against)

    def solve(self, place: Place, doubts: Doubts) -> Value:
        assert isinstance(place, RecordPlace)
        measure = self._measure
        like = tuple([reading.at(place, doubts) for reading in self._own])
        if not doubts and None in like and measure.missing is not None and measure.missing.policy == "error":
            doubts.add("missing", measure.name)
        group = self._groups.get(like, _Group())
        at = self._range(group, place)
        for number in group.doubts:
            if number in at:
                doubts.merge(group.doubts[number])
        count = group.counts[at.stop] - group.counts[at.start]
        total: Value = group.sums[at.stop] - group.sums[at.start]
        if measure.op in ("min", "max"):
            total = combined(measure, [value for number in at for value in group.values[number]])
        return self._folder.result(count, total, doubts)

    def keys(self, place: RecordPlace) -> Iterator[str]:
        """The records that a record is counted with, in order."""
        group = self._groups.get(tuple([reading.at(place, Doubts()) for reading in self._own]), _Group())
        return (group.places[number].record.key for number in self._range(group, place))

    def _range(self, group: _Group, place: RecordPlace) -> range:
        """The places of a group that lie in the window of a record: up to itself, of other kinds up to its day; all, of
        those that refer to it."""
        if self._window is None:
            return range(len(group.places))
        alike = self._measure.axis.record == place.record.kind  # type: ignore[union-attr]
        stop = bisect_right(group.order, order_of(place)) if alike else bisect_right(group.days, place.day)
        return range(
            min(bisect_left(group.days, first_day(place.registry.periods, self._window, place.day)), stop), stop
        )


def first_day(periods: Periods, window: Window, day: dt.date) -> dt.date:
    """The first day of a window that ends with a day. `last 12 months` begins the day after that day a year ago."""
    if window.kind == "ever":
        return dt.date.min
    if window.kind == "to_date":
        return periods.start_of(window.period, periods.index_of(window.period, day))
    steps = periods[window.period].steps
    if isinstance(steps, Days):
        return day - dt.timedelta(days=min(window.count * steps.length, day.toordinal()) - 1)
    assert isinstance(steps, Months)
    back = add_months((day - EPOCH).days, -window.count * steps.months)
    return dt.date.min if back is None else EPOCH + dt.timedelta(days=back + 1)


def solve_history(world: World, measure: Fold) -> Solve:
    """The value of what lies before each record."""
    return History(world, measure).solve
