"""Text columns to typed columns and reasons, by `io.grammar`, as SQL. Knows declared types, no rows and no kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from cityrules.calendar.kinds import PeriodKind
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.syntax import E
from cityrules.io import grammar
from cityrules.scheme.notation import FieldType


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared column. `members`: the relation (with a column `n`) whose names are accepted; None: any text is.
    `aliases`: other names that are understood as names of targets. `period`: the column names periods of this kind, of
    which these running numbers are accepted."""

    name: str
    type: FieldType
    members: str | None = None
    period: PeriodKind | None = None
    periods: Sequence[int] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)


def stored_type(type_: FieldType) -> str:
    """The column type of a field's values."""
    match type_.base:
        case "number" | "count":
            low, high = grammar.scaled_range(type_)
            return dialect.int_type(max(low.bit_length(), high.bit_length()) + 1)
        case "date" | "datetime":
            return dialect.INT
        case "flag":
            return dialect.FLAG
    return dialect.TEXT


def native(query: Query, column: Declared, physical: str, value: exp.Column) -> tuple[E, E] | None:
    """Like `converted`, for a drawn value of a Parquet file that has the right type already; None where it has not.

    Days and moments are known to lie in the years 1 to 9999, and moments to be whole seconds (`parquet.py`).
    """
    match dialect.physical_kind(physical), column.type.base:
        case "whole" | "decimal", "number" | "count":
            typed, refused = _native_number(query, column.type, physical, value)
        case "date", "date":
            typed, refused = dialect.day_of(value), sql.null()
        case "moment", "datetime":
            typed, refused = dialect.seconds_of(value), sql.null()
        case "flag", "flag":
            typed, refused = value, sql.null()
        case _:
            return None
    nothing = sql.null() if column.type.optional else sql.text(grammar.MISSING)
    return typed, sql.case((sql.is_null(value), nothing), (sql.is_null(typed), refused))


