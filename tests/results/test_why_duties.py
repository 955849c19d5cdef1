"""What explanations say of duties: which intervals were kept, by which record, and which were missed; and of checks."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.loaded import Assessment, CheckFailed, load, loads
from cityrules.results.explanation import Explanation
from cityrules.results.why import NothingToExplain

MARKETS = [{"name": "East", "covered": "true"}, {"name": "West", "covered": "false"}]
VISITS = [
    {"no": no, "market": "East", "visited_on": day, "what": what, "complete": complete}
    for no, day, what, complete in (
        ("a", "2024-01-02", "cleaning", "true"),
        ("b", "2024-01-10", "cleaning", "true"),
        ("c", "2024-01-16", "cleaning", None),
        ("d", "2024-01-23", "cleaning", "false"),
        ("e", "2024-01-23", "cleaning", "true"),
        ("g", "2024-01-03", "patrol", None),
        ("r", "2024-01-09", "report", None),
    )
]


@pytest.fixture(scope="module", params=["python", "duckdb"])
def found(request: pytest.FixtureRequest) -> Assessment:
    scheme = load("specs/gallery/duties").overlay({"checks.inspection.otherwise": "warn"})
    return scheme.assess(
        {"visit": VISITS},
        targets={"market": MARKETS},
        period="2024-01",
        as_of=dt.datetime(2024, 2, 5),
        engine=request.param,
    )


def lines(tree: Explanation, language: str = "en") -> list[str]:
    return [line.strip("│├└─ ") for line in tree.render("zh" if language == "zh" else "en").splitlines()]


def test_each_interval_says_what_kept_it_or_why_nothing_did(found: Assessment) -> None:
    assert lines(found.why("East", None, "cleaning_day")) == [
        "cleaning_day · East: kept 2 of 5 times (clause 3)",
        'owed: a visit where what = "cleaning" and complete, by the rule FREQ=WEEKLY;BYDAY=TU, within 1 day',
        "condition: covered",
        "covered of East = true",
        "2024-01-02: kept by visit a of 2024-01-02",
        "what = cleaning",
        "complete = true",
        "2024-01-09: missed",
        "visit r of 2024-01-09 does not count",
        "what = report",
        "complete: missing",
        "visit b of 2024-01-10 came too late",
        "2024-01-16: undetermined: a condition is unknown and left to a person (cleaning_day)",
        "it is unknown whether visit c of 2024-01-16 counts",
        "what = cleaning",
        "complete: missing",
        "2024-01-23: kept by visit e of 2024-01-23",
        "what = cleaning",
        "complete = true",
        "2024-01-30: missed",
    ]


def test_in_chinese(found: Assessment) -> None:
    assert lines(found.why("East", "2024-01", "monthly_report"), "zh") == [
        "monthly_report · East：应履行 1 次，已履行 0 次（依据：4）",
        '应有：visit，限于 what = "report"，每 month，限期 5 working days',
        "2024-01（2024-01-01..2024-01-08）：未履行",
        "visit a（2024-01-02）不计入",
        "what = cleaning",
        "visit g（2024-01-03）不计入",
        "what = patrol",
        "visit r（2024-01-09）已过限期",
    ]


def test_a_period_leaves_the_intervals_in_it(found: Assessment) -> None:
    told = lines(found.why("East", "2024-W01", "patrol"))
    assert told[0] == "patrol · East: kept 1 of 1 times (clause 2)"
    assert told[2:] == ["2024-W01 (2024-01-01..2024-01-07): kept by visit g of 2024-01-03", "what = patrol"]


def test_nothing_is_owed_where_it_does_not_apply_or_no_time_is_over(found: Assessment) -> None:
    assert lines(found.why("West", None, "cleaning_day"))[0] == "cleaning_day · West: not owed (clause 3)"
    assert "no time for it is over" in lines(found.why("East", "2024-02", "patrol"))[0]


def test_the_whole_city_owes_too(found: Assessment) -> None:
    told = lines(found.why("", None, "drill"))
    assert told[0] == "drill: kept 0 of 2 times (clause 6)"
    assert "visit b of 2024-01-10 came too late" in told


def test_what_was_missed_stands_in_the_overview_of_its_period(found: Assessment) -> None:
    told = lines(found.why("East", "2024-W03"))
    assert told[0] == "patrol · East: kept 0 of 1 times (clause 2)"


def test_a_target_that_there_is_not_has_no_duties(found: Assessment) -> None:
    with pytest.raises(NothingToExplain, match="CR641"):
        found.why("North", None, "patrol")


LIVES = """
cityrules: 1
scheme: lives
title: lives
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: registered}}
records:
  visit: {dated: on_day, key: [no], fields: {no: text, squad: squad, on_day: date, size: optional count}}
measures:
  big: {for: visit, formula: size, missing: error}
  visits: {for: squad each month, count: visit}
checks:
  kept: {for: squad, every: month, over: visit, where: big > 2, otherwise: warn}
  enough: {for: squad each month, that: visits > 0, otherwise: error, clause: 7}
  sized: {for: visit, that: size > 1, missing: undecided, otherwise: warn, clause: 8}
"""


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_checks_and_results_that_an_error_stopped(engine: str) -> None:
    """A check with `error` leaves no result, but why it did not hold can be asked."""
    squads = [{"name": "a", "since": "2024-02-10", "until": None}]
    rows = [("1", "2024-03-05", None), ("2", "2024-04-07", "5"), ("3", "2024-04-08", "1")]
    visits = [{"no": no, "squad": "a", "on_day": day, "size": size} for no, day, size in rows]
    with pytest.raises(CheckFailed) as failed:
        loads(LIVES).assess({"visit": visits}, targets={"squad": squads}, period="2024-01..2024-05", engine=engine)  # type: ignore[arg-type]
    why = failed.value.assessment.why
    assert lines(why("a", "2024-02", "enough")) == [
        "enough · a · 2024-02: does not hold (an error) (clause 7)",
        "condition: visits > 0",
        "visits · a · 2024-02 = 0 (clause 1)",
        "count over visit",
    ]
    assert lines(why("a", "2024-03", "enough"))[0] == "enough · a · 2024-03: holds (clause 7)"
    with pytest.raises(NothingToExplain, match="CR648"):
        why("a", "2024-01", "enough")
    # The squad does not exist on the first day of February, and in March nobody knows.
    told = lines(why("a", None, "kept"))
    assert [line for line in told if line.startswith("2024")] == [
        "2024-03 (2024-03-01..2024-03-31): undetermined: it rests on what is undetermined (big)",
        "2024-04 (2024-04-01..2024-04-30): kept by visit 2 of 2024-04-07",
        "2024-05 (2024-05-01..2024-05-31): missed",
    ]
    assert "undetermined: a value is missing (big)" in told
    explainer = failed.value.assessment._explainer
    record = lines(explainer.record("visit", "1"))
    assert record[-4:] == [
        "sized · visit 1: undecided (clause 8)",
        "undetermined: a condition is unknown and left to a person (sized)",
        "condition: size > 1",
        "size: missing",
    ]
    assert lines(explainer.record("visit", "2", "sized"))[-3] == "sized · visit 2: holds (clause 8)"


def test_what_cannot_be_explained_is_told_in_the_language_of_the_document() -> None:
    scheme = loads("规则语言: 1\n办法: a\n标题: a\n施行: {自: 2024-01-01}\n考核对象: {街道: {成员: 登记}}\n")
    with pytest.raises(NothingToExplain, match="没有"):
        scheme.assess({}, targets={"街道": [{"name": "甲"}]}, period="2024-01").why("乙", "2024-01")
