"""Random inputs for the plans of random schemes, and random questions about them, for the agreement of engines.

Other than those of `cityrules.testing.strategies`, which a person shall read as a worked case: here tables come in
parts, with columns in any order and rows that no reader could read; targets come in versions; values stand in for
measures of any kind; names and days are those of `random_schemes.head`. What a seed draws stays: long runs hold for it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count as count_up
from itertools import pairwise, product

from hypothesis import strategies as st

from cityrules.engines.base import CellKey, Inputs, Question
from cityrules.engines.firsts import FirstDays, first_days, placed
from cityrules.feel.tree import Value
from cityrules.feel.types import DateTime, Flag, Member, Number, Text
from cityrules.io.rows import RawRow
from cityrules.plan.bounds import interval
from cityrules.plan.model import Kind, Plan, RecordKind
from cityrules.scheme.notation import FieldType, Grain, joined_name, parts_of
from cityrules.testing.drawing.dirt import TEXTS

SPANS = (
    "2015-01..2015-03",
    *["2015"] * 10,
    *["2015-01..2015-06"] * 4,
    "2014-12..2015-02",
    "2015",
    "2015-01..2015-06",
    "2014-11..2016-01",
    "2015-02",
)
AS_OF = (
    *[dt.datetime(2100, 1, 1)] * 12,
    dt.datetime(2015, 2, 10, 12, 30, 15, 250_000),
    dt.datetime(2015, 3, 31, 23, 59, 59),
    dt.datetime(2015, 4, 1),
    dt.datetime(2015, 1, 1),
)
NAMES = {
    "bureau": ("甲", "乙", "Z "),
    "squad": ("s1", "s2", "𠀀", "s4"),
    "market": ("north", "south"),
    "crew": ("c1", "c2", "中", "c 3"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as a reader hands them over."""

    name: str
    columns: tuple[str, ...]
    raw: tuple[RawRow, ...]
    optional_columns: bool = True

    def rows(self) -> Iterator[RawRow]:
        return iter(self.raw)


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of a plan."""

    inputs: Inputs
    question: Question


class _Maker:
    def __init__(self, rng: random.Random, plan: Plan, dirt: float) -> None:
        self.rng, self.plan, self.dirt = rng, plan, dirt

    def text(self, type_: FieldType) -> str | None:
        """A text for a field; mostly a good one."""
        rng = self.rng
        if rng.random() < self.dirt:
            return rng.choice(TEXTS)
        if type_.optional and rng.random() < 0.3:
            return None
        match type_.base:
            case "number" | "count":
                low = int(type_.low) if type_.low is not None else -20
                high = min(int(type_.high), 30) if type_.high is not None else 30
                whole = rng.choice([low, high, rng.randint(low, high), rng.randint(max(low, 0), max(low, 3))])
                if not type_.scale or rng.random() < 0.4:
                    return str(whole)
                digits = rng.randint(0, 10**type_.scale - 1)
                return f"{min(whole, high - 1)}.{digits:0{type_.scale}d}{'0' * rng.choice([0, 0, 2])}"
            case "flag":
                return rng.choice(["true", "false", "True", "FALSE"])
            case "date":
                return self.day().isoformat() + rng.choice(["", "", "", "T00:00:00", " 00:00"])
            case "datetime":
                time = dt.time(rng.choice([0, 8, 23]), rng.choice([0, 30, 59]), rng.choice([0, 0, 59]))
                shown = time.isoformat() if time.second or rng.random() < 0.5 else time.isoformat("minutes")
                return f"{self.day()}{rng.choice('T ')}{shown}"
            case "enumeration":
                return rng.choice(type_.labels)
            case "kind":
                known = self.plan.kinds.get(type_.kind or "")
                others = tuple(known.aliases) if known is not None and rng.random() < 0.3 else ()
                return rng.choice((*NAMES.get(type_.kind or "", ("x",)), *others))
        return rng.choice(["x", "y", "a / b", "é", "good", "b;c", '"'])

    def day(self) -> dt.date:
        rng = self.rng
        if rng.random() < 0.1:
            return rng.choice(
                [
                    dt.date(2015, 2, 28),
                    dt.date(2014, 12, 31),
                    dt.date(2015, 1, 1),
                    dt.date(2015, 1, 31),
                    dt.date(2015, 2, 10),
                    dt.date(2016, 2, 29),
                    dt.date(9999, 12, 31),
                    dt.date(1, 1, 1),
                    dt.date(2015, 4, 1),
                ]
            )
        return dt.date(2015, 1, 1) + dt.timedelta(
            days=rng.randint(0, 58) if rng.random() < 0.7 else rng.randint(-40, 180)
        )

    def table(self, name: str, columns: Sequence[str], row: Callable[[int], list[str | None]], count: int) -> Table:
        """A table with columns in any order, repeated rows and rows that a reader could not read."""
        rng = self.rng
        order = list(range(len(columns)))
        rng.shuffle(order)
        rows: list[list[str | None]] = []
        for number in range(count):
            if rows and rng.random() < self.dirt:
                again = list(rng.choice(rows))
                if rng.random() < 0.5:
                    again[rng.randrange(len(again))] = rng.choice(TEXTS)
                rows.append(again)
            else:
                rows.append(row(number))
        raw = []
        for number, texts in enumerate(rows, 1):
            shown = tuple(texts[place] for place in order)
            bad = rng.choice(["columns", "type", "encoding"]) if rng.random() < self.dirt / 8 else None
            raw.append(RawRow(number, shown[: rng.randint(0, len(shown))] if bad == "columns" else shown, bad))
        return Table(name, tuple(columns[place] for place in order), tuple(raw))

    def targets(self, kind: Kind) -> list[Table]:
        columns = ["name", *([kind.parent] if kind.parent else []), *kind.fields, "since", "until"]
        names = NAMES.get(kind.name, ("x",))

        changing = self.rng.random() < 0.4
        every = [(name, *life) for name in names for life in self.lives(changing)]
        self.rng.shuffle(every)

        # Mostly all versions of a target begin its own periods on one day.
        begins = {
            field: {name: self.first_day(kind.fields[field].optional) for name in names}
            for field in self.plan.begins_with(kind.name)
        }

        def row(number: int) -> list[str | None]:
            name, *life = every[number]
            parent = [self.rng.choice(NAMES[kind.parent])] if kind.parent else []
            fields = {field: self.text(type_) for field, type_ in kind.fields.items()}
            for field in begins:
                if self.rng.random() < 0.97:
                    fields[field] = begins[field][name]
            return [name, *parent, *fields.values(), *life]

        return [self.table(kind.name, columns, row, len(every) - (self.rng.random() < 0.2))]

    def first_day(self, optional: bool) -> str | None:
        """The day with which a target begins to count periods of its own."""
        if optional and self.rng.random() < 0.1:
            return None
        days = ["2014-10-31", "2014-11-30", "2014-12-31", "2015-01-31", "2015-01-01", "2015-01-12", "2014-02-28"]
        return self.rng.choice([*days, self.day().isoformat()])

    def lives(self, changing: bool) -> list[tuple[str | None, str | None]]:
        """From when to when the versions of one target hold: mostly one after the other, some with a hole between."""
        rng = self.rng
        if not changing or rng.random() < 0.4:
            if rng.random() < 0.75:
                return [(None, None)]
            return [(rng.choice([None, self.day().isoformat()]), rng.choice([None, self.day().isoformat()]))]
        days = sorted({self.day() for _ in range(rng.choice([2, 3, 4]))})
        bounds = [rng.choice([None, days[0].isoformat()]), *(day.isoformat() for day in days[1:])]
        bounds.append(rng.choice([None, None, "2015-12-31"]))
        found = [pair for pair in pairwise(bounds) if rng.random() < 0.9]
        return found or [(None, None)]

    def records(self, kind: RecordKind, count: int) -> list[Table]:
        grain = kind.one_per
        columns: list[str] = []
        numbers = count_up()
        cells = self.cells(grain) if grain is not None else []
        if grain is not None:
            target, *dimensions = parts_of(grain.kind)
            columns += [] if target == "whole" else [target]
            columns += ["period"] if grain.period else []
            columns += dimensions

        def row(number: int) -> list[str | None]:
            running = next(numbers)
            found: list[str | None] = list(cells[running % len(cells)]) if grain is not None else []
            for name, type_ in kind.fields.items():
                if name == (kind.key or ("",))[0] and type_.base in ("text", "count") and self.rng.random() < 0.9:
                    found.append(str(running))
                elif name in kind.references and self.rng.random() < 0.9:
                    found.append(self.rng.choice([*map(str, range(6)), None] if type_.optional else "012345"))
                else:
                    found.append(self.text(type_))
            return found

        every = [*columns, *kind.fields]
        parts = self.rng.choice([1, 1, 2])
        count = count if grain is None else min(count, len(cells))
        return [self.table(f"{kind.name}{part}", every, row, count // parts) for part in range(parts)]

    def cells(self, grain: Grain) -> list[list[str | None]]:
        """The keys of cells of a grain, each once, in any order."""
        target, *dimensions = parts_of(grain.kind)
        names = [[]] if target == "whole" else [[name] for name in NAMES[target]]
        periods: list[list[str | None]] = [[]]
        if grain.period:
            kind = self.plan.periods[grain.period]
            first, last = kind.index_of(dt.date(2015, 1, 1)), kind.index_of(dt.date(2015, 4, 1))
            first = max(first - (self.rng.random() < 0.2), kind.first or 0)
            periods = [[kind.called(index)] for index in range(first, last + 1)]
        values = product(*(NAMES[dimension] for dimension in dimensions))
        found = [[*name, *period, *value] for name, period, value in product(names, periods, list(values))]
        self.rng.shuffle(found)
        return found

    def given(self, firsts: FirstDays) -> Mapping[str, Mapping[CellKey, Value]]:
        found: dict[str, dict[CellKey, Value]] = {}
        for measure in self.plan.measures.values():
            if self.rng.random() < 0.85:
                continue
            cells: dict[CellKey, Value] = {}
            for _ in range(self.rng.randint(1, 3)):
                key = self.cell(measure.grain.kind, measure.grain.period, measure.of_record)
                placed_key = key if measure.of_record else placed(self.plan, measure.grain, key, firsts)
                if placed_key is not None:
                    cells[placed_key] = self.value(measure.type)
            found[measure.name] = cells
        return found

    def cell(self, kind: str, period: str | None, of_record: bool) -> CellKey:
        if of_record:
            return str(self.rng.randint(0, 6)), None
        parts = () if kind == "whole" else parts_of(kind)
        name = joined_name(self.rng.choice(NAMES.get(part, ("x",))) for part in parts)
        if period is None:
            return name, None
        kind = self.plan.periods[period]
        if kind.whose is not None:
            return name, kind.parse(f"{self.rng.randint(1, 5)}@{period}")
        few = kind.steps.longest > 31
        return name, kind.index_of(dt.date(2015, 1, 1)) + self.rng.randint(-2, 1 if few else 4)

    def value(self, type_: object) -> Value:
        rng = self.rng
        match type_:
            case Number(scale=scale, optional=optional):
                if optional and rng.random() < 0.3:
                    return None
                low, high = (Fraction(end, 10 ** (scale or 0)) for end in interval(type_))
                drawn = Fraction(rng.choice([0, 1, 2, 3, 60, 95, 250, -40]), 10 ** min(scale or 0, 2))
                exact = min(max(drawn, low), high)
                # A whole number may come as either class.
                return int(exact) if exact.denominator == 1 and rng.random() < 0.5 else exact
            case Flag():
                return rng.random() < 0.5
            case Text(labels=labels):
                return rng.choice(labels or ("x",))
            case Member(kind=kind):
                return rng.choice(NAMES[kind])
            case DateTime():
                return dt.datetime(2015, 2, 3, 23, 59, 1)
        return dt.date(2015, 2, 3)


def make_case(plan: Plan, seed: int, most: int = 25) -> Case:
    """The inputs and the question of a seed."""
    rng = random.Random(seed)
    maker = _Maker(rng, plan, rng.choice([0.0, 0.0, 0.0, 0.02, 0.15]))
    careful = _Maker(rng, plan, maker.dirt / 3)
    targets = {kind.name: careful.targets(kind) for kind in plan.kinds.values() if kind.members == "registered"}
    records = {
        kind.name: maker.records(kind, rng.randint(0, most if kind.dated else 12))
        for kind in plan.records.values()
        if rng.random() < 0.95
    }
    given = maker.given(first_days(plan, Inputs({}, targets))) if rng.random() < 0.4 else {}
    question = Question(plan.periods.parse_span(rng.choice(SPANS)), rng.choice(AS_OF), given)
    return Case(Inputs(records, targets), question)


def cases(plan: Plan, most: int = 25) -> st.SearchStrategy[Case]:
    """Random inputs and questions for a plan."""
    return st.integers(0, 2**40).map(lambda seed: make_case(plan, seed, most))
