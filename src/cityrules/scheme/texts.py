"""How single values of the document are read: each notation as a pydantic type with its piece of JSON Schema.

Knows the parsers of `scheme/notation.py` and no body of the document. A value from YAML is a text; one from Python may
be an int, Decimal, Fraction, bool or date as well, or already parsed. Binary floats are refused: their digits are not
what was written.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from cityrules.calendar.recurrence import Recurrence
from cityrules.scheme import durations, notation, recurring
from cityrules.scheme.durations import Days, FixedDay, Hours, Lasts, Limit, OwnLimit
from cityrules.scheme.notation import (
    Closing,
    Every,
    FieldType,
    Grain,
    NotationError,
    Numeral,
    Rounding,
    Window,
    YearDay,
    plain_number,
)

NOT_SINGLE: Final = "CR302"
EMPTY: Final = "CR306"
NO_FLOAT: Final = "CR315"
NO_NUMBER: Final = "CR314"
NO_DATE: Final = "CR320"

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_DIGITS: Final = 60
_PARSED: Final = (
    Closing,
    Every,
    FieldType,
    Grain,
    Numeral,
    Rounding,
    Window,
    YearDay,
    Limit,
    OwnLimit,
    Days,
    Hours,
    Recurrence,
)


@dataclass(frozen=True, eq=False, slots=True)
class Reader:
    """Reads one value with `read`, which raises NotationError; the diagnostic travels in pydantic's error.

    `schema` is what an editor may know of it. Compared by identity, so that annotations with it can be hashed.
    """

    read: Callable[[object], object]
    schema: Mapping[str, Any]
    speech: str | None = None
    """How words of the language stand in it: a notation of `text/vocabulary.yaml`, or `expression`, `label`, `axis`;
    empty where none can. None is for tests to find."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        # The inner type is not asked for its own schema: most of the cost of importing the models would be there.
        return core_schema.no_info_plain_validator_function(
            self.validate, serialization=core_schema.to_string_ser_schema(when_used="json-unless-none")
        )

    def validate(self, value: object) -> object:
        if value is None or isinstance(value, (list, tuple, set, Mapping)):
            raise PydanticCustomError(NOT_SINGLE, "a single value is expected")
        if isinstance(value, str) and not value.strip():
            raise PydanticCustomError(EMPTY, "a text is expected")
        try:
            return self.read(value)
        except NotationError as error:
            raise PydanticCustomError(error.code, "this cannot be read", dict(error.values)) from None


