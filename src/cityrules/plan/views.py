"""What one cell sees: the kinds of targets, the periods and the record it belongs to. Knows grains, no expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from cityrules.calendar.periods import Periods
from cityrules.plan.calendars import CalendarPlan
from cityrules.plan.model import Axis, Kind, KindAxis, ParameterPlan, RecordAxis, RecordKind, TablePlan
from cityrules.plan.records import ways_of
from cityrules.plan.references import referent
from cityrules.scheme.notation import Grain, parts_of

if TYPE_CHECKING:
    from cityrules.plan.meanings import Place

WHOLE = "whole"


def body_name(measure: str) -> str:
    """The name under which a measure stands in the document: a deadline has several measures."""
    return measure.partition(".")[0]


def halves_of(name: str) -> tuple[str, str]:
    """The names of the numerator and the denominator of a measure that stays a fraction."""
    return f"{name}.numerator", f"{name}.denominator"


def raw_of(name: str) -> str:
    """The name of the raw value of a measure with overrides."""
    return f"{name}.raw"


@dataclass(slots=True)
class Following:
    """A consequence before its expressions are checked. `lasting`: the steps (None: any act) of which the acts have
    effect for a time, for targets. `rows`: what it leaves as a kind of record, None where it is about single records;
    the types of its columns are known when the consequence is built."""

    grain: Grain
    steps: tuple[str, ...]
    lasting: frozenset[str | None]
    rows: RecordKind | None


@dataclass(frozen=True)
class Ground:
    """All that a name can stand for, before anything has a type. `tables`: None for one in doubt. `measures`: the
    grain of each; `ranks`: those that are places; `applies`: the condition, as written, of those that do not apply
    everywhere. A deadline is there by each of its parts (`in_time.late`); `deadlines` are the names of all; what
    stays a fraction by itself and its two halves.
    `following`: what is known of consequences. `leading`: the kind of target that a measure of single records names, of
    those that a rule goes by."""

    periods: Periods
    kinds: Mapping[str, Kind]
    records: Mapping[str, RecordKind]
    parameters: Mapping[str, ParameterPlan]
    tables: Mapping[str, TablePlan | None]
    measures: Mapping[str, Grain]
    ranks: frozenset[str]
    applies: Mapping[str, str]
    calendar: CalendarPlan | None = None
    deadlines: frozenset[str] = frozenset()
    following: Mapping[str, Following] = field(default_factory=dict)
    leading: Mapping[str, str] = field(default_factory=dict)
    views: dict[Grain, View] = field(default_factory=dict, compare=False)
    places: dict[tuple[Grain, Axis | None], Place] = field(default_factory=dict, compare=False)

    @cached_property
    def cell_rows(self) -> Mapping[str, tuple[RecordKind, ...]]:
        """The kinds of records with one row per cell, by the names of their fields."""
        found: dict[str, tuple[RecordKind, ...]] = {}
        for record in self.records.values():
            for name in record.types if record.one_per is not None else ():
                found[name] = (*found.get(name, ()), record)
        return found

    def record(self, name: str) -> RecordKind | None:
        """A kind of record, or the rows of a consequence as one."""
        following = self.following.get(name)
        return self.records.get(name) if following is None else following.rows

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path over references to a field of another record."""
        return frozenset(path for record in self.records.values() for path in record.through)

    def behind(self, name: str) -> list[tuple[str, str]]:
        """What a dotted name can mean as a measure of a record referred to: the reference, and the measure."""
        steps = name.split(".")
        ways = ((".".join(steps[:at]), ".".join(steps[at:])) for at in range(1, len(steps)))
        return [(way, measure) for way, measure in ways if measure in self.measures]

    def referring(self, record: RecordKind, way: str, measure: str) -> bool:
        """Whether records of a kind refer by a field, or a path over references, to those that a measure is of."""
        return way in record.types and referent(self.records, record, way) == self.measures[measure].kind

    def named(self, path: tuple[str, ...]) -> str:
        """The name at the start of a dotted one: `score.raw` where there is such a measure, `finding.found_on` or
        `finding.in_time.late` where records have that of those they refer to, else `score`."""
        for length in range(len(path) if self.paths else 0, 1, -1):
            dotted = ".".join(path[:length])
            if dotted in self.paths:
                return dotted
            for way, measure in self.behind(dotted):
                if any(self.referring(record, way, measure) for record in self.records.values()):
                    return dotted
        both = ".".join(path[:2])
        return both if both in self.measures else path[0]

    def has(self, body: str) -> bool:
        """Whether a measure, by the name of its body, has a known grain."""
        return body in self.measures or body in self.deadlines

    def view(self, grain: Grain) -> View:
        """What a cell of `grain` sees."""
        found = self.views.get(grain)
        if found is None:
            record = self.record(grain.kind)
            found = view_of_record(self, record) if record else view_of_target(self, grain)
            self.views[grain] = found
        return found

    def elements(self, axis: str, kind: str) -> KindAxis | None:
        """The targets that a kind of target (or dimension) `axis` stands for in a cell of `kind`, None where it cannot.

        They have the parts of the cell with `axis` in the place of what holds it, or beside them.
        """
        own = () if kind == WHOLE else parts_of(kind)
        if axis in own or axis not in self.kinds:
            return None
        wanted = {part for part in own if part not in self.kinds[axis].ancestors} | {axis}
        if wanted == {axis}:
            return KindAxis(axis)
        for found in self.kinds.values():
            if len(found.parts) == len(wanted) and set(found.parts) == wanted:
                return KindAxis(found.name, found.parts.index(axis))
        return None

    def below(self, kind: str, other: str) -> bool:
        """Whether targets of `kind` belong to targets of `other`; all belong to the whole city."""
        if kind not in self.kinds or kind == other:
            return False
        return other == WHOLE or other in self.kinds[kind].ancestors

    def torn(self, fine: str | None, coarse: str | None) -> bool:
        """Whether a period can lie in two longer ones and does not state to which it belongs."""
        return fine is not None and coarse is not None and self.periods.torn(fine, coarse)

    def across(self, fine: str | None) -> str:
        """The diagnostic for a period that can lie in two longer ones: whether it could state to which it belongs."""
        return "CR972" if self.whose(fine) is not None else "CR821"

    def whose(self, period: str | None) -> str | None:
        """The kind of target of which each has periods of this kind for itself; None: all have the same."""
        found = self.periods[period].whose if period is not None and period in self.periods else None
        return None if found is None else found[0]

    def within(self, fine: str | None, coarse: str | None) -> bool:
        """Whether every period `fine` belongs to one `coarse`; all time (None) contains every period."""
        if coarse is None:
            return True
        return fine is not None and self.periods.within(fine, coarse)


