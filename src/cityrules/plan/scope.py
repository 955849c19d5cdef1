"""The names of one place as the expression checker sees them, with types. Knows measures that are built, no bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, cast

from cityrules.calendar.kinds import PeriodKind
from cityrules.calendar.periods import Back
from cityrules.feel.lookup import Table
from cityrules.feel.scope import DayCount
from cityrules.feel.tree import Arithmetic, If, Literal_, Node, Read, Tree
from cityrules.feel.types import Date, DateTime, Flag, Member, Number, Text, Type, as_optional
from cityrules.plan.fields import field_type
from cityrules.plan.meanings import Meaning, Place
from cityrules.plan.model import Measure, Quotient, Rank, RecordAxis
from cityrules.plan.names import (
    Attribute,
    Counted,
    Dial,
    Field,
    Fired,
    Identity,
    InForce,
    Measured,
    Name,
    Now,
    PeriodPart,
    Side,
    Tied,
)
from cityrules.plan.times import holds, whole
from cityrules.plan.unreadable import parts_of_period
from cityrules.scheme.notation import Grain

BACK = {"previous", "year_before"}
FOLLOWED = {"in_force", "fired"}
"""Functions over the name of a consequence, or of a step of one."""

MOST_CYCLES: Final = 4_000_000
"""More than there are days in the years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class PlaceScope:
    """The scope of `feel.scope` for one place. `measures`: those built so far; `applies`: the condition, as written,
    under which the cells of the place exist; `counted`: what rules of the ledger around have counted, by name."""

    place: Place
    measures: Mapping[str, Measure]
    applies: str | None = None
    patient: bool = True
    counted: Mapping[str, Counted] = field(default_factory=dict)

    def resolve(self, path: tuple[str, ...]) -> Name | Tree | None:
        """What a dotted name means, None unless it is exactly one thing."""
        if path[0] in self.place.ground.periods:
            return self._period(path)
        name = self.place.named(path)
        if len(path) > name.count(".") + 1:
            return None
        found = self.place.meanings(name)
        return self._binding(found[0]) if len(found) == 1 else None

    def names(self) -> Iterable[str]:
        """Every dotted name that has exactly one meaning here; none where nobody is `patient` enough to look."""
        if not self.patient:
            return []
        periods = [period for period in self.place.ground.periods if self.place.period_side(period) is not None]
        return [*self.place.names, *self.counted, *self._period_parts(periods)]

    def _period_parts(self, periods: Iterable[str]) -> Iterator[str]:
        for period in periods:
            yield from (f"{period}.{part}" for part in parts_of_period(self.place.ground.periods[period]))

    def table(self, name: str) -> Table | None:
        """A table of the document."""
        found = self.place.ground.tables.get(name)
        return None if found is None else found.table

    def call(self, function: str, arguments: tuple[tuple[str, ...] | None, ...]) -> Name | Tree | str | None:
        """`previous(m)`, `year_before(m)`, `tied(m)`; what is wrong with them was said when names were looked up."""
        if function == "fired":
            return self._fired(arguments)
        if function == "in_force":
            return self._in_force(arguments)
        if function not in BACK and function != "tied":
            return None
        names = arguments[0] if len(arguments) == 1 else None
        found = self.place.meanings(self.place.ground.named(names)) if names is not None else []
        binding = self._measured(found[0]) if len(found) == 1 and found[0].what == "measure" else None
        if binding is None:
            return None
        measure = self.measures[binding.measure]
        if function == "tied":
            type_ = Number(0, Fraction(1), Fraction(10**6), None, binding.type.optional)
            return Tied(type_, binding.measure, binding.side) if isinstance(measure, Rank) else None
        if measure.grain.period is None:
            return None
        back: Back = "period" if function == "previous" else "year"
        return self._read(Measured(as_optional(binding.type), binding.measure, binding.side, back))

    def _fired(self, arguments: tuple[tuple[str, ...] | None, ...]) -> Name | None:
        name, *step = arguments[0] or ("",)
        side = self.place.side_of(self.place.ground.following[name].grain)
        return None if side is None else Fired(Flag(), name, step[0] if step else None, side)

    def _in_force(self, arguments: tuple[tuple[str, ...] | None, ...]) -> Name | str:
        """Who is meant and on which day is read at one place, that of the day where it has one."""
        name, *step = arguments[0] or ("",)
        kind = Grain(self.place.ground.following[name].grain.kind)
        day = self.resolve(arguments[1]) if arguments[1] is not None else None
        if day is None or isinstance(day, Node) or not isinstance(day.type, (Date, DateTime)):
            return "CR917"
        side = self.place.holder_side(kind) if isinstance(day, (Now, Dial, Counted)) else day.side
        if side is None or not self.place.belongs(side, kind):
            return "CR917"
        return InForce(Flag(day.type.optional), name, step[0] if step else None, day, side)

    def day_count(self) -> DayCount | str:
        """How the document's calendar counts working days; else what it leaves open."""
        calendar = self.place.ground.calendar
        if calendar is None:
            return "CR800"
        if calendar.start_included is None:
            return "CR801"
        return DayCount(calendar.working, calendar.start_included)

    def _binding(self, meaning: Meaning) -> Name | Tree | None:
        ground, name, side = self.place.ground, meaning.name, meaning.side
        match meaning.what:
            case "field":
                return Field(self._field_type(meaning), meaning.owner, name, side)
            case "attribute":
                type_ = field_type(ground.kinds[meaning.owner].fields[name], self._may_miss(meaning))
                return Attribute(type_, meaning.owner, name, side, meaning.by)
            case "identity":
                return Identity(Member(meaning.owner, self._may_miss(meaning)), meaning.owner, side, meaning.by)
            case "measure":
                measured = self._measured(meaning)
                return measured and self._read(measured)
            case "parameter":
                return Dial(ground.parameters[name].type, name, side)
            case "rule":
                return self.counted.get(name)
            case "now":
                return Now(DateTime())

    def _may_miss(self, meaning: Meaning) -> bool:
        """Whether the way to a target can be missing: not the one on which a record has reached the cell."""
        route = self.place.axis.route if isinstance(self.place.axis, RecordAxis) else None
        own = route is not None and meaning.by is not None and route.field == meaning.by.field and not route.measured
        return meaning.may_miss and not own

    def _field_type(self, meaning: Meaning) -> Type:
        record = self.place.ground.record(meaning.owner)
        assert record is not None
        type_ = field_type(record.types[meaning.name], meaning.may_miss or record.absent == "null")
        axis = self.place.axis
        if isinstance(axis, RecordAxis) and axis.record == record.name and axis.route is not None:
            # A record without the field would not have reached the target.
            own = axis.route.field == meaning.name and not axis.route.measured
            return as_optional(type_, False) if own else type_
        return type_

    def _measured(self, meaning: Meaning) -> Measured | None:
        measure = self.measures.get(meaning.name)
        if measure is None:
            return None
        if meaning.through is not None:
            return self._of_referent(measure, meaning, meaning.through)
        type_ = as_optional(measure.type) if meaning.may_miss else measure.type
        if meaning.side == "cell" and self._may_not_apply(meaning):
            type_ = as_optional(type_)
        return Measured(type_, meaning.name, meaning.side)

    def _of_referent(self, measure: Measure, meaning: Meaning, way: str) -> Measured:
        """A measure of the record that a field refers to. That one may lie outside of what is assessed, and then has
        none."""
        type_ = self._field_type(replace(meaning, what="field", name=way))
        field_ = Field(type_, meaning.owner, way, meaning.side)
        return Measured(as_optional(measure.type), measure.name, meaning.side, "", field_)

    def _read(self, measured: Measured) -> Name | Tree:
        """A measure that stays a fraction is read as its numerator by its denominator."""
        measure = self.measures[measured.measure]
        return quotient_tree(measured, measure, self.measures) if isinstance(measure, Quotient) else measured

    def _may_not_apply(self, meaning: Meaning) -> bool:
        """Whether the measure can have no cell where this one is. Elements without a cell are passed over."""
        condition = self.place.ground.applies.get(meaning.name)
        if condition is None:
            return False
        return not (meaning.grain == self.place.cell.grain and condition == self.applies)

    def _period(self, path: tuple[str, ...]) -> PeriodPart | Tree | None:
        if len(path) != 2:
            return None
        period, part = path
        side = self.place.period_side(period)
        if side is None:
            return None
        match part:
            case "start" | "last_day":
                return PeriodPart(Date(), period, part, side)
            case "number":
                return PeriodPart(_numbers(self.place.ground.periods[period]), period, part, side)
            case "name" if self.place.ground.periods[period].form == "season":
                return _season(self.place.ground.periods[period], side)
            case _:
                return None


