"""Situations one step from another: a value changed, a row more or less, everything a month later. Draws nothing."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.io.grammar import NAME_COLUMN
from cityrules.plan.model import Plan, RecordKind
from cityrules.scheme.notation import FieldType, plain_number
from cityrules.testing.drawing.drawn import Row
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.proposing.slots import Slot, fits, moved, slots, text_at, with_text

TIMES: Final = (1, 2, 4, 9)
"""How often a row is repeated."""
MONTHS: Final = (1, 2, 3, 5)
"""In how many months after its own it comes again."""
_NEAR: Final = 8
"""So many of the scheme's numbers are tried in a field."""


def tweaks(
    plan: Plan, situation: Situation, numbers: Sequence[Fraction], columns: Collection[str]
) -> Iterator[Situation]:
    """First those of the values in `columns`, then rows more or less, then all other values."""
    every = list(slots(plan, situation))
    first = [slot for slot in every if slot.column in columns]
    yield from _values(plan, situation, first, numbers)
    yield from _rows(plan, situation)
    yield from _alike(plan, situation)
    yield from _later(plan, situation)
    yield from _values(plan, situation, [slot for slot in every if slot.column not in columns], numbers)


def _values(
    plan: Plan, situation: Situation, among: Sequence[Slot], numbers: Sequence[Fraction]
) -> Iterator[Situation]:
    for slot in among:
        there = text_at(situation, slot)
        for text in _others(plan, situation, slot.type, there, numbers):
            if text != there:
                yield with_text(situation, slot, text)


def _others(
    plan: Plan, situation: Situation, type_: FieldType, there: str | None, numbers: Sequence[Fraction]
) -> Iterator[str | None]:
    """Other values of a type: those beside which something changes."""
    match type_.base:
        case "flag":
            yield from ("true", "false")
        case "enumeration":
            yield from type_.labels
        case "kind":
            yield from _names(plan, situation, type_.kind or "")
        case "number" | "count":
            step = Fraction(1, 10**type_.scale)
            near = [each for each in numbers if fits(type_, each)][:_NEAR]
            for number in dict.fromkeys(each + by for each in near for by in (Fraction(0), -step, step)):
                if fits(type_, number):
                    yield plain_number(number)
        case "date" | "datetime":
            unit = 24 if type_.base == "datetime" else 1
            for days in (1, -1, 7, -7, 31, 93):
                yield moved(type_, there or _moment(type_, situation.span.start), Fraction(days * unit))
            if there is None:
                yield _moment(type_, situation.span.start)
    if type_.optional:
        yield None


def _moment(type_: FieldType, day: dt.date) -> str:
    return day.isoformat() + ("T12:00" if type_.base == "datetime" else "")


def _names(plan: Plan, situation: Situation, kind: str) -> Iterator[str]:
    members = plan.kinds[kind].members if kind in plan.kinds else ()
    if not isinstance(members, str):
        yield from members
        return
    yield from (str(row[NAME_COLUMN]) for row in situation.targets.get(kind, ()))


def _rows(plan: Plan, situation: Situation) -> Iterator[Situation]:
    """Less rows, then the same row again: at once, and month after month."""
    yield from situation.smaller()
    for kind, rows in situation.records.items():
        record = plan.records[kind]
        if record.one_per is not None or not rows:
            continue
        for row in _different(record, rows):
            for times in TIMES:
                again = tuple(numbered(record, row, len(rows) + place) for place in range(1, times + 1))
                yield _with_rows(situation, kind, (*rows, *again))
            for months in MONTHS if record.dated else ():
                later = tuple(
                    numbered(record, postponed(record, row, number), len(rows) + number)
                    for number in range(1, months + 1)
                )
                yield spanning(plan, _with_rows(situation, kind, (*rows, *later)), months)


def _different(record: RecordKind, rows: Sequence[Row]) -> Iterator[Row]:
    seen: list[Row] = []
    for row in rows:
        bare = {column: text for column, text in row.items() if column not in record.key}
        if bare not in seen:
            seen.append(bare)
            yield row


def _with_rows(situation: Situation, kind: str, rows: tuple[Row, ...]) -> Situation:
    return replace(situation, records={**situation.records, kind: rows})


def numbered(record: RecordKind, row: Row, number: int) -> Row:
    """The row under another key."""
    for name in record.key:
        if record.fields[name].base in ("text", "count") and name not in record.references:
            return {**row, name: str(number)}
    return row


def postponed(record: RecordKind, row: Row, months: int) -> Row:
    """The row with all its days so many months later."""
    said = dict(row)
    for name, type_ in record.fields.items():
        text = row.get(name)
        if text is not None and type_.base in ("date", "datetime"):
            said[name] = _later_day(text, months)
    return said


def _later_day(text: str, months: int) -> str:
    try:
        return later(dt.date.fromisoformat(text[:10]), months).isoformat() + text[10:]
    except (ValueError, OverflowError):
        return text


def spanning(plan: Plan, situation: Situation, months: int) -> Situation:
    """The situation with so many months more behind it."""
    return replace(situation, span=Span(situation.span.start, _last_day(situation, months)))


def _last_day(situation: Situation, months: int) -> dt.date:
    """The day with which a situation ends that goes on for so many months; at the latest the last of all days."""
    try:
        return later(situation.span.last_day + dt.timedelta(days=1), months) - dt.timedelta(days=1)
    except (ValueError, OverflowError):
        return dt.date.max


def _alike(plan: Plan, situation: Situation) -> Iterator[Situation]:
    """One target given what another has, so that the two are equal."""
    for kind in plan.kinds.values():
        names = list(_names(plan, situation, kind.name))
        for one, other in list(pairwise(names))[:3]:
            records = {}
            for name, rows in situation.records.items():
                record = plan.records[name]
                columns = [column for column, type_ in record.fields.items() if type_.kind == kind.name]
                columns += [kind.name] if record.one_per is not None and kind.name not in columns else []
                kept = [row for row in rows if all(row.get(column) != other for column in columns)]
                copied = [
                    {**row, **{column: other for column in columns if row.get(column) == one}}
                    for row in rows
                    if any(row.get(column) == one for column in columns)
                ]
                fresh = [numbered(record, row, len(kept) + place) for place, row in enumerate(copied, 1)]
                records[name] = (*kept, *fresh)
            values = {
                name: {
                    **cells,
                    **{other + cell[len(one) :]: text for cell, text in cells.items() if cell.startswith(one)},
                }
                for name, cells in situation.values.items()
            }
            yield replace(situation, records=records, values=values)


def later(day: dt.date, months: int) -> dt.date:
    """The day of the same number so many months later, or the last one of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _later(plan: Plan, situation: Situation) -> Iterator[Situation]:
    """Everything later, so that it comes to the end of a year and beyond, and more months behind it."""
    first = situation.span.start
    to_year_end = 12 - situation.span.last_day.month
    for months in dict.fromkeys((1, to_year_end, to_year_end + 1)):
        if months <= 0 or first.year == dt.MAXYEAR:
            continue
        records = {
            kind: tuple(postponed(plan.records[kind], row, months) for row in rows)
            for kind, rows in situation.records.items()
        }
        yield replace(situation, records=records, span=Span(later(first, months), _last_day(situation, months)))
    for months in dict.fromkeys((1, 2, to_year_end)):
        if months > 0:
            yield spanning(plan, situation, months)
    for days in (0, 5, 20, 40, 100):
        known = first + min(dt.timedelta(days=days), dt.date.max - first)
        yield replace(situation, as_of=known.isoformat())
