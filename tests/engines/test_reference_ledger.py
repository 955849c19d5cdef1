"""Worked examples of ledgers: order of lines, precedence, caps, floor, ceiling, rounding, what is undetermined."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engines.handmade import ALONE, CITY, TARGETS, Results, assess, finding

JAN = "2015-01-15"


def ledger(rules: str, *rows: dict[str, object], top: str = "from: 100", more: str = "", **inputs: object) -> Results:
    """A ledger of squads by month."""
    listed = "".join(f"      {line.strip()}\n" for line in rules.strip().splitlines())
    body = f"{CITY}\nmeasures:\n{more}  score:\n    for: squad each month\n    {top}\n    rules:\n{listed}"
    span = str(inputs.pop("span", "2015-01"))
    return assess(body, span=span, targets=TARGETS, finding=rows, **inputs)  # type: ignore[arg-type]


def test_lines_in_order_of_rules_and_then_of_date_and_key() -> None:
    found = ledger(
        """
        hit: {each: finding, via: squad, deduct: 0.5, clause: 2.1}
        heavy: {each: finding, via: squad, when: points > 1, deduct: points, times: 2}
        always: {add: 1}
        """,
        finding("b", "a1", "2015-01-15", "2.25"),
        finding("a", "a1", "2015-01-15", "1"),
        finding("B", "a1", "2015-01-15", "1"),
        finding("z", "a1", "2015-01-02", "1"),
    )
    assert found.lines("a1 2015-01") == [
        "(from) 100.00 100.00",
        "hit z -0.50 -0.50",
        "hit B -0.50 -0.50",
        "hit a -0.50 -0.50",
        "hit b -0.50 -0.50",
        "heavy b -4.50 -4.50",
        "always 1.00 1.00",
    ]
    rows = [row for row in found.tables["ledger"] if row["target"] == "a1"]
    assert [row["line"] for row in rows] == list(range(1, 8))
    assert (rows[5]["price"], rows[5]["quantity"]) == (Decimal("2.25"), Decimal(2))
    assert [str(rows[n]["price"]) for n in (0, 1, 6)] == ["None", "0.5", "1"]
    assert [row["clause"] for row in rows] == ["1", *["2.1"] * 4, "1", "1"]
    assert found.values("score") == {"a1 2015-01": "94.50", "a2 2015-01": "101.00", "b1 2015-01": "101.00"}


def test_replacing_and_stacking_in_a_group() -> None:
    rules = """
        base: {each: finding, via: squad, deduct: 1, group: g}
        mild: {each: finding, via: squad, when: points > 1, deduct: 2, group: g}
        hard: {each: finding, via: squad, when: points > 2, deduct: 3, replaces: [mild], group: g}
        worst: {each: finding, via: squad, when: points > 3, deduct: 4, replaces: [hard], group: g}
    """
    rows = [finding(n, "a1", JAN, n) for n in (1, 2, 3, 4)]
    found = ledger(rules, *rows, top="from: 100\n    together: all")
    # A rule that is itself replaced still replaces: the mild hit on record 4 stays out.
    assert found.lines("a1 2015-01")[1:] == [
        "base 1 -1 -1", "base 2 -1 -1", "base 3 -1 -1", "base 4 -1 -1",
        "mild 2 -2 -2", "mild 3 -2 0 hard", "mild 4 -2 0 hard",
        "hard 3 -3 -3", "hard 4 -3 0 worst",
        "worst 4 -4 -4",
    ]  # fmt: skip
    assert found.values("score")["a1 2015-01"] == "87"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("highest", ["one 1 -1 0 two", "two 1 3 3", "three 1 -3 0 two"]),
        ("first", ["one 1 -1 -1", "two 1 3 0 one", "three 1 -3 0 one"]),
        ("all", ["one 1 -1 -1", "two 1 3 3", "three 1 -3 -3"]),
    ],
)
def test_policies_of_a_group(policy: str, expected: list[str]) -> None:
    found = ledger(
        """
        one: {each: finding, via: squad, deduct: 1, group: g}
        two: {each: finding, via: squad, add: 3, group: g}
        three: {each: finding, via: squad, deduct: 3, group: g}
        """,
        finding(1, "a1", JAN),
        top=f"from: 100\n    together: {policy}",
    )
    assert found.lines("a1 2015-01")[1:] == expected


def test_highest_looks_only_at_what_is_not_replaced() -> None:
    found = ledger(
        """
        big: {each: finding, via: squad, deduct: 9, group: g}
        small: {each: finding, via: squad, deduct: 1, replaces: [big], group: g}
        middle: {each: finding, via: squad, deduct: 5, group: g}
        """,
        finding(1, "a1", JAN),
        top="from: 100\n    together: highest",
    )
    assert found.lines("a1 2015-01")[1:] == ["big 1 -9 0 small", "small 1 -1 0 middle", "middle 1 -5 -5"]


def test_a_cap_cuts_the_line_that_would_lead_over_it() -> None:
    rule = "hit: {each: finding, via: squad, deduct: points, cap: 2.5}"
    found = ledger(rule, *(finding(n, "a1", JAN, 1) for n in range(4)))
    assert [line.split()[2:] for line in found.lines("a1 2015-01")[1:]] == [
        ["-1.00", "-1.00"], ["-1.00", "-1.00"], ["-1.00", "-0.50"], ["-1.00", "0.00"],
    ]  # fmt: skip
    mixed = ledger(rule, *(finding(n, "a1", JAN, p) for n, p in enumerate((2, 2, -3, -9, 1))))
    assert [line.split()[3] for line in mixed.lines("a1 2015-01")[1:]] == ["-2.00", "-0.50", "3.00", "2.00", "-1.00"]


def test_what_is_replaced_does_not_use_up_a_cap() -> None:
    found = ledger(
        """
        hit: {each: finding, via: squad, deduct: 1, cap: 2, group: g}
        more: {each: finding, via: squad, when: points > 1, deduct: 5, replaces: [hit], group: g}
        """,
        *(finding(n, "a1", JAN, points) for n, points in enumerate((1, 2, 0, 3, 1))),
        top="from: 100\n    together: all",
    )
    assert found.lines("a1 2015-01")[1:] == [
        "hit 0 -1 -1", "hit 1 -1 0 more", "hit 2 -1 -1", "hit 3 -1 0 more", "hit 4 -1 0",
        "more 1 -5 -5", "more 3 -5 -5",
    ]  # fmt: skip


def test_floor_ceiling_and_rounding_are_lines() -> None:
    rule = "hit: {each: finding, via: squad, deduct: points}"
    low = ledger(rule, finding(1, "a1", JAN, "100.4"), top="from: 100\n    floor: 0")
    assert low.lines("a1 2015-01")[2:] == ["(floor) 0.40 0.40"]
    assert low.values("score")["a1 2015-01"] == "0.00"
    high = ledger(rule, finding(1, "a1", JAN, "-3"), top="from: 100\n    ceiling: 102")
    assert high.lines("a1 2015-01")[2:] == ["(ceiling) -1.00 -1.00"]
    even = ledger(rule, finding(1, "a1", JAN, "0.25"), top="from: 100\n    round: half up to 1")
    assert even.lines("a1 2015-01")[1:] == ["hit 1 -0.25 -0.25", "(round) 0.05 0.05"]
    assert even.values("score") == {"a1 2015-01": "99.8", "a2 2015-01": "100.0", "b1 2015-01": "100.0"}


@pytest.mark.parametrize(
    ("missing", "value", "problem"), [("yes", "99", None), ("no", "100", None), ("undecided", "?", "undecided: maybe")]
)
def test_an_unknown_condition(missing: str, value: str, problem: str | None) -> None:
    found = ledger(
        f"maybe: {{each: finding, via: squad, when: bad, deduct: 1, missing: {missing}}}", finding(1, "a1", JAN)
    )
    assert found.values("score")["a1 2015-01"] == value
    assert found.problems("score").get("a1 2015-01") == problem
    if problem:
        assert found.lines("a1 2015-01") == []


def test_undecided_rules_are_named_in_order_of_their_names() -> None:
    rule = "{each: finding, via: squad, when: bad, deduct: 1, missing: undecided}"
    found = ledger(f"z: {rule}\n b: {rule}\n a: {rule}", finding(1, "a1", JAN), finding(2, "a1", JAN))
    assert found.problems("score") == {"a1 2015-01": "undecided: a, b, z"}


def test_lower_targets_and_shorter_periods_are_elements() -> None:
    body = f"""{CITY}
