"""Exact fractions of code: a numerator over a positive divisor, in units of a power of ten. Divided once, at the end.

Knows no trees and no types. A divisor of zero makes what is divided by it missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.plan.code import Code, Const, Relation
from cityrules.plan.coding import (
    absolute,
    add,
    all_of,
    any_of,
    choose,
    coalesce,
    compare,
    div,
    greatest,
    holds,
    is_null,
    least,
    mul,
    neg,
    null,
    number,
    rescale,
    same,
    sign_of,
    sub,
)
from cityrules.scheme.notation import RoundingMode, scale_of

ONE = number(1)


@dataclass(frozen=True, slots=True)
class Rational:
    """`n / d` in units of 10^-scale. `d` is never negative; where it is zero or missing, so is the whole."""

    n: Code
    d: Code
    scale: int

    @property
    def whole(self) -> bool:
        """Whether nothing is left to divide: `n` is the value in units of 10^-scale."""
        return isinstance(self.d, Const) and self.d.value == 1


def exact(value: int | Fraction | None) -> Rational:
    """A constant, in the smallest scale that holds it."""
    if value is None:
        return Rational(null("int"), ONE, 0)
    fraction = Fraction(value)
    scale = scale_of(fraction)
    if scale is None:
        return Rational(number(fraction.numerator), number(fraction.denominator), 0)
    return Rational(number(fraction.numerator * 10**scale // fraction.denominator), ONE, scale)


def scaled_to(value: Rational, scale: int) -> Code:
    """The numerator of `value` in units of 10^-scale, which must be as fine as its own."""
    return rescale(value.n, scale - value.scale)


def aligned(items: Sequence[Rational]) -> tuple[list[Code], Code, int] | None:
    """Numerators over one divisor at one scale, where all have the same divisor; else None."""
    if any(item.d != items[0].d for item in items):
        return None
    scale = max(item.scale for item in items)
    return [scaled_to(item, scale) for item in items], items[0].d, scale


def plus(left: Rational, right: Rational) -> Rational:
    if (found := aligned((left, right))) is not None:
        (a, c), divisor, scale = found
        return Rational(add(a, c), divisor, scale)
    scale = max(left.scale, right.scale)
    a, c = scaled_to(left, scale), scaled_to(right, scale)
    return Rational(add(mul(a, right.d), mul(c, left.d)), mul(left.d, right.d), scale)


def minus(left: Rational, right: Rational) -> Rational:
    return plus(left, opposite(right))


def opposite(value: Rational) -> Rational:
    return Rational(neg(value.n), value.d, value.scale)


def times(left: Rational, right: Rational) -> Rational:
    return Rational(mul(left.n, right.n), mul(left.d, right.d), left.scale + right.scale)


def over(left: Rational, right: Rational) -> Rational:
    """The quotient; the sign of the divisor goes to the numerator."""
    n = mul(mul(left.n, right.d), sign_of(right.n))
    d = mul(left.d, absolute(right.n))
    scale = left.scale - right.scale
    return Rational(n, d, scale) if scale >= 0 else Rational(rescale(n, -scale), d, 0)


def power(base: Rational, exponent: int) -> Rational:
    if exponent == 0:
        return Rational(add(mul(number(0), mul(base.n, base.d)), ONE), ONE, 0)
    result = exact(1)
    for _ in range(abs(exponent)):
        result = times(result, base)
    return over(exact(1), result) if exponent < 0 else result


def magnitude(value: Rational) -> Rational:
    return Rational(absolute(value.n), value.d, value.scale)


def chosen(condition: Code, then: Rational, otherwise: Rational) -> Rational:
    scale = max(then.scale, otherwise.scale)
    n = choose(condition, scaled_to(then, scale), scaled_to(otherwise, scale))
    # Where the condition is missing so is the numerator, and the divisor need not be.
    d = then.d if then.d == otherwise.d else choose(condition, then.d, otherwise.d)
    return Rational(n, d, scale)


def or_else(first: Rational, second: Rational) -> Rational:
    """`first`, or where it is missing `second`."""
    if first.whole and second.whole:
        scale = max(first.scale, second.scale)
        return Rational(coalesce(scaled_to(first, scale), scaled_to(second, scale)), ONE, scale)
    return chosen(missing(first), second, first)


def missing(value: Rational) -> Code:
    return any_of((is_null(value.n), is_null(value.d)))


def related(op: Relation, left: Rational, right: Rational) -> Code:
    """A comparison, multiplied across; missing where an operand is."""
    a, c = _crossed(left, right)
    return compare(op, a, c)


def equal(left: Rational, right: Rational) -> Code:
    """Equal as values, where missing is a value too."""
    a, c = _crossed(left, right)
    if left.whole and right.whole:
        return same(a, c)
    return any_of((all_of((missing(left), missing(right))), holds(compare("=", a, c))))


def extreme(items: Sequence[Rational], *, most: bool) -> Rational:
    """The greatest (or least) of several; missing if any is."""
    if (found := aligned(items)) is not None:
        numerators, divisor, scale = found
        return Rational(greatest(numerators) if most else least(numerators), divisor, scale)
    result = items[0]
    for item in items[1:]:
        scale = max(result.scale, item.scale)
        a, c = scaled_to(result, scale), scaled_to(item, scale)
        keep = related(">=" if most else "<=", result, item)
        result = Rational(choose(keep, a, c), choose(keep, result.d, item.d), scale)
    return result


def steps(value: Rational, size: Rational, mode: RoundingMode) -> Code:
    """How many times `size` (positive) goes into `value`, as a whole number."""
    quotient = over(value, size)
    return div(quotient.n, rescale(quotient.d, quotient.scale), mode)


def rounded(value: Rational, scale: int, mode: RoundingMode) -> Code:
    """The value as a whole number of units of 10^-scale: one division."""
    more = scale - value.scale
    if more >= 0:
        return div(rescale(value.n, more), value.d, mode)
    return div(value.n, rescale(value.d, -more), mode)


DECIMALS: Final = 6
"""A fraction is shown in decimals where so many are enough."""


def decimals(value: Rational) -> Code:
    """The value in units of 10^-DECIMALS, rounded down. Raises TooLargeError."""
    return rounded(value, DECIMALS, "floor")


def has_decimals(value: Rational) -> Code:
    """Whether these decimals are all of it. Raises TooLargeError."""
    return compare("=", decimals(value), rounded(value, DECIMALS, "ceiling"))


def sort_key(value: Rational) -> Code:
    """A whole number that is equal for equal fractions and greater for greater ones: two different ones differ by at
    least one unit of the common multiple of their divisors, so that enough digits tell them apart. Raises
    TooLargeError."""
    digits = value.scale + len(str(max(1, value.d.high) ** 2))
    return rounded(value, digits, "floor")


def _crossed(left: Rational, right: Rational) -> tuple[Code, Code]:
    scale = max(left.scale, right.scale)
    a, c = scaled_to(left, scale), scaled_to(right, scale)
    if left.d == right.d and left.whole:
        return a, c
    return mul(a, right.d), mul(c, left.d)


def difference(left: Rational, right: Rational) -> Code:
    """`left - right` of two whole values at their common scale."""
    scale = max(left.scale, right.scale)
    return sub(scaled_to(left, scale), scaled_to(right, scale))
