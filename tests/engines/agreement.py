"""Two engines on one question: every table of both, row by row."""

from __future__ import annotations

from cityrules.engines.base import Inputs, Outcome, Progress, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql.engine import DuckDBEngine
from cityrules.plan.model import Plan
from cityrules.results.tables import SHAPES, Row


def differences(one: Outcome, other: Outcome) -> list[str]:
    """What differs between the tables of two outcomes, a line each; rows with the types of their cells."""
    found = []
    for name in SHAPES:
        left, right = ([_typed(row) for row in outcome.tables[name].rows()] for outcome in (one, other))
        if left != right:
            found += [f"{name} - {row}" for row in left if row not in right]
            found += [f"{name} + {row}" for row in right if row not in left]
            if sorted(map(repr, left)) == sorted(map(repr, right)):
                found.append(f"{name}: other order: {left} / {right}")
    return found


def _typed(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((type(cell).__name__, str(cell)) for cell in row)


class EnginesDifferError(AssertionError):
    """Two engines gave different tables."""


class BothEngines:
    """Runs both engines and fails where they differ; the outcome is that of the reference."""

    name = "both"

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        reference = PythonEngine().assess(plan, inputs, question)
        found = DuckDBEngine(threads=1).assess(plan, inputs, question, progress)
        unlike = differences(reference, found)
        if unlike:
            raise EnginesDifferError("\n".join(unlike[:40]))
        return reference
