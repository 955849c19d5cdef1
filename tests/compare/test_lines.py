"""Who stands near a line: bounds included, both sides, and only where the answer hangs on it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.compare.unanswerable import Unanswerable

TEXT = """
cityrules: 1
scheme: near
title: Near
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  count_of: {one_per: street each month, fields: {points: 'number(1) [0, 100]', late: count}, absent: null}
parameters: {fail: {value: 60, clause: 2}}
measures:
  score: {for: street each month, formula: points, missing: null, clause: 1}
  days: {for: street each month, formula: late, missing: null, clause: 1}
  grade: {for: street each month, bands: score, WORD: {fail: one, 80: two}, otherwise: three, missing: null, clause: 2}
  poor: {for: street each month, run: score < 60, missing: breaks, new_year: continues, clause: 3}
consequences:
  talk: {for: street each month, when: score < fail and days > 3, missing: no, do: talk, kind: talk, clause: 4}
  again:
    for: street each month
    ladder: poor
    restarts: after circular
    surplus: dropped
    together: highest
    clause: 5
    steps: {warn: {reaches: 1, do: warn, kind: talk}, circular: {reaches: 2, do: circular, kind: circular}}
checks:
  known: {for: street each month, that: score <= 100, missing: yes, otherwise: warn, clause: 6}
