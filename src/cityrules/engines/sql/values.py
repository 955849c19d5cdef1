"""Single values between Python and the database: whole numbers, texts and flags on that side (`plan.code`)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from cityrules.engines.sql import dialect
from cityrules.feel.tree import Months, Value
from cityrules.feel.types import Date, DateTime, Duration, Flag, Member, Number, Text, Type
from cityrules.plan.bounds import EPOCH, bits
from cityrules.plan.clock import counted
from cityrules.plan.fields import field_type
from cityrules.results.format import as_text
from cityrules.scheme.notation import FieldType

_MIDNIGHT = dt.datetime(1970, 1, 1)


def column_type(type_: Type) -> str:
    """The column type that holds values of a type: of an unrounded quotient its text, for nothing reads it."""
    match type_:
        case Flag():
            return dialect.FLAG
        case Text() | Member() | Number(scale=None):
            return dialect.TEXT
    return dialect.int_type(bits(type_))


def lowered(value: Value, type_: Type) -> int | str | bool | None:
    """A value as the database holds it. Raises ValueError for a number with more digits than its type."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, Fraction)):
        if isinstance(type_, Number) and type_.scale is None:
            return as_text(value, type_)
        scale = type_.scale or 0 if isinstance(type_, Number) else 0
        exact = Fraction(value) * 10**scale
        if exact.denominator != 1:
            raise ValueError(f"{value} has more than {scale} digits")
        return int(exact)
    return counted(value)


def raised(value: int | str | bool | None, type_: Type) -> Value:
    """The value that the database holds as `value`."""
    if value is None or isinstance(value, (str, bool)):
        return value
    match type_:
        case Number(scale=scale):
            exact = Fraction(value, 10 ** (scale or 0))
            return int(exact) if exact.denominator == 1 else exact
        case Date():
            return EPOCH + dt.timedelta(days=value)
        case DateTime():
            return _MIDNIGHT + dt.timedelta(seconds=value)
        case Duration(of="days"):
            return dt.timedelta(seconds=value)
        case Duration():
            return Months(value)
    return value


def raised_field(value: int | str | bool | None, type_: FieldType) -> Value:
    """The value of a field."""
    return raised(value, field_type(type_))
