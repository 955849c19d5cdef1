"""A whole scheme, checked and in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cityrules.calendar.periods import Periods
from cityrules.calendar.periods import Span as Days
from cityrules.feel.types import Number, Text
from cityrules.plan.model.axes import RecordAxis
from cityrules.plan.model.consequences import Check, Consequence, Duty, Withheld
from cityrules.plan.model.inputs import Kind, ParameterPlan, RecordKind, TablePlan
from cityrules.plan.model.ledgers import Discretion, Ledger
from cityrules.plan.model.measures import Measure
from cityrules.plan.model.values import Quotient
from cityrules.scheme.notation import Rounding


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole scheme. `measures` are in an order in which each reads only earlier ones (or earlier periods); `order` is
    that of measures and consequences together, for either may read the other. `rows`: by consequence of cells, its rows
    as a kind of record."""

    scheme: str
    title: str
    in_force_from: dt.date | None
    in_force_until: dt.date | None
    rounding: Rounding | None
    periods: Periods
    parameters: Mapping[str, ParameterPlan]
    tables: Mapping[str, TablePlan]
    kinds: Mapping[str, Kind]
    records: Mapping[str, RecordKind]
    measures: Mapping[str, Measure]
    consequences: Mapping[str, Consequence]
    checks: Mapping[str, Check | Duty]
    withheld: tuple[Withheld, ...]
    rows: Mapping[str, RecordKind] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def record(self, name: str) -> RecordKind:
        """A kind of record, or the rows of a consequence as one."""
        return self.rows[name] if name in self.rows else self.records[name]

    @property
    def referred(self) -> frozenset[str]:
        """The kinds of records that others refer to."""
        return frozenset(kind for record in self.records.values() for kind in record.references.values())

    def computed(self) -> Iterator[Measure | Consequence]:
        """Measures and consequences, each behind what it reads."""
        for name in self.order:
            yield self.measures[name] if name in self.measures else self.consequences[name]

    def days_of(self, span: Days) -> Days:
        """The days of a span and of all periods with cells that count for it although they cross its border."""
        return self.periods.days_of(span, self.used_periods)

    def closes(self, kind: str, index: int) -> dt.date:
        """The day with which a period closes: the last of itself and of those that count for it."""
        return self.periods.closes(kind, index, self.used_periods)

    def counting_for(self, kind: str) -> tuple[str, ...]:
        """The kinds of periods with cells that say where they belong, and so can close later than a longer period."""
        used = sorted(self.used_periods)
        return tuple(one for one in used if self.periods[one].belongs is not None and self.periods.within(one, kind))

    def begins_with(self, kind: str) -> tuple[str, ...]:
        """The fields of a kind of target with which periods of its own begin; all versions of one have them alike."""
        whose = (one.whose for one in self.periods.kinds.values())
        found = {field: None for one in whose if one is not None for owner, field in (one,) if owner == kind}
        return tuple(found)

    def first_open(self, kind: str, day: dt.date) -> int:
        """The first period of a kind that has not closed before a day; it closes with the last that counts for it."""
        return self.periods.first_open(kind, day, self.used_periods)

    @property
    def used_periods(self) -> set[str]:
        """The kinds of periods that have cells."""
        grains = [one.grain for part in (self.measures, self.consequences, self.checks) for one in part.values()]
        duties = {one.every for one in self.checks.values() if isinstance(one, Duty) and isinstance(one.every, str)}
        return duties | {grain.period for grain in grains if grain.period is not None}

    def discretions(self, record: str) -> tuple[Discretion, ...]:
        """What the rules of all ledgers leave to whoever makes a record of a kind."""
        rules = (rule for one in self.measures.values() if isinstance(one, Ledger) for rule in one.rules)
        of_kind = (one for one in rules if isinstance(one.axis, RecordAxis) and one.axis.record == record)
        return tuple(rule.discretion for rule in of_kind if rule.discretion is not None)

    def quotient_of(self, name: str) -> str:
        """The measure of which another is the numerator or denominator; of all others the name itself."""
        whole = self.measures.get(name.rpartition(".")[0])
        return whole.name if isinstance(whole, Quotient) and name in (whole.numerator, whole.denominator) else name

    def measure_scale(self, name: str) -> int:
        """Digits after the point of a numeric measure, 0 for others."""
        type_ = self.measures[name].type
        return (type_.scale or 0) if isinstance(type_, Number) else 0

    def labels(self, name: str) -> tuple[str, ...]:
        """The labels a text measure can have, as far as they are known."""
        type_ = self.measures[name].type
        return type_.labels or () if isinstance(type_, Text) else ()
