"""In which ways one record can be wrong: it is not to be there, or a field says something near or beside what is right.

What is tried of a field: the name of a target, the one before and behind it among all that are known; the day that
dates the record, the last day of the period before and the first of the one behind (of the shortest periods that the
scheme assesses); another date, the day before and behind; a number, one step of its digits less and more, within its
bounds; a category, each other one; a flag, turned; anything optional, left empty. Keys, references and texts stay as
they are. Knows plans and texts; runs nothing.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from cityrules.compare.counterfactuals.rows import RowAt, Spread
from cityrules.io import grammar
from cityrules.plan.model import Ledger, Plan, RecordAxis, RecordKind
from cityrules.plan.names import Attribute, Field, Identity, InForce
from cityrules.plan.reading import axes, bindings, expressions
from cityrules.scheme.notation import FieldType, parts_of, plain_number


@dataclass(frozen=True, slots=True)
class Slip:
    """One way in which a record can be wrong. `field` None: it is left out. `target`: the kind and name of the target
    that it would then name."""

    at: RowAt
    field: str | None = None
    found: str | None = None
    instead: str | None = None
    target: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _At:
    """A field of one record, and what stands there."""

    name: str
    type: FieldType
    found: str | None

    @property
    def labelled(self) -> bool:
        """Whether it holds a category: of these there can be many, and all concern whom the record does."""
        return self.type.base == "enumeration"


class Slips:
    """The ways in which records of a scheme can be wrong."""

    def __init__(self, plan: Plan, rows: Spread) -> None:
        self._plan = plan
        self._rows = rows
        self._read = {name: _read(plan, record) for name, record in plan.records.items()}
        self._names: dict[str, list[str]] = {}
        self._labels = {
            (kind, name): frozenset(type_.labels)
            for kind, record in plan.records.items()
            for name, type_ in record.fields.items()
        }
        found = [
            (kind, plan.periods[kind])
            for kind in plan.used_periods
            if plan.periods[kind].whose is None and plan.periods[kind].belongs is None
        ]
        longest_first = sorted(found, key=lambda one: (one[1].steps.longest, one[0]))
        self._period = longest_first[0][0] if longest_first else None

    def of(self, at: RowAt, concerns: Callable[[Slip], bool]) -> Iterator[Slip]:
        """Those of one record that concern somebody; first, if it does, that it is left out."""
        alike = concerns(Slip(at))
        if alike:
            yield Slip(at)
        for one in self._fields(at):
            if not one.labelled:
                yield from (slip for slip in self._of(one, at) if concerns(slip))
            elif alike:
                yield from self._of(one, at)

    def number(self, at: RowAt, concerns: Callable[[Slip], bool]) -> int:
        """How many they are, without making one for each of many categories."""
        alike = concerns(Slip(at))
        total = int(alike)
        for one in self._fields(at):
            if not one.labelled:
                total += sum(1 for slip in self._of(one, at) if concerns(slip))
            elif alike and one.found is not None:
                others = self._labels[at.kind, one.name]
                total += len(others) - (one.found in others) + one.type.optional
        return total

    def _fields(self, at: RowAt) -> Iterator[_At]:
        """What of a record can be wrong, where its source has it."""
        record = self._plan.records[at.kind]
        for name, type_ in record.fields.items():
            fixed = name in (*record.key, record.latest_by) or name in record.references
            if not fixed and name in self._read[at.kind] and self._rows.has(at, name):
                yield _At(name, type_, self._rows.text(at, name))

    def _of(self, one: _At, at: RowAt) -> Iterator[Slip]:
        type_ = one.type
        for instead in dict.fromkeys(self._instead(self._plan.records[at.kind], at, one.name, type_, one.found)):
            if instead != one.found:
                named = (type_.kind, instead) if type_.kind in self._plan.kinds and instead is not None else None
                yield Slip(at, one.name, one.found, instead, named)  # type: ignore[arg-type]  # The kind is one.

    def _instead(
        self, record: RecordKind, at: RowAt, name: str, type_: FieldType, found: str | None
    ) -> Iterator[str | None]:
        if found is None:
            return
        match type_.base:
            case "kind":
                yield from self._beside(type_.kind or "", found)
            case "date" | "datetime" if name == record.dated:
                yield from (f"{day}{found[10:]}" for day in self._periods_beside(found))
            case "date" | "datetime":
                yield from (f"{day}{found[10:]}" for day in _days_beside(found))
            case "number" | "count":
                yield from _steps_beside(type_, found)
            case "enumeration":
                yield from type_.labels
            case "flag":
                yield "false" if found in grammar.TRUE else "true"
        if type_.optional:
            yield None

    def _beside(self, kind: str, found: str) -> Iterator[str]:
        """The names before and behind one among all of its kind, the last before the first."""
        names = self._known(kind)
        place = bisect_left(names, found)
        if names[place : place + 1] == [found] and len(names) > 1:
            yield names[place - 1]
            yield names[(place + 1) % len(names)]

    def _known(self, kind: str) -> list[str]:
        if kind not in self._names:
            one = self._plan.kinds[kind]
            names: set[str] = set() if isinstance(one.members, str) else set(one.members)
            names |= {row[grammar.NAME_COLUMN] or "" for row in one.stated or ()}
            for source in self._rows.targets.get(kind, ()):
                if grammar.NAME_COLUMN in source.columns:
                    place = source.columns.index(grammar.NAME_COLUMN)
                    names |= {row.texts[place] or "" for row in source.rows() if row.bad is None}
            if one.members == "as they appear":
                by = {name: list(_naming(record, kind)) for name, record in self._plan.records.items()}
                names |= {self._rows.text(at, column) or "" for at in self._rows.rows for column in by.get(at.kind, ())}
            self._names[kind] = sorted(names - {""})
        return self._names[kind]

    def _periods_beside(self, found: str) -> Iterator[str]:
        if self._period is None:
            return
        periods, day = self._plan.periods, dt.date.fromisoformat(found[:10])
        index = periods.index_of(self._period, day)
        yield from _beyond(periods.start_of(self._period, index), -1)
        yield from _beyond(periods.last_day_of(self._period, index), 1)


def _naming(record: RecordKind, kind: str) -> Iterator[str]:
    """The columns in which rows of a kind name targets of another one."""
    yield from (name for name, type_ in record.fields.items() if type_.kind == kind)
    if record.one_per is not None and kind in parts_of(record.one_per.kind):
        yield kind


def _days_beside(found: str) -> Iterator[str]:
    day = dt.date.fromisoformat(found[:10])
    yield from _beyond(day, -1)
    yield from _beyond(day, 1)


def _beyond(day: dt.date, by: int) -> Iterator[str]:
    """The day before or behind one, where there is one."""
    if dt.date.min < day < dt.date.max:
        yield (day + dt.timedelta(days=by)).isoformat()


def _steps_beside(type_: FieldType, found: str) -> Iterator[str]:
    factor = 10**type_.scale
    low, high = grammar.scaled_range(type_)
    low = max(low, 0) if type_.base == "count" else low
    scaled = int(Fraction(found) * factor)
    yield from (plain_number(Fraction(one, factor)) for one in (scaled - 1, scaled + 1) if low <= one <= high)


def _read(plan: Plan, record: RecordKind) -> set[str]:
    """The fields of a kind that anything in a plan goes by. What names a target always is: it decides whether a row is
    used at all."""
    found = {name for name, type_ in record.fields.items() if type_.kind is not None}
    found |= {record.dated or "", *record.event}
    bodies = [*plan.measures.values(), *plan.consequences.values(), *plan.checks.values()]
    every = [expr for body in bodies for expr in expressions(body)]
    every += [condition.that for one in plan.records.values() for condition in one.accepted_if]
    every += [one.outside for name in plan.records for one in plan.discretions(name)]
    for binding in (one for expr in every for one in bindings(expr)):
        if isinstance(binding, Field) and binding.record == record.name:
            found.add(binding.name)
        elif isinstance(binding, (Attribute, Identity)) and binding.by is not None:
            found.add(binding.by.field)
        elif isinstance(binding, InForce) and isinstance(binding.day, Field):
            found.add(binding.day.name)
    for axis in (axis for body in bodies for axis in axes(body)):
        if isinstance(axis, RecordAxis) and axis.record == record.name:
            found |= {axis.route.field} if axis.route is not None else set()
            placed = axis.placed
            found |= set() if placed is None else {getattr(placed, one, "") for one in ("field", "until")}
    for other in plan.records.values():
        # What something reads through a reference is a field of the record referred to.
        found |= {path.rpartition(".")[2] for path in other.through}
    for ledger in (one for one in plan.measures.values() if isinstance(one, Ledger)):
        found |= {rule.discretion.field for rule in ledger.rules if rule.discretion is not None}
    return found