def as_text(value: object) -> str:
    """The text of a single value, as it would stand in a document. Raises NotationError CR302, CR314, CR315."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        raise NotationError(NO_FLOAT, found=repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
            raise NotationError(NO_NUMBER, found=str(value)[:60])
        return format(value, "f")
    if isinstance(value, int):
        if abs(value) >= 10**_MOST_DIGITS:
            raise NotationError(NO_NUMBER, found=f"{hex(value)[:40]}...")
        return str(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Fraction):
        return plain_number(value)
    if isinstance(value, _PARSED):
        return str(value)
    raise NotationError(NOT_SINGLE)


def _notation(parser: Callable[[object], object]) -> Callable[[object], object]:
    """A parser of texts that also takes its own result, and the other values that can stand for a text."""

    def read(value: object) -> object:
        return parser(value if isinstance(value, (str, *_PARSED)) else as_text(value))

    return read


def _day(value: object) -> object:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    text = as_text(value)
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise NotationError(NO_DATE, found=text)


def _day_or_unstated(value: object) -> object:
    return value if value == "unstated" else _day(value)


def _day_key(value: object) -> object:
    _day(value)
    return as_text(value)


def _year_key(value: object) -> object:
    text = as_text(value)
    if re.fullmatch(r"[0-9]{4}", text) and text != "0000":
        return text
    raise NotationError("CR807", found=text[:60])


def _label(value: object) -> object:
    return as_text("null" if value is None else value)


def _some(given: tuple[str, ...]) -> tuple[str, ...]:
    """At least one. Raises the error that is told as CR306."""
    if not given:
        raise PydanticCustomError(EMPTY, "an entry is expected")
    return given


def _as_list(value: object) -> object:
    """One value stands for a list of one."""
    return value if isinstance(value, (list, tuple, Mapping)) or value is None else [value]


def as_row(value: object) -> object:
    """A row of a table: a list; a single value is none, so that a forgotten bracket is told."""
    if not isinstance(value, (list, tuple)):
        raise PydanticCustomError("CR308", "a list is expected")
    return value


# What is a text here, an editor may take for a number or a flag: `90`, `0.10`, `no`, `true`.
_SCALAR: Final[Mapping[str, Any]] = {"type": ["string", "number", "boolean"]}
_LABEL: Final[Mapping[str, Any]] = {"type": ["string", "number", "boolean", "null"]}
_NAME: Final[Mapping[str, Any]] = {"type": "string", "pattern": r"^[^\s.:?0-9-][^\s.:?]*$"}

_PATH: Final[Mapping[str, Any]] = {"type": "string", "pattern": r"^[^\s:?0-9-][^\s:?]*$"}


class _LabelReader(Reader):
    """A result such as `优秀` or `null`; nothing at all, from Python, is `null` too."""

    def validate(self, value: object) -> object:
        return "null" if value is None else super().validate(value)


Expression = Annotated[
    str, Reader(as_text, {**_SCALAR, "description": "An expression, such as `late and size > 3`."}, "expression")
]
Result = Annotated[
    str,
    _LabelReader(as_text, {**_LABEL, "description": "What is given: an expression, a label or `null`."}, "expression"),
]
Expressions = Annotated[tuple[Expression, ...], BeforeValidator(_as_list)]
Words = Annotated[str, Reader(as_text, _SCALAR, "")]
Label = Annotated[
    str, _LabelReader(_label, {**_LABEL, "description": "A label, a number, `null` or `error`."}, "label")
]
Name = Annotated[str, Reader(_notation(notation.checked_name), _NAME, "axis")]
PathName = Annotated[str, Reader(_notation(notation.checked_path), _PATH, "axis")]
GrainText = Annotated[
    Grain,
    Reader(
        _notation(notation.parse_grain),
        {"type": "string", "description": "A grain: `KIND each PERIOD`, `whole each PERIOD`, `KIND` or `RECORD`."},
        "grain",
    ),
]
RoundingText = Annotated[
    Rounding,
    Reader(
        _notation(notation.parse_rounding),
        {
            "type": "string",
            "pattern": rf"^\s*({'|'.join(notation.ROUNDING_MODES)})\s+to\s+[0-9]\s*$",
            "description": "A rounding, such as `half up to 2`.",
        },
        "rounding",
    ),
]
RoundText = Annotated[
    Rounding | notation.Exact,
    Reader(
        _notation(notation.parse_round),
        {
            "type": "string",
            "pattern": rf"^\s*({notation.EXACT}|({'|'.join(notation.ROUNDING_MODES)})\s+to\s+[0-9])\s*$",
            "description": "A rounding, such as `half up to 2`, or `exact`: a quotient stays a fraction.",
        },
        "rounding",
    ),
]
WindowText = Annotated[
    Window,
    Reader(
        _notation(notation.parse_window),
        {"type": "string", "description": "A window: `last 3 months`, `last 30 days`, `year to date` or `ever`."},
        "window",
    ),
]
EveryText = Annotated[
    notation.Every,
    Reader(
        _notation(notation.parse_every),
        {"type": "string", "pattern": r"^\s*[1-9][0-9]*\s+(day|week|month|year)s?\s*$",
         "description": "The length of a cycle, such as `2 weeks`."},
        "every",
    ),
]  # fmt: skip
ClosingText = Annotated[
    notation.Closing,
    Reader(
        _notation(notation.parse_closing),
        {"type": "string", "description": "Months that close on a day of their own: `month closing on 28`."},
        "closing",
    ),
]
YearDayText = Annotated[
    notation.YearDay,
    Reader(
        _notation(notation.parse_year_day),
        {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$", "description": "A day of every year, `MM-DD`."},
        "",
    ),
]
NumeralText = Annotated[
    Numeral,
    Reader(
        _notation(notation.parse_numeral),
        {"type": ["string", "number"], "description": "An exact number, such as `0.5`, `95%` or `15万`."},
        "",
    ),
]
LimitText = Annotated[
    Limit | OwnLimit,
    Reader(
        _notation(durations.parse_any_limit),
        {"type": "string", "description": "A limit, such as `3 working days`, `2 hours` or `4` of a unit of your own."},
        "limit",
    ),
]
LengthText = Annotated[
    Limit,
    Reader(
        _notation(durations.parse_limit),
        {"type": "string", "description": "A limit, such as `1 hour`, `1 working day` or `24 hours`."},
        "limit",
    ),
]
RecurringText = Annotated[
    Recurrence | str,
    Reader(
        _notation(recurring.parse_recurring),
        {"type": "string", "description": "A kind of period, or a rule of dates such as `FREQ=MONTHLY;BYDAY=2TU`."},
        "axis",
    ),
]
WithinText = Annotated[
    Limit | str,
    Reader(
        _notation(recurring.parse_within),
        {"type": "string", "description": "`1 day`, `5 working days`, `2 weeks`, or `until the next`."},
        "within",
    ),
]
ActWithinText = Annotated[
    Limit | FixedDay,
    Reader(
        _notation(durations.parse_within),
        {"type": "string", "description": "By when: `10 working days`, `1 month` or `to end of next quarter`."},
        "lasts",
    ),
]
LastsText = Annotated[
    Lasts,
    Reader(
        _notation(durations.parse_lasts),
        {"type": "string", "description": "How long: `30 days`, `6 months`, `to end of next year` or `for good`."},
        "lasts",
    ),
]
DaysText = Annotated[
    Days,
    Reader(
        _notation(durations.parse_days),
        {"type": "string", "description": "A day, or the days from one to another: `2027-02-06..2027-02-12`."},
        "",
    ),
]
HoursText = Annotated[
    Hours,
    Reader(
        _notation(durations.parse_hours), {"type": "string", "description": "A part of the day: `09:00..12:00`."}, ""
    ),
]
FieldTypeText = Annotated[
    FieldType,
    Reader(
        _notation(notation.parse_field_type),
        {
            "type": "string",
            "description": "A type: `text`, `flag`, `date`, `datetime`, `count`, `number(2) [0, 100] 元`, "
            "`one of 大, 小` or a kind of target; `optional` before it where it can be missing.",
        },
        "type",
    ),
]
Amount = Annotated[str, Reader(as_text, {**_SCALAR, "description": "A number (`0.4`, `40%`) or a parameter."}, "")]
ColumnTypeText = Annotated[
    FieldType,
    Reader(
        _notation(notation.parse_column_type),
        {
            "type": "string",
            "description": "A type of fields, a measure by bands (its labels), or a path: `finding.size`.",
        },
        "type",
    ),
]
DateText = Annotated[dt.date, Reader(_day, {"type": "string", "description": "A day, `YYYY-MM-DD`."}, "")]
DateOrUnstated = Annotated[
    dt.date | Literal["unstated"],
    Reader(_day_or_unstated, {"type": "string", "description": "A day, `YYYY-MM-DD`, or `unstated`."}, "stated"),
]
DateKey = Annotated[str, Reader(_day_key, {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "")]
Texts = Annotated[tuple[Words, ...], BeforeValidator(_as_list)]
SomeTexts = Annotated[Texts, AfterValidator(_some)]
DayList = Annotated[tuple[DaysText, ...], BeforeValidator(_as_list)]
HourList = Annotated[tuple[HoursText, ...], BeforeValidator(_as_list)]
YearKey = Annotated[str, Reader(_year_key, {"pattern": "^[0-9]{4}$"}, "")]
Names = Annotated[tuple[Name, ...], BeforeValidator(_as_list)]
PathNames = Annotated[tuple[PathName, ...], BeforeValidator(_as_list)]
