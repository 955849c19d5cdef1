"""All that measures are computed from: the plan, the question, accepted inputs, and results so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cityrules.engines.base import CellKey, Question
from cityrules.engines.python.grid import Grid
from cityrules.engines.python.records import PlacedStream, Record, RecordPlace, Records, Stream, routes_through
from cityrules.engines.python.registry import Registry
from cityrules.engines.python.results import CellResults, Effects, Followed, RecordResults, Told
from cityrules.feel.tree import Binding, Value
from cityrules.plan.model import Expr, Plan, RecordAxis, Route
from cityrules.plan.sharing import Common
from cityrules.results.tables import Row


class Watch(Protocol):
    """Who looks on while an engine computes. What is shown is what the engine goes by; nothing comes back."""

    def __call__(self, expr: Expr, read: Callable[[Binding], Value]) -> None:
        """An expression is evaluated: how the values of its names are read."""

    def compared(self, path: str, value: Value, bound: Value) -> None:
        """A value is held against the bound that the document states at `path`."""

    def decided(self, path: str) -> None:
        """What the document states at `path` for a special case is asked, and holds."""


@dataclass(slots=True)
class World:
    """`records`: the accepted records of dated kinds. `rows`: those of kinds `one_per` a cell, by cell.

    `cells` and `singles`: the results of measures of cells and of single records, filled in the order of the plan.
    `followed`: by consequence which steps (None: of one without a ladder) followed in each cell, or for each record, or
    why that is not known; what is not there did not. Its rows stand among the `records`.
    `effects`: by consequence, what of it has effect, and where that is not known.
    `checked`: by check, its rows of the table `problems`.
    `watch`: who is shown every expression that is evaluated, with the values of its names; it changes nothing.
    """

    plan: Plan
    question: Question
    registry: Registry
    grid: Grid
    records: dict[str, list[Record]]
    rows: Mapping[str, Mapping[CellKey, Record]]
    cells: dict[str, CellResults] = field(default_factory=dict)
    singles: dict[str, RecordResults] = field(default_factory=dict)
    followed: dict[str, dict[CellKey | Record, Followed]] = field(default_factory=dict)
    effects: dict[str, Effects] = field(default_factory=dict)
    checked: dict[str, list[Row]] = field(default_factory=dict)
    watch: Watch | None = None
    _told: dict[str, Told] = field(default_factory=dict)
    _streams: dict[RecordAxis, Records] = field(default_factory=dict)
    _places: dict[str, list[RecordPlace]] = field(default_factory=dict)
    _by_key: dict[str, dict[Value, Record]] = field(default_factory=dict)

    def told(self, name: str) -> Told:
        """What a measure or consequence tells besides its results."""
        return self._told.setdefault(name, Told())

    def forked(self, plan: Plan, question: Question, common: Common) -> World:
        """The world of another plan that accepts the same rows, with the results of what comes to the same there, and
        of nothing else. What both have is shared, and nobody changes it any more."""
        kept, taken = common.computed, {*plan.records, *common.computed}

        def known(axis: RecordAxis) -> bool:
            route, measures = axis.route, axis.placed.measures if axis.placed is not None else ()
            led = route is not None and route.measured and route.field not in kept
            return axis.record in taken and kept.issuperset(measures) and not led

        return World(
            plan, question, self.registry, self.grid,
            {name: found for name, found in self.records.items() if name in taken},
            self.rows,
            {name: found for name, found in self.cells.items() if name in kept},
            {name: found for name, found in self.singles.items() if name in kept},
            {name: found for name, found in self.followed.items() if name in kept},
            {name: found for name, found in self.effects.items() if name in kept},
            {name: found for name, found in self.checked.items() if name in common.checks},
            _told={name: self.told(name) for name in kept},
            _streams={axis: found for axis, found in self._streams.items() if known(axis)},
            _places={kind: found for kind, found in self._places.items() if kind in taken},
            _by_key={**self._by_key},
        )  # fmt: skip

    def compared(self, path: str, value: Value, bound: Value) -> None:
        """Show whoever watches that a value is held against a bound."""
        if self.watch is not None:
            self.watch.compared(path, value, bound)

    def decided(self, path: str) -> None:
        """Show whoever watches that what stands at a path decides."""
        if self.watch is not None:
            self.watch.decided(path)

    @property
    def as_of(self) -> dt.datetime:
        return self.question.as_of

    def by_key(self, kind: str) -> Mapping[Value, Record]:
        """The records of a kind that others refer to, by the one value of their key."""
        if kind not in self._by_key:
            (key,) = self.plan.records[kind].key
            self._by_key[kind] = {record.values[key]: record for record in self.records.get(kind, ())}
        return self._by_key[kind]

    def single_places(self, kind: str) -> list[RecordPlace]:
        """The records of a kind as places of their own measures."""
        if kind not in self._places:
            self._places[kind] = self._placed(kind, None)
        return self._places[kind]

    def stream(self, axis: RecordAxis) -> Records:
        """The records of an axis as they reach targets (without a route: the whole city)."""
        if axis not in self._streams:
            found = self._placed(axis.record, axis.route)
            placed = axis.placed
            self._streams[axis] = (
                Stream(found, axis.route)
                if placed is None
                else PlacedStream(found, axis.route, placed, self.as_of, self.singles)
            )
        return self._streams[axis]

    def _placed(self, kind: str, route: Route | None) -> list[RecordPlace]:
        ancestors = self.plan.kinds[route.start].ancestors if route else ()
        routes = routes_through(self.plan.record(kind), route, ancestors)
        led = self.singles[route.field] if route is not None and route.measured else {}
        return [RecordPlace(record, routes, self.registry, led) for record in self.records.get(kind, ())]
