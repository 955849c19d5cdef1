"""One text to one typed value, or the reason why not, by `io.grammar`. Knows no rows and no kinds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cityrules.calendar.periods import Periods, Span
from cityrules.feel.tree import Value
from cityrules.io import grammar
from cityrules.scheme.notation import FieldType


@dataclass(frozen=True, slots=True)
class Refused:
    """The reason why a text has no value."""

    code: str


Convert = Callable[[str], Value | Refused]


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column: `convert` gets a text that is neither empty, nor too long, nor holds a NUL."""

    name: str
    convert: Convert
    optional: bool

    def value(self, text: str | None) -> Value | Refused:
        """The typed value, None for nothing where the column is optional, or the first reason against it."""
        if not text:
            return None if self.optional else Refused(grammar.MISSING)
        if "\0" in text:
            return Refused(grammar.NUL)
        if len(text) > grammar.MAX_TEXT:
            return Refused(grammar.TOO_LONG)
        return self.convert(text)


def named(convert: Convert, aliases: Mapping[str, str]) -> Convert:
    """A conversion of names of targets that understands other names, too."""
    return (lambda text: convert(aliases.get(text, text))) if aliases else convert


def converter(type_: FieldType, members: Container[str] | None = None) -> Convert:
    """The conversion of a field. `members`: the accepted targets of its kind, None where any text is one."""
    match type_.base:
        case "number" | "count":
            return _number(type_)
        case "flag":
            return _flag
        case "date":
            return _date
        case "datetime":
            return _datetime
        case "enumeration":
            return _one_of(frozenset(type_.labels), grammar.UNKNOWN_LABEL)
        case "kind" if members is not None:
            return _one_of(members, grammar.UNKNOWN_TARGET)
    return _text


def period_converter(periods: Periods, kind: str, span: Span, in_force: tuple[dt.date, dt.date]) -> Convert:
    """The running number of a period of `kind` in the span that touches `in_force` (first and last day)."""
    one, inside = periods[kind], periods.in_span(kind, span)

    def convert(text: str) -> Value | Refused:
        try:
            period = one.parse(text)
        except ValueError:
            return Refused(grammar.NOT_A_PERIOD)
        touches = one.start(period) <= in_force[1] and one.last_day(period) >= in_force[0]
        return period if period in inside and touches else Refused(grammar.OUTSIDE_PERIOD)

    return convert


def _text(text: str) -> Value | Refused:
    return text


def _number(type_: FieldType) -> Convert:
    number = re.compile(grammar.NUMBER)
    exact = re.compile(grammar.exact_number(type_.scale))
    low, high = grammar.scaled_range(type_)
    scale, power = type_.scale, 10**type_.scale

    def convert(text: str) -> Value | Refused:
        if len(text) > grammar.MAX_NUMBER or not number.fullmatch(text):
            return Refused(grammar.NOT_A_NUMBER)
        if not exact.fullmatch(text):
            return Refused(grammar.EXCESS_DIGITS)
        whole, _, digits = text.partition(".")
        scaled = int(whole + digits[:scale].ljust(scale, "0"))
        if not low <= scaled <= high:
            return Refused(grammar.OUT_OF_RANGE)
        return scaled // power if scaled % power == 0 else Fraction(scaled, power)

    return convert


def _flag(text: str) -> Value | Refused:
    if text in grammar.TRUE:
        return True
    return False if text in grammar.FALSE else Refused(grammar.NOT_A_FLAG)


_DATE = re.compile(grammar.DATE)
_DATETIME = re.compile(grammar.DATETIME)


def _date(text: str) -> Value | Refused:
    if not _DATE.fullmatch(text):
        return Refused(grammar.NOT_A_DATE)
    try:
        # The pattern decides what is accepted; this only makes the date, or finds that the calendar has none.
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return Refused(grammar.NOT_A_DATE)


def _datetime(text: str) -> Value | Refused:
    if not _DATETIME.fullmatch(text):
        return Refused(grammar.NOT_A_TIMESTAMP)
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return Refused(grammar.NOT_A_TIMESTAMP)


def _one_of(known: Container[str], code: str) -> Convert:
    def convert(text: str) -> Value | Refused:
        return text if text in known else Refused(code)

    return convert
