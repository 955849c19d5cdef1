"""Periods of whole months as SQL: running numbers, first and last days, names. Knows no cells."""

from __future__ import annotations

from cityrules.calendar.periods import MONTHS
from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.syntax import E


def containing(kind: str, index: E, longer: str) -> E:
    """The running number of the `longer` period that contains period `index` of `kind`."""
    factor, divisor = MONTHS[kind], MONTHS[longer]
    if factor == divisor:
        return index
    months = index if factor == 1 else sql.mul(index, sql.number(factor))
    return months if divisor == 1 else dialect.whole_div(months, sql.number(divisor))


def of_day(kind: str, day: E) -> E:
    """The running number of the period of `kind` that contains a day."""
    return containing("month", dialect.month_of(day), kind)


def start(kind: str, index: E) -> E:
    """The first day of a period."""
    return dialect.first_of_month(containing(kind, index, "month"))


def last_day(kind: str, index: E) -> E:
    """The last day of a period."""
    return sql.sub(start(kind, sql.add(index, sql.number(1))), sql.number(1))


def number(kind: str, index: E) -> E:
    """1 to 12 for a month, 1 to 4 for a quarter, 1 or 2 for a half-year, the year itself for a year."""
    per_year = 12 // MONTHS[kind]
    if per_year == 1:
        return index
    return sql.add(dialect.remainder(index, sql.number(per_year)), sql.number(1))


def year(kind: str, index: E) -> E:
    """The calendar year of a period."""
    return containing(kind, index, "year")


def name(kind: str, index: E) -> E:
    """`2024-03`, `2024-Q1`, `2024-H1` or `2024`."""
    within = sql.cast(number(kind, index), dialect.TEXT)
    four = dialect.padded(sql.cast(year(kind, index), dialect.TEXT), 4, left=True)
    match kind:
        case "month":
            return sql.joined(four, sql.text("-"), dialect.padded(within, 2, left=True))
        case "quarter":
            return sql.joined(four, sql.text("-Q"), within)
        case "half_year":
            return sql.joined(four, sql.text("-H"), within)
    return four