@dataclass(frozen=True, slots=True)
class View:
    """What a cell of `grain` sees.

    `kinds`: the kinds it has exactly one target of, and whether that target can be missing; `torn`: kinds that several
    fields of the record lead to; `periods`: those with exactly one period that contains the cell
    (a target's own only where its cell is one of them, too).
    """

    grain: Grain
    record: RecordKind | None
    kinds: Mapping[str, bool]
    torn: Mapping[str, tuple[str, ...]]
    periods: frozenset[str]

    def sees(self, grain: Grain) -> bool:
        """Whether exactly one cell of another grain contains this one."""
        if grain.period is not None and grain.period not in self.periods:
            return False
        return grain.kind == WHOLE or grain.kind in self.kinds

    def may_miss(self, kind: str) -> bool:
        """Whether the target of a kind that is seen can be missing."""
        return self.kinds.get(kind, False)


def view_of_target(ground: Ground, grain: Grain) -> View:
    """A cell of a kind (or the whole city) in a period: itself, what it belongs to, and the periods around."""
    kind = ground.kinds.get(grain.kind)
    seen = dict.fromkeys((kind.name, *kind.ancestors), False) if kind else {}
    own = ground.whose(grain.period) is not None
    around = (p for p in ground.periods if ground.within(grain.period, p) and (own or ground.whose(p) is None))
    return View(grain, None, seen, {}, frozenset(around))


def view_of_record(ground: Ground, record: RecordKind) -> View:
    """A single record: its fields, the targets that exactly one of its fields leads to, the periods of its day."""
    ways = ways_of(record, ground.kinds)
    torn = {kind: tuple(route.field for route in found) for kind, found in ways.items() if len(found) > 1}
    seen = {kind: record.types[route.field].optional for kind, route in record.routes.items()}
    for kind in ground.kinds.values():
        if kind.parts and all(part in seen for part in kind.parts):
            seen[kind.name] = any(seen[part] for part in kind.parts)
    periods = frozenset(p for p in ground.periods if ground.whose(p) is None) if record.dated else frozenset()
    return View(Grain(record.name), record, seen, torn, periods)


def view_of_element(ground: Ground, axis: RecordAxis) -> View:
    """A record on an axis. It has reached its target, so that what the same field leads to is never missing, and is
    meant where other fields lead there, too."""
    record = ground.record(axis.record)
    assert record is not None
    plain = ground.view(Grain(record.name))
    if axis.route is None:
        return plain
    start = axis.route.start
    # Of a target by dimension the record has reached all parts.
    reached = axis.route.kind if ground.kinds[axis.route.kind].parts else start
    sure = dict.fromkeys((start, *ground.kinds[start].ancestors, reached, *ground.kinds[reached].ancestors), False)
    torn = {kind: fields for kind, fields in plain.torn.items() if kind not in sure}
    return View(plain.grain, record, {**plain.kinds, **sure}, torn, plain.periods)
