"""Exact numbers as they are written, and the roundings that a document names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from cityrules.scheme.notation.names import NotationError


@dataclass(frozen=True, slots=True)
class Numeral:
    """An exact number as written, with the unit that stands behind it (`95%`); 万 and 亿 multiply (`15万`)."""

    value: Fraction
    unit: str | None = None

    def __str__(self) -> str:
        return f"{plain_number(self.value)}{self.unit or ''}"


_MULTIPLIER = {"": 1, "万": 10_000, "亿": 100_000_000}
MAX_DIGITS = 30
# A word with one digit at most, at its end (`m2`), or a sign: `7e1`, `0x1F`, `1_000` and `10:30` have no unit.
_UNIT = r"(?![eExX][0-9])(?:[^\W\d_]+[0-9²³]?|[%‰℃°￥¥$€])"
_NUMERAL = re.compile(rf"(-?[0-9]+(?:\.[0-9]+)?)\s*([万亿]?)\s*({_UNIT})?")


def parse_numeral(text: object) -> Numeral:
    """A decimal number with an optional 万 or 亿 and an optional unit. Raises NotationError CR314.

    Binary floats are refused (CR315): their digits are not what was written.
    """
    if isinstance(text, Numeral):
        return text
    if isinstance(text, float):
        raise NotationError("CR315", found=repr(text))
    if isinstance(text, Decimal):
        text = format(text, "f")
    found = _NUMERAL.fullmatch(str(text).strip())
    if not found or len(found.group(1)) > MAX_DIGITS:
        raise NotationError("CR314", found=str(text)[:60])
    return Numeral(Fraction(found.group(1)) * _MULTIPLIER[found.group(2)], found.group(3) or None)


def plain_number(value: Fraction | int) -> str:
    """The shortest decimal text of an exact decimal number; a fraction `n/d` where it has no finite decimal text."""
    fraction = Fraction(value)
    scale = scale_of(fraction)
    if scale is None:
        return f"{fraction.numerator}/{fraction.denominator}"
    # By hand, for the decimal module would round to the digits of its context.
    whole = abs(fraction.numerator) * 10**scale // fraction.denominator
    digits = str(whole).rjust(scale + 1, "0")
    sign = "-" if fraction < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


def scale_of(value: Fraction | int) -> int | None:
    """Digits after the point that `value` needs, None when no finite decimal text exists."""
    rest, twos, fives = Fraction(value).denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


RoundingMode = Literal["half up", "half even", "half down", "up", "down", "floor", "ceiling"]
ROUNDING_MODES: tuple[RoundingMode, ...] = ("half up", "half even", "half down", "up", "down", "floor", "ceiling")


@dataclass(frozen=True, slots=True)
class Rounding:
    """A named rounding to a number of decimals. `up` is away from zero, `down` toward zero; halves likewise."""

    mode: RoundingMode
    digits: int

    def __str__(self) -> str:
        return f"{self.mode} to {self.digits}"


def parse_rounding(text: object) -> Rounding:
    """`half up to 2`. Raises NotationError CR312."""
    if isinstance(text, Rounding):
        return text
    found = re.fullmatch(r"(half up|half even|half down|up|down|floor|ceiling)\s+to\s+([0-9])", str(text).strip())
    if not found:
        short = re.fullmatch(rf"({'|'.join(ROUNDING_MODES)})\s*([0-9])", str(text).strip())
        meant = {"suggestion": f"{short.group(1)} to {short.group(2)}"} if short else {}
        raise NotationError("CR312", found=str(text), expected=", ".join(ROUNDING_MODES), **meant)
    mode = next(mode for mode in ROUNDING_MODES if mode == found.group(1))
    return Rounding(mode, int(found.group(2)))


Exact = Literal["exact"]
EXACT: Final[Exact] = "exact"
"""In the place of a rounding: a quotient stays a fraction."""


def parse_round(text: object) -> Rounding | Exact:
    """`half up to 2`, or `exact`. Raises NotationError CR312."""
    return EXACT if str(text).strip() == EXACT else parse_rounding(text)
