"""Dirt as real tables have it, put into drawn inputs: cells that are missing, late, unknown, of another type or twice.

What is accepted of it and what is not is for the engines to say, and for both alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from cityrules.plan.model import Plan
from cityrules.testing.drawing.choices import Choices
from cityrules.testing.drawing.drawn import Drawn, Row, Rows

SPOTS: Final = 4
"""How many spots of dirt there are at most."""
UNKNOWN: Final = "nobody"
KNOWN_THEN: Final = 0.3
"""How often what was known is what was known on some day of the span."""

TEXTS: Final = (
    None, "", " ", "x", "1.123456789", "-0", "-0.00", "007", "1.50000000000000", "99999999999999999999",
    "9" * 30, "9" * 31, "1e3", "+1", "1.", ".5", "１２", "٣", "1 ", "\n1", "1\n", "1\x00", "\x00",
    "true", "TRUE", "True", "tRue", "false", "False", "2015-02-29", "2015-02-30", "2015-2-3",
    "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2015-01-05T10:00", "2015-01-05 10:00:61",
    "2015-01-05T24:00", "2015-01-05 23:59:59", "2015-01-05T00:00:00", "2015-01-05 00:00", "2015-01-05T00:00:01",
    "2015-02-30T00:00", "2015-01", "大", "大 ", "é", "e\u0301", UNKNOWN, "甲", "s1", "north",
    "x" * 10_000, "x" * 10_001, "𠀀" * 10_000, "NaN", "inf", "null", "'", '"', "\\", "a / b", "100.0", "100.01",
    "-5", "-5.1", "50.00", "3.0", "2015-Q1", "2015-H1", "2015-W53", "2015-02-X1", "2015-02@closing",
    "2015-cold@heating", "0@round", "2015",
)  # fmt: skip
"""Texts at and beyond the edges of every type."""
WRITABLE: Final = tuple("NULL" if text == "null" else text for text in TEXTS)
"""Those that a worked case can hold, in which the word `null` stands for a missing value."""


def dirtied(plan: Plan, choices: Choices, drawn: Drawn) -> Drawn:
    """The same inputs with spots of dirt, and perhaps as they were known before the end. Keeps the order of rows."""
    found = drawn

    def spot() -> None:
        nonlocal found
        places = [(part, kind) for part in ("records", "targets") for kind, rows in _part(found, part).items() if rows]
        if places:
            part, kind = choices.pick(places)
            rows = _part(found, part)[kind]
            place = choices.whole(0, len(rows) - 1)
            changed = choices.pick(_SPOTS)(plan, choices, kind, rows, rows[place])
            given = {**_part(found, part), kind: (*rows[:place], *changed, *rows[place + 1 :])}
            found = replace(found, records=given) if part == "records" else replace(found, targets=given)

    choices.repeat(SPOTS, spot)
    if choices.chance(KNOWN_THEN):
        days = (drawn.span.last_day - drawn.span.start).days
        known = drawn.span.start + dt.timedelta(days=days - choices.whole(0, days))
        moment = choices.pick((dt.time(), dt.time(12, 30), dt.time(23, 59, 59)))
        found = replace(found, as_of=dt.datetime.combine(known, moment))
    return found


def _part(drawn: Drawn, part: str) -> Rows:
    return drawn.records if part == "records" else drawn.targets


Change = Callable[[Plan, Choices, str, tuple[Row, ...], Row], tuple[Mapping[str, str | None], ...]]
"""What stands in the place of one of the rows of a kind."""


def _missing(plan: Plan, choices: Choices, kind: str, rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    return ({**row, choices.pick(tuple(row)): None},)


def _another(plan: Plan, choices: Choices, kind: str, rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    return ({**row, choices.pick(tuple(row)): choices.pick(WRITABLE)},)


def _twice(plan: Plan, choices: Choices, kind: str, rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    return row, row


def _contradicted(plan: Plan, choices: Choices, kind: str, rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    """The same row again, which says something else: what another row says there, if any does."""
    record = plan.records.get(kind)
    key = record.key if record is not None else ()
    others = [(name, one[name]) for one in rows for name in row if name not in key and one[name] != row[name]]
    if not others:
        return (row, *_another(plan, choices, kind, rows, row))
    name, text = choices.pick(others)
    return row, {**row, name: text}


def _unknown(plan: Plan, choices: Choices, kind: str, rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    """Of a field that names a target or another record, one that is not there."""
    record = plan.records.get(kind)
    known = set(plan.kinds) if record is None else {*plan.kinds, *record.references}
    named = [name for name in row if name in known or (record is not None and _names(plan, kind, name))]
    return ({**row, choices.pick(named): UNKNOWN},) if named else _another(plan, choices, kind, rows, row)


def _names(plan: Plan, kind: str, field: str) -> bool:
    type_ = plan.records[kind].fields.get(field)
    return type_ is not None and type_.kind is not None


def _late(plan: Plan, choices: Choices, kind: str, rows: tuple[Row, ...], row: Row) -> tuple[Row, ...]:
    """Dated far outside of what is assessed."""
    dated = plan.records[kind].dated if kind in plan.records else None
    if dated is None:
        return _another(plan, choices, kind, rows, row)
    return ({**row, dated: choices.pick(("2100-01-01", "1990-12-31")) + (row.get(dated) or "")[10:]},)


_SPOTS: Final[tuple[Change, ...]] = (_missing, _unknown, _twice, _late, _contradicted, _another)
