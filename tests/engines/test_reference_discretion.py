"""Worked examples of points that an inspector chooses: who is rejected, for whom, and what is asked of the row."""

from __future__ import annotations

import pytest

from cityrules.engines.python.single.scorer import RecordError, compile_record
from engines.handmade import CITY, TARGETS, assess, finding, plan_of

JAN = "2015-01-15"


def scheme(rule: str, more: str = "") -> str:
    return f"""{CITY}
parameters: {{most: {{values: {{2000-01-01: 2, 2015-01-10: 3}}}}}}
measures:
  score: {{for: squad each month, from: 100, rules: {{hit: {{{rule}}}}}}}
  other: {{for: squad each month, from: 10, rules: {{plain: {{each: finding, via: squad, deduct: 1}}}}}}
{more}"""


def test_a_record_is_used_or_rejected_the_same_for_every_ledger() -> None:
    body = scheme("each: finding, via: squad, deduct: points, between: [1, most]")
    rows = [
        finding("low", "a1", JAN, "0.99"), finding("least", "a1", JAN, "1"), finding("most", "a1", JAN, "3"),
        finding("high", "a1", JAN, "3.01"), finding("early", "a1", "2015-01-09", "2.01"),
    ]  # fmt: skip
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    assert sorted(found.rejects()) == [f"{no}: points: outside_choice" for no in ("early", "high", "low")]
    assert found.values("score")["a1 2015-01"] == "96.00"
    assert found.values("other")["a1 2015-01"] == "8"


@pytest.mark.parametrize(
    ("rule", "rejected"),
    [
        # The rule does not hit: nobody asks for the points.
        ("each: finding, via: squad, when: points > 5, deduct: points, between: [1, 3]", ["nine"]),
        ("each: finding, via: squad, when: bad, missing: no, deduct: points, between: [1, 3]", []),
        ("each: finding, via: squad, when: bad, missing: undecided, deduct: points, between: [1, 3]", []),
        ("each: finding, via: squad, when: bad, missing: yes, deduct: points, between: [1, 3]", ["four", "nine"]),
        ("each: finding, via: helper, deduct: points, between: [1, 3]", ["nine"]),
        # What cannot be worked out rejects nothing.
        ("each: finding, via: squad, when: 'held + @\"P9000Y\" > held', deduct: points, between: [1, 3]", []),
    ],
)
def test_it_is_asked_where_the_row_says_that_the_rule_hits(rule: str, rejected: list[str]) -> None:
    rows = [finding("four", "a1", JAN, "4"), {**finding("nine", "a1", JAN, "9"), "helper": "a2"}]
    found = assess(scheme(rule), span="2015-01", targets=TARGETS, finding=rows)
    assert sorted(found.rejects()) == [f"{no}: points: outside_choice" for no in rejected]


def test_reasons_of_other_kinds_come_first_and_two_rules_give_one_reason() -> None:
    more = """  second:
    for: squad each month
    from: 1
    rules: {hit: {each: finding, via: squad, deduct: points, between: [2, 3]}}
"""
    body = scheme("each: finding, via: squad, deduct: points, between: [1, 3]", more)
    rows = [finding("a", "a1", JAN, "9"), finding("b", "a1", "2016-01-01", "9"), finding("c", "a1", JAN, "1.5")]
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    assert sorted(found.rejects()) == [
        "a: points: outside_choice", "b: held: outside_period", "c: points: outside_choice",
    ]  # fmt: skip


def test_a_correction_outside_of_the_choice_corrects_nothing() -> None:
    body = scheme("each: finding, via: squad, deduct: points, between: [1, 3]").replace(
        "    key: [no]\n", "    key: [no]\n    latest_by: n\n", 1
    ).replace("n: optional count", "n: count")  # fmt: skip
    rows = [{**finding("a", "a1", JAN, "2"), "n": 1}, {**finding("a", "a1", JAN, "9"), "n": 2}]
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    assert found.rejects() == ["a: points: outside_choice"]
    assert found.values("score")["a1 2015-01"] == "98.00"


def test_the_scorer_of_single_records_refuses_the_same() -> None:
    scorer = compile_record(
        plan_of(scheme("each: finding, via: squad, when: n > 1, missing: yes, deduct: points, between: [1, most]")),
        "finding",
    )
    record = {"no": "1", "squad": "a", "helper": None, "held": JAN, "n": None, "points": "3", "bad": None}
    assert scorer(record).points["score"] == -3
    with pytest.raises(RecordError) as caught:
        scorer({**record, "points": "3.01"})
    assert caught.value.reasons == ("points: outside_choice",)
    assert "3.01" in str(caught.value)
    assert scorer({**record, "n": 1, "points": "3.01"}).points["score"] == 0


def test_whether_an_item_applies_is_not_asked_of_the_row() -> None:
    body = f"""{CITY}
measures:
  open: {{for: squad each month, formula: month.number < 3}}
  score:
    for: squad each month
    from: 100
    absent_items: full
    items:
      a:
        worth: 60
        applies: open
        rules: {{hit: {{each: finding, via: squad, deduct: points, between: [1, 3]}}}}
      b: {{worth: 40, value: 40}}
"""
    rows = [finding("january", "a1", JAN, "2"), finding("march", "a1", "2015-03-03", "4")]
    found = assess(body, span="2015-01..2015-03", targets=TARGETS, finding=rows)
    assert found.rejects() == ["march: points: outside_choice"]
    assert found.values("score")["a1 2015-01"] == "98.00"
