"""What a name in an expression was, in one cell: its value, and its text. Reads tables, facts and the plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cityrules.feel.tree import Binding, Value
from cityrules.feel.types import Number
from cityrules.plan.names import Attribute, Dial, Field, Fired, Identity, InForce, Measured, Now, PeriodPart, Tied
from cityrules.results.cells import Found
from cityrules.results.format import as_text
from cityrules.results.places import Place, Places


@dataclass(frozen=True, slots=True)
class Reader(Places):
    """Looks names up."""

    def value(self, binding: Binding, cell: Place, element: Place | None = None) -> Value:
        """The value of a name at a cell (or at the element of its axis), None where it is missing."""
        match binding:
            case Field():
                at = self.record_of(binding, cell, element)
                found = self.facts.record(binding.record, at) if at is not None else None
                return None if found is None else found.get(binding.name)
            case Attribute():
                here = self.side(binding, cell, element)
                target = self.target_meant(binding, here)
                found = self.facts.target(binding.kind, target, self.day_of(here)) if target is not None else None
                return None if found is None else found.get(binding.name)
            case Identity():
                return self.target_meant(binding, self.side(binding, cell, element))
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
                return self.facts.as_of
            case PeriodPart():
                return self._part(binding, self.side(binding, cell, element))
            case Fired() | InForce():
                unknown = self.undecided(binding, cell, element)
                return None if unknown else bool(self.told_by(binding, cell, element))
        return None

    def place_of(self, binding: Measured, cell: Place, element: Place | None) -> Place | None:
        """The cell that a measure's name reads."""
        if binding.through is not None:
            kind = self.plan.measures[binding.measure].grain.kind
            return self.referent(kind, self.value(binding.through, cell, element))
        return self.place_at(binding.measure, self.side(binding, cell, element), binding.back)

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

    def rank_place(self, binding: Tied, cell: Place, element: Place | None) -> Place | None:
        return self.place_at(binding.measure, self.side(binding, cell, element))

    def told_by(self, binding: Fired | InForce, cell: Place, element: Place | None) -> list[Found]:
        """The rows of `consequences` by which the answer of `fired(c)` or `in_force(c)` is yes."""
        if isinstance(binding, Fired):
            return self.followed(binding, cell, element)
        return self.effective(binding, cell, element)

    def followed(self, binding: Fired, cell: Place, element: Place | None) -> list[Found]:
        """The rows of `consequences` that `fired(c)` speaks of: those of the cell, or the one that the element is."""
        consequence = self.plan.consequences.get(binding.consequence)
        here = self.side(binding, cell, element)
        if consequence is None:
            return []
        own = here.of_record and here.kind == consequence.name and binding.step is None
        step = (self.facts.record(here.kind, here.target) or {}).get("step") if own else binding.step
        place = self.place_of_base(consequence, here)
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

    def undecided(self, binding: Fired | InForce, cell: Place, element: Place | None) -> list[Place]:
        """The cells (or the record) of which it is undecided what followed, as far as `fired(c)` or `in_force(c)` would
        have to know."""
        body = self.plan.consequences.get(binding.consequence)
        here = self.side(binding, cell, element)
        if body is None:
            return []
        if isinstance(binding, Fired):
            place = self.place_of_base(body, here)
            return [place] if place is not None and self.problem(body.name, place) else []
        day = self.value(binding.day, cell, element)
        target = self.target_of(here, body.grain.kind)
        if not isinstance(day, dt.date) or target is None:
            return []
        day = day.date() if isinstance(day, dt.datetime) else day
        rows = self.cells.rows("problems", name=body.name, target_kind=body.grain.kind, target=target)
        places = [place for row in rows if (place := self.place_of_row(row)) is not None]
        return [
            place for place in places if body.starts_itself or (self.day_of(place) or self.facts.as_of.date()) <= day
        ]

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

    def _rank(self, measure: str, place: Place) -> Found | None:
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
