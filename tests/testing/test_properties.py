"""The ready properties of a scheme: each can fail, what does not apply is not there, and a failure says what a person
needs."""

from __future__ import annotations

import subprocess
import sys
import unittest
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, settings

import cityrules as cr
from cityrules.cases.suites import open_suite, run_all
from cityrules.engines.base import Inputs, Outcome, Progress, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.io.listed import ListRows
from cityrules.plan.model import Plan
from cityrules.results.tables import SHAPES, Row
from cityrules.testing.drawing.choices import Seeded
from cityrules.testing.properties import PROPERTIES, properties
from cityrules.testing.properties.subject import Broken, Subject, Trial
from cityrules.testing.properties.telling import failure

BARE = """\
cityrules: 1
scheme: small
title: Small
clause: Article 1
in_force: {from: 2024-01-01}
targets: {squad: {members: [A, B]}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, grave: flag}}
measures:
  findings: {for: squad each month, count: finding}
"""
LADDER = (
    BARE
    + """\
  score: {for: squad each month, from: 100, floor: 0, clause: Article 2, rules: {found: {each: finding, deduct: 30.5}}}
consequences:
  talk:
    for: squad each month
    ladder: findings
    restarts: no
    together: all
    steps: {first: {reaches: 1, do: talk, kind: talk}, second: {reaches: 2, do: warning, kind: talk}}
"""
)
HELPS = (
    BARE
    + """\
  graves: {for: squad each month, count: finding, where: grave}
  score:
    for: squad each month
    from: 100
    rules: {found: {each: finding, deduct: 60}}
  zero: {for: squad each month, formula: score, overrides: {grave: {when: graves > 0, is: 0}}}
"""
)
SMALL = cr.loads(LADDER)
SHORT = settings(max_examples=25, database=None, phases=(Phase.generate,), derandomize=True)


class Bent:
    """The reference engine, of which something is bent: what it takes in, or a table of what it gives."""

    name = "bent"

    def __init__(
        self,
        table: str = "values",
        rows: Callable[[Iterable[Row]], Iterable[Row]] | None = None,
        inputs: Callable[[Inputs], Inputs] | None = None,
        given: bool = False,
    ) -> None:
        self.table, self.rows, self.inputs, self.given = table, rows, inputs, given

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        found = PythonEngine().assess(plan, inputs if self.inputs is None else self.inputs(inputs), question)
        if self.rows is None or (self.given and not question.given):
            return found
        bent, table = list(self.rows(list(found.tables[self.table].rows()))), found.tables[self.table]
        # As an engine fills it the last column, of dimensions, is not there.
        inner = None if table.inner is None else lambda: (row[:-1] for row in bent)
        made = replace(table, rows=lambda: iter(bent), inner=inner)
        return replace(found, tables={**found.tables, self.table: made})


def cell(table: str, column: str, made: Callable[[Row], object]) -> Callable[[Iterable[Row]], Iterable[Row]]:
    """Every row with another cell in one column."""
    at = SHAPES[table].names.index(column)
    return lambda rows: [(*row[:at], made(row), *row[at + 1 :]) for row in rows]


def sources(change: Callable[[list[ListRows]], list[ListRows]]) -> Callable[[Inputs], Inputs]:
    return lambda given: Inputs({kind: change(list(every)) for kind, every in given.records.items()}, given.targets)


def rows_of(source: ListRows) -> list[dict[str, str | None]]:
    return [dict(zip(source.columns, row.texts, strict=True)) for row in source.rows()]


def without_last(given: list[ListRows]) -> list[ListRows]:
    return [ListRows(one.name, rows_of(one)[:-1] or rows_of(one)) for one in given]


def numbered_anew(given: list[ListRows]) -> list[ListRows]:
    rows = [row for one in given for row in rows_of(one)]
    return [ListRows(given[0].name, [{**row, "no": str(number)} for number, row in enumerate(rows)])]


class CountsRefused(Bent):
    """Finds as many more as there are refused."""

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        refused = len(list(PythonEngine().assess(plan, inputs, question).tables["rejects"].rows()))
        self.rows = cell("values", "unit", lambda _: str(refused))
        return super().assess(plan, inputs, question)


BENT = {
    "bounds": Bent(rows=cell("values", "value", lambda row: "100.1" if row[3] == "score" else row[4])),
    "exactness": Bent(rows=cell("values", "value", lambda row: str(row[4]).replace(".0", ".00"))),
    "order": Bent(inputs=sources(without_last)),
    "files": Bent(inputs=sources(lambda given: given[:1])),
    "twice": Bent(inputs=sources(numbered_anew)),
    "refused": CountsRefused(),
    "ladders": Bent("consequences", lambda rows: list(rows)[1:], given=True),
    "explanation": Bent("ledger", lambda rows: [row for row in rows if row[5] == "(from)"]),
    "engines": Bent("consequences", lambda rows: list(rows)[1:]),
}