"""
STREETS = [{"name": name} for name in "AB"]


def near(rows: list[dict[str, Any]], within: Any = None, word: str = "at_least", **more: Any) -> list[dict[str, Any]]:
    text = TEXT.replace("WORD", word)
    if word in ("at_least", "above"):
        text = text.replace("{fail: one, 80: two}", "{80: two, fail: one}")
    study = cr.loads(text).study({"count_of": rows}, targets={"street": STREETS}, period="2024-01..2024-04", **more)
    found: list[dict[str, Any]] = study.cliffs(within).to_json()["near"]
    return found


def row(street: str, month: int, points: str, late: int = 0) -> dict[str, Any]:
    return {"street": street, "period": f"2024-0{month}", "points": points, "late": late}


def of(found: list[dict[str, Any]], name: str) -> list[tuple[Any, ...]]:
    return [(one["target"], one["line"], one["distance"], one["reached"]) for one in found if one["name"] == name]


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_one_unit_of_the_last_digit_where_nobody_says(engine: Any) -> None:
    found = near([row("A", 1, "59.9"), row("B", 1, "60.1"), row("A", 2, "59.8"), row("B", 2, "60")], engine=engine)
    line = "at_least fail"
    assert of(found, "grade") == [("A", line, "-0.1", False), ("B", line, "0.1", True), ("B", line, "0", True)]
    assert [(one["result"], one["beyond"]) for one in found if one["name"] == "grade"] == [
        ("three", "one"), ("one", "three"), ("one", "three"),
    ]  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(
    word=st.sampled_from(["at_least", "above", "up_to", "below"]),
    points=st.sampled_from(["59.9", "60", "60.1", "79", "80", "80.5", "81.1", "70"]),
    within=st.sampled_from(["0", "0.1", "1", "10", "30"]),
)
def test_crossing_a_line_changes_the_grade_as_it_says(word: str, points: str, within: str) -> None:
    found = [one for one in near([row("A", 1, points)], within, word) if one["name"] == "grade"]
    value = Fraction(points)
    assert {one["bound"] for one in found} == {
        str(bound) for bound in (60, 80) if abs(value - bound) <= Fraction(within)
    }
    for one in found:
        holds = {"at_least": value >= Fraction(one["bound"]), "above": value > Fraction(one["bound"])}
        holds |= {"up_to": value <= Fraction(one["bound"]), "below": value < Fraction(one["bound"])}
        assert one["reached"] is holds[word]
        # Just beyond the line stands what is told.
        other = Fraction(one["bound"]) + Fraction(1, 10) * (1 if value < Fraction(one["bound"]) else -1)
        if value == Fraction(one["bound"]):
            other = value + Fraction(1, 10) * (-1 if word in ("at_least", "below") else 1)
            other = value if word in ("above", "below") and one["reached"] else other
        text = str(float(other))  # One digit, only to be written into a row.
        assert graded(text, word) == one["beyond"]
        assert graded(points, word) == one["result"]


def graded(points: str, word: str = "at_least") -> Any:
    written = "{80: two, fail: one}" if word in ("at_least", "above") else "{fail: one, 80: two}"
    scheme = cr.loads(TEXT.replace("WORD", word).replace("{fail: one, 80: two}", written))
    rows = {"count_of": [row("A", 1, points)]}
    return scheme.assess(rows, targets={"street": STREETS}, period="2024-01").value("grade", "A", "2024-01")


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_with_a_wide_distance_a_cell_has_the_band_that_it_has(engine: Any) -> None:
    """Beside a line that is not the nearest one, the band there was told as what the cell has."""
    found = near([row("A", 1, "95"), row("B", 1, "55")], "40", engine=engine)
    told = [(one["target"], one["bound"], one["result"], one["beyond"]) for one in found if one["name"] == "grade"]
    assert sorted(told[:2]) + sorted(told[2:]) == [
        ("A", "80", "two", "one"), ("B", "80", "three", "two"),
        ("A", "60", "two", "three"), ("B", "60", "three", "one"),
    ]  # fmt: skip


def test_only_where_the_answer_hangs_on_it() -> None:
    # A is late enough, so that the score decides; of B neither decides alone; of A in March both do.
    found = near([row("A", 1, "60", 9), row("B", 1, "60", 3), row("A", 3, "59.9", 4)], "1")
    assert of(found, "talk") == [
        ("A", "score < fail", "0", False), ("A", "score < fail", "-0.1", True), ("A", "days > 3", "1", True),
    ]  # fmt: skip


def test_a_ladder_stands_where_a_restart_left_it() -> None:
    found = near([row("A", month, "10") for month in (1, 2, 3, 4)], "0")
    steps = [
        (one["period"], one["line"], one["value"]) for one in found if one["name"] == "again" and one["target"] == "A"
    ]
    # The circular of February begins the count anew, so that March is the first month again.
    assert steps == [
        ("2024-01", "reaches 1", "1"), ("2024-03", "reaches 1", "1"),
        ("2024-02", "reaches 2", "2"), ("2024-04", "reaches 2", "2"),
    ]  # fmt: skip


def test_a_run_and_a_check_have_lines_too() -> None:
    found = near([row("A", 1, "60"), row("B", 1, "99.9")])
    assert of(found, "poor") == [("A", "score < 60", "0", False)]
    assert of(found, "known") == [("B", "score <= 100", "-0.1", True)]


def test_what_is_near_nobody_is_counted() -> None:
    study = cr.loads(TEXT.replace("WORD", "up_to")).study(
        {"count_of": []}, targets={"street": STREETS}, period="2024-01"
    )
    found = study.cliffs(0)
    assert (found.near, len(found.lines)) == ((), 8)
    assert len(study.cliffs(of=["grade"]).lines) == 2
    assert len(found.to_json()["nobody_near"]) == 8


@pytest.mark.parametrize("within", [0.1, "-1", "much", "1e3"])
def test_what_is_no_distance(within: Any) -> None:
    with pytest.raises(Unanswerable, match="CR1127"):
        near([], within)
    assert near([], Decimal("0.1")) == near([], Fraction(1, 10)) == []


def test_a_name_that_there_is_not() -> None:
    study = cr.loads(TEXT.replace("WORD", "up_to")).study(
        {"count_of": []}, targets={"street": STREETS}, period="2024-01"
    )
    with pytest.raises(Unanswerable, match="CR1120"):
        study.cliffs(of=["grades"])
