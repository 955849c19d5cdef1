"""The one grammar of input texts: patterns, limits and the names of reasons. Knows no engine and no reader.

Every engine turns texts into values by these patterns (`docs/engines.md`, "Texts to typed values"), so that no two of
them can understand a text differently. The patterns are plain strings, matched against the *whole* text, and written in
the common part of Python's `re` and RE2 (DuckDB, Spark): ASCII classes, no look-around, no flags.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from cityrules.scheme.notation import FieldType

# Longest text of a field, and longest number, in characters.
MAX_TEXT: Final = 10_000
MAX_NUMBER: Final = 30
# A number without a stated bound has at most this many digits when scaled to an integer.
MAX_SCALED_DIGITS: Final = 15

NUMBER: Final = r"-?[0-9]+(\.[0-9]+)?"
# The first instant of a day is the day: spreadsheets and frames have no dates without a time.
DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00)?)?"
DATETIME: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
TRUE: Final = ("true", "True", "TRUE")
FALSE: Final = ("false", "False", "FALSE")

# Reasons of fields, in the order in which they are looked for; the last group depends on the type.
NUL: Final = "nul"
TOO_LONG: Final = "too_long"
MISSING: Final = "missing"
NOT_A_NUMBER: Final = "not_a_number"
EXCESS_DIGITS: Final = "excess_digits"
OUT_OF_RANGE: Final = "out_of_range"
NOT_A_FLAG: Final = "not_a_flag"
NOT_A_DATE: Final = "not_a_date"
NOT_A_TIMESTAMP: Final = "not_a_timestamp"
UNKNOWN_LABEL: Final = "unknown_label"
UNKNOWN_TARGET: Final = "unknown_target"
NOT_A_PERIOD: Final = "not_a_period"
# Reasons of a field that compare it with what is assessed.
OUTSIDE_PERIOD: Final = "outside_period"
AFTER_AS_OF: Final = "after_as_of"
# Of a row that has no other reason: the target does not exist on its day.
OUTSIDE_LIFETIME: Final = "outside_lifetime"
# Of a row that has no other reason: a record to which it refers was not accepted.
UNKNOWN_RECORD: Final = "unknown_record"
# Of a row that has no other reason: it holds points that the rule which would count them does not leave to choose.
OUTSIDE_CHOICE: Final = "outside_choice"
# Of a row that has no other reason, in the place of the field the address of a condition on which rows are accepted:
# it does not hold, or (`OVERFLOW`) it cannot be worked out.
NOT_MET: Final = "not_met"
OVERFLOW: Final = "overflow"
# Of a row that a later one with its key corrects.
SUPERSEDED: Final = "superseded"
# Of a correction: it names no kind of record, or no field that can be corrected; it annuls a record and changes a field
# of it at once; another one of the same time says otherwise.
UNKNOWN_KIND: Final = "unknown_kind"
UNKNOWN_FIELD: Final = "unknown_field"
NOT_ALONE: Final = "not_alone"
CONTRADICTED: Final = "contradicted"
# Reasons of a whole row. The first three are the reader's.
ENCODING: Final = "encoding"
COLUMNS: Final = "columns"
TYPE: Final = "type"
DUPLICATE: Final = "duplicate"
CONFLICT: Final = "conflict"

# Columns that targets and rows per cell have besides their fields.
NAME_COLUMN: Final = "name"
SINCE_COLUMN: Final = "since"
UNTIL_COLUMN: Final = "until"
PERIOD_COLUMN: Final = "period"

# What stands between the parts of a key: the key fields of a record; the target and the period of a row per cell.
KEY_JOIN: Final = " / "
CELL_JOIN: Final = " "


def exact_number(scale: int) -> str:
    """The pattern of a number whose digits after the `scale`-th are all zero."""
    return r"-?[0-9]+(\.0+)?" if scale == 0 else rf"-?[0-9]+(\.[0-9]{{1,{scale}}}0*)?"


def scaled_range(type_: FieldType) -> tuple[int, int]:
    """The smallest and largest accepted number, both times 10 to the power of the field's scale.

    A side without a stated bound is bounded by 15 digits. A bound with more digits than the field is drawn inward.
    """
    factor = 10**type_.scale
    widest = 10**MAX_SCALED_DIGITS - 1
    low = -widest if type_.low is None else -(-Fraction(type_.low) * factor // 1)
    high = widest if type_.high is None else Fraction(type_.high) * factor // 1
    return int(low), int(high)


def only_outside(reasons: str) -> bool:
    """Whether these reasons of a row of `rejects` say nothing but that it lies outside of what is assessed."""
    return {one.rpartition(": ")[2] for one in reasons.split("; ")} == {OUTSIDE_PERIOD}


def reason(field: str, code: str) -> str:
    """One reason as it stands in `rejects`: `field: code`, or the code alone for a whole row."""
    return f"{field}: {code}" if field else code
