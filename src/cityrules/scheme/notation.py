"""The small notations of the document: grain, rounding, window, unit, field type, numeral, period name.

Each is a frozen value with one parser and one way to write it (`str`). Parsers raise `NotationError` with a diagnostic
code and the values of its sentence; the loader turns that into a diagnostic at the right place. A parser also accepts a
value that is already parsed, so that a document built in Python may pass either.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from cityrules.calendar.kinds import BUILT_IN

# The kinds of periods that every document has, coarser after finer.
PERIODS = tuple(BUILT_IN)

NAME = r"[^\W\d][\w]*"


class NotationError(ValueError):
    """A small notation that could not be read: `code` of the diagnostic and the values of its sentence."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Grain:
    """What has one cell: `squad each month`, `whole each year`, `squad` (timeless) or a kind of record (`finding`).

    `squad each month per item` has one for each pair of a squad and an item: its `kind` is `squad per item`, which is
    treated as a kind of its own.
    """

    kind: str
    period: str | None = None

    def __str__(self) -> str:
        target, *dimensions = parts_of(self.kind)
        text = f"{target} each {self.period}" if self.period else target
        return by_dimension(text, dimensions)


def parts_of(kind: str) -> tuple[str, ...]:
    """The kinds whose members make one target: a kind, and its dimensions if it has any."""
    target, _, dimensions = kind.partition(" per ")
    return (target, *dimensions.split(", ")) if dimensions else (target,)


def by_dimension(target: str, dimensions: Sequence[str]) -> str:
    """`squad` and `item` to `squad per item`; without dimensions the kind itself."""
    return f"{target} per {', '.join(dimensions)}" if dimensions else target


def parse_grain(text: object) -> Grain:
    """`KIND`, `RECORD`, `KIND each PERIOD` or `whole each PERIOD`, and behind it `per KIND, KIND`. Raises NotationError
    CR310, CR375."""
    if isinstance(text, Grain):
        return text
    per = rf"(?:\s+per\s+({NAME}(?:\s*,\s*{NAME})*))?"
    found = re.fullmatch(rf"({NAME})(?:\s+each\s+({NAME}))?{per}", str(text).strip())
    if not found:
        raise NotationError("CR310", found=str(text))
    kind, period = found.group(1), found.group(2)
    dimensions = re.split(r"\s*,\s*", found.group(3)) if found.group(3) else []
    for place, name in enumerate(dimensions):
        if name in (kind, *dimensions[:place]):
            raise NotationError("CR375", found=name)
    return Grain(by_dimension(kind, dimensions), period)


# What stands between the names of a target and its values of dimensions where they are one key. No input has it.
JOIN = "\0"


def joined_name(names: Iterable[str]) -> str:
    """The key of a target by dimension, out of the name of the target and the values of its dimensions."""
    return JOIN.join(names)


def split_name(name: str) -> list[str]:
    """The name of a target, and the values of its dimensions if it has any, out of its key."""
    return name.split(JOIN)


RoundingMode = Literal["half up", "half even", "half down", "up", "down", "floor", "ceiling"]
ROUNDING_MODES: tuple[RoundingMode, ...] = ("half up", "half even", "half down", "up", "down", "floor", "ceiling")


@dataclass(frozen=True, slots=True)
class Rounding:
    """A named rounding to a number of decimals. `up` is away from zero, `down` toward zero; halves likewise."""

    mode: RoundingMode
    digits: int

    def __str__(self) -> str:
        return f"{self.mode} to {self.digits}"


def parse_rounding(text: object) -> Rounding:
    """`half up to 2`. Raises NotationError CR312."""
    if isinstance(text, Rounding):
        return text
    found = re.fullmatch(r"(half up|half even|half down|up|down|floor|ceiling)\s+to\s+([0-9])", str(text).strip())
    if not found:
        short = re.fullmatch(rf"({'|'.join(ROUNDING_MODES)})\s*([0-9])", str(text).strip())
        meant = {"suggestion": f"{short.group(1)} to {short.group(2)}"} if short else {}
        raise NotationError("CR312", found=str(text), expected=", ".join(ROUNDING_MODES), **meant)
    mode = next(mode for mode in ROUNDING_MODES if mode == found.group(1))
    return Rounding(mode, int(found.group(2)))


Exact = Literal["exact"]
EXACT: Final[Exact] = "exact"
"""In the place of a rounding: a quotient stays a fraction."""


def parse_round(text: object) -> Rounding | Exact:
    """`half up to 2`, or `exact`. Raises NotationError CR312."""
    return EXACT if str(text).strip() == EXACT else parse_rounding(text)


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a fold looks at. `last`: `count` periods that end with the cell's own, or, for a single record,
    so many days or months back from its own day. `to_date`: from the start of the containing `period` up to and
    including the cell's own. `ever`: everything before, too (`period` is empty)."""

    kind: Literal["last", "to_date", "ever"]
    period: str = ""
    count: int = 0

    def __str__(self) -> str:
        if self.kind == "ever":
            return "ever"
        if self.kind == "last" and self.period.endswith("s"):
            return f"last {self.count} {self.period}"
        return f"last {self.count} {self.period}s" if self.kind == "last" else f"{self.period} to date"


