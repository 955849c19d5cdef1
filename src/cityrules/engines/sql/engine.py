"""The set-based engine: a plan as SQL, run by DuckDB in memory. What it computes is written in `docs/engines.md`.

DuckDB, sqlglot and pyarrow are imported when the first assessment is asked for.
"""

from __future__ import annotations

from cityrules.engines.base import Inputs, Outcome, Progress, Question, Runner
from cityrules.plan.model import Plan


class MissingExtraError(ImportError):
    """The packages of the extra `sql` are not installed."""


class DuckDBEngine:
    """Evaluates a plan with DuckDB. Times are taken to the second: a fraction of a second in `as_of` is dropped.

    `threads`: how many DuckDB may use; None leaves it to DuckDB.
    """

    name = "duckdb"

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        """All result tables and the facts behind them, fetched from a private database when they are read.

        Raises `io.rows.DataError` for inputs without the columns that the plan declares, `MissingExtraError` when
        the packages of the extra are not there.
        """
        return self.over(inputs).assess(plan, question, progress)

    def over(self, inputs: Inputs) -> Runner:
        """Runs plans on the same inputs, each as `assess` does. Raises `MissingExtraError` when the packages of the
        extra are not there."""
        try:
            import duckdb  # noqa: F401
            import pyarrow  # noqa: F401
            import sqlglot  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(
                f"The engine duckdb needs the package {error.name}: install cityrules[sql]."
            ) from error
        from cityrules.engines.sql.runner import DuckDBRunner

        return DuckDBRunner(inputs, self.threads)
