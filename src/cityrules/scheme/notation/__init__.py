"""The small notations of the document: grain, rounding, window, unit, field type, numeral, period name.

Each is a frozen value with one parser and one way to write it (`str`). Parsers raise `NotationError` with a diagnostic
code and the values of its sentence; the loader turns that into a diagnostic at the right place. A parser also accepts a
value that is already parsed, so that a document built in Python may pass either.
"""

from cityrules.scheme.notation.fields import MAX_SCALE, FieldType, parse_column_type, parse_field_type
from cityrules.scheme.notation.grains import JOIN, Grain, by_dimension, joined_name, parse_grain, parts_of, split_name
from cityrules.scheme.notation.names import NAME, NotationError, checked_name, checked_path
from cityrules.scheme.notation.numbers import (
    EXACT,
    MAX_DIGITS,
    ROUNDING_MODES,
    Exact,
    Numeral,
    Rounding,
    RoundingMode,
    parse_numeral,
    parse_round,
    parse_rounding,
    plain_number,
    scale_of,
)
from cityrules.scheme.notation.times import (
    PERIODS,
    UNITS,
    Closing,
    Every,
    Window,
    YearDay,
    parse_closing,
    parse_every,
    parse_window,
    parse_year_day,
    window_of,
)

__all__ = [
    "EXACT",
    "JOIN",
    "MAX_DIGITS",
    "MAX_SCALE",
    "NAME",
    "PERIODS",
    "ROUNDING_MODES",
    "UNITS",
    "Closing",
    "Every",
    "Exact",
    "FieldType",
    "Grain",
    "NotationError",
    "Numeral",
    "Rounding",
    "RoundingMode",
    "Window",
    "YearDay",
    "by_dimension",
    "checked_name",
    "checked_path",
    "joined_name",
    "parse_closing",
    "parse_column_type",
    "parse_every",
    "parse_field_type",
    "parse_grain",
    "parse_numeral",
    "parse_round",
    "parse_rounding",
    "parse_window",
    "parse_year_day",
    "parts_of",
    "plain_number",
    "scale_of",
    "split_name",
    "window_of",
]
