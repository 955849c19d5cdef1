"""What a name in an expression was, in one cell: its place, its value, and its text. Reads tables, facts and the plan.

This is the meaning of `plan.names` once more, but backwards and for single cells: the engines compute with names, this
looks up what they computed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from cityrules.calendar.periods import Back, Periods
from cityrules.feel.tree import Binding, Value
from cityrules.feel.types import Date, DateTime, Flag, Number, Type
from cityrules.plan.model import Plan, Route
from cityrules.plan.names import Attribute, Dial, Field, Fired, Identity, InForce, Measured, Now, PeriodPart, Tied
from cityrules.results.cells import Cells, Found
from cityrules.results.facts import Facts
from cityrules.results.format import as_text
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
class Reader:
    """Looks names up. `as_of` is the instant of knowledge, where it is known."""

    plan: Plan
    cells: Cells
    facts: Facts
    as_of: dt.datetime | None = None

    @property
    def periods(self) -> Periods:
        return self.plan.periods

    def period_name(self, place: Place) -> str | None:
        """What the period of a cell is called."""
        return None if place.period is None or place.index is None else self.periods.name_of(place.period, place.index)

    def value(self, binding: Binding, cell: Place, element: Place | None = None) -> Value:
        """The value of a name at a cell (or at the element of its axis), None where it is missing."""
        match binding:
            case Field():
                at = self.record_of(binding, cell, element)
                found = self.facts.record(binding.record, at) if at is not None else None
                return None if found is None else found.get(binding.name)
            case Attribute():
                here = self.side(binding, cell, element)
                target = self.target_of(here, binding.kind)
                found = self.facts.target(binding.kind, target, self.day_of(here)) if target is not None else None
                return None if found is None else found.get(binding.name)
            case Identity():
                return self.target_of(self.side(binding, cell, element), binding.kind)
            case Measured():
                place = self.place_of(binding, cell, element)
                return None if place is None else self.measured(binding.measure, place)
            case Tied():
                place = self.rank_place(binding, cell, element)
                row = self._rank(binding.measure, place) if place else None
                tied = row and row["tied"]
                return tied if isinstance(tied, int) else None
            case Dial():
                return self.dial(binding, cell, element)[0]
            case Now():
                return self.as_of
            case PeriodPart():
                return self._part(binding, self.side(binding, cell, element))
            case Fired():
                return bool(self.followed(binding, cell, element))
            case InForce():
                return bool(self.effective(binding, cell, element))
        return None

    def text(self, binding: Binding, value: Value) -> str | None:
        """A value as the result tables write it."""
        type_ = binding.type
        if isinstance(binding, Dial):
            # A dial of several dated values has the widest scale of them; each is shown as it is written.
            type_ = Number(None) if isinstance(type_, Number) else type_
        try:
            return as_text(value, type_)
        except ValueError:
            return as_text(value, Number(None))

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

    def place_of(self, binding: Measured, cell: Place, element: Place | None) -> Place | None:
        """The cell that a measure's name reads."""
        return self.place_at(binding.measure, self.side(binding, cell, element), binding.back)

    def rank_place(self, binding: Tied, cell: Place, element: Place | None) -> Place | None:
        return self.place_at(binding.measure, self.side(binding, cell, element))

    def place_at(self, measure: str, here: Place, back: Back = "") -> Place | None:
        """The cell of `measure` that is `here`, or contains it, or one `back` from there."""
        base = self.plan.measures.get(measure)
        return None if base is None else self._place_of_grain(base.grain, base.of_record, here, back)

    def _place_of_grain(self, grain: Grain, of_record: bool, here: Place, back: Back = "") -> Place | None:
        if of_record:
            return here if here.of_record and here.kind == grain.kind else None
        target = self.target_of(here, grain.kind)
        if target is None:
            return None
        if grain.period is None:
            return Place(grain.kind, target)
        index = self.period_of(here, grain.period)
        if index is not None:
            index = self.periods.back(grain.period, index, back)
        return None if index is None else Place(grain.kind, target, grain.period, index)

    def followed(self, binding: Fired, cell: Place, element: Place | None) -> list[Found]:
        """The rows of `consequences` that `fired(c)` speaks of: those of the cell, or the one that the element is."""
        consequence = self.plan.consequences.get(binding.consequence)
        here = self.side(binding, cell, element)
        if consequence is None:
            return []
        own = here.of_record and here.kind == consequence.name and binding.step is None
        step = (self.facts.record(here.kind, here.target) or {}).get("step") if own else binding.step
        place = self._place_of_grain(consequence.grain, consequence.of_record, here)
        rows = [] if place is None else self.acts(consequence.name, place)
        return [row for row in rows if step is None or row["step"] == step]

    def effective(self, binding: InForce, cell: Place, element: Place | None) -> list[Found]:
        """The rows of `consequences` that have effect on the day and for the target that `in_force` speaks of."""
        consequence = self.plan.consequences.get(binding.consequence)
        day = self.value(binding.day, cell, element)
        if consequence is None or not isinstance(day, dt.date):
            return []
        day = day.date() if isinstance(day, dt.datetime) else day
        target = self.target_of(self.side(binding, cell, element), consequence.grain.kind)
        rows = self.cells.rows("consequences", target=target, consequence=consequence.name)
        return [row for row in rows if binding.step in (None, row["step"]) and _lasts(row, day)]

    def acts(self, consequence: str, place: Place) -> list[Found]:
        """The rows of a consequence in one cell, or for one record."""
        if place.of_record:
            return self.cells.rows("consequences", record_kind=place.kind, record=place.target, consequence=consequence)
        return self.cells.rows(
            "consequences",
            target_kind=place.kind,
            target=place.target,
            period=self.period_name(place),
            consequence=consequence,
        )

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
        fields = self.facts.record(here.kind, here.target)
        member = fields.get(route.field) if route and fields else None
        if route and route.measured:
            member = self.measured(route.field, here)
        if route is None or not isinstance(member, str):
            return None
        return member if route.start == kind else self._parent(here, route.start, member, kind)

    def _parent(self, here: Place, kind: str, target: str, wanted: str) -> str | None:
        found = self.facts.target(kind, target, self.day_of(here))
        name = found.get(wanted) if found else None
        return name if isinstance(name, str) else None

    def period_of(self, here: Place, period: str) -> int | None:
        """The running number of the period that contains a cell or the date of a record."""
        if here.of_record:
            date = self.date_of(here)
            return None if date is None else self.periods.index_of(period, date)
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

    def dial(self, binding: Dial, cell: Place, element: Place | None) -> tuple[Value, dt.date | None]:
        """The value of a parameter at a cell, and since when it has it (None: always)."""
        values = self.plan.parameters[binding.name].values
        if not values:
            return None, None
        day = self.day_of(self.side(binding, cell, element))
        since, constant = values[0]
        for first, value in values:
            if day is not None and first <= day:
                since, constant = first, value
        return constant, None if since == dt.date.min else since

    def _rank(self, measure: str, place: Place) -> Mapping[str, object] | None:
        return self.cells.row(
            "ranks", target_kind=place.kind, target=place.target, period=self.period_name(place), measure=measure
        )

    def _part(self, binding: PeriodPart, here: Place) -> Value:
        index = self.period_of(here, binding.period)
        if index is None:
            return None
        if binding.part == "number":
            return self.periods.number_of(binding.period, index)
        of_period = self.periods.start_of if binding.part == "start" else self.periods.last_day_of
        return of_period(binding.period, index)


def _lasts(row: Found, day: dt.date) -> bool:
    """Whether what followed has effect on a day."""
    starts, until = row["starts"], row["until"]
    return isinstance(starts, dt.date) and starts <= day and not (isinstance(until, dt.date) and until <= day)


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
