"""Typing rules of the operators: what two operands make together, or why they do not go together."""

from __future__ import annotations

from fractions import Fraction

from cityrules.feel.interval import Interval
from cityrules.feel.kinds import Refusal, common_unit, number, refusal, same_kind, term, widest
from cityrules.feel.types import Date, DateTime, Duration, Member, Null, Number, Text, Type

_ORDERED = (Number, Date, DateTime, Duration)


def arithmetic(op: str, left: Type, right: Type, constants: tuple[bool, bool]) -> Type | Refusal:
    """The type of `left op right` for `+ - *`. `constants` says which operands read no name."""
    for place, operand in enumerate((left, right)):
        if isinstance(operand, Null):
            return refusal("CR274", place, operator=op)
    if op == "+" and isinstance(left, Text) and isinstance(right, Text):
        return refusal("CR275")
    if isinstance(left, Number) and isinstance(right, Number):
        return _numbers(op, left, right, constants)
    optional = left.optional or right.optional
    match op, left, right:
        case "+" | "-", Duration(), Duration() if left.of == right.of:
            return Duration(left.of, optional)
        case "+" | "-", Duration(), Duration():
            return refusal("CR277", None, operator=op)
        case "+" | "-", Date(), Duration():
            return Date(optional)
        case "+" | "-", DateTime(), Duration():
            return DateTime(optional)
        case "+", Duration(), Date():
            return Date(optional)
        case "+", Duration(), DateTime():
            return DateTime(optional)
        case "-", Date(), Date():
            return Duration("days", optional)
        case "-", DateTime(), DateTime():
            return Duration("days", optional)
        case "*", Duration() as of, Number() as times:
            return _repeated(of, times, 1, optional)
        case "*", Number() as times, Duration() as of:
            return _repeated(of, times, 0, optional)
    # A number cannot be combined with the first operand only if the first is a number: point at the odd one.
    odd = 0 if not isinstance(left, Number) and isinstance(right, Number) and op in "*/" else 1
    if not isinstance(left, (Number, Date, DateTime, Duration)):
        odd = 0
    return refusal("CR254", odd, operator=op, left_type=term(left), right_type=term(right))


def _numbers(op: str, left: Number, right: Number, constants: tuple[bool, bool]) -> Number | Refusal:
    one, two = Interval.of(left), Interval.of(right)
    optional = left.optional or right.optional
    if op == "*":
        if left.unit is not None and right.unit is not None:
            return refusal("CR261", None, operator=op, left=left.unit, right=right.unit)
        scale = None if left.scale is None or right.scale is None else left.scale + right.scale
        return number(scale, one * two, left.unit or right.unit, optional)
    unit = common_unit(left, right, constants)
    if isinstance(unit, Refusal):
        return unit
    return number(widest(left.scale, right.scale), one + two if op == "+" else one - two, unit, optional)


def _repeated(of: Duration, times: Number, place: int, optional: bool) -> Type | Refusal:
    if times.scale != 0 or times.unit is not None:
        return refusal("CR280", place)
    return Duration(of.of, optional)


def quotient(left: Type, right: Type, divisor: Interval) -> Type | Refusal:
    """The type of `left / right`, where the checker has found the divisor to lie in `divisor`, zero left out."""
    for place, operand in enumerate((left, right)):
        if isinstance(operand, Null):
            return refusal("CR274", place, operator="/")
    if not isinstance(left, Number) or not isinstance(right, Number):
        odd = 1 if isinstance(left, Number) else 0
        return refusal("CR254", odd, operator="/", left_type=term(left), right_type=term(right))
    if right.unit is not None and left.unit != right.unit:
        return refusal("CR261", None, operator="/", left=left.unit or "-", right=right.unit)
    unit = None if left.unit == right.unit else left.unit
    return number(None, Interval.of(left) * divisor.inverse(), unit, left.optional or right.optional)


def power(base: Number, exponent: int, bounds: Interval) -> Number:
    """The type of `base ** exponent` for a whole exponent that is not zero; `bounds` as for `quotient`."""
    if exponent > 0:
        scale = None if base.scale is None else base.scale * exponent
        return number(scale, Interval.of(base).power(exponent), None, base.optional)
    return number(None, bounds.power(-exponent).inverse(), None, base.optional)


def nonzero(type_: Number, positive: bool) -> Interval:
    """The interval of a number that is proved not zero, or even positive.

    A positive number of scale k is at least 10 to the power of -k.
    """
    bounds = Interval.of(type_)
    if not positive and (bounds.low is None or bounds.low < 0):
        return bounds
    low = max(bounds.low or Fraction(0), Fraction(0))
    if type_.scale is not None:
        low = max(low, Fraction(1, 10**type_.scale))
    return Interval(low, bounds.high) if bounds.high is None or bounds.high >= low else bounds


def comparison(
    op: str, left: Type, right: Type, literals: tuple[bool, bool], constants: tuple[bool, bool]
) -> Refusal | None:
    """Why `left op right` is no comparison, or None. Neither side is null. `literals`: which are written out."""
    ordering = op not in ("=", "!=")
    if isinstance(left, Member) and isinstance(right, Text) and literals[1] and not ordering:
        return None
    if isinstance(right, Member) and isinstance(left, Text) and literals[0] and not ordering:
        return None
    if not same_kind(left, right):
        return refusal("CR255", 1, operator=op, left_type=term(left), right_type=term(right))
    if ordering and not isinstance(left, _ORDERED):
        return refusal("CR256", None, operator=op, found_type=term(left))
    if isinstance(left, Number) and isinstance(right, Number):
        unit = common_unit(left, right, constants)
        return unit if isinstance(unit, Refusal) else None
    return None