measures:
  many: {{for: squad each month, count: finding, via: squad, applies: 'squad != "a2"'}}
  busy:
    for: squad each quarter
    applies: squad != "a2"
    from: 0
    rules: {{m: {{each: month, when: many > 0, add: many}}}}
  load: {{for: bureau each month, from: 10, rules: {{s: {{each: squad, deduct: many}}}}}}
"""
    rows = [finding(1, "a1", "2015-01-02"), finding(2, "a1", "2015-03-02"), finding(3, "a2", "2015-03-03")]
    found = assess(body, targets=TARGETS, finding=rows)
    assert found.values("busy") == {"a1 2015-Q1": "2", "b1 2015-Q1": "0"}
    assert found.lines("a1 2015-Q1") == ["(from) 0 0", "m 2015-01 1 1", "m 2015-03 1 1"]
    assert found.lines("A 2015-01") == ["(from) 10 10", "s a1 -1 -1"]
    cited = {(row["record_kind"], row["record"]) for row in found.tables["ledger"]}
    assert cited == {(None, None), ("month", "2015-01"), ("month", "2015-03"), ("squad", "a1"), ("squad", "b1")}


def test_names_of_element_and_cell() -> None:
    body = f"""{ALONE}
parameters:
  price: {{values: {{2000-01-01: 1, 2015-01-20: 5}}}}
