"""The keys of records as texts: which columns make one, and how one is written however its parts are. Knows no engine.

The canonical text of a key is that of the result tables: `7` for a number however many zeros stand before it, a day
without its first instant, the own name of a target that has others. What is no value of its type stands as it is, as
the table `rejects` has it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from cityrules.io import grammar
from cityrules.plan.model import Plan, RecordKind
from cityrules.plan.records import aliases_of
from cityrules.plan.views import WHOLE
from cityrules.results.format import as_field_text
from cityrules.scheme.notation import FieldType, parts_of

_DATE: Final = re.compile(grammar.DATE)
_DATETIME: Final = re.compile(grammar.DATETIME)


def cell_columns(record: RecordKind) -> tuple[str, ...]:
    """The columns of the cell that a row of a kind `one_per` a cell belongs to."""
    grain = record.one_per
    if grain is None:
        return ()
    target, *dimensions = parts_of(grain.kind)
    period = () if grain.period is None else (grammar.PERIOD_COLUMN,)
    return (*(() if target == WHOLE else (target,)), *period, *dimensions)


def key_columns(record: RecordKind) -> tuple[str, ...]:
    """The columns that make the key of a record: the key fields, or those of its cell."""
    return cell_columns(record) if record.one_per is not None else record.key


def key_of(texts: Sequence[str | None], plan: Plan, record: RecordKind) -> str:
    """The canonical key of a row out of the texts of its key columns."""
    names = key_columns(record)
    said = (_canonical(text or "", name, plan, record) for text, name in zip(texts, names, strict=True))
    return _join(record).join(said)


def key_of_text(text: str, plan: Plan, record: RecordKind) -> str:
    """The canonical key of what somebody wrote as one, part by part as far as it can be told where each ends."""
    parts = text.split(_join(record))
    return key_of(parts, plan, record) if len(parts) == len(key_columns(record)) else text


def _join(record: RecordKind) -> str:
    return grammar.CELL_JOIN if record.one_per is not None else grammar.KEY_JOIN


def _canonical(text: str, name: str, plan: Plan, record: RecordKind) -> str:
    if record.one_per is None:
        type_ = record.fields[name]
        return _of_type(text, type_, aliases_of(plan, type_))
    if name == grammar.PERIOD_COLUMN:
        try:
            return plan.periods.name_of(*plan.periods.parse(text))
        except ValueError:
            return text
    return plan.kinds[name].aliases.get(text, text)


def _of_type(text: str, type_: FieldType, aliases: Mapping[str, str]) -> str:
    match type_.base:
        case "number" | "count":
            exact = len(text) <= grammar.MAX_NUMBER and re.fullmatch(grammar.exact_number(type_.scale), text)
            return as_field_text(Fraction(text), type_) if exact else text
        case "flag":
            return "true" if text in grammar.TRUE else "false" if text in grammar.FALSE else text
        case "date":
            return text[:10] if _DATE.fullmatch(text) else text
        case "datetime":
            return dt.datetime.fromisoformat(text).isoformat() if _is_instant(text) else text
    return aliases.get(text, text)


def _is_instant(text: str) -> bool:
    try:
        return _DATETIME.fullmatch(text) is not None and bool(dt.datetime.fromisoformat(text))
    except ValueError:
        return False
