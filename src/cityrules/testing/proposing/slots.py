"""The single values that a situation gives, each of which can be put in another's place. Runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from cityrules.feel.types import Number
from cityrules.io.grammar import NAME_COLUMN
from cityrules.plan.model import Plan
from cityrules.scheme.notation import FieldType, NotationError, parse_numeral, plain_number
from cityrules.testing.drawing.drawn import Row
from cityrules.testing.proposing.situation import Situation

_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value stands: in a column of a row of records or targets of a kind, or in a cell of a measure."""

    where: Literal["records", "targets", "values"]
    name: str
    place: int
    column: str
    type: FieldType


def slots(plan: Plan, situation: Situation) -> Iterator[Slot]:
    """Every value of fields, and of measures that are given; not keys, names and periods."""
    for name, cells in situation.values.items():
        measure = plan.measures.get(name)
        if measure is not None and isinstance(measure.type, Number) and measure.type.scale is not None:
            type_ = FieldType("number", False, measure.type.scale, measure.type.low, measure.type.high)
            yield from (Slot("values", name, 0, cell, type_) for cell in cells)
    for kind, rows in situation.records.items():
        record = plan.records[kind]
        fields = {column: type_ for column, type_ in record.fields.items() if column not in record.key}
        yield from _of_rows("records", kind, rows, fields)
    for kind, rows in situation.targets.items():
        yield from _of_rows("targets", kind, rows, plan.kinds[kind].fields)


def _of_rows(
    where: Literal["records", "targets"], kind: str, rows: tuple[Row, ...], fields: Mapping[str, FieldType]
) -> Iterator[Slot]:
    seen: list[Row] = []
    for place, row in enumerate(rows):
        bare = {column: row.get(column) for column in row if column in fields or column == NAME_COLUMN}
        if bare in seen:
            continue  # Another one like it would show the same.
        seen.append(bare)
        yield from (Slot(where, kind, place, column, type_) for column, type_ in fields.items())


def text_at(situation: Situation, slot: Slot) -> str | None:
    """What stands there."""
    if slot.where == "values":
        return situation.values[slot.name].get(slot.column)
    rows = (situation.records if slot.where == "records" else situation.targets)[slot.name]
    return rows[slot.place].get(slot.column)


def with_text(situation: Situation, slot: Slot, text: str | None) -> Situation:
    """The situation with another text there."""
    if slot.where == "values":
        cells = {**situation.values.get(slot.name, {}), slot.column: text}
        return replace(situation, values={**situation.values, slot.name: cells})
    given = situation.records if slot.where == "records" else situation.targets
    rows = given[slot.name]
    row = {**rows[slot.place], slot.column: text}
    changed = {**given, slot.name: (*rows[: slot.place], row, *rows[slot.place + 1 :])}
    return replace(situation, records=changed) if slot.where == "records" else replace(situation, targets=changed)


def moved(type_: FieldType, text: str | None, by: Fraction) -> str | None:
    """A number that is more by so much, a day so many days later, a moment so many hours; to the last digit that the
    type has. None where there is none, or the type has no such value."""
    if text is None:
        return None
    try:
        match type_.base:
            case "number" | "count":
                value = round((parse_numeral(text).value + by) * 10**type_.scale) / Fraction(10**type_.scale)
                return plain_number(value) if fits(type_, value) else None
            case "date":
                return (dt.date.fromisoformat(text) + dt.timedelta(days=round(by))).isoformat()
            case "datetime":
                moment = dt.datetime.fromisoformat(text) + dt.timedelta(seconds=round(by * _HOUR))
                return moment.isoformat(timespec="minutes" if moment.second == 0 else "seconds")
    except (NotationError, ValueError, OverflowError):
        return None
    return None


def distance(type_: FieldType, one: str, other: str) -> Fraction:
    """By how much the second of two texts of a type is more, in the units of `moved`. Raises ValueError, NotationError
    for texts that are none."""
    match type_.base:
        case "date":
            return Fraction((dt.date.fromisoformat(other) - dt.date.fromisoformat(one)).days)
        case "datetime":
            apart = dt.datetime.fromisoformat(other) - dt.datetime.fromisoformat(one)
            return Fraction(round(apart.total_seconds()), _HOUR)
    return parse_numeral(other).value - parse_numeral(one).value


def fits(type_: FieldType, number: Fraction) -> bool:
    """Whether a number is one of a type."""
    low = Fraction(0) if type_.base == "count" and type_.low is None else type_.low
    whole = (number * 10**type_.scale).denominator == 1
    return whole and (low is None or number >= low) and (type_.high is None or number <= type_.high)
