"""Periods side by side: the numbers are those of the tables, and who changes is who has another grade than before."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.compare.questions.course import Course
from cityrules.compare.unanswerable import Unanswerable

TEXT = """
cityrules: 1
scheme: course
title: Course
in_force: {from: 2023-01-01}
targets: {street: {members: registered}}
records:
  count_of: {one_per: street each quarter, fields: {points: count}, absent: null}
measures:
  points_of: {for: street each quarter, formula: points, missing: null, clause: 1}
  grade: {for: street each quarter, bands: points_of, at_least: {3: good}, otherwise: bad, missing: null, clause: 2}
  whole_year: {for: street each year, sum: points_of, over: quarter, missing: skip, clause: 3}
  year_grade: {for: street each year, bands: whole_year, at_least: {8: good}, otherwise: bad, clause: 3}
consequences:
  paid:
    for: street each quarter
    when: points_of > 3
    missing: no
    do: pay
    kind: payment
    amount: 10 * default(points_of, 0)
    clause: 4
"""
STREETS = [{"name": name} for name in "AB"]
QUARTERS = [f"{year}-Q{quarter}" for year in (2023, 2024) for quarter in (1, 2, 3, 4)]


def study(points: list[int | None], engine: Any = "python") -> Any:
    cells = [(street, quarter) for quarter in QUARTERS for street in "AB"]
    rows = [
        {"street": street, "period": quarter, "points": value}
        for (street, quarter), value in zip(cells, points, strict=True)
        if value is not None
    ]
    return cr.loads(TEXT).study({"count_of": rows}, targets={"street": STREETS}, period="2023..2024", engine=engine)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.none() | st.integers(0, 6), min_size=16, max_size=16), st.sampled_from(["python", "duckdb"]))
def test_the_numbers_are_those_of_the_tables(points: list[int | None], engine: Any) -> None:
    asked = study(points, engine)
    found: Course = asked.by_period()
    rows = list(asked.assessment.rows("grades"))
    told = {
        (period, tally.name, tally.result): tally.number
        for period, tallies in found.periods.items()
        for tally in tallies
        if tally.kind == "grade" and tally.state == "value"
    }
    assert told == Counter((row["period"], row["measure"], row["grade"]) for row in rows if row["grade"])
    by_year = {
        (period, tally.name, tally.result): tally.number
        for period, tallies in asked.by_period("year").periods.items()
        for tally in tallies
        if tally.kind == "grade" and tally.state == "value"
    }
    assert by_year == Counter((row["period"][:4], row["measure"], row["grade"]) for row in rows if row["grade"])
    money = sum(tally.total or 0 for tallies in found.periods.values() for tally in tallies if tally.name == "paid")
    assert money == sum(Fraction(row["amount"]) for row in asked.assessment.rows("consequences"))
    # Every move is one, and every change from a quarter to the next one is told.
    cells = {(row["target"], row["period"]): row["grade"] for row in rows if row["measure"] == "grade"}
    changed = {
        (street, after)
        for street in "AB"
        for before, after in pairwise(QUARTERS)
        if cells.get((street, before)) != cells.get((street, after))
    }
    moves = [one for one in found.moves if one.about.name == "grade"]
    assert {(one.about.target, one.about.period) for one in moves} == changed
    assert len(moves) == len(changed)


def test_periods_stand_in_the_order_of_time() -> None:
    found = study([1] * 16).by_period()
    assert list(found.periods) == ["2023", *QUARTERS[:4], "2024", *QUARTERS[4:]]
    assert found.moves == ()


def test_who_goes_from_one_grade_to_another() -> None:
    found = study([1, 1, 5, 1, 5, 1, 5, 1, 5, 1, 5, 1, None, 1, None, 1]).by_period(of=["grade"])
    went = [(one.about.target, one.period_before, one.about.period, one.after.text) for one in found.moves]
    assert went == [("A", "2023-Q1", "2023-Q2", "good"), ("A", "2024-Q2", "2024-Q3", None)]
    assert len(found.to_json()["moves"]) == len(list(found.tables["course_moves"].rows())) == 2
    assert len(list(found.table.rows())) == len(found.to_json()["periods"])


def test_what_cannot_be_asked() -> None:
    with pytest.raises(Unanswerable, match="CR1125"):
        study([1] * 16).by_period("yaer")
    with pytest.raises(Unanswerable, match="CR1120"):
        study([1] * 16).by_period(of=["grades"])
