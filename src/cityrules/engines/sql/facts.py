"""The inputs that were used, looked up in the database, for explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from cityrules.calendar.periods import Span
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import key_text
from cityrules.engines.sql.places import RecordPlace, routes_through
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.values import raised_field
from cityrules.engines.sql.world import World
from cityrules.feel.tree import Value
from cityrules.io.grammar import CELL_JOIN
from cityrules.plan.bounds import EPOCH
from cityrules.plan.model import Fold, RecordAxis, Standing
from cityrules.plan.views import WHOLE
from cityrules.results.facts import Days
from cityrules.scheme.notation import parts_of

_ALWAYS: Final = 10_000_000
"""A day number beyond all dates."""


@dataclass(frozen=True, slots=True)
class SqlFacts:
    """Field values of accepted records and attributes of targets."""

    world: World
    _lives: dict[str, Mapping[str, Sequence[tuple[int, int]]]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def span(self) -> Span:
        return self.world.question.span

    @property
    def as_of(self) -> dt.datetime:
        return self.world.question.as_of

    def record(self, kind: str, key: str) -> Mapping[str, Value] | None:
        """The fields of the record with this canonical key."""
        if kind not in self.world.records and kind not in self.world.left:
            return None
        records = self.world.of_kind(kind)
        grain = records.kind.one_per
        if grain is None:
            own: E = key_text(records)
        else:
            several = len(parts_of(grain.kind))
            t = sql.column("t", "b")
            names: list[E] = [t] if several == 1 else [dialect.name_part(t, place) for place in range(several)]
            parts = names[:1] if grain.kind != WHOLE else []
            if grain.period is not None:
                parts.append(periods.name(self.world.periods[grain.period], sql.column("p", "b")))
            parts += names[1:]
            spaced = [item for part in parts for item in (sql.text(CELL_JOIN), part)]
            own = sql.joined(*spaced[1:]) if parts else sql.text("")
        outputs = {column: sql.column(column, "b") for column in records.fields.values()}
        query = sql.select(outputs, sql.table(records.relation, "b"), sql.equals(own, sql.text(key)))
        for row in self.world.session.rows(query):
            types = records.kind.types
            return {name: raised_field(value, types[name]) for name, value in zip(types, row, strict=True)}
        return None

    def reached(self, axis: RecordAxis, target: str, days: Days | None) -> Iterator[str]:
        """The keys of the records that reach a target and are dated in some days, in order of date and key."""
        records = self.world.records_of(axis.record)
        query = Query(records.relation)
        place = RecordPlace(self.world, query, records, routes_through(records.kind, axis.route, self.world))
        if axis.route is not None:
            found = place.target(axis.route.kind)
            assert found is not None
            query.only(sql.equals(found, sql.text(target)))
        if axis.placed is not None:
            query.only(place.begun(axis.placed))
        if days is not None:
            begins, ends = (sql.number((one - EPOCH).days) for one in days)
            day = place.day() if axis.placed is None else place.day_of(axis.placed.field)
            last = place.last_day(axis.placed) if isinstance(axis.placed, Standing) else day
            query.only(sql.coalesce(sql.at_most(begins, last), sql.truth(True)))
            query.only(sql.at_most(day, ends))
        names = ("moment", "key")
        select = query.select(
            dict(zip(names, (query.draw(place.moment()), query.draw(key_text(records))), strict=True))
        )
        select.set("order", exp.Order(expressions=[sql.ordered(sql.column(name)) for name in names]))
        return (str(key) for _, key in self.world.session.rows(select))

    def counted_with(self, fold: Fold, key: str) -> Iterator[str]:
        """The keys of the records that a fold of single records runs over at one, in order of date and key."""
        past = self.world.histories[fold.name]
        own_kind = isinstance(fold.axis, RecordAxis) and fold.axis.record == fold.grain.kind
        names = ("m", "key", "day", "first")
        one, other = ({name: sql.column(name, alias) for name in names} for alias in ("b", "s"))
        likes = [f"g{place}" for place in range(len(fold.among))]
        alike = [sql.equals(sql.column(name, "b"), sql.column(name, "s")) for name in likes]
        inside = [sql.column("element", "s"), sql.at_most(one["first"], other["day"])]
        if fold.window is None:
            inside = [sql.column("element", "s"), sql.not_(sql.column("element", "b"))]
        elif own_kind:
            earlier = sql.both(sql.equals(other["m"], one["m"]), sql.at_most(other["key"], one["key"]))
            inside.append(sql.either(sql.less(other["m"], one["m"]), earlier))
        else:
            inside += [sql.not_(sql.column("element", "b")), sql.at_most(other["day"], one["day"])]
        select = sql.select(
            {"m": other["m"], "key": other["key"]}, sql.table(past, "b"), sql.equals(one["key"], sql.text(key))
        )
        sql.join(select, sql.table(past, "s"), sql.both(*alike, *inside), "INNER")
        select.set("order", exp.Order(expressions=[sql.ordered(other["m"]), sql.ordered(other["key"])]))
        return (str(key) for _, key in self.world.session.rows(select))

    def exists(self, kind: str, name: str, first: dt.date, last: dt.date) -> bool:
        """Whether a target exists on some day from `first` to `last`; the whole city always does."""
        if kind == WHOLE:
            return name == ""
        begins, ends = (first - EPOCH).days, (last - EPOCH).days
        lives = self._lives_of(kind).get(name, ())
        return any(max(since, begins) <= ends and max(since, begins) < until for since, until in lives)

    def _lives_of(self, kind: str) -> Mapping[str, Sequence[tuple[int, int]]]:
        """From which day to before which day each target of a kind exists, read once: they are asked one by one."""
        if kind not in self._lives:
            columns = {name: sql.column(name) for name in ("n", "since", "until")}
            found: dict[str, list[tuple[int, int]]] = {}
            for name, since, until in self.world.session.rows(
                sql.select(columns, sql.table(self.world.targets[kind].lives))
            ):
                life = -_ALWAYS if since is None else int(since), _ALWAYS if until is None else int(until)
                found.setdefault(str(name), []).append(life)
            self._lives[kind] = found
        return self._lives[kind]

    def target(self, kind: str, name: str, day: dt.date | None = None) -> Mapping[str, Value] | None:
        """Attributes, and the name of the parent under each ancestor's kind, on a day (None: the last of the span)."""
        targets = self.world.targets.get(kind)
        if targets is None:
            return None
        fields = self.world.plan.kinds[kind].fields
        columns = [*targets.attributes.values(), *targets.ancestors.values()]
        outputs = {column: sql.column(column) for column in ("n", *columns)}
        there = sql.equals(sql.column("n"), sql.text(name))
        if targets.dated:
            on = sql.number(((day or self.world.question.span.last_day) - EPOCH).days)
            there = sql.both(there, sql.at_most(sql.column("f"), on), sql.less(on, sql.column("u")))
        query = sql.select(outputs, sql.table(targets.relation), there)
        for _, *row in self.world.session.rows(query):
            found: dict[str, Value] = {
                field: raised_field(value, fields[field]) for field, value in zip(targets.attributes, row, strict=False)
            }
            found.update(zip(targets.ancestors, row[len(targets.attributes) :], strict=True))
            return found
        return None
