"""Accepted records, and quick ways to those of one target in some days. Knows no measures."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cityrules.engines.python.registry import Registry
from cityrules.feel.tree import Value
from cityrules.plan.model import Dated, RecordKind, Route, Standing
from cityrules.results.facts import Days
from cityrules.scheme.notation import joined_name, parts_of


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One accepted record. `moment` is the value of its dating field, `day` the day of it. Records of kinds `one_per` a
    cell have neither, but the `target` and the running number of the `period` of their cell."""

    kind: str
    key: str
    values: Mapping[str, Value]
    moment: dt.date | None = None
    day: dt.date | None = None
    target: str = ""
    period: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RecordPlace:
    """A record as a place to read names at: its fields, the targets that it reaches, the periods of its day. `led`: the
    results of the measure that names its target, where a route goes by one."""

    record: Record
    routes: Mapping[str, Route]
    registry: Registry
    led: Mapping[Record, object] | None = None

    @property
    def day(self) -> dt.date:
        assert self.record.day is not None
        return self.record.day

    def target(self, kind: str) -> str | None:
        """The target of `kind` that the record reaches on its day; None where the field that leads there is empty."""
        parts = parts_of(kind)
        if len(parts) > 1:
            found = [self.target(part) for part in parts]
            return None if None in found else joined_name(name for name in found if name is not None)
        route = self.routes.get(kind)
        return None if route is None else self.along(route)

    def along(self, route: Route) -> str | None:
        """The target to which a way leads on the day of the record."""
        start = (self.led or {}).get(self.record) if route.measured else self.record.values.get(route.field)
        return self.registry.climb(route.start, start, route.kind, self.day) if isinstance(start, str) else None

    def period(self, kind: str) -> int | None:
        return self.registry.periods.index_of(kind, self.day)


class Records(Protocol):
    """The records of a kind by the target that they reach."""

    def of(self, target: str, days: Days | None) -> Iterable[RecordPlace]:
        """The records of a target in some days, in all where None."""
        ...


class Stream:
    """The records on the days of their own dates, in order of moment and key."""

    def __init__(self, places: Sequence[RecordPlace], route: Route | None) -> None:
        self._places: dict[str, list[RecordPlace]] = {}
        for place in sorted(places, key=order_of):
            target = "" if route is None else place.target(route.kind)
            if target is not None:
                self._places.setdefault(target, []).append(place)

    def of(self, target: str, days: Days | None) -> Sequence[RecordPlace]:
        """The records of a target in some days, in all where None."""
        found = self._places.get(target, [])
        if days is None:
            return found
        first, last = days
        return found[bisect_left(found, first, key=_own_day) : bisect_right(found, last, key=_own_day)]


def _own_day(place: RecordPlace) -> dt.date:
    return place.day


class PlacedStream:
    """The records on the days on which another date, or an interval, places them, in order of their own moment and
    key. What begins after `as_of` is nowhere yet. `singles`: the results of measures of single records, by name."""

    def __init__(
        self,
        places: Sequence[RecordPlace],
        route: Route | None,
        placed: Dated | Standing,
        as_of: dt.datetime,
        singles: Mapping[str, Mapping[Record, object]],
    ) -> None:
        def said(record: Record, name: str) -> object:
            return singles[name].get(record) if name in placed.measures else record.values[name]

        self._found: dict[str, list[tuple[RecordPlace, dt.date, dt.date]]] = {}
        for place in sorted(places, key=order_of):
            target = "" if route is None else place.target(route.kind)
            begin = said(place.record, placed.field)
            if target is None or not isinstance(begin, dt.date) or _after(begin, as_of):
                continue
            first, last = _day(begin), _day(begin)
            if isinstance(placed, Standing):
                until = said(place.record, placed.until)
                if until is not None and not isinstance(until, dt.date):
                    continue  # It could not be determined how long.
                last = dt.date.max if until is None else max(first, _day_before(until))
            self._found.setdefault(target, []).append((place, first, last))

    def of(self, target: str, days: Days | None) -> Iterator[RecordPlace]:
        """The records of a target that touch some days, all where None."""
        for place, first, last in self._found.get(target, ()):
            if days is None or (first <= days[1] and last >= days[0]):
                yield place


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _day_before(moment: dt.date) -> dt.date:
    """The day of the last second before a moment, of a date the day before; the first of all days has none before."""
    if isinstance(moment, dt.datetime) and moment.time() > dt.time():
        return moment.date()
    return dt.date.fromordinal(max(1, moment.toordinal() - 1))


def _after(moment: dt.date, as_of: dt.datetime) -> bool:
    return moment > as_of if isinstance(moment, dt.datetime) else moment > as_of.date()


def order_of(place: RecordPlace) -> tuple[dt.date, str]:
    """By what records are ordered: moment, then key."""
    assert place.record.moment is not None
    return place.record.moment, place.record.key


def routes_through(kind: RecordKind, route: Route | None, ancestors: Sequence[str]) -> dict[str, Route]:
    """How records of a kind reach targets inside an axis: by its own route as far as that leads, else by the only one
    there is. `ancestors` are those of the kind that the route starts at."""
    routes = dict(kind.routes)
    if route is not None:
        # A target by dimension is reached part by part.
        for reached in (route.start, *ancestors):
            routes[reached] = replace(route, kind=reached)
    return routes
