"""What is said to be impossible never happens: random schemes are looked at, then computed on random inputs by the
reference engine, and no value, movement, grade or consequence contradicts what was found."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import cityrules as cr
from cityrules.engines.base import Outcome
from cityrules.engines.python.engine import PythonEngine
from cityrules.feel.types import Date, DateTime, Flag, Number, Type
from cityrules.lint.plan.checks import look
from cityrules.lint.plan.subject import Subject
from cityrules.plan.clock import counted
from cityrules.plan.model import Bands, Ledger
from cityrules.solve.conditions import written
from cityrules.solve.values import contains
from cityrules.text.diagnostic import Report
from strategies.drawn import scheme_of
from strategies.inputs import make_case

LONG = os.environ.get("CITYRULES_PROFILE") == "long"
SCHEMES, PARTS, CASES = 1_000 if LONG else 40, 10, 1

PARTLY = ("plan_item_zero", "plan_item_short", "plan_at_floor", "plan_at_ceiling")
"""What is said of points that are held, or left, when all is done; movements there may be."""


@pytest.mark.parametrize("part", range(PARTS))
def test_random_schemes_do_nothing_that_is_found_impossible(part: int) -> None:
    for seed in range(part, SCHEMES, PARTS):
        scheme = cr.loads(scheme_of(seed).text, examples=False)
        report = Report()
        look(scheme, report)
        subject = Subject(scheme, Report())
        told = {(found.code, found.path) for found in report if found.values.get("why_type") not in PARTLY}
        for number in range(CASES):
            case = make_case(scheme.plan, seed * 7 + number)
            outcome = PythonEngine().assess(scheme.plan, case.inputs, replace(case.question, given={}))
            assert list(contradictions(subject, told, outcome)) == [], f"scheme {seed}, case {seed * 7 + number}"


def rows(outcome: Outcome, table: str) -> Iterator[Mapping[str, Any]]:
    found = outcome.tables[table]
    for row in found.rows():
        yield dict(zip(found.shape.names, row, strict=True))


def scalar(type_: Type, written: str) -> int | str | bool:
    """The value that stands in a table, as the whole number, text or truth value behind it."""
    match type_:
        case Number(scale=scale):
            units = Fraction(written) * 10 ** (scale or 0)
            assert units.denominator == 1
            return units.numerator
        case Date():
            return counted(dt.date.fromisoformat(written))
        case DateTime():
            return counted(dt.datetime.fromisoformat(written))
        case Flag():
            return written == "true"
        case _:
            return written


def contradictions(subject: Subject, told: set[tuple[str, str]], outcome: Outcome) -> Iterator[str]:
    plan = subject.plan
    for row in (*rows(outcome, "values"), *rows(outcome, "record_values")):
        values = subject.measured.values(row["measure"])
        if values is None or row["value"] is None:
            continue
        if not contains(values, scalar(plan.measures[row["measure"]].type, row["value"])):
            yield f"{row['measure']} is {row['value']}, not in {values}"
    impossible = {path for code, path in told if code in ("L32", "L33", "L36")}
    rules = {
        (one.name, rule.name): rule.path
        for one in plan.measures.values()
        if isinstance(one, Ledger)
        for rule in written(one)
    }
    for row in rows(outcome, "ledger"):
        path = rules.get((row["measure"], row["rule"]))
        if path in impossible and row["points"]:
            yield f"{path} moved {row['points']}"
    for row in rows(outcome, "grades"):
        measure = plan.measures[row["measure"]]
        if not isinstance(measure, Bands):
            continue  # An override of it can give any grade.
        lines = [(bound.path, label) for bound, label in measure.bounds]
        lines.append((f"{measure.path}.otherwise", measure.otherwise))
        given = [path for path, label in lines if label == row["grade"]]
        stands_in = measure.missing is not None and measure.missing.value == row["grade"]
        if given and not stands_in and all(("L35", path) in told for path in given):
            yield f"{row['measure']} is {row['grade']}"
    for row in rows(outcome, "consequences"):
        one = plan.consequences[row["consequence"]]
        paths = [one.path, *(step.path for step in one.steps if step.name == row["step"])]
        for path in paths:
            if ("L34", path) in told:
                yield f"{path} followed"


def test_the_random_schemes_have_findings_to_contradict() -> None:
    wanted = {"L33", "L35"}
    # One that has both stands first, as schemes are drawn today: each takes seconds.
    for seed in (3, *range(40)):
        report = Report()
        look(cr.loads(scheme_of(seed).text, examples=False), report)
        wanted -= {found.code for found in report}
        if not wanted:
            return
    raise AssertionError(f"not found in any: {wanted}")
