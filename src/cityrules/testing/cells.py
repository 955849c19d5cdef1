"""How worked cases write cells and values, read by the grain and type of what they belong to. Knows no engine."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from cityrules.calendar.periods import Periods
from cityrules.engines.base import CellKey
from cityrules.feel.tree import Value
from cityrules.feel.types import Date, DateTime, Flag, Number, Text, Type
from cityrules.plan.bounds import holds
from cityrules.scheme.notation import (
    Grain,
    NotationError,
    joined_name,
    parse_numeral,
    parts_of,
    plain_number,
    scale_of,
    split_name,
)
from cityrules.text.suggest import nearest

Path = tuple[str, ...]

_FRACTION: Final = re.compile(r"-?[0-9]{1,40}/[0-9]{1,40}")
"""How a value that stays a fraction is written, where it has no few decimals."""

UNDETERMINED, NO_CELL = "undetermined", "no cell"
"""What is expected of a cell beside values: that its value cannot be determined, and that there is no such cell."""
_CELL: Final = ("target", "period", "dimension")
MAP, LIST = "{NAME: VALUE}", "[VALUE, VALUE]"
"""Shapes as a message shows them, alike in every language."""


class UnreadableError(Exception):
    """A part of an example that cannot be understood: the diagnostic's code, the path below the example, its values.

    `at_key`: what is wrong stands in the key at that path, not in the value.
    """

    def __init__(self, code: str, path: Path, at_key: bool = False, **values: str) -> None:
        super().__init__(code)
        self.code, self.path, self.at_key, self.values = code, path, at_key, values


def unknown_name(path: Path, known: Iterable[str], code: str = "CR703", **values: str) -> UnreadableError:
    """The complaint about the key at the end of a path, which is none of the known names."""
    names = list(known)
    meant = nearest(path[-1], names)
    more = {"suggestion": meant} if meant else {}
    return UnreadableError(
        code, path, at_key=True, **{"found": path[-1], "expected": ", ".join(names), **more, **values}
    )


def as_map(value: object, path: Path) -> Mapping[str, object]:
    """A map by text keys. Raises `UnreadableError`."""
    if not isinstance(value, Mapping):
        raise UnreadableError("CR707", path, found=".".join(path), wanted=MAP)
    return {str(key): item for key, item in value.items()}


def as_list(value: object, path: Path) -> Sequence[object]:
    """A list. Raises `UnreadableError`."""
    if not isinstance(value, (list, tuple)):
        raise UnreadableError("CR707", path, found=".".join(path), wanted=LIST)
    return value


def nothing(value: object) -> object:
    """None for what stands for a missing value."""
    return None if value is None or (isinstance(value, str) and value in ("null", "")) else value


def cell(periods: Periods, text: str, name: str, grain: Grain, path: Path) -> CellKey:
    """`NAME 2024-03`, `2024-03` for the whole city, `NAME` for timeless grains. Raises `UnreadableError`."""
    said = text.strip()
    target, period, values = parted(periods, said, grain)
    kind, index = period if period is not None else (None, None)
    if kind != grain.period or (grain.kind == "whole") != (target == "") or len(values) < len(parts_of(grain.kind)) - 1:
        raise UnreadableError("CR704", path, at_key=True, found=said, name=name, wanted=_sample(periods, grain))
    return joined_name((target, *values)), index


def address_of(periods: Periods, grain: Grain, found: CellKey) -> tuple[str, str | None, str | None]:
    """A cell as the result tables have it: target, period, dimension."""
    (key, index), kind = found, grain.period
    target, *values = split_name(key)
    period = None if index is None or kind is None else periods.name_of(kind, index)
    return target, period, " / ".join(values) or None


def parted(periods: Periods, said: str, grain: Grain) -> tuple[str, tuple[str, int] | None, list[str]]:
    """The target, the period and the values of dimensions of a cell as written: `NAME 2024-03 VALUE, VALUE`, timeless
    `NAME, VALUE`. Without what is not there."""
    dimensions = len(parts_of(grain.kind)) - 1
    if not dimensions:
        target, period = (said, None) if grain.period is None else split(periods, said)
        return target, period, []
    if grain.period is None:
        target, *values = said.rsplit(", ", dimensions)
        return target, None, values
    words = said.split(" ")
    for at in range(len(words) - 1, 0, -1):
        target, period = split(periods, " ".join(words[:at]))
        values = " ".join(words[at:]).split(", ", dimensions - 1)
        if period is not None and len(values) == dimensions:
            return target, period, values
    return *split(periods, said), []


def told(target: str, period: str | None, dimension: str | None) -> str:
    """A cell of the result tables as it is written."""
    if period is None:
        return ", ".join([target, *(dimension or "").split(" / ")]) if dimension else target
    return " ".join(part for part in (target, period, (dimension or "").replace(" / ", ", ")) if part)


def address_in(row: Mapping[str, object]) -> str | tuple[str | None, ...]:
    """Which cell, or which single record, a row of the result tables is about; of a line of a ledger the cell."""
    if row.get("record") and "line" not in row:
        return str(row["record"])
    target, period, dimension = (None if row.get(name) is None else str(row[name]) for name in _CELL)
    return target or "", period, dimension


def cell_in(row: Mapping[str, object]) -> str:
    """The same as a case writes it: the record's key, or target and period."""
    found = address_in(row)
    return found if isinstance(found, str) else told(found[0] or "", found[1], found[2])


