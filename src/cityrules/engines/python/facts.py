"""The accepted inputs of one assessment, for explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property

from cityrules.calendar.periods import Span
from cityrules.engines.python.history import History
from cityrules.engines.python.records import Record
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Fold, RecordAxis
from cityrules.plan.views import WHOLE
from cityrules.results.facts import Days


class WorldFacts:
    """The facts of a finished world."""

    def __init__(self, world: World) -> None:
        self._world = world

    @cached_property
    def _records(self) -> Mapping[tuple[str, str], Record]:
        every = [record for kind in self._world.records.values() for record in kind]
        every += [record for kind in self._world.rows.values() for record in kind.values()]
        return {(record.kind, record.key): record for record in every}

    @property
    def span(self) -> Span:
        return self._world.question.span

    @property
    def as_of(self) -> dt.datetime:
        return self._world.as_of

    def record(self, kind: str, key: str) -> Mapping[str, Value] | None:
        found = self._records.get((kind, key))
        return found.values if found else None

    def target(self, kind: str, name: str, day: dt.date | None = None) -> Mapping[str, Value] | None:
        return self._world.registry.facts(kind, name, day or self._world.question.span.last_day)

    def exists(self, kind: str, name: str, first: dt.date, last: dt.date) -> bool:
        return name == "" if kind == WHOLE else self._world.registry.exists(kind, name, first, last)

    def reached(self, axis: RecordAxis, target: str, days: Days | None) -> Iterator[str]:
        return (place.record.key for place in self._world.stream(axis).of(target, days))

    def counted_with(self, fold: Fold, key: str) -> Iterator[str]:
        own = self._records.get((fold.grain.kind, key))
        places = self._world.single_places(fold.grain.kind)
        return History(self._world, fold).keys(next(place for place in places if place.record is own))
