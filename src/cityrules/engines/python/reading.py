"""From a name in an expression to its value at a cell or element, and from an expression to its value there.

All names of an expression are read before any of it is evaluated: a name that cannot be read makes the reader
undetermined whether or not its value would be needed.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cityrules.calendar.periods import Back
from cityrules.engines.base import CellKey
from cityrules.engines.python.doubts import Cause, Doubts, Problem
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.records import Record, RecordPlace
from cityrules.engines.python.world import World
from cityrules.feel.evaluate import OutOfRange, ZeroDivisor, evaluate
from cityrules.feel.tree import Binding, Read, Value
from cityrules.feel.types import Type
from cityrules.feel.walk import nodes
from cityrules.plan.followings import STEP
from cityrules.plan.model import Expr, ParameterPlan
from cityrules.plan.names import Attribute, Dial, Field, Fired, Identity, InForce, Measured, Now, PeriodPart, Tied
from cityrules.plan.views import WHOLE
from cityrules.results.format import as_evidence
from cityrules.scheme.notation import Grain

Place = CellPlace | RecordPlace
# The values of the names in one expression, by the identity of the binding (bindings are large to hash).
Values = Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A name that has no value and may not be missing."""

    cause: Cause
    name: str


Getter = Callable[[Place], Value | Unreadable]
Has = Callable[[Place], bool]
OwnNames = Callable[[Binding], Getter | None]


class Reading:
    """An expression of `owner`, ready to be computed at a cell and, inside an axis, an element of it. `own`: how names
    are found that only the owner knows."""

    def __init__(self, world: World, expr: Expr, owner: str, own: OwnNames | None = None) -> None:
        self.expr = expr
        self._owner = owner
        self._watch = world.watch
        self._own = own
        self._names: list[tuple[Read, bool]] = []
        self._getters: list[tuple[int, bool, Getter]] = []
        self._needed: list[Has] = []
        seen: set[int] = set()
        for tree in (expr.tree, *expr.guards):
            for node in nodes(tree):
                if isinstance(node, Read) and id(node.binding) not in seen:
                    seen.add(id(node.binding))
                    self._note(world, node)
        self._constant = None if self._getters else self._evaluated({})

    def _note(self, world: World, node: Read) -> None:
        at_element = getattr(node.binding, "side", "cell") == "element"
        self._names.append((node, at_element))
        own = self._own(node.binding) if self._own is not None else None
        self._getters.append((id(node.binding), at_element, own or getter(world, node.binding)))
        if at_element and (has := existence(world, node.binding)) is not None:
            self._needed.append(has)

    @property
    def type(self) -> Type:
        return self.expr.type

    def concerns(self, element: Place) -> bool:
        """Whether every measure that is read on the element side has a cell there."""
        return not self._needed or all(has(element) for has in self._needed)

    def read(self, cell: Place, element: Place, doubts: Doubts) -> Values:
        """The values of all names; what cannot be read is noted."""
        values: dict[int, Value] = {}
        for key, at_element, get in self._getters:
            value = get(element if at_element else cell)
            if type(value) is Unreadable:
                doubts.add(value.cause, value.name)
            else:
                values[key] = value  # type: ignore[assignment]  # mypy does not see that this is no Unreadable.
        return values

    def outcome(self, values: Values) -> tuple[Value, Cause | None]:
        """The value of the expression, or what speaks against it: `empty` (a divisor is zero) or `overflow`.

        Missing where a name could not be read; that was noted when it was read.
        """
        if self._constant is not None:
            return self._constant
        return self._evaluated(values) if len(values) == len(self._getters) else (None, None)

    def compute(self, values: Values, doubts: Doubts) -> Value:
        """The value of the expression; None with a doubt noted where it cannot be computed."""
        value, cause = self.outcome(values)
        if cause is not None:
            doubts.add(cause, self._owner)
        return value

    def at(self, cell: Place, doubts: Doubts) -> Value:
        """The value at a cell, where there is no element."""
        return self.compute(self.read(cell, cell, doubts), doubts)

    def evidence(self, values: Values) -> Iterator[tuple[str, Value, Type]]:
        """The names that were read and their values, in order of the text."""
        for node, _ in sorted(self._names, key=lambda named: named[0].start):
            yield node.name, values[id(node.binding)], node.binding.type

    def _evaluated(self, values: Values) -> tuple[Value, Cause | None]:
        def read(binding: Binding) -> Value:
            return values[id(binding)]

        try:
            if self._watch is not None:
                self._watch(self.expr, read)
            if self.expr.guards and any(evaluate(guard, read) == 0 for guard in self.expr.guards):
                return None, "empty"
            return evaluate(self.expr.tree, read), None
        except OutOfRange:
            return None, "overflow"
        except ZeroDivisor:
            return None, "empty"