def parse_window(text: object) -> Window:
    """`last 3 months`, `last 30 days`, `year to date` or `ever`. Raises NotationError CR313.

    Of a period that is not built in the plural stays, until somebody knows its name (`window_of`)."""
    if isinstance(text, Window):
        return text
    said = str(text).strip()
    if said == "ever":
        return Window("ever")
    if found := re.fullmatch(rf"last\s+([1-9][0-9]{{0,2}})\s+({NAME})", said):
        return window_of(Window("last", found.group(2), int(found.group(1))), PERIODS)
    if found := re.fullmatch(rf"({NAME})\s+to\s+date", said):
        return Window("to_date", found.group(1))
    raise NotationError("CR313", found=said)


def window_of(window: Window, periods: Iterable[str]) -> Window:
    """The window with the name of its period, where that stands in the plural."""
    singular = window.period.removesuffix("s")
    if window.kind == "last" and window.period not in periods and singular in periods:
        return replace(window, period=singular)
    return window


@dataclass(frozen=True, slots=True)
class Every:
    """The length of a cycle: so many days, weeks, months or years."""

    count: int
    unit: Literal["day", "week", "month", "year"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"


_LONGEST = {"day": 3660, "week": 520, "month": 120, "year": 10}


def parse_every(text: object) -> Every:
    """`2 weeks`, `10 days`, `3 months`; at most ten years. Raises NotationError CR816."""
    if isinstance(text, Every):
        return text
    found = re.fullmatch(r"([1-9][0-9]{0,3})\s+(day|week|month|year)s?", str(text).strip())
    if not found or int(found.group(1)) > _LONGEST[found.group(2)]:
        raise NotationError("CR816", found=str(text)[:60])
    return Every(int(found.group(1)), next(unit for unit in UNITS if unit == found.group(2)))


UNITS: tuple[Literal["day", "week", "month", "year"], ...] = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Closing:
    """Periods of whole months that close on a day of the last of them: `month closing on 28`."""

    period: str
    day: int

    def __str__(self) -> str:
        return f"{self.period} closing on {self.day}"


def parse_closing(text: object) -> Closing:
    """`month closing on 28`, of whole months up to a year, on the 1st to the 30th. Raises NotationError CR817."""
    if isinstance(text, Closing):
        return text
    found = re.fullmatch(r"(month|quarter|half_year|year)\s+closing\s+on\s+([12]?[0-9]|30)", str(text).strip())
    if not found or found.group(2) == "0":
        raise NotationError("CR817", found=str(text)[:60])
    return Closing(found.group(1), int(found.group(2)))


@dataclass(frozen=True, slots=True, order=True)
class YearDay:
    """A day that every year has: `06-01`."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"


def parse_year_day(text: object) -> YearDay:
    """`06-01`; not 29 February. Raises NotationError CR818."""
    if isinstance(text, YearDay):
        return text
    said = str(text).strip()
    try:
        # 2015 has no 29 February.
        found = dt.date.fromisoformat(f"2015-{said}" if re.fullmatch("[0-9]{2}-[0-9]{2}", said) else "")
    except ValueError:
        raise NotationError("CR818", found=said[:60]) from None
    return YearDay(found.month, found.day)


@dataclass(frozen=True, slots=True)
class Numeral:
    """An exact number as written, with the unit that stands behind it (`95%`); 万 and 亿 multiply (`15万`)."""

    value: Fraction
    unit: str | None = None

    def __str__(self) -> str:
        return f"{plain_number(self.value)}{self.unit or ''}"


_MULTIPLIER = {"": 1, "万": 10_000, "亿": 100_000_000}
MAX_DIGITS = 30
# A word with one digit at most, at its end (`m2`), or a sign: `7e1`, `0x1F`, `1_000` and `10:30` have no unit.
_UNIT = r"(?![eExX][0-9])(?:[^\W\d_]+[0-9²³]?|[%‰℃°￥¥$€])"
_NUMERAL = re.compile(rf"(-?[0-9]+(?:\.[0-9]+)?)\s*([万亿]?)\s*({_UNIT})?")


def parse_numeral(text: object) -> Numeral:
    """A decimal number with an optional 万 or 亿 and an optional unit. Raises NotationError CR314.

    Binary floats are refused (CR315): their digits are not what was written.
    """
    if isinstance(text, Numeral):
        return text
    if isinstance(text, float):
        raise NotationError("CR315", found=repr(text))
    if isinstance(text, Decimal):
        text = format(text, "f")
    found = _NUMERAL.fullmatch(str(text).strip())
    if not found or len(found.group(1)) > MAX_DIGITS:
        raise NotationError("CR314", found=str(text)[:60])
    return Numeral(Fraction(found.group(1)) * _MULTIPLIER[found.group(2)], found.group(3) or None)


def plain_number(value: Fraction | int) -> str:
    """The shortest decimal text of an exact decimal number; a fraction `n/d` where it has no finite decimal text."""
    fraction = Fraction(value)
    scale = scale_of(fraction)
    if scale is None:
        return f"{fraction.numerator}/{fraction.denominator}"
    # By hand, for the decimal module would round to the digits of its context.
    whole = abs(fraction.numerator) * 10**scale // fraction.denominator
    digits = str(whole).rjust(scale + 1, "0")
    sign = "-" if fraction < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


def scale_of(value: Fraction | int) -> int | None:
    """Digits after the point that `value` needs, None when no finite decimal text exists."""
    rest, twos, fives = Fraction(value).denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


@dataclass(frozen=True, slots=True)
class FieldType:
    """The declared type of a field: `optional number(2) [0, 100] 元`, `count`, `text`, `flag`, `date`, `datetime`,
    `one of 大, 小` (an enumeration) or the name of a kind of target."""

    base: str  # text | flag | date | datetime | number | count | enumeration | kind
    optional: bool = False
    scale: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    unit: str | None = None
    labels: tuple[str, ...] = ()
    kind: str | None = None

    def __str__(self) -> str:
        words = ["optional"] if self.optional else []
        if self.base == "number":
            words.append(f"number({self.scale})")
        elif self.base == "enumeration":
            words.append("one of " + ", ".join(self.labels))
        else:
            words.append(self.kind or self.base)
        if self.low is not None or self.high is not None:
            low = "" if self.low is None else plain_number(self.low)
            high = "" if self.high is None else plain_number(self.high)
            words.append(f"[{low}, {high}]")
        if self.unit:
            words.append(self.unit)
        return " ".join(words)


_SIMPLE = {"text", "flag", "date", "datetime"}
MAX_SCALE = 9


def parse_field_type(text: object) -> FieldType:
    """The type of a field. Either end of a range may be left empty. Raises NotationError CR316 to CR318."""
    if isinstance(text, FieldType):
        return text
    said = str(text).strip()
    optional = said.startswith("optional ")
    rest = said.removeprefix("optional ").strip()
    if rest.startswith("one of "):
        labels = tuple(label.strip() for label in rest.removeprefix("one of ").split(","))
        if not all(labels) or len(set(labels)) != len(labels) or any(sign in rest for sign in "，、；"):
            raise NotationError("CR318", found=said)
        return FieldType("enumeration", optional, labels=labels)
    number = re.fullmatch(
        r"(?:number\(([0-9]{1,9})\)|(count))\s*(?:\[\s*(-?[0-9.]*)\s*,\s*(-?[0-9.]*)\s*\])?\s*"
        r"(working days|[^\s\[\]\d][^\s\[\]]*)?",
        rest,
    )
    if number:
        scale = int(number.group(1) or 0)
        if scale > MAX_SCALE:
            raise NotationError("CR317", found=str(scale), limit=str(MAX_SCALE))
        low, high = (_bound(number.group(i), said) for i in (3, 4))
        if number.group(2):
            low = Fraction(0) if low is None else low
        if (low is not None and high is not None and low > high) or (number.group(2) and low is not None and low < 0):
            raise NotationError("CR316", found=said)
        base = "count" if number.group(2) else "number"
        return FieldType(base, optional, scale, low, high, number.group(5) or None)
    if rest in _SIMPLE:
        return FieldType(rest, optional)
    if re.fullmatch(NAME, rest) and rest not in ("number", "optional"):
        return FieldType("kind", optional, kind=rest)
    if re.fullmatch(rf"{NAME}\.{NAME}", rest):
        return FieldType("borrowed", optional, kind=rest)
    raise NotationError("CR316", found=said)


def parse_column_type(text: object) -> FieldType:
    """The type of a column of a table: a type of fields, borrowed ones from tables, too (`prices.points`). Raises
    NotationError CR316 to CR318."""
    return parse_field_type(text)


def _bound(text: str | None, said: str) -> Fraction | None:
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) or len(text) > MAX_DIGITS:
        raise NotationError("CR316", found=said)
    return Fraction(text)


def checked_name(text: object) -> str:
    """A name of the document: letters, digits and underscores, NFC, not starting with a digit. Raises CR319."""
    name = str(text)
    if unicodedata.normalize("NFC", name) != name or not re.fullmatch(NAME, name):
        raise NotationError("CR319", found=name[:60])
    return name


def checked_path(text: object) -> str:
    """A name, or a path over references to a field of another record (`finding.squad`). Raises CR319."""
    return ".".join(checked_name(name) for name in str(text).split("."))


Parser = Callable[[object], object]
