"""Values as texts, written by SQL exactly as `results.format` writes them. Knows types, no tables."""

from __future__ import annotations

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.syntax import E
from cityrules.feel.types import Date, DateTime, Duration, Flag, Number, Type
from cityrules.scheme.notation import FieldType


def as_text(value: E, type_: Type) -> E:
    """The text of a lowered value of a type; null stays null."""
    match type_:
        case Number(scale=None):
            return value  # An unrounded quotient is kept as its text.
        case Number(scale=scale):
            return digits(value, scale or 0)
        case Flag():
            return sql.case((value, sql.text("true")), (sql.not_(value), sql.text("false")))
        case Date():
            return dialect.date_text(value)
        case DateTime():
            return dialect.seconds_text(value)
        case Duration(of="months"):
            return _months(value)
        case Duration():
            return _seconds(value)
    return value


def field_text(value: E, type_: FieldType) -> E:
    """The text of a field's value, as keys write it."""
    match type_.base:
        case "number" | "count":
            return digits(value, type_.scale)
        case "flag":
            return as_text(value, Flag())
        case "date":
            return dialect.date_text(value)
        case "datetime":
            return dialect.seconds_text(value)
    return value


def digits(value: E, scale: int) -> E:
    """A whole number of units of 10^-scale with exactly that many digits after the point."""
    if scale == 0:
        return sql.cast(value, dialect.TEXT)
    size, unit = dialect.absolute(value), sql.number(10**scale)
    rest = dialect.padded(sql.cast(dialect.remainder(size, unit), dialect.TEXT), scale, left=True)
    whole = sql.cast(dialect.whole_div(size, unit), dialect.TEXT)
    return sql.joined(_sign(value), whole, sql.text("."), rest)


def _sign(value: E) -> E:
    return sql.case((sql.less(value, sql.number(0)), sql.text("-")), otherwise=sql.text(""))


def _part(count: E, mark: str) -> E:
    """A part of a duration, nothing where it is zero."""
    written = sql.joined(sql.cast(count, dialect.TEXT), sql.text(mark))
    return sql.case((sql.equals(count, sql.number(0)), sql.text("")), otherwise=written)


def _months(value: E) -> E:
    size, year = dialect.absolute(value), sql.number(12)
    parts = sql.joined(
        _sign(value),
        sql.text("P"),
        _part(dialect.whole_div(size, year), "Y"),
        _part(dialect.remainder(size, year), "M"),
    )
    return sql.case((sql.equals(value, sql.number(0)), sql.text("P0M")), otherwise=parts)


def _seconds(value: E) -> E:
    size, day = dialect.absolute(value), sql.number(86_400)
    rest = dialect.remainder(size, day)
    hours = dialect.whole_div(rest, sql.number(3_600))
    minutes = dialect.remainder(dialect.whole_div(rest, sql.number(60)), sql.number(60))
    time = sql.joined(
        sql.text("T"), _part(hours, "H"), _part(minutes, "M"), _part(dialect.remainder(rest, sql.number(60)), "S")
    )
    parts = sql.joined(
        _sign(value),
        sql.text("P"),
        _part(dialect.whole_div(size, day), "D"),
        sql.case((sql.equals(rest, sql.number(0)), sql.text("")), otherwise=time),
    )
    return sql.case((sql.equals(value, sql.number(0)), sql.text("PT0S")), otherwise=parts)
