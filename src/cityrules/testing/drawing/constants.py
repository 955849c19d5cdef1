"""The constants of a scheme, near which something happens: numbers written in it, and the days on which it changes.
Knows plans, draws nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from cityrules.calendar.periods import Span
from cityrules.feel.tree import Literal_
from cityrules.feel.walk import nodes
from cityrules.plan.model import Expr, Plan
from cityrules.plan.reading import expressions

USUAL_YEAR = 2024
"""Where a scheme does not say when it is in force: a year of which calendars know the working days."""


def constants(plan: Plan) -> tuple[Fraction, ...]:
    """Every number that an expression or a parameter of the plan names, in ascending order."""
    found = {Fraction(value) for expr in all_expressions(plan) for value in _numbers(expr)}
    for parameter in plan.parameters.values():
        found.update(Fraction(value) for _, value in parameter.values if isinstance(value, (int, Fraction)))
    return tuple(sorted(found))


def all_expressions(plan: Plan) -> Iterator[Expr]:
    """Every expression of a plan, those of its conditions on rows too."""
    given = [*plan.measures.values(), *plan.consequences.values(), *plan.checks.values()]
    conditions = (one for kind in plan.records.values() for one in kind.accepted_if)
    yield from (expr for node in (*given, *conditions) for expr in expressions(node))


def _numbers(expr: Expr) -> Iterator[int | Fraction]:
    for part in nodes(expr.tree):
        if isinstance(part, Literal_) and isinstance(part.value, (int, Fraction)):
            yield part.value


def usual_span(plan: Plan) -> Span:
    """A year in which the scheme is in force, the first whole one; what there is of it where there is none."""
    first, until = plan.in_force_from, plan.in_force_until
    if first is None:
        first = dt.date(USUAL_YEAR, 1, 1) if until is None else dt.date(until.year - 1, 1, 1)
    year = first.year if (first.month, first.day) == (1, 1) else first.year + 1
    # Of the last year that there is, its last day is the end, too.
    if until is not None and (until.year <= year or year > dt.MAXYEAR):
        return Span(first, until - dt.timedelta(days=1))
    if year > dt.MAXYEAR:
        return Span(first, dt.date.max)
    return Span(dt.date(year, 1, 1), dt.date(year, 12, 31))
