"""Worked examples of records placed in time by a measure: when something fell due, where a late row is booked."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.engines.python.single.scorer import compile_record
from cityrules.plan.build import build
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from engines.handmade import CITY, HEAD, TARGETS, Results, assess, finding, plan_of


def scheme(formula: str, missing: str = "", rule: str = "each: finding, via: squad, dated: moved, deduct: 1") -> str:
    return f"""{CITY}
measures:
  moved: {{for: finding, formula: '{formula}'{missing}}}
  score: {{for: squad each month, from: 100, rules: {{hit: {{{rule}}}}}}}
  hits: {{for: squad each month, count: finding, via: squad, dated: moved}}
"""


def scores(body: str, *rows: dict[str, object], as_of: dt.datetime | None = None) -> Results:
    known = as_of or dt.datetime(2016, 1, 1)
    return assess(body, "2015-01..2015-03", known, TARGETS, finding=rows)


def test_a_record_counts_in_the_period_of_the_computed_day() -> None:
    body = scheme('held + @"P20D"')
    found = scores(body, finding("a", "a1", "2015-01-11"), finding("b", "a1", "2015-01-12"))
    assert [found.values("score")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["99", "99", "100"]
    assert [found.values("hits")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["1", "1", "0"]


def test_without_a_computed_day_it_is_in_no_period() -> None:
    # Missing in one, beyond the year 9999 in the other, which is the record's own problem.
    body = scheme('if n = 1 then held else if n = 2 then held + @"P9000Y" else null', ', missing: "null"').replace(
        "n: optional count", "n: count"
    )
    rows = [{**finding(no, "a1", "2015-01-11"), "n": no} for no in (1, 2, 3)]
    found = scores(body, *rows)
    assert found.values("hits")["a1 2015-01"] == "1"
    assert found.values("score")["a1 2015-01"] == "99"
    assert found.problems("moved") == {"2": "overflow: moved"}


def test_a_day_after_as_of_is_in_no_period_yet() -> None:
    body = scheme('held + @"P20D"')
    rows = [finding("a", "a1", "2015-01-11"), finding("b", "a1", "2015-01-12")]
    found = scores(body, *rows, as_of=dt.datetime(2015, 1, 31, 12))
    assert found.values("hits") == {"a1 2015-01": "1", "a2 2015-01": "0", "b1 2015-01": "0"}


def test_moments_count_on_their_day() -> None:
    body = scheme('date and time("2015-02-28T23:59:59")')
    found = scores(body, finding("a", "a1", "2015-01-11"))
    assert [found.values("hits")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["0", "1", "0"]


def standing(formula: str, more: str = "", ends: str = "from: held, until: moved") -> str:
    return scheme(formula, more, f"each: finding, via: squad, standing: {{{ends}}}, deduct: 1").replace(
        "via: squad, dated: moved}", f"via: squad, standing: {{{ends}}}}}"
    )


def test_a_computed_day_ends_the_time_in_which_a_record_stands() -> None:
    found = scores(standing('held + @"P20D"'), finding("a", "a1", "2015-01-12"), finding("b", "a1", "2015-01-13"))
    # Through 31 January and through 1 February.
    assert [found.values("hits")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["2", "1", "0"]
    assert [found.values("score")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["98", "99", "100"]


def test_a_computed_day_may_begin_it() -> None:
    found = scores(standing('held + @"P20D"', ends="from: moved, until: held"), finding("a", "a1", "2015-01-12"))
    assert [found.values("hits")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["0", "1", "0"]


def test_how_long_it_stands_is_missing_unknown_or_said_by_nothing() -> None:
    # Missing, or no cell: for ever. Beyond the year 9999: in no cell, which is the record's own problem.
    formula = 'if n = 1 then null else held + @"P9000Y"'
    body = standing(formula, ', applies: n < 3, missing: "null"').replace("n: optional count", "n: count")
    rows = [{**finding(no, "a1", "2015-01-11"), "n": no} for no in (1, 2, 3)]
    found = scores(body, *rows)
    assert [found.values("hits")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["2", "2", "2"]
    assert found.problems("moved") == {"2": "overflow: moved"}


@pytest.mark.parametrize("end", ["from", "until"])
def test_only_a_day_ends_it(end: str) -> None:
    report = Report()
    ends = "from: moved, until: held" if end == "from" else "from: held, until: moved"
    loaded = read_document(Source("test.yaml", HEAD + standing("points", ends=ends)), report)
    assert loaded is not None
    assert build(loaded, report) is None
    assert [(found.code, found.path) for found in report] == [
        ("CR876", f"measures.score.rules.hit.standing.{end}"),
        ("CR876", f"measures.hits.standing.{end}"),
    ]


def test_single_records_leave_it_out() -> None:
    scorer = compile_record(plan_of(scheme('held + @"P20D"')), "finding")
    assert [(one.rule, one.needs) for one in scorer.beyond] == [("hit", ("moved",))]


@pytest.mark.parametrize(("formula", "type_"), [("points", "number"), ("points > 1", "flag")])
def test_only_a_day_places_a_record(formula: str, type_: str) -> None:
    report = Report()
    loaded = read_document(Source("test.yaml", HEAD + scheme(formula)), report)
    assert loaded is not None
    assert build(loaded, report) is None
    assert [(found.code, found.values["found"], found.values["type"]) for found in report] == [
        ("CR876", "moved", type_)
    ] * 2