measures:
  heavy: {{for: finding, formula: points > 1}}
  many: {{for: squad each month, count: finding, via: squad}}
  score:
    for: bureau each month
    from: 100
    rules:
      dear: {{each: finding, via: squad, deduct: price}}
      big: {{each: finding, via: squad, when: heavy and many > 1, deduct: quota}}
      own: {{when: quota > 2, deduct: price}}
"""
    rows = [finding(1, "a1", "2015-01-19"), finding(2, "a1", "2015-01-20", 2), finding(3, "a2", "2015-01-21", 2)]
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    # Parameters hold on the day of the record, and at the end of the period for the cell; `many` is that of the squad.
    assert found.lines("A 2015-01") == [
        "(from) 100 100", "dear 1 -1 -1", "dear 2 -5 -5", "dear 3 -5 -5", "big 2 -3 -3", "own -5 -5",
    ]  # fmt: skip
    assert found.lines("B 2015-01") == ["(from) 100 100"]


def test_what_a_rule_would_read_counts_even_where_it_does_not_hit() -> None:
    body = f"""{CITY}
measures:
  star: {{for: bureau each month, formula: stars, missing: error}}
  score:
    for: bureau each month
    from: 100
    rules:
      never: {{each: finding, via: squad, when: points > 99, deduct: star}}
"""
    rating = [{"bureau": bureau, "period": "2015-01", "stars": None} for bureau in "AB"]
    found = assess(body, span="2015-01", targets=TARGETS, finding=[finding(1, "a1", JAN)], rating=rating)
    assert found.problems("score") == {"A 2015-01": "depends: star"}
    # Nothing is read where there is no element.
    assert found.values("score")["B 2015-01"] == "100.0"


def test_a_given_score_has_no_lines() -> None:
    found = ledger("hit: {add: 1}", given={"score": {"a1 2015-01": 100}})
    assert found.values("score") == {"a1 2015-01": "100", "a2 2015-01": "101", "b1 2015-01": "101"}
    assert found.lines("a1 2015-01") == []


def test_an_account_that_is_torn_stays_so_and_says_by_what() -> None:
    """February is undecided by a finding of its own; March and what follows depend on the account itself."""
    body = f"""{CITY}
measures:
  account:
    for: squad each month
    from: carried
    rules: {{r: {{each: finding, via: squad, when: bad, missing: undecided, deduct: 1}}}}
"""
    rows = [finding(1, "a1", "2015-01-05", bad="true"), finding(2, "a1", "2015-02-05")]
    rows.append(finding(3, "a1", "2015-04-05", bad="true"))
    found = assess(body, "2015-01..2015-04", targets=TARGETS, finding=rows)
    assert {cell: value for cell, value in found.values("account").items() if cell.startswith("a1")} == {
        "a1 2015-01": "-1",
        "a1 2015-02": "?",
        "a1 2015-03": "?",
        "a1 2015-04": "?",
    }
    assert found.problems("account") == {
        "a1 2015-02": "undecided: r",
        "a1 2015-03": "depends: account",
        "a1 2015-04": "depends: account",
    }
