"""Errors that people make, planted in copies of shipped schemes: each is caught by a case of the scheme, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

import cityrules as cr
from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded.covering import casebook
from cityrules.loaded.mutating import worked_cases
from cityrules.testing.mutation.judging import Judge
from cityrules.testing.mutation.mutants import mutants

SPECS = Path(__file__).parents[2] / "specs"

PLANTED = [
    pytest.param(
        "garbage-clearance", "measures.lost.rules.city.when", "city_remarks > 2",
        "leaders_of_the_city_twice_at_one_place", id=">= to >",
    ),
    pytest.param(
        "gallery/repeat-findings", "measures.nth.window", "last 13 months",
        "a_year_back_is_not_within_twelve_months", id="one month more",
    ),
    pytest.param(
        "gallery/halves", "measures.year_score.weighted.first_half", "first_half: 60%, second_half: 40%",
        "two_districts", id="40/60 swapped",
    ),
    pytest.param(
        "gallery/ladders", "consequences.in_the_year.restarts", "no",
        "what_is_over_is_carried_on", id="a ladder that does not begin anew",
    ),
    pytest.param(
        "gallery/bonus-cap", "measures.score.caps.press.of.1", "award", "each_cap", id="a cap on the wrong rule"
    ),
    pytest.param(
        "gallery/choose", "measures.bonus.round", "half even to 1", "more_than_twenty_count_half", id="half even"
    ),
    pytest.param(
        "garbage-clearance", "calendar.days", "weekdays",
        "working_days_skip_the_holiday_and_count_the_shifted_days", id="holidays lost",
    ),
    pytest.param("gallery/halves", "measures.place.ties", "dense", "two_share_a_place", id="ties"),
    pytest.param(
        "gallery/comparisons", "measures.change.missing", "null", "three_streets_of_a_group", id="no month before"
    ),
    pytest.param(
        "gallery/deadlines", "measures.checked.deadline", "1 month", "stages_and_fixed_days", id="weeks to months"
    ),
    pytest.param(
        "gallery/doubling", "measures.nth.window", "last 7 months", "half_a_year_later_it_begins_anew",
        id="seven months",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "address", "after", "case"), PLANTED)
def test_a_planted_error_is_caught(name: str, address: str, after: str, case: str) -> None:
    folder = SPECS / name
    scheme = cr.load(str(folder), examples=False)
    planted = [one for one in mutants(scheme.written.raw) if one.address == address and after in one.after]
    assert len(planted) == 1, [one.after for one in planted]
    cases = folder / "cases.yaml"
    book = casebook(scheme, cases) if cases.is_file() else None
    named = [one for one in worked_cases(scheme, book) if one.name == case]
    judge = Judge(scheme.written, scheme.plan, PythonEngine(), named, {}, search=False)
    assert [one.name for one in judge.usable] == [case], "the case holds without the error"
    judged = judge.judge(planted[0])
    assert (judged.state, judged.by) == ("killed", case)