def quotient_tree(measured: Measured, measure: Quotient, measures: Mapping[str, Measure]) -> Tree:
    """What stands for a measure that stays a fraction: the quotient of its halves, read at one place."""
    numerator, denominator = (
        Read(binding.type, 0, 0, f"{measured.back}({half})" if measured.back else half, binding)
        for half in (measure.numerator, measure.denominator)
        for binding in (
            Measured(
                as_optional(measures[half].type) if measured.type.optional else measures[half].type,
                half,
                measured.side,
                measured.back,
            ),
        )
    )
    return Arithmetic(measured.type, 0, 0, "/", numerator, denominator)


def _season(kind: PeriodKind, side: Side) -> Tree:
    """The name of a season, by its number: no engine knows names."""
    number = f"{kind.name}.number"
    read = Read(_numbers(kind), 0, 0, number, PeriodPart(_numbers(kind), kind.name, "number", side))
    *others, tree = [cast("Tree", Literal_(Text(kind.labels), 0, 0, name)) for name in kind.labels]
    for place, one in reversed(list(enumerate(others, 1))):
        tree = If(Text(kind.labels), 0, 0, holds("=", read, whole(place)), one, tree)
    return tree


def _numbers(kind: PeriodKind) -> Number:
    """What `PERIOD.number` can be: the place in the year, the year itself, or how many there were."""
    most = {"year": 9999, "day": 366, "week": 53, "cycle": MOST_CYCLES}.get(kind.form) or kind.per_year or 1
    return Number(0, Fraction(1), Fraction(most))
