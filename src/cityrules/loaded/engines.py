"""Engines by name, and the worked examples of a document run on them. Imports an engine when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cityrules.plan.model import Plan
from cityrules.scheme.load import Loaded
from cityrules.text.diagnostic import Report

if TYPE_CHECKING:
    from cityrules.engines.base import Sharing

EngineName = Literal["python", "duckdb"]
ExampleEngine = Literal["python", "duckdb", "both"]
"""What runs worked examples. both: all tables of the two must be the same, too."""


def engine_of(name: str) -> Sharing:
    """An engine by name; it is imported only now, so that what is not used need not be installed."""
    if name == "python":
        from cityrules.engines.python.engine import PythonEngine

        return PythonEngine()
    if name == "duckdb":
        from cityrules.engines.sql.engine import DuckDBEngine

        return DuckDBEngine()
    raise ValueError(f"there is no engine {name!r}; there are: python, duckdb")


def check_examples(loaded: Loaded, plan: Plan, report: Report, name: ExampleEngine = "python") -> None:
    """Run the worked examples of a document with its plan, and note in `report` all that is not as expected."""
    from cityrules.testing.worked import Worlds, run_case

    if not loaded.document.examples:
        return  # Then no engine is needed.
    engine = engine_of("python" if name == "both" else name)
    against = engine_of("duckdb") if name == "both" else None
    for example, body in loaded.document.examples.items():
        run_case(example, body, ("examples", example), loaded, Worlds(loaded, plan), engine, report, against)