def _native_number(query: Query, type_: FieldType, physical: str, value: exp.Column) -> tuple[E, E]:
    low, high = grammar.scaled_range(type_)
    digits = dialect.decimal_scale(physical)
    more = type_.scale - digits
    whole = query.define(dialect.unscaled(value, digits))
    exact: E = sql.truth(True)
    if more >= 0:
        factor = 10**more
        inside = exp.Between(this=whole, low=sql.number(-(-low // factor)), high=sql.number(high // factor))
        scaled = whole if more == 0 else sql.mul(sql.cast(whole, stored_type(type_)), sql.number(factor))
    else:
        factor = 10**-more
        exact = sql.equals(dialect.remainder(whole, sql.number(factor)), sql.number(0))
        inside = exp.Between(this=whole, low=sql.number(low * factor), high=sql.number(high * factor))
        scaled = dialect.whole_div(whole, sql.number(factor))
    good = sql.both(inside, exact) if more < 0 else inside
    typed = query.define(sql.case((good, sql.cast(scaled, stored_type(type_)))))
    refused = sql.case((exact, sql.text(grammar.OUT_OF_RANGE)), otherwise=sql.text(grammar.EXCESS_DIGITS))
    return typed, refused


def converted(query: Query, column: Declared, text: exp.Column) -> tuple[E, E]:
    """The typed value of a drawn text (null where it is refused) and the reason against it (null where it is not)."""
    value, refused = _typed(query, column, text)
    nothing = sql.null() if column.type.optional else sql.text(grammar.MISSING)
    reason = sql.case(
        (sql.is_null(text), nothing),
        (sql.is_there(value), sql.null()),
        (dialect.has_nul(text), sql.text(grammar.NUL)),
        (sql.less(sql.number(grammar.MAX_TEXT), dialect.length(text)), sql.text(grammar.TOO_LONG)),
        otherwise=refused,
    )
    return value, reason


def _typed(query: Query, column: Declared, text: exp.Column) -> tuple[E, E]:
    """The value, and the reason of the type against a text that has none."""
    if column.period is not None:
        return _period(query, column, text)
    match column.type.base:
        case "number" | "count":
            return _number(query, column.type, text)
        case "flag":
            true, false = ([sql.text(word) for word in words] for words in (grammar.TRUE, grammar.FALSE))
            value = sql.case((sql.among(text, true), sql.truth(True)), (sql.among(text, false), sql.truth(False)))
            return query.define(value), sql.text(grammar.NOT_A_FLAG)
        case "date":
            value = sql.case((dialect.matches(text, grammar.DATE), _day(dialect.piece(text, 1, 10))))
            return query.define(value), sql.text(grammar.NOT_A_DATE)
        case "datetime":
            return query.define(_moment(text)), sql.text(grammar.NOT_A_TIMESTAMP)
        case "enumeration":
            known = sql.among(text, [sql.text(label) for label in column.type.labels])
            return query.define(sql.case((known, text))), sql.text(grammar.UNKNOWN_LABEL)
        case "kind" if column.members is not None:
            alias = query.join(column.members, {"n": _meant(column, query.origin(text))})
            return query.draw(sql.column("n", alias)), sql.text(grammar.UNKNOWN_TARGET)
    fits = sql.at_most(dialect.length(text), sql.number(grammar.MAX_TEXT))
    fine = sql.both(sql.not_(dialect.has_nul(text)), fits)
    return query.define(sql.case((fine, _meant(column, text)))), sql.null()


def _meant(column: Declared, text: E) -> E:
    """The name that a text stands for."""
    known = [(sql.equals(text, sql.text(alias)), sql.text(name)) for alias, name in column.aliases.items()]
    return sql.case(*known, otherwise=text) if known else text


def _number(query: Query, type_: FieldType, text: exp.Column) -> tuple[E, E]:
    short = sql.at_most(dialect.length(text), sql.number(grammar.MAX_NUMBER))
    exact = dialect.matches(text, grammar.exact_number(type_.scale))
    low, high = grammar.scaled_range(type_)
    digits: E = dialect.text_part(text, ".", 1)
    if type_.scale:
        digits = sql.joined(digits, dialect.padded(dialect.text_part(text, ".", 2), type_.scale))
    # Thirty digits and nine more can be beyond 128 bits: then there is no value, and the number is out of range.
    whole = query.define(sql.case((sql.both(short, exact), dialect.try_cast(digits, dialect.BIG))))
    inside = exp.Between(this=whole, low=sql.number(low), high=sql.number(high))
    value = query.define(sql.case((inside, sql.cast(whole, stored_type(type_)))))
    number = sql.both(short, dialect.matches(text, grammar.NUMBER))
    refused = sql.case(
        (sql.not_(number), sql.text(grammar.NOT_A_NUMBER)),
        (sql.not_(exact), sql.text(grammar.EXCESS_DIGITS)),
        otherwise=sql.text(grammar.OUT_OF_RANGE),
    )
    return value, refused


def _day(text: E) -> E:
    """The day of a text of the form of a date; null where there is no such day in the years 1 to 9999."""
    year_zero = sql.equals(dialect.piece(text, 1, 4), sql.text("0000"))
    return sql.case((sql.not_(year_zero), dialect.day_of_text(text)))


def _moment(text: E) -> E:
    def part(start: int) -> E:
        return sql.coalesce(dialect.try_cast(dialect.piece(text, start, 2), dialect.INT), sql.number(0))

    day = _day(dialect.piece(text, 1, 10))
    seconds = sql.total(
        [
            sql.mul(day, sql.number(86_400)),
            sql.mul(part(12), sql.number(3_600)),
            sql.mul(part(15), sql.number(60)),
            part(18),
        ]
    )
    return sql.case((dialect.matches(text, grammar.DATETIME), seconds))


def _period(query: Query, column: Declared, text: exp.Column) -> tuple[E, E]:
    """The running number of a period; the accepted ones follow one another."""
    kind = column.period
    assert kind is not None
    # A cycle is called by its number alone, which is never zero.
    year_zero = sql.truth(False) if kind.form == "cycle" else sql.equals(dialect.piece(text, 1, 4), sql.text("0000"))
    named = sql.both(dialect.matches(text, kind.pattern), sql.not_(year_zero))
    known = query.define(sql.case((named, periods.parsed(kind, text))))
    if not column.periods:
        inside: E = sql.truth(False)
    else:
        inside = exp.Between(this=known, low=sql.number(column.periods[0]), high=sql.number(column.periods[-1]))
    refused = sql.case((sql.is_null(known), sql.text(grammar.NOT_A_PERIOD)), otherwise=sql.text(grammar.OUTSIDE_PERIOD))
    return query.define(sql.case((inside, known))), refused
