"""Comparisons of whole numbers as sums: so many times each term lies in some spans. Knows code, no values of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from typing import Final

from cityrules.plan.code import Add, Code, Compare, Const, Mul, Neg, Relation
from cityrules.solve.values import FAR, Spans, complement

_SMALL: Final = 40

Form = tuple[tuple[Code, int], ...]
"""Terms with their factors, the first of which that is not 0 is positive; together they have no divisor in common."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A comparison of numbers: it is true where the form comes to a number in `true`, false in `false`."""

    form: Form
    true: Spans
    false: Spans


def as_sum(compare: Compare) -> Sum:
    """What a comparison of two whole numbers says."""
    terms: dict[Code, int] = {}
    constant = _collect(compare.left, 1, terms) + _collect(compare.right, -1, terms)
    # `a < b` and `b < a` are about one form: its terms come in one order, as far as writing them out is cheap.
    terms = dict(sorted(terms.items(), key=lambda term: repr(term[0]) if term[0].size < _SMALL else ""))
    factors = [factor for factor in terms.values() if factor]
    sign = -1 if factors and factors[0] < 0 else 1
    divisor = gcd(*factors) or 1
    form = tuple((term, sign * factor // divisor) for term, factor in terms.items())
    true = _where(compare.op if sign > 0 else _TURNED[compare.op], -sign * constant, divisor)
    return Sum(form, true, complement(true))


_TURNED: Mapping[Relation, Relation] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _where(op: Relation, bound: int, divisor: int) -> Spans:
    """The whole numbers n for which `divisor * n` stands in a relation to a bound."""
    floor, ceiling = bound // divisor, -(-bound // divisor)
    match op:
        case "<":
            return ((-FAR, ceiling - 1),)
        case "<=":
            return ((-FAR, floor),)
        case ">":
            return ((floor + 1, FAR),)
        case ">=":
            return ((ceiling, FAR),)
        case "=":
            return ((floor, floor),) if floor == ceiling else ()
        case "!=":
            return complement(((floor, floor),) if floor == ceiling else ())


def _collect(code: Code, factor: int, terms: dict[Code, int]) -> int:
    """Add so many times a code to the terms; the constant part comes back. A term that cancels out stays with factor 0:
    where it is missing so is the sum."""
    match code:
        case Const(value=bool()):
            pass
        case Const(value=int(value)):
            return factor * value
        case Add(items=items):
            return sum(_collect(item, factor, terms) for item in items)
        case Neg(item=item):
            return _collect(item, -factor, terms)
        case Mul(left=Const(value=int(value)), right=right):
            return _collect(right, factor * value, terms)
    terms[code] = terms.get(code, 0) + factor
    return 0
