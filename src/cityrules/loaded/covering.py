"""Which parts of a scheme its examples exercise, or some data: the runs behind rule coverage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded.errors import SchemeError
from cityrules.loaded.given import Asked, question_of, words_of
from cityrules.scheme.casebook import CASES, OUT_OF_REACH, Casebook, read_casebook
from cityrules.scheme.telling import told
from cityrules.testing.coverage.found import Covered, RuleCoverage, beside, readings, without
from cityrules.testing.coverage.points import every_part
from cityrules.testing.coverage.reach import out_of_reach
from cityrules.testing.coverage.watching import Watcher
from cityrules.testing.worked import DIAGNOSTICS, Page, Worlds, run_case
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.files import read_file
from cityrules.text.suggest import nearest

if TYPE_CHECKING:
    from cityrules.engines.base import Inputs, Outcome, Progress, Question
    from cityrules.loaded.scheme import Scheme
    from cityrules.plan.model import Plan
    from cityrules.scheme.document import ExampleBody

NO_PART: Final = "CR1047"
EXERCISED: Final = "CR1048"
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
        watcher.note(plan, outcome)
        self.marks = frozenset(watcher.marks)
        return outcome


def cover_cases(scheme: Scheme, cases: str | Path | None = None, *, waiting: bool = False) -> RuleCoverage:
    """What the worked examples exercise, and the cases of a file; each under its own changes. Whether they hold is for
    the check to say. `waiting`: cases that nobody has confirmed yet count, too. Raises SchemeError for a file of cases
    that is none."""
    book = None if cases is None else casebook(scheme, cases)
    marks, unusable = _marks(scheme, book, waiting=waiting)
    stated: Mapping[str, str] = {}
    if book is not None:
        report = Report()
        stated = book.document.out_of_reach
        if not waiting:
            _check_stated(book, _beside(scheme, marks, with_readings=True), report)
        if report.failed:
            raise SchemeError(told(report, book.language))
    return _found(scheme, marks, unusable, stated, with_readings=True)


def exercised(scheme: Scheme, cases: str | Path | None = None) -> tuple[Covered, ...]:
    """Every part beside the examples, and the cases of a file, that exercise it; of those that none does nothing more
    is said. Raises SchemeError for a file of cases that is none."""
    marks, _ = _marks(scheme, None if cases is None else casebook(scheme, cases))
    return _beside(scheme, marks, with_readings=True)


def _marks(
    scheme: Scheme, book: Casebook | None, *, waiting: bool = False
) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """What each case has come by, and those that could not be run."""
    marks: dict[str, frozenset[str]] = {}
    unusable: list[str] = []
    worlds = Worlds(scheme.written, scheme.plan)
    _run(worlds, "examples", scheme.written, scheme.document.examples, marks, unusable)
    if book is not None:
        bodies = book.document.cases if waiting else book.document.confirmed
        _run(worlds, CASES, book, bodies, marks, unusable)
    return marks, tuple(unusable)


def _check_stated(book: Casebook, found: tuple[Covered, ...], report: Report) -> None:
    """Complain about what is said to be out of reach and is no part, or is exercised after all."""
    by_key: dict[str, list[Covered]] = {}
    for one in found:
        by_key.setdefault(one.part.key, []).append(one)
    for key in book.document.out_of_reach:
        path = (OUT_OF_REACH, key)
        at = book.places.key_span(path)
        if key not in by_key:
            address = key.split(" ", 1)[0]
            addresses = {parts[0].part.address: None for parts in by_key.values()}
            # What is meant is likely something there, else at the address that is the most alike.
            near = address if address in addresses else nearest(address, list(addresses)) or next(iter(addresses), "-")
            there = [one for one, parts in by_key.items() if parts[0].part.address == near]
            meant = nearest(key, there)
            sorts = " / ".join(one.removeprefix(f"{near} ") for one in there) or "-"
            values = {"found": key, "address": near, "sorts": sorts, **({"suggestion": meant} if meant else {})}
            report.put(Diagnostic(NO_PART, at, ".".join(path), values))
        elif all(one.by for one in by_key[key]):
            cases = dict.fromkeys(case for one in by_key[key] for case in one.by)
            report.add(EXERCISED, at, ".".join(path), found=key, cases=", ".join(cases))


def casebook(scheme: Scheme, cases: str | Path) -> Casebook:
    """The cases of a file, about this scheme whatever it names. Raises SchemeError for a file that is none."""
    report = Report()
    source = read_file(Path(cases), report)
    book, words = read_casebook(source, report, lambda _named, _report: scheme.written) if source else (None, "en")
    if book is None or report.failed:
        raise SchemeError(told(report, words))
    return book


def _run(
    worlds: Worlds,
    section: str,
    page: Page,
    bodies: Mapping[str, ExampleBody],
    marks: dict[str, frozenset[str]],
    unusable: list[str],
) -> None:
    """Run cases and keep what each has come by; one that has the name of an example is told apart by its section."""
    for name, body in bodies.items():
        engine, shown = _Watched(), f"{section}.{name}" if name in marks else name
        run_case(name, body, (section, name), page, worlds, engine, Report())
        if engine.marks is not None:
            marks[shown] = engine.marks | {f"{path} {option}" for path, option in body.under.items()}
        elif DIAGNOSTICS not in body.expect:
            unusable.append(shown)


def cover_data(scheme: Scheme, asked: Asked, progress: Progress | None = None) -> RuleCoverage:
    """What some rows exercise. Raises what an assessment of them raises, but for checks that do not hold."""
    watched = _Watched()
    with words_of(scheme.language):
        given = asked.rows.opened(scheme)
        question = question_of(scheme.plan, given.inputs, asked.period, asked.as_of, given.before)
        watched.assess(scheme.plan, given.inputs, question, progress)
    return _found(scheme, {DATA: watched.marks or frozenset()}, (), {}, with_readings=False)


def _beside(scheme: Scheme, marks: dict[str, frozenset[str]], *, with_readings: bool) -> tuple[Covered, ...]:
    """`with_readings`: data are looked at under the chosen readings alone, so that the others are no parts of it."""
    parts = (*every_part(scheme.plan), *(readings(scheme.document) if with_readings else ()))
    return beside(parts, marks, scheme.places)


def _found(
    scheme: Scheme,
    marks: dict[str, frozenset[str]],
    unusable: tuple[str, ...],
    stated: Mapping[str, str],
    *,
    with_readings: bool,
) -> RuleCoverage:
    found = _beside(scheme, marks, with_readings=with_readings)
    proved = out_of_reach(scheme.plan, (one.part for one in found if not one.by))
    counted, beyond = without(found, proved, stated)
    root = scheme.places.root
    return RuleCoverage(
        scheme.name,
        scheme.document.title,
        scheme.language,
        counted,
        tuple(marks),
        unusable,
        beyond,
        root.span.source if root is not None else None,
    )
