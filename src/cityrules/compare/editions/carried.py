"""What one edition came to in its own cells, as values for another one that goes on from them. Runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from cityrules.compare.editions.edition import Edition, judge, judge_of_day, known_as
from cityrules.engines.base import CellKey, Outcome
from cityrules.engines.firsts import FirstDays, placed
from cityrules.feel.tree import Value
from cityrules.feel.types import Date, DateTime, Flag, Number, Type
from cityrules.plan.bounds import fits
from cityrules.plan.model import Plan
from cityrules.results.tables import SHAPES, inner_columns
from cityrules.text.diagnostic import Diagnostic

CANNOT_HAVE: Final = "CR1155"
_MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Came:
    """What an own cell (or record) came to; `lost`: it could not be determined."""

    measure: str
    key: CellKey
    value: Value
    lost: bool
    told: str


@dataclass(frozen=True, slots=True)
class Carried:
    """Values by measure and cell, and the cells that were lost, by measure. `wrong`: the values that the measure here
    can never have; until all is settled these cells count as lost."""

    values: Mapping[str, Mapping[CellKey, Value]] = field(default_factory=dict)
    lost: Mapping[str, frozenset[CellKey]] = field(default_factory=dict)
    wrong: tuple[Diagnostic, ...] = ()


def own_cells(editions: Sequence[Edition], at: int, outcome: Outcome, firsts: FirstDays) -> list[Came]:
    """What an edition came to in its own cells and records. `firsts`: when targets begin to count their own periods."""
    plan = editions[at].plan
    found: list[Came] = []
    table = outcome.tables["values"]
    columns = inner_columns("values")
    for row in (table.inner or table.rows)():
        cells = dict(zip(columns, row, strict=True))
        name = str(cells["measure"])
        if name not in plan.measures:
            continue
        key = _key(plan, name, str(cells["target"]), cells["period"], firsts)
        if key is None or _judge(editions, plan, name, key) != at:
            continue
        found.append(_came(plan, name, key, cells["value"], cells["state"], _told(name, cells)))
    for row in outcome.tables["record_values"].rows():
        cells = dict(zip(SHAPES["record_values"].names, row, strict=True))
        name, record = str(cells["measure"]), str(cells["record"])
        if name not in plan.measures:
            continue
        day = day_of(plan, outcome, str(cells["record_kind"]), record)
        if day is None or judge_of_day(editions, day) == at:
            found.append(_came(plan, name, (record, None), cells["value"], cells["state"], f"{name} {record}"))
    return found


def carried(editions: Sequence[Edition], to: int, seen: frozenset[str], came: Mapping[int, Sequence[Came]]) -> Carried:
    """What others came to, for the edition at `to`, of those of its measures that it looks at over a border."""
    plan = editions[to].plan
    values: dict[str, dict[CellKey, Value]] = {}
    lost: dict[str, set[CellKey]] = {}
    wrong: list[Diagnostic] = []
    for at, ones in came.items():
        if at == to:
            continue
        called = {known_as(editions, name, to, at): name for name in seen}
        for one in ones:
            name = called.get(one.measure)
            if name is None:
                continue
            if one.lost:
                lost.setdefault(name, set()).add(one.key)
            elif not fits(plan.measures[name].type, one.value):
                said = {"name": name, "cell": one.told, "found": str(one.value)}
                said |= {"edition": editions[to].name, "before": editions[at].name}
                wrong.append(Diagnostic(CANNOT_HAVE, path=name, values=said))
                lost.setdefault(name, set()).add(one.key)
            else:
                values.setdefault(name, {})[one.key] = one.value
    return Carried(values, {name: frozenset(keys) for name, keys in lost.items()}, tuple(wrong[:_MOST_SHOWN]))


def day_of(plan: Plan, outcome: Outcome, kind: str, key: str) -> dt.date | None:
    """The day of an accepted record; None for what has none of its own."""
    record = plan.records.get(kind)
    values = outcome.facts.record(kind, key) if record is not None and record.dated is not None else None
    day = values.get(record.dated or "") if record is not None and values is not None else None
    return day.date() if isinstance(day, dt.datetime) else day if isinstance(day, dt.date) else None


def _key(plan: Plan, name: str, target: str, period: object, firsts: FirstDays) -> CellKey | None:
    if period is None:
        return target, None
    _, index = plan.periods.parse(str(period))
    return placed(plan, plan.measures[name].grain, (target, index), firsts)


def _judge(editions: Sequence[Edition], plan: Plan, name: str, key: CellKey) -> int:
    kind, index = plan.measures[name].grain.period, key[1]
    if kind is None or index is None:
        return len(editions) - 1
    return judge(editions, kind, plan.periods.start_of(kind, index), plan.periods.last_day_of(kind, index))


def _came(plan: Plan, name: str, key: CellKey, text: object, state: object, told: str) -> Came:
    lost = state == "undetermined"
    value = None if lost or text is None else _value(str(text), plan.measures[name].type)
    return Came(name, key, value, lost, told)


def _told(name: str, cells: Mapping[str, object]) -> str:
    return " ".join(str(part) for part in (name, cells["target"], cells["period"]) if part)


def _value(text: str, type_: Type) -> Value:
    """A value as the result tables write it."""
    match type_:
        case Number():
            number = Fraction(text)
            return int(number) if number.denominator == 1 else number
        case Flag():
            return text == "true"
        case DateTime():
            return dt.datetime.fromisoformat(text)
        case Date():
            return dt.date.fromisoformat(text)
    return text
