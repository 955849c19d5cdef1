"""Both engines as one, which fails where their tables differ."""

from __future__ import annotations

from cityrules.engines.base import Inputs, Outcome, Progress, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql.engine import DuckDBEngine
from cityrules.plan.model import Plan
from cityrules.testing.agreement import differences

__all__ = ["BothEngines", "EnginesDifferError", "differences"]


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
