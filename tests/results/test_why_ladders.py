"""Why a ladder did what it did: a step that could not be told to fire neither fires nor lets the count begin anew."""

from __future__ import annotations

import pytest

from cityrules.loaded import Assessment, loads

DOCUMENT = """
cityrules: 1
scheme: climbs
title: climbs
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: registered}}
records:
  mark: {one_per: squad each month, fields: {points: number(0), least: number(0)}, absent: error}
measures:
  least_fine: {for: squad each month, formula: least}
  low: {for: squad each month, run: points < 60, new_year: continues}
consequences:
  fine:
    for: squad each month
    ladder: low
    restarts: after second
    surplus: dropped
    together: highest
    do: fine
    kind: payment
    decided_by: [the organ]
    steps:
      first: {reaches: 1, amount: 1}
      second: {reaches: 2, between: [least_fine, 8]}
      bound: {at_least: '3 + least_fine - least_fine', amount: 2}
"""


@pytest.fixture(scope="module", params=["python", "duckdb"])
def found(request: pytest.FixtureRequest) -> Assessment:
    marks = {
        # Nothing lies between 9 and 8, so that the second step cannot fire, and the count goes on.
        "a": [(50, 1), (50, 9), (50, 1), (90, 1)],
        "b": [(50, 1), (50, 8), (50, 1), (90, 1)],
        # What the steps look at is undetermined in the second month.
        "c": [(50, 1), None, (50, 1), (50, 1)],
    }
    rows = [
        {"squad": name, "period": f"2024-{month:02}", "points": mark[0], "least": mark[1]}
        for name, of in marks.items()
        for month, mark in enumerate(of, 1)
        if mark is not None
    ]
    squads = [{"name": name} for name in marks]
    return loads(DOCUMENT).assess(
        {"mark": rows}, targets={"squad": squads}, period="2024-01..2024-04", engine=request.param
    )


@pytest.mark.parametrize(
    ("target", "period", "expected", "not_there"),
    [
        ("a", "2024-02", ["which stands at 2,", "; whether it is to follow is undetermined"], "anew after 2024"),
        ("a", "2024-03", ["which stands at 3,", "bound: is at least 3", "<- fired"], "anew after 2024"),
        ("b", "2024-02", ["which stands at 2,", "second: comes to 2"], "anew after 2024"),
        ("b", "2024-03", ["which stands at 1, counted anew after 2024-02", "<- fired"], "undetermined"),
        ("c", "2024-02", ["undetermined: it rests on what is undetermined (low)"], "<- fired"),
        ("c", "2024-03", ["undetermined: it rests on what is undetermined (low)"], "<- fired"),
    ],
)
def test_the_count_goes_on_over_a_step_that_could_not_fire(
    found: Assessment, target: str, period: str, expected: list[str], not_there: str
) -> None:
    text = found.why(target, period, "fine").render("en")
    assert [part for part in expected if part not in text] == [], text
    assert not_there not in text, text
