"""Worked examples of what the text leaves to whoever decides: one of several acts, an amount between two bounds."""

from __future__ import annotations

import pytest

from engines.handmade import ALONE, Results, assess
from engines.test_reference_acts import TARGETS, marks

BY = "decided_by: [the organ]"


def run(act: str, measures: str = "", got: object = 1, more: str = "") -> Results:
    body = f"""{ALONE}
parameters:
  fee: {{value: 500, unit: 元}}
measures:
  got: {{for: squad each month, formula: bonus, missing: error}}
{measures}
consequences:
  fine: {{for: squad each month, when: got < 5, kind: payment, {act}}}
{more}
"""
    rows = marks(a=[got, 9], b=[9, 9], c=[9, 9])
    return assess(body, span="2015-01..2015-02", targets=TARGETS, extra=rows)


def told(found: Results, *names: str) -> list[list[str | None]]:
    rows = found.tables["consequences"]
    return [[None if row[name] is None else str(row[name]) for name in names] for row in rows]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("do: fine, between: [500, 1000]", ["fine", None, None, "500", "1000", None]),
        ("do: fine, between: [0.5, 1000]", ["fine", None, None, "0.5", "1000", None]),
        ("do: fine, between: [fee, fee * 2]", ["fine", None, None, "500", "1000", "元"]),
        ("do: fine, between: [got * 2, got * 2.50]", ["fine", None, None, "2.0", "2.50", None]),
        ("do: fine, between: [7, 7]", ["fine", None, None, "7", "7", None]),
        ("pick: [warning, fine, closure]", [None, "warning; fine; closure", None, None, None, None]),
        ("pick: [fine, more], between: [1, 2.5]", [None, "fine; more", None, "1", "2.5", None]),
    ],
)
def test_a_row_says_what_is_left_open(act: str, expected: list[str | None]) -> None:
    found = run(f"{act}, {BY}")
    assert told(found, "act", "options", "amount", "least", "most", "unit") == [expected]
    assert told(found, "decision", "decided_by") == [["proposal", "the organ"]]


def test_a_least_amount_above_the_most_is_a_problem() -> None:
    # 10 - got is at most 10, so that only the values show that it can be above 8.
    found = run(f"do: fine, between: [10 - got, 8], {BY}")
    assert not found.tables["consequences"]
    # Told whether or not it follows, as for everything else that an act says.
    assert found.problems("fine") == {"a 2015-01": "crossed: fine"}
    found = run(f"do: fine, between: [10 - got, 8], {BY}", got=2)
    assert told(found, "least", "most") == [["8.0", "8"]]


def test_what_cannot_be_read_is_graver_than_what_is_crossed() -> None:
    found = run(f"do: fine, between: [10 - got, 8], {BY}", got=None)
    assert found.problems("fine") == {"a 2015-01": "depends: got"}


LADDER = """  listed:
    for: squad each month
    ladder: bad_months
    restarts: no
    together: all
    kind: payment
    decided_by: [the organ]
    amount: 5
    do: payment
    steps:
      small: {reaches: 1}
      open: {at_least: 1, between: [1, 2.5]}
      choice: {at_least: 1, pick: [a, b]}
"""


def test_a_step_fixes_or_leaves_open_in_the_place_of_the_consequence() -> None:
    measures = """  bad_months: {for: squad each month, run: got < 5, new_year: continues}
  paid: {for: bureau each month, sum: amount, over: listed, missing: skip}
  most_of_all: {for: bureau each month, sum: most, over: listed, missing: skip}
  least_of_all: {for: bureau each month, min: least, over: listed, missing: skip, empty: null}
"""
    found = run(f"do: fine, {BY}", measures, more=LADDER)
    rows = [row for row in told(found, "step", "act", "options", "amount", "least", "most") if row[0]]
    assert rows == [
        ["choice", None, "a; b", "5", None, None],
        ["open", "payment", None, None, "1", "2.5"],
        ["small", "payment", None, "5", None, None],
    ]
    # No end of a range is taken for an amount.
    assert found.values("paid") == {"A 2015-01": "10", "A 2015-02": "0", "B 2015-01": "0", "B 2015-02": "0"}
    assert found.values("most_of_all")["A 2015-01"] == "2.5"
    assert found.values("least_of_all")["A 2015-01"] == "1"


def test_what_is_undecided_is_not_asked_between_what_it_lies() -> None:
    """The engines told different problems: one that nothing lies between, one that it is undecided."""
    body = f"""{ALONE}
consequences:
  fine: {{for: squad each month, when: bonus < 5, missing: undecided, kind: payment, do: fine, {BY},
         between: ["default(bonus, 4)", 3]}}
"""
    rows = marks(a=[None, 4], b=[9, 9], c=[9, 9])
    found = assess(body, span="2015-01..2015-02", targets=TARGETS, extra=rows).problems("fine")
    assert found == {"a 2015-01": "undecided: fine", "a 2015-02": "crossed: fine"}