def evidence_text(*readings: tuple[Reading, Values]) -> str:
    """`name=value; name=value` for the names that some expressions read."""
    return as_evidence(named for reading, values in readings for named in reading.evidence(values))


def getter(world: World, binding: Binding) -> Getter:
    """How the value of a name is found at a place."""
    match binding:
        case Field() if world.plan.record(binding.record).one_per is not None:
            return _cell_field(world, binding)
        case Field(name=name):
            return lambda place: place.record.values[name]  # type: ignore[union-attr]  # Records alone have fields.
        case Attribute():
            return _attribute(world, binding)
        case Identity():
            return _target(binding)
        case Measured():
            return _measured(world, binding)
        case Tied():
            return _tied(world, binding)
        case Dial():
            return _dial(world.plan.parameters[binding.name])
        case Now():
            as_of = world.as_of
            return lambda _place: as_of
        case PeriodPart():
            return _period_part(world, binding)
        case Fired():
            return _fired(world, binding)
        case InForce():
            return _in_force(world, binding)
    raise TypeError(f"not a name of the plan: {binding!r}")


def existence(world: World, binding: Binding) -> Has | None:
    """Whether a measure has a cell at a place; None for names of which that is not asked."""
    if not isinstance(binding, (Measured, Tied)) or (
        isinstance(binding, Measured) and (binding.back or binding.through)
    ):
        return None
    measure = world.plan.measures[binding.measure]
    if measure.of_record:
        singles = world.singles[measure.name]
        return lambda place: _record(place).record in singles
    key_at = _key_at(world, measure.grain)
    results = world.cells[measure.name].results
    return lambda place: key_at(place) in results


def _record(place: Place) -> RecordPlace:
    assert isinstance(place, RecordPlace)
    return place


def _key_at(world: World, grain: Grain, back: Back = "") -> Callable[[Place], CellKey | None]:
    """The cell of a grain that contains a place; None where the way to its target is empty, or to the year before."""
    kind, period, periods = grain.kind, grain.period, world.plan.periods

    def key(place: Place) -> CellKey | None:
        name = "" if kind == WHOLE else place.target(kind)
        if name is None or period is None:
            return None if name is None else (name, None)
        index = place.period(period)
        if index is not None and back:
            index = periods.back(period, index, back)
        return None if index is None else (name, index)

    return key


def _absent(binding: Binding, name: str) -> Value | Unreadable:
    """What a cell that does not exist reads as."""
    return None if binding.type.optional else Unreadable("absent", name)


def _measured(world: World, binding: Measured) -> Getter:
    name = binding.measure
    absent, depends = _absent(binding, name), Unreadable("depends", name)
    measure = world.plan.measures[name]
    if binding.through is not None:
        return _of_referent(world, binding, binding.through)
    if measure.of_record:
        singles = world.singles[name]

        def of_record(place: Place) -> Value | Unreadable:
            result = singles.get(_record(place).record, absent)
            return depends if result.__class__ is Problem else result  # type: ignore[return-value]

        return of_record

    key_at = _key_at(world, measure.grain, binding.back)
    results = world.cells[name].results

    def of_cell(place: Place) -> Value | Unreadable:
        key = key_at(place)
        result = absent if key is None else results.get(key, absent)
        return depends if result.__class__ is Problem else result  # type: ignore[return-value]

    return of_cell


def _of_referent(world: World, binding: Measured, through: Field) -> Getter:
    """A measure of the record that a field refers to; whoever refers to none, and who refers to one without a cell, has
    none."""
    name = binding.measure
    singles, by_key = world.singles[name], world.by_key(world.plan.measures[name].grain.kind)
    refers, depends = getter(world, through), Unreadable("depends", name)

    def of_referent(place: Place) -> Value | Unreadable:
        key = refers(place)
        if key is None or isinstance(key, Unreadable):
            return key
        record = by_key.get(key)
        result = None if record is None else singles.get(record)
        return depends if isinstance(result, Problem) else result

    return of_referent


