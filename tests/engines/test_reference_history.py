"""Folds of single records: occurrence numbers, windows back from a record's own day, what is like it."""

from __future__ import annotations

import pytest

from engines.handmade import HEAD, TARGETS, Results, assess, plan_of

KINDS = """
targets:
  bureau: {members: registered, fields: {quota: count, size: text}}
  squad: {in: bureau, members: registered}
records:
  finding:
    dated: at
    key: [no]
    fields: {no: text, squad: squad, spot: optional text, at: datetime, n: optional count, bad: optional flag}
  call: {dated: on_day, key: [id], fields: {id: text, squad: squad, on_day: date, n: count}}
measures:
"""


def of(measure: str, *rows: str, calls: str = "", span: str = "2015", force: str = "2000-01-01") -> Results:
    """Findings `key squad spot moment [n [bad]]`, `-` for nothing; calls `key squad day n`."""
    names = ("no", "squad", "spot", "at", "n", "bad")
    found = [dict(zip(names, (None if c == "-" else c for c in row.split()), strict=False)) for row in rows]
    called = [dict(zip(("id", "squad", "on_day", "n"), row.split(), strict=True)) for row in calls.split(",") if row]
    plain = [{name: row.get(name) for name in names} for row in found]
    plan = plan_of(KINDS + "  m: " + measure, HEAD.replace("2000-01-01", force))
    return assess(plan, span, targets=TARGETS, finding=plain, call=called)


def values(results: Results) -> dict[str, object]:
    return results.values("m")


def test_records_of_one_moment_count_in_order_of_their_keys() -> None:
    same = "- 2015-03-01T10:00"
    found = of(
        "{for: finding, count: finding, among: squad, window: ever}",
        f"b a1 {same}",
        f"a a1 {same}",
        f"B a1 {same}",
        "c a1 - 2015-03-01T09:59",
        f"x a2 {same}",
    )
    assert values(found) == {"c": "1", "B": "2", "a": "3", "b": "4", "x": "1"}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("last 1 day", "1 1 1 1"),
        ("last 28 days", "1 1 2 2"),
        ("last 29 days", "1 2 2 2"),
        ("last 1 month", "1 2 2 2"),
        ("last 2 months", "1 2 3 3"),
        ("last 1 quarter", "1 2 3 4"),
        ("month to date", "1 1 1 2"),
        ("quarter to date", "1 2 3 4"),
        ("ever", "1 2 3 4"),
    ],
)
def test_windows_go_back_from_the_day_of_the_record(window: str, expected: str) -> None:
    days = ["2015-01-31T08:00", "2015-02-28T23:00", "2015-03-27T07:00", "2015-03-31T00:00"]
    rows = [f"k{number} a1 - {day}" for number, day in enumerate(days)]
    found = of(f"{{for: finding, count: finding, among: squad, window: {window}}}", *rows)
    assert " ".join(map(str, values(found).values())) == expected


def test_a_window_does_not_reach_before_the_first_day_of_the_calendar() -> None:
    measure = "{for: finding, count: finding, among: whole, window: WINDOW}"
    rows = [f"k{number} a1 - 0001-01-0{number}T00:00" for number in (1, 2, 3)]
    for window in ("last 2 years", "last 999 days"):
        found = of(measure.replace("WINDOW", window), *rows, span="0001", force="unstated")
        assert values(found) == {"k1": "1", "k2": "2", "k3": "3"}


def test_whoever_is_like_nobody_stands_alone() -> None:
    rows = (
        "a a1 gate 2015-01-01T00:00",
        "b a1 - 2015-01-02T00:00",
        "c a1 - 2015-01-03T00:00",
        "d a1 gate 2015-01-04T00:00",
    )
    measure = "{for: finding, count: finding, among: [squad, spot], window: ever, missing: POLICY}"
    assert values(of(measure.replace("POLICY", "skip"), *rows)) == {"a": "1", "b": "0", "c": "0", "d": "2"}
    found = of(measure.replace("POLICY", "error"), *rows)
    assert values(found) == {"a": "1", "b": "?", "c": "?", "d": "2"}
    assert found.problems("m") == {"b": "missing: m", "c": "missing: m"}


def test_an_element_that_is_undetermined_spreads_to_those_that_look_back_at_it() -> None:
    rows = (
        "a a1 - 2015-01-01T00:00 1",
        "b a1 - 2015-01-09T00:00 -",
        "c a1 - 2015-01-10T00:00 5",
        "d a1 - 2015-01-19T00:00 7",
    )
    found = of("{for: finding, sum: n, over: finding, among: squad, window: last 10 days, missing: error}", *rows)
    assert values(found) == {"a": "1", "b": "?", "c": "?", "d": "12"}


def test_a_mean_is_divided_once_and_rounded() -> None:
    rows = ("a a1 - 2015-01-01T00:00 1", "b a1 - 2015-01-02T00:00 2", "c a1 - 2015-01-03T00:00 2")
    body = "{for: finding, mean: n, over: finding, among: squad, window: ever, missing: skip, empty: null, ROUND}"
    rounded = body.replace("ROUND", "round: half up to 2")
    assert values(of(rounded, *rows)) == {"a": "1.00", "b": "1.50", "c": "1.67"}


def test_records_of_another_kind_count_to_the_end_of_the_day() -> None:
    found = of(
        "{for: finding, sum: n, over: call, among: squad, window: last 2 days}",
        "a a1 - 2015-03-02T00:00",
        "b a2 - 2015-03-02T12:00",
        "c a1 - 2015-03-03T12:00",
        calls="1 a1 2015-02-28 100,2 a1 2015-03-01 10,3 a1 2015-03-02 1,4 a1 2015-03-03 2,5 a2 2015-03-03 7",
    )
    assert values(found) == {"a": "11", "b": "0", "c": "3"}


def test_the_condition_is_about_the_element() -> None:
    rows = ("a a1 - 2015-01-01T00:00 1 true", "b a1 - 2015-01-02T00:00 2 false", "c a1 - 2015-01-03T00:00 3 -")
    body = "{for: finding, count: finding, where: bad, among: squad, window: ever, missing: POLICY}"
    assert values(of(body.replace("POLICY", "skip"), *rows)) == {"a": "1", "b": "1", "c": "1"}
    assert values(of(body.replace("POLICY", "error"), *rows)) == {"a": "1", "b": "1", "c": "?"}


def test_a_rule_prices_by_the_occurrence_number() -> None:
    rows = [f"k{number} a1 gate 2015-0{number}-01T00:00" for number in (1, 2, 3)]
    found = of(
        "{for: finding, count: finding, among: squad, window: last 2 months}\n"
        "  score: {for: squad each quarter, from: 10, rules: {r: {each: finding, deduct: 1, times: m, clause: '2'}}}",
        *rows,
    )
    assert found.lines("a1 2015-Q1") == ["(from) 10 10", "r k1 -1 -1", "r k2 -2 -2", "r k3 -2 -2"]
