"""What the checker asks of types: their plain names, whether two go together, what covers both, their properties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from cityrules.feel.interval import Interval
from cityrules.feel.types import Date, DateTime, Duration, Flag, Member, Null, Number, Text, Type


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why operands do not fit: a code, the offending operand by its place (None: all of them), and values."""

    code: str
    operand: int | None
    values: dict[str, str]


def refusal(code: str, operand: int | None = None, **values: str) -> Refusal:
    return Refusal(code, operand, values)


def term(type_: Type) -> str:
    """The key of a type's plain name in the message catalogue (`terms`)."""
    match type_:
        case Number():
            return "number"
        case Text():
            return "text"
        case Flag():
            return "flag"
        case Date():
            return "date"
        case DateTime():
            return "datetime"
        case Duration(of="days"):
            return "days_duration"
        case Duration():
            return "months_duration"
        case Member():
            return "member"
        case Null():
            return "null"


def same_kind(left: Type, right: Type) -> bool:
    """Whether two types hold values of one kind; units and labels aside."""
    match left, right:
        case Duration(), Duration():
            return left.of == right.of
        case Member(), Member():
            return left.kind == right.kind
        case _:
            return type(left) is type(right)


def literal_number(value: Fraction) -> Number:
    """The type of a number written out: the digits that its value needs, and the value as its bounds."""
    scale = 0
    rest = value
    while rest.denominator != 1:
        rest *= 10
        scale += 1
    return Number(scale=scale, low=value, high=value)


def widest(left: int | None, right: int | None) -> int | None:
    """The scale that holds numbers of two scales; None is a fraction that no scale holds."""
    return None if left is None or right is None else max(left, right)


def number(scale: int | None, bounds: Interval, unit: str | None, optional: bool) -> Number:
    return Number(scale, bounds.low, bounds.high, unit, optional)


def common_unit(left: Number, right: Number, constants: tuple[bool, bool]) -> str | Refusal | None:
    """The unit of two numbers that are added or compared. A constant without a unit takes the other's."""
    if left.unit == right.unit:
        return left.unit
    if left.unit is None and constants[0]:
        return right.unit
    if right.unit is None and constants[1]:
        return left.unit
    return refusal("CR260", None, left=left.unit or "-", right=right.unit or "-")


def join(left: Type, right: Type, constants: tuple[bool, bool]) -> Type | Refusal:
    """The type that covers the values of both: of the branches of an `if`, of a value and its default."""
    optional = left.optional or right.optional
    if isinstance(left, Null) or isinstance(right, Null):
        other = right if isinstance(left, Null) else left
        return other if isinstance(other, Null) else replace(other, optional=True)
    if not same_kind(left, right):
        return refusal("CR264", 1, left_type=term(left), right_type=term(right))
    if isinstance(left, Number) and isinstance(right, Number):
        unit = common_unit(left, right, constants)
        if isinstance(unit, Refusal):
            return unit
        bounds = Interval.of(left).hull(Interval.of(right))
        return number(widest(left.scale, right.scale), bounds, unit, optional)
    if isinstance(left, Text) and isinstance(right, Text):
        known = left.labels is not None and right.labels is not None
        labels = tuple(dict.fromkeys((left.labels or ()) + (right.labels or ()))) if known else None
        return Text(labels, optional)
    return replace(left, optional=optional)


_DAY = {"year": (1, 9999), "month": (1, 12), "day": (1, 31), "weekday": (1, 7)}
_MOMENT = _DAY | {"hour": (0, 23), "minute": (0, 59), "second": (0, 59)}
_PARTS_OF_DAYS = {"days": None, "hours": (-23, 23), "minutes": (-59, 59), "seconds": (-59, 59)}
_PARTS_OF_MONTHS = {"years": None, "months": (-11, 11)}


def properties(type_: Type) -> dict[str, Number]:
    """The properties that values of a type have, by name."""
    table: dict[str, tuple[int, int] | None]
    match type_:
        case Date():
            table = dict(_DAY)
        case DateTime():
            table = dict(_MOMENT)
        case Duration(of="days"):
            table = dict(_PARTS_OF_DAYS)
        case Duration():
            table = dict(_PARTS_OF_MONTHS)
        case _:
            table = {}
    whole = {}
    for name, bounds in table.items():
        low, high = bounds or (None, None)
        whole[name] = Number(
            0, None if low is None else Fraction(low), None if high is None else Fraction(high), None, type_.optional
        )
    return whole
