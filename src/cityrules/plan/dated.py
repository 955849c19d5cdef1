"""What expressions that read nothing but parameters come to, day by day. Knows typed trees, no documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise

from cityrules.feel.evaluate import evaluate
from cityrules.feel.tree import Binding, Read, Value
from cityrules.feel.walk import nodes
from cityrules.plan.model import Expr, ParameterPlan
from cityrules.plan.names import Dial

Parameters = Mapping[str, ParameterPlan]


def constant_tree(expr: Expr) -> bool:
    """Whether an expression reads nothing but parameters."""
    return all(isinstance(node.binding, Dial) for node in nodes(expr.tree) if isinstance(node, Read))


def turning_days(exprs: Iterable[Expr], parameters: Parameters) -> list[dt.date]:
    """The days from which one of the parameters that are read has another value, `date.min` the first. None at all
    where nobody has said yet what one of them is."""
    read = {
        node.binding.name
        for expr in exprs
        for node in nodes(expr.tree)
        if isinstance(node, Read) and isinstance(node.binding, Dial)
    }
    if any(not parameters[name].values for name in read):
        return []
    return sorted({dt.date.min, *(day for name in read for day, _ in parameters[name].values)})


def value_on(expr: Expr, day: dt.date, parameters: Parameters) -> Fraction:
    """The number that an expression of parameters is on a day."""

    def read(binding: Binding) -> Value:
        assert isinstance(binding, Dial)
        return parameters[binding.name].on(day)

    value = evaluate(expr.tree, read)
    assert isinstance(value, (int, Fraction))
    return Fraction(value)


def falls_on(expr: Expr, parameters: Parameters) -> tuple[dt.date, Fraction, Fraction] | None:
    """The first day on which a number is smaller than before, with the number before and then."""
    if not constant_tree(expr):
        return None
    steps = [(day, value_on(expr, day, parameters)) for day in turning_days((expr,), parameters)]
    return next(((day, before, now) for (_, before), (day, now) in pairwise(steps) if now < before), None)
