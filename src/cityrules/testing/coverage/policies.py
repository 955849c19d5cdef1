"""What is stated for special cases: by which marks a run shows that it was asked, which expressions are missing then.

Knows plans; runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.plan.model import (
    Bands,
    Check,
    Consequence,
    Deadline,
    Duty,
    Expr,
    Fold,
    Formula,
    Ledger,
    Measure,
    Pauses,
    Plan,
    Rank,
    Run,
    Share,
    Weighted,
)
from cityrules.testing.coverage.parts import decided


def missing_mark(measure: Measure) -> str:
    """What shows that the stated `missing` of a measure was asked."""
    return f"missing {measure.path}"


def unknown_mark(condition: Expr) -> str:
    """What shows that it was unknown whether a condition holds."""
    return f"unknown {condition.path}"


def paused_mark(measure: Deadline | Pauses) -> str:
    """What shows that the time of a deadline stood still."""
    return decided(f"{measure.path}.paused")


def absent_mark(table: str) -> str:
    """What shows that a key was looked up of which a table has no row."""
    return decided(f"tables.{table}.absent")


def policies(plan: Plan) -> Iterator[tuple[Expr, str]]:
    """Expressions for which it is stated what holds where they are missing, with the mark that this was asked."""
    for one in plan.computed():
        if isinstance(one, Consequence):
            yield from _unknown_of(one)
        else:
            yield from _missing_of(one)
    for check in plan.checks.values():
        condition = check.where if isinstance(check, Duty) else check.that
        if isinstance(check, (Check, Duty)) and check.unknown is not None and condition is not None:
            yield condition, f"unknown {check.path}"


def _missing_of(measure: Measure) -> Iterator[tuple[Expr, str]]:
    found: tuple[Expr | None, ...] = ()
    match measure:
        case Weighted():
            found = tuple(element.value for element in measure.elements)
        case Deadline(part="due"):
            found = (measure.value,)
        case Formula(missing=stated) if stated is not None:
            found = (measure.value,)
        case Bands(missing=stated) | Rank(missing=stated) if stated is not None:
            found = (measure.value,)
        case Share(missing=stated) if stated is not None:
            found = (measure.weight,)
        case Fold(missing=stated) if stated is not None:
            found = (measure.value, measure.where, *(alike.own for alike in measure.among))
        case Run(missing=word) if word is not None:
            found = (measure.condition,)
        case Ledger():
            for rule in measure.rules:
                if rule.unknown is not None and rule.when is not None:
                    yield rule.when, f"unknown {rule.path}"
    yield from ((expr, missing_mark(measure)) for expr in found if expr is not None)


def _unknown_of(one: Consequence) -> Iterator[tuple[Expr, str]]:
    if one.unknown is not None and one.when is not None:
        yield one.when, f"unknown {one.path}"
    for step in one.steps:
        if step.unknown is not None and step.when is not None:
            yield step.when, f"unknown {step.path}"
