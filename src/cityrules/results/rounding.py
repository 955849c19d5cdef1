"""The named roundings of exact numbers (`docs/engines.md`, "Roundings"). Knows no engine."""

from __future__ import annotations

from fractions import Fraction

from cityrules.scheme.notation import Rounding, RoundingMode


def rounded(value: int | Fraction, rounding: Rounding) -> int | Fraction:
    """`value` rounded to the decimals of `rounding`; an int where the result is whole."""
    power = 10**rounding.digits
    whole = div_round(value.numerator * power, value.denominator, rounding.mode)
    return whole // power if whole % power == 0 else Fraction(whole, power)


def div_round(n: int, d: int, mode: RoundingMode) -> int:
    """`n / d` rounded to a whole number. `d` is positive."""
    match mode:
        case "floor":
            return n // d
        case "ceiling":
            return -(-n // d)
        case "down":
            return abs(n) // d * (-1 if n < 0 else 1)
        case "up":
            return -(-abs(n) // d) * (-1 if n < 0 else 1)
    sign = -1 if n < 0 else 1
    whole, rest = divmod(abs(n), d)
    if mode == "half up":
        over = 2 * rest >= d
    elif mode == "half down":
        over = 2 * rest > d
    else:
        over = 2 * rest > d or (2 * rest == d and whole % 2 == 1)
    return sign * (whole + over)
