"""Which roundings come to the same for all that a measure can be before it is rounded: where nothing is negative, where
nothing lies in the middle, where there is nothing to round. Knows plans and proofs; runs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import gcd
from typing import Final, get_args

from cityrules.feel.types import Number
from cityrules.plan.code import Abs, Add, Choose, Coalesce, Code, Const, Greatest, Least, Mul, Neg
from cityrules.plan.coding import TooLargeError, rescale
from cityrules.plan.lower import lower_number
from cityrules.plan.model import Fold, Formula
from cityrules.plan.whole import divided
from cityrules.scheme.notation import Rounding, RoundingMode
from cityrules.solve.asking import with_dials
from cityrules.solve.forward import Box
from cityrules.solve.reach import Measured

_MODES: Final[tuple[RoundingMode, ...]] = get_args(RoundingMode)
_OF_SIGN: Final[tuple[frozenset[RoundingMode], ...]] = (frozenset(("down", "floor")), frozenset(("up", "ceiling")))
"""Modes that come to the same of what is not negative."""
_MOST: Final = 2_000
"""Quotients with a greater divisor are not gone through one by one."""


def settled(measured: Measured, one: Formula | Fold) -> Formula | Fold:
    """The measure with the first rounding that comes to the same as its own."""
    if one.round is None or not _fits(one, one.round):
        return one
    alike = _of_formula(measured, one, one.round) if isinstance(one, Formula) else _of_fold(measured, one, one.round)
    return replace(one, round=replace(one.round, mode=next(mode for mode in _MODES if mode in alike)))


def _fits(one: Formula | Fold, rounding: Rounding) -> bool:
    """Whether what is stated for special cases, which is rounded as well, has no more digits than are kept."""
    stated = [part.value for part in (one.missing, one.empty) if part is not None]
    numbers = (Fraction(value) for value in stated if isinstance(value, (int, Fraction)))
    return all((number * 10**rounding.digits).denominator == 1 for number in numbers)


def _of_formula(measured: Measured, one: Formula, rounding: Rounding) -> frozenset[RoundingMode]:
    tree, alike = one.value.tree, frozenset(_MODES)
    try:
        for dials in measured.asking.days([tree]):
            now = with_dials(tree, dials)
            number = lower_number(now)
            more = rounding.digits - number.scale
            n, d = rescale(number.n, max(more, 0)), rescale(number.d, max(-more, 0))
            values = Box(measured.asking.names([n, d], [now])).values(n)
            alike &= _of_quotient(n, d, rounding.mode, not values.spans or values.low >= 0)
    except TooLargeError:
        return frozenset((rounding.mode,))
    return alike


def _of_quotient(n: Code, d: Code, mode: RoundingMode, positive: bool) -> frozenset[RoundingMode]:
    """The modes by which a quotient is rounded alike. `positive`: it is never negative."""
    divisors, step, alike = _numbers(d), _step(n), frozenset(_MODES)
    if divisors is None:
        return _of_sign(mode, positive)
    for divisor in divisors:
        common = gcd(step, divisor)
        alike &= _of_whole(step // common, divisor // common, mode, positive)
    return alike


def _of_whole(step: int, divisor: int, mode: RoundingMode, positive: bool) -> frozenset[RoundingMode]:
    """The same for so many steps by one divisor."""
    if divisor > _MOST:
        return _of_sign(mode, positive)
    # Two divisors further on, the rest is the same and the quotient as even as it was.
    numerators = [step * place for place in range(2 * divisor)]
    numerators += [] if positive else [-each for each in numerators]
    return frozenset(
        other for other in _MODES if all(divided(n, divisor, other) == divided(n, divisor, mode) for n in numerators)
    )


def _numbers(code: Code) -> frozenset[int] | None:
    """The whole numbers that are written there; None where it can be another."""
    match code:
        case Const(value=int(value)) if not isinstance(value, bool):
            return frozenset((value,))
        case Choose(then=one, otherwise=other) | Coalesce(first=one, second=other):
            these, those = _numbers(one), _numbers(other)
            return None if these is None or those is None else these | those
        case _:
            return None


def _of_sign(mode: RoundingMode, positive: bool) -> frozenset[RoundingMode]:
    return frozenset((mode,)).union(*(same for same in _OF_SIGN if positive and mode in same))


def _of_fold(measured: Measured, one: Fold, rounding: Rounding) -> frozenset[RoundingMode]:
    """Nothing is known of how many elements there are; where none is negative, neither is what they come to."""
    if one.value is None or not isinstance(one.value.tree.type, Number):
        return _of_sign(rounding.mode, one.op == "portion")
    instead = one.missing.value if one.missing is not None else None
    low = min(measured.ends(one.value)[0], Fraction(instead) if isinstance(instead, (int, Fraction)) else Fraction(0))
    return _of_sign(rounding.mode, low >= 0)


def _step(code: Code) -> int:
    """A number by which a whole number can be divided, whatever the names in it are."""
    match code:
        case Const(value=int(value)) if not isinstance(value, bool):
            return abs(value) or 1
        case Neg(item=item) | Abs(item=item):
            return _step(item)
        case Mul(left=left, right=right):
            return _step(left) * _step(right)
        case Add(items=items) | Least(items=items) | Greatest(items=items):
            return gcd(*(_step(item) for item in items))
        case Choose(then=one, otherwise=other) | Coalesce(first=one, second=other):
            return gcd(_step(one), _step(other))
        case _:
            return 1
