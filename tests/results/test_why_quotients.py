"""What explanations say of measures that stay fractions, and of whoever reads them."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.loaded import Assessment, loads
from cityrules.results.why_text import render

DOCUMENT = """
cityrules: 1
scheme: fractions
title: fractions
clause: 1
in_force: {from: 2024-01-01}
targets:
  bureau: {members: registered, fields: {staff: count}}
  squad: {in: bureau, members: registered}
records:
  rating: {one_per: squad each month, fields: {points: "number(2) [0, 100]"}, absent: "null"}
  finding: {dated: held, key: [no], fields: {no: text, squad: squad, held: date, good: flag}}
measures:
  mean_points: {for: bureau each month, mean: points, over: squad, missing: skip, empty: null, round: exact, clause: 2}
  share: {for: bureau each month, portion: good, over: finding, empty: 1, round: exact}
  per_head: {for: bureau each month, formula: (100 + staff) / staff, empty: null, round: exact}
  grade: {for: bureau each month, bands: mean_points, at_least: {60: pass}, otherwise: fail, missing: null}
  total: {for: bureau each month, weighted: {mean_points: 0.6, share: 0.4}, total: 1, missing: 0, round: half up to 2}
consequences:
  talk: {for: bureau each month, when: share < 0.5, do: talk, kind: talk, clause: 7}
"""


@pytest.fixture(scope="module")
def found() -> Assessment:
    points = [("a1", "59.99"), ("a2", "60"), ("a3", "60")]
    scheme = loads(DOCUMENT)
    return scheme.assess(
        {
            "rating": [{"squad": name, "period": "2024-01", "points": mark} for name, mark in points],
            "finding": [
                {"no": str(no), "squad": "a1", "held": "2024-01-05", "good": good}
                for no, good in enumerate(["true", "false", "false"])
            ],
        },
        targets={
            "bureau": [{"name": "A", "staff": "7"}, {"name": "B", "staff": "0"}],
            "squad": [{"name": name, "bureau": "A"} for name, _ in points],
        },
        period="2024-01",
        as_of=dt.datetime(2024, 2, 2),
    )


@pytest.mark.parametrize(
    ("measure", "english", "chinese"),
    [
        (
            "mean_points",
            ["= 17999/300 (clause 2)", "mean of points over squad", "179.99 / 3 = 59.99666666…, not rounded"],
            ["= 17999/300", "59.99666666…，不修约"],
        ),
        ("share", ["= 1/3", "portion of good over finding", "1 / 3 = 0.33333333…"], ["1 / 3 = 0.33333333…，不修约"]),
        ("per_head", ["formula: (100 + staff) / staff", "staff of A = 7", "107 / 7 = 15.28571428…"], ["107 / 7 ="]),
        ("grade", ["mean_points = 17999/300", "mean_points · A · 2024-01 = 17999/300"], ["mean_points = 17999/300"]),
        ("total", ["mean_points = 17999/300 × 0.6", "share = 1/3 × 0.4", "rounded half up to 2"], ["= 36.13"]),
        ("talk", ["share · A · 2024-01 = 1/3"], ["share · A · 2024-01 = 1/3"]),
    ],
)  # fmt: skip
def test_a_fraction_is_told_as_one(found: Assessment, measure: str, english: list[str], chinese: list[str]) -> None:
    tree = found.why("A", "2024-01", measure)
    for said in english:
        assert said in render(tree, "en")
    for said in chinese:
        assert said in render(tree, "zh")
    # The halves are shown in tables, and told as the one that they are.
    assert "numerator" not in render(tree, "en").replace("share.numerator=", "")


def test_nothing_reads_the_whole_but_it_is_no_root(found: Assessment) -> None:
    told = render(found.why("A", "2024-01"), "en")
    assert "\n├─ mean_points ·" not in told


def test_what_is_missing_has_no_division(found: Assessment) -> None:
    told = render(found.why("B", "2024-01", "per_head"), "en")
    assert "missing" in told
    assert "not rounded" not in told