def _tied(world: World, binding: Tied) -> Getter:
    name = binding.measure
    absent, depends = _absent(binding, name), Unreadable("depends", name)
    key_at = _key_at(world, world.plan.measures[name].grain)
    ranks = world.cells[name]

    def tied(place: Place) -> Value | Unreadable:
        key = key_at(place)
        if key is None or key not in ranks.results:
            return absent
        return depends if isinstance(ranks.results[key], Problem) else ranks.tied.get(key)

    return tied


def _cell_field(world: World, binding: Field) -> Getter:
    record = world.plan.records[binding.record]
    assert record.one_per is not None
    key_at = _key_at(world, record.one_per)
    rows = world.rows.get(record.name, {})
    absent: Value | Unreadable = None if record.absent == "null" else Unreadable("absent", record.name)
    stated = f"records.{record.name}.absent"

    def field(place: Place) -> Value | Unreadable:
        key = key_at(place)
        row = rows.get(key) if key is not None else None
        if row is not None:
            return row.values[binding.name]
        if key is None:
            return _absent(binding, record.name)  # Without a target there is no row that could be absent.
        world.decided(stated)
        return absent

    return field


def _fired(world: World, binding: Fired) -> Getter:
    name, step = binding.consequence, binding.step
    grain, followed = world.plan.consequences[name].grain, world.followed[name]
    depends, key_at = Unreadable("depends", name), _key_at(world, grain)

    def fired(place: Place) -> Value | Unreadable:
        key: CellKey | Record | None
        if isinstance(place, RecordPlace) and place.record.kind in (grain.kind, name):
            record = place.record
            if record.kind == name and step is None and record.values.get(STEP) is not None:
                return True  # A step that is sure, though another may be undecided in the same cell.
            key = record if record.kind == grain.kind else (record.target, record.period)
        else:
            key = key_at(place)
        steps = followed.get(key) if key is not None else None
        if isinstance(steps, Problem):
            return depends
        return steps is not None and (step is None or step in steps)

    return fired


def _in_force(world: World, binding: InForce) -> Getter:
    name, step = binding.consequence, binding.step
    kind, effects = world.plan.consequences[name].grain.kind, world.effects[name]
    day_at, depends = getter(world, binding.day), Unreadable("depends", name)

    def in_force(place: Place) -> Value | Unreadable:
        target, day = "" if kind == WHOLE else place.target(kind), day_at(place)
        if isinstance(day, dt.datetime):
            day = day.date()
        if target is None or not isinstance(day, dt.date):
            return day if isinstance(day, Unreadable) or target is not None else False
        if target in effects.unknown and day >= effects.unknown[target]:
            return depends
        return any(
            step in (None, own) and first <= day and (until is None or day < until)
            for own, first, until in effects.of_target.get(target, ())
        )

    return in_force


def _target(binding: Identity | Attribute) -> Callable[[Place], str | None]:
    """The target of whom a name speaks."""
    kind, by = binding.kind, binding.by
    if by is None:
        return lambda place: place.target(kind)
    return lambda place: place.along(by)  # type: ignore[union-attr]  # Rows alone have fields that name targets.


def _attribute(world: World, binding: Attribute) -> Getter:
    registry, kind, target = world.registry, binding.kind, _target(binding)

    def attribute(place: Place) -> Value | Unreadable:
        name = target(place)
        member = registry.member(kind, name, place.day) if name is not None else None
        return member.attributes.get(binding.name) if member else None

    return attribute


def _dial(parameter: ParameterPlan) -> Getter:
    days = [day for day, _ in parameter.values]
    values = [value for _, value in parameter.values]
    if len(values) == 1:
        only = values[0]
        return lambda _place: only
    return lambda place: values[max(0, bisect_right(days, place.day) - 1)]


def _period_part(world: World, binding: PeriodPart) -> Getter:
    kind, part = binding.period, binding.part
    periods = world.plan.periods
    of_period: Callable[[str, int], Value]
    of_period = periods.number_of
    if part != "number":
        of_period = periods.start_of if part == "start" else periods.last_day_of

    def period_part(place: Place) -> Value | Unreadable:
        index = place.period(kind)
        return None if index is None else of_period(kind, index)

    return period_part
