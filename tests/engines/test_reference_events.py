"""Worked examples of events of several rows: what counts of them, ties, replacements, what stands alone."""

from __future__ import annotations

import pytest

from cityrules.engines.python.single.scorer import compile_record
from engines.handmade import CITY, TARGETS, Results, assess, finding, plan_of

JAN = "2015-01-15"
WORLD = CITY.replace("    key: [no]\n", "    key: [no]\n    event: [squad, n]\n", 1)


def scheme(rules: str, together: str, more: str = "") -> str:
    listed = "".join(f"      {line.strip()}\n" for line in rules.strip().splitlines())
    return (
        f"{WORLD}\nmeasures:\n  score:\n    for: squad each month\n    from: 100\n    rules:\n{listed}"
        f"    together: {together}\n{more}"
    )


def ledger(rules: str, together: str, *rows: dict[str, object], span: str = "2015-01") -> Results:
    return assess(scheme(rules, together), span=span, targets=TARGETS, finding=rows)


def row(no: str, event: object, points: str, day: str = JAN, squad: str = "a1", **more: object) -> dict[str, object]:
    return {**finding(no, squad, day, points), "n": event, **more}


PRICED = "hit: {each: finding, via: squad, deduct: points, group: g}"


def lines(found: Results, cell: str = "a1 2015-01") -> list[str]:
    return [line.replace(".00", "") for line in found.lines(cell) if not line.startswith("(")]


def values(found: Results) -> dict[str, str]:
    return {cell: str(value).replace(".00", "") for cell, value in found.values("score").items()}


def test_the_highest_of_an_event_counts_and_of_equals_the_earliest() -> None:
    rows = [row("b", 1, "2", "2015-01-02"), row("a", 1, "2", "2015-01-03"), row("c", 1, "1"), row("d", 2, "1")]
    found = ledger(PRICED, "highest per event", *rows)
    assert lines(found) == [
        "hit b -2 -2", "hit a -2 0 hit", "hit c -1 0 hit", "hit d -1 -1",
    ]  # fmt: skip
    assert values(found)["a1 2015-01"] == "97"


def test_of_one_day_the_key_decides_and_before_both_the_document() -> None:
    rules = """
        late: {each: finding, via: squad, when: points > 2, deduct: 3, group: g}
        early: {each: finding, via: squad, deduct: 3, group: g}
    """
    rows = [row("a", 1, "1"), row("b", 1, "3"), row("B", 1, "3")]
    for policy in ("highest", "first"):
        found = ledger(rules, f"{policy} per event", *rows)
        assert lines(found) == [
            "late B -3 -3", "late b -3 0 late",
            "early B -3 0 late", "early a -3 0 late", "early b -3 0 late",
        ], policy  # fmt: skip


def test_first_is_the_first_rule_of_the_document_whatever_came_first() -> None:
    rules = """
        found: {each: finding, via: squad, when: points < 2, deduct: 9, group: g}
        again: {each: finding, via: squad, deduct: 1, group: g}
    """
    found = ledger(rules, "first per event", row("a", 1, "3", "2015-01-01"), row("b", 1, "1", "2015-01-31"))
    assert lines(found) == ["found b -9 -9", "again a -1 0 found", "again b -1 0 found"]


def test_what_is_replaced_in_any_row_of_the_event_gives_way_before_the_highest_is_looked_for() -> None:
    rules = """
        base: {each: finding, via: squad, when: points < 5, deduct: 8, group: g}
        mild: {each: finding, via: squad, deduct: 1, group: g}
        hard: {each: finding, via: squad, when: points > 5, deduct: 2, replaces: [base], group: g}
    """
    rows = [row("a", 1, "1"), row("b", 1, "9"), row("c", 2, "1")]
    found = ledger(rules, "all per event", *rows)
    assert lines(found) == [
        "base a -8 0 hard", "base c -8 -8",
        "mild a -1 -1", "mild b -1 -1", "mild c -1 -1", "hard b -2 -2",
    ]  # fmt: skip
    found = ledger(rules, "highest per event", *rows)
    assert values(found)["a1 2015-01"] == "90"


def test_events_end_at_the_cell_and_need_all_of_their_fields() -> None:
    rows = [
        row("a", 1, "1"), row("b", 1, "1", "2015-02-01"), row("c", 1, "1", squad="a2"),
        row("d", None, "1"), row("e", None, "1"),
    ]  # fmt: skip
    found = ledger(PRICED, "highest per event", *rows, span="2015-01..2015-02")
    scores = values(found)
    assert (scores["a1 2015-01"], scores["a1 2015-02"], scores["a2 2015-01"]) == ("97", "99", "99")


def test_a_group_beside_it_goes_record_by_record() -> None:
    rules = """
        one: {each: finding, via: squad, deduct: 1, group: g}
        two: {each: finding, via: squad, deduct: 2, group: h}
        three: {each: finding, via: squad, deduct: 3, group: h}
        four: {each: finding, via: squad, deduct: 4}
    """
    found = ledger(rules, "{g: first per event, h: highest}", row("a", 1, "1"), row("b", 1, "1"))
    assert values(found)["a1 2015-01"] == "85"


def test_two_ways_to_one_target_are_one_event() -> None:
    rules = """
        own: {each: finding, via: squad, deduct: 1, group: g}
        helped: {each: finding, via: helper, deduct: 2, group: g}
    """
    # An event is of a squad: what a2 is helped with in a1 is another one.
    rows = [row("a", 1, "1", helper="a1"), row("b", 1, "1"), row("c", 1, "1", squad="a2", helper="a1")]
    found = ledger(rules, "highest per event", *rows)
    assert lines(found) == [
        "own a -1 0 helped", "own b -1 0 helped", "helped a -2 -2", "helped c -2 -2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("together", "beyond"),
    [("highest per event", {"mild", "hard"}), ("all per event", {"mild"}), ("all", set())],
)
def test_what_other_rows_decide_is_beyond_a_single_record(together: str, beyond: set[str]) -> None:
    rules = """
        mild: {each: finding, via: squad, deduct: 1, group: g}
        hard: {each: finding, via: squad, when: points > 5, deduct: 2, replaces: [mild], group: g}
    """
    scorer = compile_record(plan_of(scheme(rules, together)), "finding")
    assert {one.rule for one in scorer.beyond} == beyond
    assert all(one.needs == ("finding",) for one in scorer.beyond)
