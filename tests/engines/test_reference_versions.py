"""Targets of several versions: parents and attributes that change, read on the right day."""

from __future__ import annotations

import pytest

from cityrules.results.why import Explainer
from engines.handmade import CITY, assess, finding, plan_of

MEASURES = (
    CITY
    + """
measures:
  found: {for: bureau each month, count: finding, via: squad}
  whose: {for: squad each month, formula: quota}
  timeless: {for: squad, formula: quota}
  ever: {for: bureau, count: finding, via: squad}
  all: {for: whole each month, count: finding, where: quota > 3}
  squads: {for: bureau each month, count: squad}
  price:
    for: squad each month
    from: 0
    rules: {each: {each: finding, via: squad, deduct: quota}}
  place: {for: squad each month, rank: high whose, among: [bureau], ties: share}
"""
)
BUREAUS: list[dict[str, object]] = [
    {"name": "A", "quota": 3, "size": "big", "until": "2015-02-15"},
    {"name": "A", "quota": 5, "size": "big", "since": "2015-02-15"},
    {"name": "B", "quota": 7, "size": "small"},
]
SQUADS: list[dict[str, object]] = [
    {"name": "s", "bureau": "A", "until": "2015-03-10"},
    {"name": "s", "bureau": "B", "since": "2015-03-10"},
    {"name": "t", "bureau": "B"},
]
FINDINGS = [
    finding(1, "s", "2015-01-31"),
    finding(2, "s", "2015-02-14"),
    finding(3, "s", "2015-02-15"),
    finding(4, "s", "2015-03-09"),
    finding(5, "s", "2015-03-10"),
    finding(6, "t", "2015-03-10"),
]
TARGETS = {"bureau": BUREAUS, "squad": SQUADS}
# With one way only from a finding to a bureau, so that the whole city knows whose quota is meant.
WHOLE = "  all: {for: whole each month, count: finding, where: quota > 3}\n"
ALONE = MEASURES.replace("      helper: optional squad\n", "")


def test_a_record_counts_for_whom_its_target_belonged_to_on_its_day() -> None:
    found = assess(MEASURES.replace(WHOLE, ""), targets=TARGETS, finding=FINDINGS)
    assert found.values("found") == {
        "A 2015-01": "1", "A 2015-02": "2", "A 2015-03": "1", "B 2015-01": "0", "B 2015-02": "0", "B 2015-03": "2",
    }  # fmt: skip
    assert found.values("ever") == {"A": "4", "B": "2"}


def test_a_rule_over_records_reads_attributes_on_the_day_of_the_record() -> None:
    found = assess(ALONE, targets=TARGETS, finding=FINDINGS)
    assert found.values("price") == {
        "s 2015-01": "-3", "s 2015-02": "-8", "s 2015-03": "-12", "t 2015-01": "0", "t 2015-02": "0", "t 2015-03": "-7",
    }  # fmt: skip
    assert found.values("all") == {"2015-01": "0", "2015-02": "1", "2015-03": "3"}


def test_a_cell_reads_them_on_the_last_day_of_its_period_and_a_timeless_one_on_that_of_the_span() -> None:
    found = assess(ALONE, targets=TARGETS, finding=FINDINGS)
    assert found.values("whose") == {
        "s 2015-01": "3", "s 2015-02": "5", "s 2015-03": "7", "t 2015-01": "7", "t 2015-02": "7", "t 2015-03": "7",
    }  # fmt: skip
    assert found.values("timeless") == {"s": "7", "t": "7"}
    assert found.values("squads") == {
        "A 2015-01": "1", "A 2015-02": "1", "A 2015-03": "0", "B 2015-01": "1", "B 2015-02": "1", "B 2015-03": "2",
    }  # fmt: skip
    assert found.values("place")["s 2015-02"] == "1"
    assert assess(ALONE, "2015-01..2015-02", targets=TARGETS).values("timeless") == {"s": "5", "t": "7"}


@pytest.mark.parametrize(
    ("lives", "rejects"),
    [
        ([(None, "2015-02-01"), ("2015-02-01", None)], []),
        ([("2015-02-01", None), (None, "2015-02-01")], []),
        ([(None, "2015-02-01"), ("2015-03-01", None)], []),
        ([(None, "2015-02-02"), ("2015-02-01", None)], ["s: conflict"] * 2),
        ([(None, None), ("2015-02-01", None)], ["s: conflict"] * 2),
        ([(None, "2015-02-01"), (None, "2015-03-01")], ["s: conflict"] * 2),
        ([("0001-01-01", "0001-01-01"), (None, None)], ["s: conflict"] * 2),
        ([(None, "2015-02-01"), ("2015-02-01", None), (None, "2015-02-01")], ["s: duplicate"]),
        ([(None, "2015-02-02"), ("2015-02-01", None), (None, "2015-02-02")], ["s: conflict"] * 3),
        # A life that ends before it begins never is, and holds nobody up.
        ([(None, "2015-02-01"), ("2015-03-01", "2015-01-01")], []),
        ([("2015-03-01", "2015-01-01"), ("2015-01-01", "2015-04-01")], ["s: conflict"] * 2),
    ],
)
def test_versions_follow_one_another(lives: list[tuple[str | None, str | None]], rejects: list[str]) -> None:
    rows = [
        {"name": "s", "bureau": "AB"[number % 2], "since": since, "until": until}
        for number, (since, until) in enumerate(lives)
    ]
    found = assess(ALONE, targets={"bureau": BUREAUS, "squad": rows})
    assert found.rejects() == rejects


def test_before_the_first_version_and_between_two_the_nearest_earlier_one_holds_else_the_first() -> None:
    rows = [
        {"name": "s", "bureau": "A", "since": "2015-01-20", "until": "2015-01-25"},
        {"name": "s", "bureau": "B", "since": "2015-03-20"},
    ]
    days = ["2015-01-01", "2015-02-20", "2015-03-19", "2015-03-20"]
    findings = [finding(number, "s", day) for number, day in enumerate(days)]
    found = assess(ALONE, targets={"bureau": BUREAUS, "squad": rows}, finding=findings)
    # Records of days on which the squad does not exist are rejects; cells are read on the last day of their period.
    assert found.rejects() == [f"{number}: squad: outside_lifetime" for number in range(3)]
    assert found.values("found")["B 2015-03"] == "1"
    assert found.values("whose") == {"s 2015-01": "3", "s 2015-03": "7"}


def test_why_tells_the_attribute_of_the_day() -> None:
    found = assess(ALONE, targets=TARGETS, finding=FINDINGS)
    why = Explainer(plan_of(ALONE), found.outcome.tables, found.outcome.facts)
    for month, told in (("2015-01", "quota of A = 3"), ("2015-02", "quota of A = 5"), ("2015-03", "quota of B = 7")):
        assert told in why.explain("s", month, "whose").render("en")
    assert "B" in why.explain("s", "2015-03", "whose").render("zh")
    assert why.explain("B", "2015-03", "squads").values["value"] == "2"
