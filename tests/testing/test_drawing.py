"""Inputs drawn for a plan: the same from the same seed, good rows, near the numbers that the scheme names."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.engines.python.engine import PythonEngine
from cityrules.plan.model import Plan
from cityrules.testing.drawing.constants import constants, usual_span
from cityrules.testing.drawing.inputs import Drawer

SPECS = Path(__file__).parents[2] / "specs"


def plan_of(name: str) -> Plan:
    return cr.load(SPECS / name / "scheme.yaml", examples=False).plan


def test_a_seed_draws_the_same() -> None:
    plan = plan_of("street-order")
    one, two = (Drawer(plan, 7) for _ in range(2))
    first, second = one.draw(), two.draw()
    assert first == second
    assert one.record("finding", first) == two.record("finding", second)
    assert first != Drawer(plan, 8).draw()


@pytest.mark.parametrize("name", ["street-order", "gallery/cleared-in-time", "gallery/folds", "gallery/rain-stops"])
def test_rows_are_accepted(name: str) -> None:
    plan = plan_of(name)
    for seed in range(6):
        drawn = Drawer(plan, seed).draw()
        tables = PythonEngine().assess(plan, drawn.inputs, drawn.question(plan)).tables
        assert list(tables["rejects"].rows()) == []


def test_references_lead_to_rows_that_are_there() -> None:
    plan = plan_of("gallery/referred-records")
    for seed in range(10):
        drawn = Drawer(plan, seed).draw()
        known = {row["no"] for row in drawn.records["finding"]}
        assert {row["finding"] for row in drawn.records["clearance"]} <= {None, *known}


def test_numbers_lie_at_those_of_the_scheme_and_beside_them() -> None:
    """More than 10 m2 is large in `street-order`, and areas have one decimal."""
    plan = plan_of("street-order")
    assert Fraction(10) in constants(plan)
    drawn = [Drawer(plan, seed).draw() for seed in range(60)]
    areas = {row["area"] for one in drawn for row in one.records["finding"]}
    assert {"9.9", "10", "10.1"} <= areas


def test_what_is_left_out_to_make_a_case_smaller_is_left_out_alone() -> None:
    drawn = Drawer(plan_of("street-order"), 3).draw()
    rows = sum(map(len, (*drawn.records.values(), *drawn.targets.values())))
    sizes = [sum(map(len, (*one.records.values(), *one.targets.values()))) for one in drawn.smaller()]
    assert sizes
    assert all(size < rows for size in sizes)
    assert sizes[-1] == rows - 1


@pytest.mark.parametrize("force", ["{from: 9999-05-01}", "{from: 9998-05-01, until: 9999-12-31}"])
def test_a_scheme_for_the_end_of_the_calendar_has_days_too(force: str) -> None:
    text = (SPECS / "gallery/halves/scheme.yaml").read_text("utf-8")
    plan = cr.loads(text.replace("{from: 2024-01-01}", force), examples=False).plan
    span = usual_span(plan)
    assert plan.in_force_from is not None
    assert plan.in_force_from <= span.start <= span.last_day
    for seed in range(4):
        drawn = Drawer(plan, seed).draw()
        assert drawn.case().body
        PythonEngine().assess(plan, drawn.inputs, drawn.question(plan))
