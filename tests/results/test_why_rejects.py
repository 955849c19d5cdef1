"""Why a row was not used: in its own words, and for a condition with what the row says and the clause."""

from __future__ import annotations

import pytest

from cityrules.loaded import Assessment, loads
from cityrules.results.why import Explainer, Explanation

SCHEME = """
cityrules: 1
scheme: marks
title: Marks
clause: "1"
in_force: {from: 2000-01-01}
calendar: {days: cn, start_day: excluded}
targets:
  bureau: {members: registered}
  squad: {in: bureau, members: registered}
records:
  mark:
    dated: given_on
    key: [no]
    fields: {no: text, squad: squad, giver: optional squad, given_on: date, entered_on: date, points: count}
    accepted_if:
      peers: {that: giver.bureau = squad.bureau and giver != squad, missing: no, clause: "3", label: only peers mark}
      in_time: {that: 'working_days_between(given_on, entered_on) <= 3', clause: "4"}
measures:
  total: {for: squad each month, sum: points, over: mark, via: squad}
"""
ROWS = [
    {"no": "a", "squad": "x", "giver": "x", "given_on": "2026-12-01", "entered_on": "2026-12-09", "points": "5"},
    {"no": "b", "squad": "x", "giver": None, "given_on": "2026-12-31", "entered_on": "2027-01-05", "points": "5"},
    {"no": "c", "squad": "x", "giver": "nobody", "given_on": "2026-12-01", "entered_on": "2026-12-09", "points": "-"},
    {"no": "d", "squad": "x", "giver": "y", "given_on": "2026-12-01", "entered_on": "2026-12-02", "points": "5"},
    {"no": "d", "squad": "x", "giver": "y", "given_on": "2026-12-01", "entered_on": "2026-12-02", "points": "5"},
]


@pytest.fixture(params=["python", "duckdb"])
def found(request: pytest.FixtureRequest) -> Assessment:
    targets = {"bureau": [{"name": "A"}], "squad": [{"name": name, "bureau": "A"} for name in "xy"]}
    return loads(SCHEME).assess({"mark": ROWS}, targets=targets, period="2026-12", engine=request.param)


def record(found: Assessment, key: str) -> Explanation:
    return Explainer(found.plan, found.tables, found.outcome.facts).record("mark", key)


TOLD = {
    "a": """mark a
└─ not used: row 1 of mark
   ├─ in_time: working_days_between(given_on, entered_on) <= 3 does not hold (clause 4)
   │  ├─ given_on = 2026-12-01
   │  └─ entered_on = 2026-12-09
   └─ only peers mark · peers: giver.bureau = squad.bureau and giver != squad does not hold (clause 3)
      ├─ giver = x
      └─ squad = x""",
    "b": """mark b
└─ not used: row 2 of mark
   ├─ in_time: working_days_between(given_on, entered_on) <= 3 cannot be worked out (clause 4)
   │  ├─ given_on = 2026-12-31
   │  └─ entered_on = 2027-01-05
   └─ only peers mark · peers: giver.bureau = squad.bureau and giver != squad does not hold (clause 3)
      ├─ giver: missing
      └─ squad = x""",
    "c": """mark c
└─ not used: row 3 of mark
   ├─ giver: unknown target
   │  └─ giver = nobody
   └─ points: not a number
      └─ points = -""",
}


@pytest.mark.parametrize("key", sorted(TOLD))
def test_what_speaks_against_a_row(found: Assessment, key: str) -> None:
    assert record(found, key).render("en").rstrip() == TOLD[key]


def test_a_row_that_was_used_is_told_as_a_record(found: Assessment) -> None:
    assert [child.kind for child in record(found, "d").children][:2] == ["field", "field"]


def test_in_chinese(found: Assessment) -> None:
    told = record(found, "a").render("zh")
    assert "未采用：mark 第 1 行" in told
    assert "only peers mark · peers：giver.bureau = squad.bureau and giver != squad 不成立（依据：3）" in told
