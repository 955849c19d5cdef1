"""Which parts of a scheme its examples exercise, or some data: the runs behind rule coverage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded.errors import SchemeError
from cityrules.scheme.casebook import CASES, read_casebook
from cityrules.scheme.telling import told
from cityrules.testing.coverage.found import RuleCoverage, beside, readings
from cityrules.testing.coverage.points import every_part
from cityrules.testing.coverage.watching import Watcher
from cityrules.testing.worked import DIAGNOSTICS, Page, run_case
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file

if TYPE_CHECKING:
    from cityrules.engines.base import Inputs, Outcome, Progress, Question
    from cityrules.loaded.scheme import Scheme
    from cityrules.plan.model import Plan
    from cityrules.scheme.document import ExampleBody

DATA = "data"
"""What the run over given rows is called beside examples."""


class _Watched:
    """The reference engine, and the marks of what its last run has come by; None before it has run."""

    name = PythonEngine.name

    def __init__(self) -> None:
        self.marks: frozenset[str] | None = None

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        watcher = Watcher(plan)
        outcome = PythonEngine(watcher).assess(plan, inputs, question, progress)
        watcher.note(plan, outcome, question.given)
        self.marks = frozenset(watcher.marks)
        return outcome


def cover_cases(scheme: Scheme, cases: str | Path | None = None) -> RuleCoverage:
    """What the worked examples exercise, and the cases of a file; each under its own changes. Whether they hold is for
    the check to say. Raises SchemeError for a file of cases that is none."""
    marks: dict[str, frozenset[str]] = {}
    unusable: list[str] = []
    _run(scheme, "examples", scheme.written, scheme.document.examples, marks, unusable)
    if cases is not None:
        report = Report()
        source = read_file(Path(cases), report)
        book, words = read_casebook(source, report, lambda _named, _report: scheme.written) if source else (None, "en")
        if book is None or report.failed:
            raise SchemeError(told(report, words))
        _run(scheme, CASES, book, book.document.cases, marks, unusable)
    return _found(scheme, marks, tuple(unusable), with_readings=True)


def _run(
    scheme: Scheme,
    section: str,
    page: Page,
    bodies: Mapping[str, ExampleBody],
    marks: dict[str, frozenset[str]],
    unusable: list[str],
) -> None:
    """Run cases and keep what each has come by; one that has the name of an example is told apart by its section."""
    for name, body in bodies.items():
        engine, shown = _Watched(), f"{section}.{name}" if name in marks else name
        run_case(name, body, (section, name), page, scheme.written, scheme.plan, engine, Report())
        if engine.marks is not None:
            marks[shown] = engine.marks | {f"{path} {option}" for path, option in body.under.items()}
        elif DIAGNOSTICS not in body.expect:
            unusable.append(shown)


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
