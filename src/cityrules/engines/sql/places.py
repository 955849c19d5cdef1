"""Where an expression stands, as SQL: the targets, periods and day of a cell or a record. Knows no measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import Records, World
from cityrules.feel.types import DateTime
from cityrules.plan.bounds import EPOCH
from cityrules.plan.clock import counted
from cityrules.plan.model import Dated, RecordKind, Route, Standing
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import Grain, parts_of


class Place(Protocol):
    """All expressions are over the source and the joins of a query, none over its drawn columns."""

    def target(self, kind: str) -> E | None:
        """The name of the target of `kind` that this is or belongs to; None where there never is one."""
        ...

    def period(self, kind: str) -> E | None:
        """The running number of the period of `kind` that contains this; None where there is none."""
        ...

    def day(self) -> E:
        """The day on which what changes with time is read."""
        ...


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell of a grain: the columns `t` and `p` of `alias`. `in_grid`: it is surely one of the grid."""

    world: World
    query: Query
    grain: Grain
    alias: str = "b"
    in_grid: bool = True

    def target(self, kind: str) -> E | None:
        if kind == WHOLE:
            return sql.text("")
        if self.grain.kind == WHOLE:
            return None
        own = sql.column("t", self.alias)
        parts = parts_of(self.grain.kind)
        if len(parts) == 1 or kind == self.grain.kind:
            return climb(self.world, self.query, self.grain.kind, own, kind, self.day())
        return together(kind, lambda wanted: self._part(parts, own, wanted))

    def _part(self, parts: Sequence[str], own: E, wanted: str) -> E | None:
        """The target of a kind that one of the parts of a target by dimension is, or belongs to."""
        for place, part in enumerate(parts):
            if wanted == part or wanted in self.world.plan.kinds[part].ancestors:
                return climb(self.world, self.query, part, dialect.name_part(own, place), wanted, self.day())
        return None

    def period(self, kind: str) -> E | None:
        if self.grain.period is None:
            return None
        known = self.world.periods
        return periods.containing(known[self.grain.period], sql.column("p", self.alias), known[kind])

    def day(self) -> E:
        if self.grain.period is None:
            return sql.number((self.world.question.span.last_day - EPOCH).days)
        return periods.last_day(self.world.periods[self.grain.period], sql.column("p", self.alias))


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """A record: the columns of `records` in `alias`. `routes`: how it reaches targets here."""

    world: World
    query: Query
    records: Records
    routes: Mapping[str, Route]
    alias: str = "b"

    def target(self, kind: str) -> E | None:
        if kind == WHOLE:
            return sql.text("")
        if len(parts_of(kind)) > 1:
            return together(kind, self.target)
        route = self.routes.get(kind)
        return None if route is None else self.along(route)

    def along(self, route: Route) -> E | None:
        """The target to which a way leads on the day of the record."""
        start = self.records.measures[route.field].value if route.measured else self.records.fields[route.field]
        return climb(self.world, self.query, route.start, sql.column(start, self.alias), route.kind, self.day())

    def period(self, kind: str) -> E | None:
        return periods.of_day(self.world.periods[kind], self.day())

    def day(self) -> E:
        assert self.records.kind.dated is not None
        return self.day_of(self.records.kind.dated)

    def day_of(self, field: str) -> E:
        """The day of a date or date-time field, or of a measure that gives one."""
        moment = self.field(field)
        return dialect.day_of_seconds(moment) if self._moments(field) else moment

    def _moments(self, field: str) -> bool:
        """Whether a field or measure holds date-times."""
        if field in self.records.fields:
            return self.records.kind.types[field].base == "datetime"
        return isinstance(self.world.plan.measures[field].type, DateTime)

    def begun(self, placed: Dated | Standing) -> E:
        """Whether the record stands anywhere: what places it has a value, not after `as_of`, and how long it stands
        could be determined."""
        as_of = self.world.question.as_of
        moments = self._moments(placed.field)
        known = sql.number(counted(as_of if moments else as_of.date()))
        begun = sql.is_true(sql.at_most(self.field(placed.field), known))
        until = placed.until if isinstance(placed, Standing) else None
        cause = self.records.measures[until].cause if until in placed.measures else None
        return begun if cause is None else sql.both(begun, sql.not_(sql.is_there(sql.column(cause, self.alias))))

    def last_day(self, placed: Standing) -> E:
        """The last day on which the record stands; null: there is none yet."""
        until, begin = self.field(placed.until), self.day_of(placed.since)
        before = sql.sub(until, sql.number(1))
        if self._moments(placed.until):
            before = dialect.day_of_seconds(before)
        return sql.case((sql.is_there(until), dialect.greatest(begin, before)))

    def moment(self) -> E:
        """The dating field, by which records are ordered."""
        assert self.records.kind.dated is not None
        return self.field(self.records.kind.dated)

    def field(self, name: str) -> E:
        """The value of a field, or of a measure that places the record in time."""
        own = self.records.fields.get(name)
        return sql.column(self.records.measures[name].value if own is None else own, self.alias)


def together(kind: str, target: Callable[[str], E | None]) -> E | None:
    """The key of a target of `kind`, its parts found one by one; None where one of them never is there."""
    found = [target(part) for part in parts_of(kind)]
    names = [name for name in found if name is not None]
    if len(names) < len(found):
        return None
    return dialect.joined_name(names) if len(names) > 1 else names[0]


def climb(world: World, query: Query, kind: str, name: E, to: str, day: E) -> E | None:
    """The target of kind `to` that is, or on a day holds, the target `name` of `kind`."""
    if kind == to:
        return name
    targets = world.targets[kind]
    if to not in targets.ancestors:
        return None
    return sql.column(targets.ancestors[to], query.join(targets.relation, {"n": name}, day if targets.dated else None))


def routes_through(kind: RecordKind, route: Route | None, world: World) -> dict[str, Route]:
    """How records of a kind reach targets inside an axis: by its own route as far as that leads, else by the only one
    there is."""
    routes = dict(kind.routes)
    if route is not None:
        for reached in (route.start, *world.plan.kinds[route.start].ancestors):
            routes[reached] = replace(route, kind=reached)
    return routes
