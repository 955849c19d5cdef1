"""What is DuckDB's own in a statement: how a tree is written out, types and functions. Knows no plan, runs nothing.

Numbers are whole (`plan.code`): days and seconds since 1970-01-01, BIGINT up to 64 bits and HUGEINT up to 128.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.writing import written
from cityrules.plan.bounds import FIRST_DAY, LAST_DAY
from cityrules.plan.code import Part
from cityrules.scheme.notation import JOIN

INT: Final = "BIGINT"
BIG: Final = "INT128"
TEXT: Final = "VARCHAR"
FLAG: Final = "BOOLEAN"
DECIMAL: Final = "DECIMAL(38, 0)"

# Bits up to which BIGINT arithmetic is used; two are left so that doubling a divisor cannot overflow.
NARROW: Final = 62


def int_type(bits: int) -> str:
    """The type that stores whole numbers of so many bits."""
    return INT if bits <= 64 else BIG


def text_of(tree: E) -> str:
    """A statement as DuckDB reads it."""
    return written(tree)


# ------------------------------------------------------------------------------------------------ Parquet files


def parquet_rows(path: str) -> exp.Table:
    """The rows of a Parquet file, with `file_row_number` from 0."""
    numbered = exp.PropertyEQ(this=exp.to_identifier("file_row_number"), expression=sql.truth(True))
    return exp.Table(this=sql.call("read_parquet", sql.text(path), numbered))


def parquet_copy(query: exp.Query, path: str) -> exp.Copy:
    """The statement that writes the rows of a query into a Parquet file; its answer is their number."""
    options = {"FORMAT": "parquet", "COMPRESSION": "snappy"}
    params = [exp.CopyParameter(this=exp.var(name), expression=exp.var(value)) for name, value in options.items()]
    return exp.Copy(this=exp.Subquery(this=query), kind=False, files=[sql.text(path)], params=params)


def physical_kind(type_: str) -> str:
    """What a column of a Parquet file holds: `text`, `whole`, `decimal` (of up to 18 digits), `date`, `moment` (without
    zone), `flag`, or `other`."""
    if type_.startswith("DECIMAL("):
        precision, scale = (int(part) for part in type_[8:-1].split(","))
        return "decimal" if precision <= 18 and precision + scale <= 36 else "other"
    moments = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS")
    return "moment" if type_ in moments else _PHYSICAL.get(type_, "other")


_PHYSICAL: Final = {
    "VARCHAR": "text", "BOOLEAN": "flag", "DATE": "date",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "whole"),
}  # fmt: skip


def decimal_scale(type_: str) -> int:
    """The digits after the point of a column of a Parquet file."""
    return int(type_[8:-1].split(",")[1]) if type_.startswith("DECIMAL(") else 0


def unscaled(value: E, digits: int) -> E:
    """A whole number, or a decimal of at most 18 digits without its point."""
    if digits == 0:
        return sql.cast(value, INT)
    # The product is as wide as both together, and mostly still a machine word.
    unit = sql.cast(sql.number(10**digits), f"DECIMAL({digits + 1}, 0)")
    return sql.cast(sql.mul(value, unit), INT)


def seconds_of(moment: E) -> E:
    """Seconds since 1970-01-01 of a TIMESTAMP without fraction of a second."""
    return whole_div(sql.call("epoch_us", moment), sql.number(1_000_000))


def whole_seconds(moment: E) -> E:
    """Whether a TIMESTAMP has no fraction of a second."""
    return sql.equals(remainder(sql.call("epoch_us", moment), sql.number(1_000_000)), sql.number(0))


def moment_text(moment: E) -> E:
    """A TIMESTAMP as `YYYY-MM-DDTHH:MM:SS`."""
    # One of whole seconds would be taken for nanoseconds, which end with the year 2262.
    return sql.call("strftime", sql.cast(moment, "TIMESTAMP"), sql.text("%Y-%m-%dT%H:%M:%S"))


# ------------------------------------------------------------------------------------------------ functions


def whole_div(n: E, d: E) -> E:
    """`n / d` toward zero."""
    return sql.binary(exp.IntDiv, n, d)


def remainder(n: E, d: E) -> E:
    """What `whole_div` leaves, with the sign of n."""
    return sql.binary(exp.Mod, n, d)


def matches(value: E, pattern: str) -> E:
    """Whether a text as a whole matches a pattern of `io.grammar`."""
    return sql.call("regexp_full_match", value, sql.text(pattern))


def length(value: E) -> E:
    """Characters of a text."""
    return sql.call("length", value)


def has_nul(value: E) -> E:
    return sql.call("contains", value, sql.call("chr", sql.number(0)))


def try_cast(value: E, type_: str) -> E:
    """The value in another type, null where it has none."""
    return exp.TryCast(this=value, to=sql.data_type(type_))


def text_part(value: E, separator: str, part: int) -> E:
    """The part-th (from 1) piece of a text; empty when there are fewer."""
    return _piece_between(value, sql.text(separator), part)


def joined_name(parts: Sequence[E]) -> E:
    """The key of a target by dimension, as `scheme.notation.joined_name` makes it; null if a part is."""
    joint = sql.call("chr", sql.number(ord(JOIN)))
    items = [item for part in parts for item in (joint, part)]
    return sql.joined(*items[1:])


def name_part(name: E, part: int) -> E:
    """The part-th (from 0) name of the key of a target by dimension."""
    return _piece_between(name, sql.call("chr", sql.number(ord(JOIN))), part + 1)


def _piece_between(value: E, separator: E, part: int) -> E:
    # DuckDB 2.0.0 fails to plan a comparison with `split_part` of a column that holds nothing but nulls.
    whole = sql.joined(value, *[separator] * (part - 1))
    return sql.call("array_extract", sql.call("string_split", whole, separator), sql.number(part))


def other_parts(name: E) -> E:
    """The values of dimensions in the key of a target, joined by ` / `; null where there are none."""
    joint = sql.call("chr", sql.number(ord(JOIN)))
    at = sql.call("strpos", name, joint)
    rest = sql.call("substr", name, sql.add(at, sql.number(1)))
    return sql.case((sql.less(sql.number(0), at), sql.call("replace", rest, joint, sql.text(" / "))))


def piece(value: E, start: int, count: int) -> E:
    """`count` characters from the `start`-th (from 1)."""
    return sql.call("substr", value, sql.number(start), sql.number(count))


def padded(value: E, count: int, *, left: bool = False) -> E:
    """The text cut or filled with zeros to `count` characters, at the right or the left."""
    return sql.call("lpad" if left else "rpad", value, sql.number(count), sql.text("0"))


def with_point(value: E, digits: int) -> E:
    """A whole number of units of the last of so many digits as a decimal; an error beyond 63 bits."""
    unit = sql.cast(sql.text(format(Decimal(1).scaleb(-digits), "f")), f"DECIMAL({digits + 1}, {digits})")
    return sql.cast(sql.mul(sql.cast(value, INT), unit), f"DECIMAL(38, {digits})")


def date_of(day: E) -> E:
    """A DATE of a day number; null beyond what the type can hold."""
    return sql.binary(exp.Add, sql.cast(sql.text("1970-01-01"), "DATE"), try_cast(day, "INT"))


def day_of(date: E) -> E:
    """The day number of a DATE."""
    return sql.sub(date, sql.cast(sql.text("1970-01-01"), "DATE"))


def day_of_text(value: E) -> E:
    """The day number of a text of the form `YYYY-MM-DD`, null where there is no such day."""
    return day_of(try_cast(value, "DATE"))


def first_of_month(months: E) -> E:
    """The first day (a day number) of a month, counted since year 0."""
    year, month = whole_div(months, sql.number(12)), sql.add(remainder(months, sql.number(12)), sql.number(1))
    return day_of(sql.call("make_date", year, month, sql.number(1)))


def day_of_month(day: E) -> E:
    """1 to 31, of a day of the years 1 to 9999."""
    return sql.call("day", date_of(day))


def day_of_year(day: E) -> E:
    """1 to 366, of a day of the years 1 to 9999."""
    return sql.call("dayofyear", date_of(day))


def iso_week(day: E) -> E:
    """The number of the ISO week of a day, 1 to 53."""
    return sql.call("weekofyear", date_of(day))


def day_in_year(year: E, month: int, day: int) -> E:
    """The day number of a day that every year has."""
    return day_of(sql.call("make_date", year, sql.number(month), sql.number(day)))


def month_of(day: E) -> E:
    """The month, counted since year 0, of a day of the years 1 to 9999."""
    date = date_of(day)
    months = sql.add(sql.mul(sql.call("year", date), sql.number(12)), sql.call("month", date))
    return sql.sub(months, sql.number(1))


def day_of_seconds(seconds: E) -> E:
    """The day of a number of seconds since 1970-01-01, which may be negative."""
    shift = -FIRST_DAY * 86_400
    return sql.sub(whole_div(sql.add(seconds, sql.number(shift)), sql.number(86_400)), sql.number(-FIRST_DAY))


def date_part(part: Part, day: E, *, inside: bool = False) -> E:
    """A part of a day; null outside the years 1 to 9999 (`inside`: it cannot be)."""
    function = {"year": "year", "month": "month", "day": "day", "weekday": "isodow"}[part]
    found = sql.call(function, date_of(day))
    return found if inside else sql.case((in_calendar(day), found))


def in_calendar(day: E) -> E:
    """Whether a day lies in the years 1 to 9999."""
    return exp.Between(this=sql.operand(day), low=sql.number(FIRST_DAY), high=sql.number(LAST_DAY))


def add_months(day: E, months: E) -> E:
    """The day some months on, clipped to the end of the month; null where that is outside the years 1 to 9999."""
    moved = sql.binary(exp.Add, date_of(day), sql.call("to_months", try_cast(months, "INT")))
    target = sql.add(month_of(day), months)
    inside = exp.Between(this=sql.operand(target), low=sql.number(12), high=sql.number(119_999))
    return sql.case(
        (sql.not_(in_calendar(day)), sql.null()),
        (inside, day_of(sql.cast(moved, "DATE"))),
    )


def date_text(day: E) -> E:
    """`YYYY-MM-DD`."""
    return sql.cast(date_of(day), TEXT)


def seconds_text(seconds: E) -> E:
    """`YYYY-MM-DDTHH:MM:SS`."""
    moment = sql.call("make_timestamp", sql.mul(seconds, sql.number(1_000_000)))
    return moment_text(moment)


def absolute(value: E) -> E:
    return exp.Abs(this=value)


def least(*items: E) -> E:
    """Nulls are passed over: `emit` sees to it that there are none."""
    return sql.call("least", *items)


def greatest(*items: E) -> E:
    return sql.call("greatest", *items)


def any_true(condition: E) -> E:
    """Aggregate: whether the condition is true for any row; false over nothing, or nothing but nulls."""
    return sql.is_true(sql.call("bool_or", condition))


def series(start: int, stop: int) -> E:
    """A relation `range` of whole numbers from `start` to before `stop`."""
    return sql.call("range", sql.number(start), sql.number(stop))


def text_list(separator: str, parts: Sequence[E]) -> E:
    """The texts that are there, joined."""
    return sql.call("concat_ws", sql.text(separator), *parts)
