"""Closed intervals of exact numbers with open ends, for the bounds that the checker infers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from cityrules.feel.types import Number

# An end: -1 and +1 are the infinities, and a finite end is (0, value), so that ends order as tuples.
_End = tuple[int, Fraction]
_ZERO = Fraction(0)
_BELOW: _End = (-1, _ZERO)
_ABOVE: _End = (1, _ZERO)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both inside; None is no bound."""

    low: Fraction | None = None
    high: Fraction | None = None

    @classmethod
    def of(cls, number: Number) -> Interval:
        return cls(number.low, number.high)

    def __neg__(self) -> Interval:
        return Interval(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __add__(self, other: Interval) -> Interval:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        products = [_times(one, two) for one in self._ends() for two in other._ends()]
        return _interval(min(products), max(products))

    def inverse(self) -> Interval:
        """The interval of 1/x, x not zero; where x can have either sign, nothing is known."""
        if self.low is not None and self.low >= 0 and self.high != 0:
            low = _ZERO if self.high is None else 1 / self.high
            return Interval(low, None if self.low == 0 else 1 / self.low)
        if self.high is not None and self.high <= 0 and self.low != 0:
            return -(-self).inverse()
        return Interval()

    def power(self, exponent: int) -> Interval:
        """The interval of x ** exponent for a positive exponent."""
        if exponent % 2:
            low = None if self.low is None else self.low**exponent
            return Interval(low, None if self.high is None else self.high**exponent)
        size = self.size()
        low = _ZERO if size.low is None else size.low**exponent
        return Interval(low, None if size.high is None else size.high**exponent)

    def size(self) -> Interval:
        """The interval of the absolute value."""
        if self.low is not None and self.low >= 0:
            return self
        if self.high is not None and self.high <= 0:
            return -self
        high = None if self.low is None or self.high is None else max(-self.low, self.high)
        return Interval(_ZERO, high)

    def hull(self, other: Interval) -> Interval:
        """The least interval that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Interval(low, high)

    def least(self, other: Interval) -> Interval:
        """The interval of the smaller of two numbers."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        highs = [high for high in (self.high, other.high) if high is not None]
        return Interval(low, min(highs, default=None))

    def greatest(self, other: Interval) -> Interval:
        """The interval of the larger of two numbers."""
        return -(-self).least(-other)

    def floor(self) -> Interval:
        low = None if self.low is None else Fraction(math.floor(self.low))
        return Interval(low, None if self.high is None else Fraction(math.floor(self.high)))

    def ceil(self) -> Interval:
        return -(-self).floor()

    def _ends(self) -> tuple[_End, _End]:
        low = _BELOW if self.low is None else (0, self.low)
        return low, _ABOVE if self.high is None else (0, self.high)


def _sign(end: _End) -> int:
    infinite, value = end
    return infinite or (value > 0) - (value < 0)


def _times(one: _End, two: _End) -> _End:
    """The product of two ends; zero times no bound is zero, for every number there is finite."""
    sign = _sign(one) * _sign(two)
    if sign == 0:
        return 0, _ZERO
    if one[0] or two[0]:
        return _ABOVE if sign > 0 else _BELOW
    return 0, one[1] * two[1]


def _interval(low: _End, high: _End) -> Interval:
    return Interval(None if low[0] else low[1], None if high[0] else high[1])
