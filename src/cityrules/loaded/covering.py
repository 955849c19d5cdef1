"""Which parts of a scheme its examples exercise, or some data: the runs behind rule coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityrules.engines.python.engine import PythonEngine
from cityrules.io.rows import DataError
from cityrules.loaded.errors import SchemeError
from cityrules.testing.cells import UnreadableError
from cityrules.testing.coverage.found import RuleCoverage, beside, readings
from cityrules.testing.coverage.points import every_part
from cityrules.testing.coverage.watching import Watcher
from cityrules.testing.given import prepare

if TYPE_CHECKING:
    from cityrules.engines.base import Inputs, Progress, Question
    from cityrules.loaded.scheme import Scheme

DATA = "data"
"""What the run over given rows is called beside examples."""


def cover_examples(scheme: Scheme) -> RuleCoverage:
    """What the worked examples exercise, each under its own changes. Whether they hold is for the check to say."""
    marks: dict[str, frozenset[str]] = {}
    unusable = []
    for name, body in scheme.document.examples.items():
        try:
            plan = scheme.plan_of(name)
            case = prepare(name, body, plan)
            watcher = Watcher(plan)
            outcome = PythonEngine(watcher).assess(plan, case.inputs, case.question)
        except (UnreadableError, DataError, SchemeError):
            unusable.append(name)
            continue
        watcher.note(plan, outcome, case.question.given)
        watcher.marks.update(f"{path} {option}" for path, option in body.under.items())
        marks[name] = frozenset(watcher.marks)
    return _found(scheme, marks, tuple(unusable), with_readings=True)


def cover_data(scheme: Scheme, inputs: Inputs, question: Question, progress: Progress | None = None) -> RuleCoverage:
    """What some rows exercise. Raises what an assessment of them raises, but for checks that do not hold."""
    watcher = Watcher(scheme.plan)
    outcome = PythonEngine(watcher).assess(scheme.plan, inputs, question, progress)
    watcher.note(scheme.plan, outcome, question.given)
    return _found(scheme, {DATA: frozenset(watcher.marks)}, (), with_readings=False)


def _found(
    scheme: Scheme, marks: dict[str, frozenset[str]], unusable: tuple[str, ...], *, with_readings: bool
) -> RuleCoverage:
    """`with_readings`: data are looked at under the chosen readings alone, so that the others are no parts of it."""
    parts = (*every_part(scheme.plan), *(readings(scheme.document) if with_readings else ()))
    root = scheme.places.root
    return RuleCoverage(
        scheme.name,
        scheme.document.title,
        scheme.language,
        beside(parts, marks, scheme.places),
        tuple(marks),
        unusable,
        root.span.source if root is not None else None,
    )