def by_cell(found: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """What came out of cells, or of rows by their keys, as a case writes it: of each one thing, or a list."""
    every: dict[str, list[str]] = {}
    for cell, said in found:
        every.setdefault(cell, []).append(said)
    return {cell: several[0] if len(several) == 1 else several for cell, several in every.items()}


def split(periods: Periods, said: str) -> tuple[str, tuple[str, int] | None]:
    """A name and the period behind it; all of it and None where no period stands at the end."""
    target, _, last = said.rpartition(" ")
    try:
        return target.strip(), periods.parse(last)
    except ValueError:
        return said, None


def _sample(periods: Periods, grain: Grain) -> str:
    """A cell of a grain as an example for a message."""
    name = "" if grain.kind == "whole" else grain.kind
    period = "" if grain.period is None else _period_sample(periods, grain.period)
    name, *dimensions = parts_of(name) if name else ("",)
    return told(name, period or None, " / ".join(dimensions))


def _period_sample(periods: Periods, kind: str) -> str:
    day = dt.date(2024, 3, 1)
    return periods.name_of(kind, periods[kind].index_of(day, day))


def typed(text: object, type_: Type, path: Path) -> Value:
    """The value of a type that a text stands for. Raises `UnreadableError`."""
    said = nothing(text)
    if said is None:
        return None
    try:
        match type_:
            case Number(scale=None) if _FRACTION.fullmatch(str(said)):
                return Fraction(str(said))
            case Number():
                return _digits_checked(parse_numeral(said).value, type_, path)
            case Flag():
                return {"true": True, "false": False}[str(said).lower()]
            case Date():
                return dt.date.fromisoformat(str(said))
            case DateTime():
                return dt.datetime.fromisoformat(str(said))
    except (NotationError, KeyError, ValueError, ZeroDivisionError):
        raise UnreadableError("CR707", path, found=str(said), wanted=_like(type_)) from None
    return str(said)


def _like(type_: Type) -> str:
    """A value of a type as an example for a message."""
    match type_:
        case Number():
            return "99.5"
        case Flag():
            return "true / false"
        case Date():
            return "2024-03-31"
        case _:
            return "2024-03-31T18:00:00"


def _digits_checked(value: Fraction, type_: Number, path: Path) -> Fraction:
    """A value that the measure could have. One with more digits would never be equal to anything."""
    needed = scale_of(value)
    if type_.scale is not None and (needed is None or needed > type_.scale):
        raise UnreadableError("CR711", path, found=plain_number(value), wanted=str(type_.scale))
    return value


def possible(text: object, type_: Type, name: str, path: Path) -> Value:
    """A value that the measure `name` can have: what reads it relies on its bounds. Raises `UnreadableError`."""
    value = typed(text, type_, path)
    if not holds(type_, value):
        said = str(text) if value is not None else "null"
        raise UnreadableError("CR714", path, found=said, name=name, wanted=_range(type_))
    return value


def _range(type_: Type) -> str:
    """The values of a type as a message shows them."""
    match type_:
        case Number(low=low, high=high):
            low_end, high_end = ("" if end is None else plain_number(end) for end in (low, high))
            return f"[{low_end} .. {high_end}]"
        case Text(labels=labels) if labels is not None:
            return ", ".join(labels)
        case _:
            return "-"


def instant(text: str) -> dt.datetime:
    """The instant of knowledge. Raises `UnreadableError`."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = dt.datetime.max
    if found.tzinfo is not None or found is dt.datetime.max:
        raise UnreadableError("CR707", ("given", "as_of"), found=text, wanted="2024-03-31 / 2024-03-31T18:00:00")
    return found
