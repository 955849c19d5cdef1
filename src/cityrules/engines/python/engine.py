"""The readable reference engine: one cell after the other, exact numbers, no cleverness.

What it computes is written in `docs/engines.md`; other engines are compared with it row by row.
"""

from __future__ import annotations

from cityrules.engines.base import Inputs, Outcome, Progress, Question
from cityrules.engines.python.runner import PythonRunner
from cityrules.engines.python.world import Watch
from cityrules.plan.model import Plan


class PythonEngine:
    """Evaluates a plan in pure Python. Times are taken to the second: a fraction of a second in `as_of` is dropped."""

    name = "python"

    def __init__(self, watch: Watch | None = None) -> None:
        """`watch` is shown every expression that is evaluated (for what a run has exercised)."""
        self._watch = watch

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        """All result tables and the facts behind them. Raises `io.rows.DataError` for inputs without the columns that
        the plan declares, ValueError for given numbers with too many digits."""
        return self.over(inputs).assess(plan, question, progress)

    def over(self, inputs: Inputs) -> PythonRunner:
        """Runs plans on the same inputs, each as `assess` does. Under a `watch`, which is to see everything, each
        begins anew."""
        return PythonRunner(inputs, self._watch)
