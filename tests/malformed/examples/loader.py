"""How the documents of worked examples are loaded: checked as a user's document is, examples and all.

That the engines differ is the fault of no document: there, the second engine is one that forgets all records.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cityrules.engines.base import Inputs, Outcome, Progress, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded import check
from cityrules.loaded import load as load_scheme
from cityrules.plan.model import Plan
from cityrules.testing.examples import run_example
from cityrules.text.diagnostic import Report


class Forgetful:
    name = "forgetful"

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        return PythonEngine().assess(plan, replace(inputs, records={}), question, progress)


def load(path: Path, report: Report) -> None:
    """Load one document and put every complaint into `report`."""
    if path.name.startswith("CR716"):
        scheme = load_scheme(path, examples=False)
        for name, body in scheme.document.examples.items():
            run_example(name, body, scheme.plan, PythonEngine(), report, scheme._loaded, Forgetful())
        return
    for found in check(path)[1]:
        report.put(found)
