"""Which cells there are: members times periods, in the span, begun, in force. Knows no measures and no values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cityrules.engines.base import CellKey, Question
from cityrules.engines.python.registry import Registry
from cityrules.plan.model import Plan
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import Grain


@dataclass(frozen=True, slots=True, eq=False)
class CellPlace:
    """A cell as a place to read names at: its target and those that hold it, its period and those that contain it.

    Parameters, attributes and who holds the target are read on `day`.
    """

    grain: Grain
    name: str
    index: int | None
    day: dt.date
    registry: Registry

    @property
    def key(self) -> CellKey:
        return self.name, self.index

    def target(self, kind: str) -> str | None:
        """The target of `kind` that this is, or belongs to."""
        return None if self.grain.kind == WHOLE else self.registry.climb(self.grain.kind, self.name, kind, self.day)

    def period(self, kind: str) -> int | None:
        """The running number of the period of `kind` that this is, or that contains it."""
        if self.grain.period is None or self.index is None:
            return None
        return self.registry.periods.containing(self.grain.period, self.index, kind)


class Grid:
    """The cells of every grain. Whatever is asked of it is found out once: many measures have the same grain."""

    def __init__(self, plan: Plan, question: Question, registry: Registry) -> None:
        self._registry = registry
        self._plan = plan
        self._periods = plan.periods
        self._open: dict[str, int] = {}
        self._span = question.span
        self._as_of = question.as_of
        self._first = plan.in_force_from or question.span.start
        self._until = plan.in_force_until
        self._begun: dict[tuple[str, dt.date | None], range] = {}
        self._days: dict[tuple[str, int], tuple[dt.date, dt.date]] = {}
        self._cells: dict[Grain, tuple[CellPlace, ...]] = {}

    def cells(self, grain: Grain) -> Sequence[CellPlace]:
        """The cells of a grain, target by target, each in order of period."""
        if grain not in self._cells:
            self._cells[grain] = tuple(self._find_cells(grain))
        return self._cells[grain]

    def _find_cells(self, grain: Grain) -> Iterator[CellPlace]:
        names = [""] if grain.kind == WHOLE else self._registry.members(grain.kind)
        for name in names:
            periods: Sequence[int | None] = [None] if grain.period is None else self.periods(grain, name)
            for index in periods:
                if self._lives(grain, name, index):
                    yield self.place(grain, name, index)

    def holds(self, grain: Grain, name: str, index: int | None) -> bool:
        """Whether there is such a cell."""
        if grain.period is not None and index not in self.periods(grain, name):
            return False
        return self._lives(grain, name, index)

    def place(self, grain: Grain, name: str, index: int | None) -> CellPlace:
        """The place of a cell. What changes with time is read on its last day; if timeless, on that of the span."""
        timeless = grain.period is None or index is None
        day = self._span.last_day if timeless else self._days_of(grain.period or "", index or 0)[1]
        return CellPlace(grain, name, index, day, self._registry)

    def provisional(self, grain: Grain, index: int | None) -> bool:
        """Whether the period (without one, the span) has not closed at `as_of`."""
        today = self._as_of.date()
        if grain.period is None or index is None:
            return self._plan.days_of(self._span).last_day >= today
        if self._periods[grain.period].whose is not None:
            return self._plan.closes(grain.period, index) >= today
        if grain.period not in self._open:
            self._open[grain.period] = self._plan.first_open(grain.period, today)
        return index >= self._open[grain.period]

    def periods(self, grain: Grain, name: str) -> range:
        """The periods of a target that are in the span, have begun and touch the time in force."""
        kind = grain.period
        assert kind is not None
        begins = None
        if self._periods[kind].whose is not None:
            begins = self._registry.begins(grain.kind, name, kind)
            if begins is None:
                return range(0)
        if (kind, begins) not in self._begun:
            self._begun[kind, begins] = self._find_periods(kind, begins)
        return self._begun[kind, begins]

    def _find_periods(self, kind: str, begins: dt.date | None) -> range:
        known = self._periods[kind]
        inside = self._periods.in_span(kind, self._span, begins)
        first = max(inside.start, known.index_of(self._first, begins))
        last = min(inside.stop - 1, known.index_of(self._as_of.date(), begins))
        if self._until is not None:
            # The period that holds the last day in force; none where that is before the first of all days.
            after = known.index_of(self._until, begins)
            last = min(last, after - (self._until == known.start(after)))
        return range(first, last + 1)

    def _lives(self, grain: Grain, name: str, index: int | None) -> bool:
        if grain.kind == WHOLE:
            return name == ""
        if grain.period is None or index is None:
            return self._registry.exists(grain.kind, name, self._span.start, self._span.last_day)
        return self._registry.exists(grain.kind, name, *self._days_of(grain.period, index))

    def _days_of(self, period: str, index: int) -> tuple[dt.date, dt.date]:
        """The first and the last day of a period."""
        if (period, index) not in self._days:
            known = self._periods[period]
            self._days[period, index] = known.start(index), known.last_day(index)
        return self._days[period, index]
