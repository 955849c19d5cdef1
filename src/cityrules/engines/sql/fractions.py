"""Unrounded quotients as texts, written by SQL exactly as `results.format.fraction_text` writes them."""

from __future__ import annotations

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.reading import Held, Reader
from cityrules.engines.sql.texts import digits
from cityrules.feel.types import Text
from cityrules.plan import coding, rational
from cityrules.plan.code import Code, Slot
from cityrules.plan.rational import DECIMALS, Rational


def fraction_text(reader: Reader, value: Rational) -> Code:
    """A fraction in decimals where few are enough, else in lowest terms. Missing where the fraction is."""
    value = Rational(reader.hold(value.n), reader.hold(value.d), value.scale)
    finite = reader.emit(reader.hold(rational.has_decimals(value)))
    decimals = digits(reader.emit(reader.hold(rational.decimals(value))), DECIMALS)
    for end in ("0", "."):
        decimals = sql.call("rtrim", decimals, sql.text(end))
    n = sql.cast(reader.emit(value.n), dialect.BIG)
    d = sql.cast(reader.emit(reader.hold(coding.rescale(value.d, value.scale))), dialect.BIG)
    most = reader.emitter.defined(sql.call("gcd", n, d))
    parts = (sql.cast(dialect.whole_div(part, most), dialect.TEXT) for part in (n, d))
    lowest = sql.joined(next(parts), sql.text("/"), next(parts))
    text = sql.case((finite, decimals), (sql.not_(finite), lowest))
    nullable = value.n.nullable or value.d.nullable
    return Slot("text", 0, 0, nullable, 1, Held(Text(optional=nullable), reader.emitter.defined(text).name))