def told(suite: type[unittest.TestCase], name: str) -> str:
    """What the failure of one test says; empty where it holds."""
    result = unittest.TestResult()
    suite(f"test_{name}").run(result)
    assert result.testsRun == 1
    assert result.errors == []
    return result.failures[0][1] if result.failures else ""


@pytest.mark.parametrize("name", BENT)
def test_each_property_can_fail(name: str) -> None:
    engine, against = (None, BENT[name]) if name == "engines" else (BENT[name], PythonEngine())
    found = told(properties(SMALL, engine=engine, against=against, settings=SHORT), name)
    assert "This does not hold" in found, found
    assert "as a case for cases.yaml" in found
    assert found.count("  given:") == 1


def test_an_honest_engine_has_every_property() -> None:
    suite = properties(SMALL, against=PythonEngine(), settings=settings(SHORT, max_examples=8))
    for name in unittest.TestLoader().getTestCaseNames(suite):
        assert told(suite, name.removeprefix("test_")) == "", name


def test_binary_numbers_are_not_exact() -> None:
    engine = Bent("ledger", cell("ledger", "points", lambda row: float(str(row[12]))))
    assert "points: float" in told(properties(SMALL, engine=engine, settings=SHORT), "exactness")


def test_a_violation_that_helps_is_told() -> None:
    found = told(properties(cr.loads(HELPS), settings=settings(SHORT, max_examples=200)), "violations")
    assert "One more violation never helps." in found
    assert "zero" in found
    assert "with one more record: finding: no=" in found


def test_a_reason_that_the_document_gives_is_named() -> None:
    silenced = (
        "silenced: {L37: {measures.zero: A zero is a zero, measures.score: so be it, measures.zero.raw: so be it}}\n"
    )
    suite = properties(cr.loads(HELPS + silenced), settings=SHORT)
    assert not hasattr(suite, "test_violations")
    some = properties(cr.loads(HELPS + "silenced: {L37: {measures.zero: A zero is a zero}}\n"), settings=SHORT)
    assert "A zero is a zero" in str(some.test_violations.__doc__)  # type: ignore[attr-defined]
    assert told(some, "violations") == ""


def test_what_does_not_apply_is_not_there() -> None:
    names = set(unittest.TestLoader().getTestCaseNames(properties(cr.loads(BARE), against=PythonEngine())))
    every = {f"test_{one.name}" for one in PROPERTIES}
    assert every - names == {"test_ladders", "test_explanation", "test_violations"}


def test_a_failure_is_small_and_its_case_runs(tmp_path: Path) -> None:
    """Hypothesis makes it as small as it can; the case can be pasted, and fails there as long as the engine does."""
    engine = Bent(inputs=sources(without_last))
    chosen = settings(max_examples=30, database=None, derandomize=True, report_multiple_bugs=False)
    found = told(properties(SMALL, engine=engine, most=3, settings=chosen), "order")
    case = found[found.index("  # assessed") :].split("\nFailing")[0].split("\nFalsifying")[0]
    assert case.count("- {") + case.count("no:") <= 6, found
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "scheme.yaml").write_text(LADDER, "utf-8")
    (folder / "cases.yaml").write_text("cityrules-cases: 1\nscheme: .\ncases:\n" + case + "\n", "utf-8")
    suite = open_suite(folder / "cases.yaml")
    assert suite.found == ()
    assert len(list(run_all(suite))) == 1


def test_failures_are_told_in_chinese_too() -> None:
    of = next(one for one in PROPERTIES if one.name == "bounds")
    subject = Subject(SMALL, PythonEngine(), None, 4)
    trial: Trial = of.trial(subject, Seeded("1"))
    broken = Broken("score", "A 2024-01", "0..100", "100.1", ("values - x",), {"order": "finding: 2, 1"})
    text = failure(subject, of, trial, broken, "zh").splitlines()
    assert text[0] == "small：每个值都在其界限之内。此处不成立：score A 2024-01（Article 2）。"
    assert text[1] == "   应得：0..100；实得：100.1"
    assert text[2] == "   各行次序：finding: 2, 1"


def test_pytest_and_unittest_run_the_same_line(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(LADDER, "utf-8")
    (tmp_path / "test_small.py").write_text(
        "import cityrules as cr\n"
        "from cityrules.testing.properties import properties\n"
        "from hypothesis import settings\n"
        'test_small = properties(cr.load("small.yaml"), settings=settings(max_examples=1, database=None))\n',
        "utf-8",
    )
    for runner in (["pytest", "-q", "-p", "no:cacheprovider"], ["unittest", "-v"]):
        command = [sys.executable, "-m", *runner, "test_small.py"]
        found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        shown = found.stdout + found.stderr
        assert found.returncode == 0, shown
        assert "10 passed" in shown or "Ran 10 tests" in shown, shown
