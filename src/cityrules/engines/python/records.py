"""Accepted records, and quick ways to those of one target in some months. Knows no measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cityrules.calendar.periods import index_of
from cityrules.engines.python.registry import Registry
from cityrules.feel.tree import Value
from cityrules.plan.model import RecordKind, Route


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
    """A record as a place to read names at: its fields, the targets that it reaches, the periods of its day."""

    record: Record
    routes: Mapping[str, Route]
    registry: Registry

    @property
    def day(self) -> dt.date:
        assert self.record.day is not None
        return self.record.day

    def target(self, kind: str) -> str | None:
        """The target of `kind` that the record reaches on its day; None where the field that leads there is empty."""
        route = self.routes.get(kind)
        start = self.record.values.get(route.field) if route else None
        return self.registry.climb(route.start, start, kind, self.day) if route and isinstance(start, str) else None

    def period(self, kind: str) -> int | None:
        return index_of(kind, self.day)


class Stream:
    """The records of a kind by the target that they reach and by month, each month in order of moment and key."""

    def __init__(self, places: Sequence[RecordPlace], route: Route | None) -> None:
        self._months: dict[str, dict[int, list[RecordPlace]]] = {}
        for place in sorted(places, key=order_of):
            target = "" if route is None else place.target(route.kind)
            if target is not None:
                month = index_of("month", place.day)
                self._months.setdefault(target, {}).setdefault(month, []).append(place)

    def of(self, target: str, months: range | None) -> Iterator[RecordPlace]:
        """The records of a target in some months, in all where None."""
        by_month = self._months.get(target, {})
        # Months were noted in order of time.
        for month in by_month if months is None else months:
            yield from by_month.get(month, ())


def order_of(place: RecordPlace) -> tuple[dt.date, str]:
    """By what records are ordered: moment, then key."""
    assert place.record.moment is not None
    return place.record.moment, place.record.key


def routes_through(kind: RecordKind, route: Route | None, ancestors: Sequence[str]) -> dict[str, Route]:
    """How records of a kind reach targets inside an axis: by its own route as far as that leads, else by the only one
    there is. `ancestors` are those of the kind that the route starts at."""
    routes = dict(kind.routes)
    if route is not None:
        for reached in (route.start, *ancestors):
            routes[reached] = Route(route.field, route.start, reached)
    return routes
