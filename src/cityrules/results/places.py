"""Where a name in an expression is read, in one cell: whose target, which period, which record. Reads tables and facts.

This is the meaning of `plan.names` once more, but backwards and for single cells: the engines compute with names, this
looks up what they computed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from cityrules.calendar.periods import Back, Periods
from cityrules.feel.tree import Binding, Value
from cityrules.feel.types import Date, DateTime, Flag, Number, Type
from cityrules.plan.model import Check, Consequence, Measure, Plan, Route
from cityrules.plan.names import Attribute, Field, Identity
from cityrules.results.cells import Cells, Found
from cityrules.results.facts import Facts
from cityrules.results.format import as_field_text
from cityrules.scheme.notation import Grain, joined_name, parts_of, split_name


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: a target in a period (`kind` `whole`: the city; `period` None: timeless), or a record.

    For a record `kind` is the record kind and `target` its key; `route` is the way on which an axis reached it.
    """

    kind: str
    target: str
    period: str | None = None
    index: int | None = None
    of_record: bool = False
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Finds cells and records, and what the tables say of them."""

    plan: Plan
    cells: Cells
    facts: Facts

    @property
    def periods(self) -> Periods:
        return self.plan.periods

    def period_name(self, place: Place) -> str | None:
        """What the period of a cell is called."""
        return None if place.period is None or place.index is None else self.periods.name_of(place.period, place.index)

    def side(self, binding: Binding, cell: Place, element: Place | None) -> Place:
        return element if element is not None and getattr(binding, "side", "cell") == "element" else cell

    def measured(self, measure: str, place: Place) -> Value:
        """The value of a measure, typed, None where it is missing, undetermined or not there."""
        row = self.row(measure, place)
        text = row["value"] if row else None
        return None if text is None else typed(str(text), self.plan.measures[measure].type)

    def row(self, measure: str, place: Place) -> Mapping[str, object] | None:
        """The row of `values` or `record_values`."""
        if place.of_record:
            return self.cells.row("record_values", record_kind=place.kind, record=place.target, measure=measure)
        return self.cells.row(
            "values", target_kind=place.kind, target=place.target, period=self.period_name(place), measure=measure
        )

    def has_cell(self, base: Measure | Consequence | Check, place: Place) -> bool:
        """Whether a grain has this cell: the period assessed, begun and in force, the target there in it."""
        if place.of_record:
            return self.facts.record(place.kind, place.target) is not None
        span = self.facts.span
        if place.period is None or place.index is None:
            return self.facts.exists(place.kind, place.target, span.start, span.last_day)
        own = self.periods[place.period]
        begins = own.begins(place.index)
        if own.whose is not None and begins is None:
            return False
        first, last = own.start(place.index), own.last_day(place.index)
        since, until = self.plan.in_force_from, self.plan.in_force_until
        return (
            place.index in self.periods.in_span(place.period, span, begins)
            and first <= self.facts.as_of.date()
            and last >= (since or span.start)
            and (until is None or first < until)
            and self.facts.exists(place.kind, place.target, first, last)
        )

    def problem(self, name: str, place: Place) -> Found | None:
        """The row of `problems` of a measure, consequence or check in one cell, or for one record."""
        if place.of_record:
            return self.cells.row("problems", name=name, record_kind=place.kind, record=place.target)
        return self.problem_of(name, place, self.period_name(place))

    def problem_of(self, name: str, place: Place, period: str | None) -> Found | None:
        """The same of what is called `period`, be it a period or the days of a duty."""
        return self.cells.row("problems", name=name, target_kind=place.kind, target=place.target, period=period)

    def place_of_row(self, row: Found) -> Place | None:
        """The cell or record that a row of a table is about."""
        if row.get("record") is not None:
            return Place(str(row["record_kind"]), str(row["record"]), of_record=True)
        if row["target_kind"] is None or row["target"] is None:
            return None
        kind, index = (None, None) if row["period"] is None else self.periods.parse(str(row["period"]))
        return self.cell(str(row["target_kind"]), str(row["target"]), kind, index)

    def cell(self, kind: str, target: str, period: str | None = None, index: int | None = None) -> Place:
        """The cell of a target in a period by its number as the name of the period gives it, which does not say whose
        period it is where each target has its own."""
        here = Place(kind, target)
        if period is None or index is None:
            return replace(here, period=period, index=index)
        return replace(here, period=period, index=self.periods[period].of(index, self._begins(here, period)))

    def _begins(self, here: Place, period: str) -> dt.date | None:
        """The first day of whoever has the periods of a kind for itself here; None where all have the same."""
        whose = self.periods[period].whose
        holder = None if whose is None else self.target_of(here, whose[0])
        if whose is None or holder is None:
            return None
        found = self.facts.target(whose[0], holder)
        day = found.get(whose[1]) if found else None
        return day if isinstance(day, dt.date) else None

    def referent(self, kind: str, key: Value) -> Place | None:
        """The record of a kind that others refer to by the one value of its key."""
        record = self.plan.records[kind]
        return None if key is None else Place(kind, as_field_text(key, record.fields[record.key[0]]), of_record=True)

    def place_at(self, measure: str, here: Place, back: Back = "") -> Place | None:
        """The cell of `measure` that is `here`, or contains it, or one `back` from there."""
        base = self.plan.measures.get(measure)
        return None if base is None else self.place_of_base(base, here, back)

    def place_of_base(self, base: Measure | Consequence, here: Place, back: Back = "") -> Place | None:
        if base.of_record:
            return here if here.of_record and here.kind == base.grain.kind else None
        return self.place_of_grain(base.grain, here, back)

    def place_of_grain(self, grain: Grain, here: Place, back: Back = "") -> Place | None:
        """The cell of a grain of targets that is `here`, or contains it, or one `back` from there."""
        target = self.target_of(here, grain.kind)
        if target is None:
            return None
        if grain.period is None:
            return Place(grain.kind, target)
        index = self.period_of(here, grain.period)
        if index is not None:
            index = self.periods.back(grain.period, index, back)
        return None if index is None else Place(grain.kind, target, grain.period, index)

    def record_of(self, binding: Field, cell: Place, element: Place | None) -> str | None:
        """The key of the record that a field's name reads."""
        here = self.side(binding, cell, element)
        kind = self.plan.record(binding.record)
        if kind.one_per is None:
            return here.target if here.of_record else None
        target = self.target_of(here, kind.one_per.kind)
        index = None if kind.one_per.period is None else self.period_of(here, kind.one_per.period)
        if target is None or (kind.one_per.period is not None and index is None):
            return None
        period = (
            "" if kind.one_per.period is None or index is None else self.periods.name_of(kind.one_per.period, index)
        )
        name, *dimensions = split_name(target)
        return " ".join(part for part in (name, period, *dimensions) if part)

    def target_of(self, here: Place, kind: str) -> str | None:
        """The name of the target of `kind` that a cell is or belongs to; `''` for the whole city."""
        if kind == "whole":
            return ""
        parts = parts_of(kind)
        if len(parts) > 1 and kind != here.kind:
            found = [self.target_of(here, part) for part in parts]
            return None if None in found else joined_name(name for name in found if name is not None)
        own = parts_of(here.kind)
        if len(own) > 1 and kind != here.kind:
            for part, name in zip(own, split_name(here.target), strict=True):
                if kind == part or kind in self.plan.kinds[part].ancestors:
                    return name if kind == part else self._parent(here, part, name, kind)
            return None
        if not here.of_record:
            return here.target if here.kind == kind else self._parent(here, here.kind, here.target, kind)
        route = self.plan.record(here.kind).routes.get(kind)
        if here.route and kind in (here.route.start, *self.plan.kinds[here.route.start].ancestors):
            route = here.route
        return None if route is None else self._along(here, route, kind)

    def target_meant(self, binding: Attribute | Identity, here: Place) -> str | None:
        """The target of which a name at a cell or record speaks."""
        if binding.by is None:
            return self.target_of(here, binding.kind)
        return self._along(here, binding.by, binding.kind)

    def _along(self, here: Place, route: Route, kind: str) -> str | None:
        """The target of `kind` to which a way leads from a record."""
        fields = self.facts.record(here.kind, here.target)
        member = fields.get(route.field) if fields else None
        if route.measured:
            member = self.measured(route.field, here)
        if not isinstance(member, str):
            return None
        return member if route.start == kind else self._parent(here, route.start, member, kind)

    def _parent(self, here: Place, kind: str, target: str, wanted: str) -> str | None:
        found = self.facts.target(kind, target, self.day_of(here))
        name = found.get(wanted) if found else None
        return name if isinstance(name, str) else None

    def period_of(self, here: Place, period: str) -> int | None:
        """The running number of the period that contains a cell or the date of a record."""
        if here.of_record:
            date, begins = self.date_of(here), self._begins(here, period)
            if date is None or (begins is None and self.periods[period].whose is not None):
                return None
            return self.periods[period].index_of(date, begins)
        if here.period is None or here.index is None or not self.periods.within(here.period, period):
            return None
        return self.periods.containing(here.period, here.index, period)

    def date_of(self, record: Place) -> dt.date | None:
        """The day of a record of a dated kind."""
        dated = self.plan.record(record.kind).dated
        fields = self.facts.record(record.kind, record.target)
        value = fields.get(dated) if fields and dated else None
        if isinstance(value, dt.datetime):
            return value.date()
        return value if isinstance(value, dt.date) else None

    def day_of(self, here: Place) -> dt.date | None:
        """The day on which what changes with time is read: a record's own, the last of a period; None: timeless."""
        if here.of_record:
            return self.date_of(here)
        return None if here.period is None or here.index is None else self.periods.last_day_of(here.period, here.index)


def typed(text: str, type_: Type) -> Value:
    """A value from its text in a result table. Durations stay texts, since nothing compares them here."""
    if isinstance(type_, Number):
        return Fraction(text)
    if isinstance(type_, Flag):
        return text == "true"
    if isinstance(type_, DateTime):
        return dt.datetime.fromisoformat(text)
    if isinstance(type_, Date):
        return dt.date.fromisoformat(text)
    return text
