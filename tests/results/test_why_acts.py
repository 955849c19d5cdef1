"""What explanations say of consequences that others run over or ask for, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.loaded import Assessment, load, loads, specs_folder
from cityrules.results.why_text import render

DOCUMENT = """
cityrules: 1
scheme: acts
title: acts
clause: 1
in_force: {from: 2024-01-01}
calendar: {days: weekdays, start_day: excluded, last_day_off: stays}
targets:
  squad: {members: registered, fields: {mark: "number(0) [0, 9]"}}
measures:
  row: {for: squad each month, run: mark < 5, new_year: continues}
  talks: {for: squad each year, count: warned, where: step = "talk"}
  total: {for: squad each year, from: 10, rules: {lost: {each: warned, when: level > 1, deduct: level, clause: 6}}}
  shamed: {for: squad each month, formula: fired(warned.talk)}
  barred: {for: squad each month, formula: "in_force(warned.talk, month.start)"}
  released: {for: squad each month, formula: fired(held)}
consequences:
  held:
    for: squad each month
    when: row = 1
    do: holding
    kind: sanction
    within: 3 working days
    ends: {over: warned, where: level < 2}
  warned:
    for: squad each month
    ladder: row
    restarts: no
    together: highest
    kind: talk
    clause: 4
    steps:
      letter: {reaches: 1, do: letter}
      talk: {at_least: 2, do: talking, amount: row * 1.5, lasts: 45 days}
"""


@pytest.fixture(scope="module", params=["python", "duckdb"])
def found(request: pytest.FixtureRequest) -> Assessment:
    squads = [{"name": "a", "mark": "1"}, {"name": "b", "mark": "9"}]
    as_of = dt.datetime(2025, 2, 2)
    return loads(DOCUMENT).assess({}, targets={"squad": squads}, period="2024", as_of=as_of, engine=request.param)


@pytest.mark.parametrize(
    ("measure", "period", "english", "chinese"),
    [
        ("talks", "2024", 'count over warned, where step = "talk"', '按 warned 计数，限于 step = "talk"'),
        ("talks", "2024", "warned a / 2024-02 / talk", "warned a / 2024-02 / talk"),
        (
            "total",
            "2024",
            "-3  lost · warned a / 2024-03 / talk (clause 6)",
            "-3  lost · warned a / 2024-03 / talk（依据：6）",
        ),
        ("total", "2024", "fired(warned) = true", "fired(warned) = true"),
        ("total", "2024", "talking (talk) on 2024-03-31, step talk, count 3, 4.5, in force", "步骤 talk，计数 3"),
        ("shamed", "2024-02", "fired(warned.talk) = true", "fired(warned.talk) = true"),
        ("shamed", "2024-02", "evidence: row=2", "事实：row=2"),
        ("shamed", "2024-02", "count 2, 3.0, in force from 2024-02-29 until 2024-04-14", "3.0，自 2024-02-29 起生效"),
        (
            "barred",
            "2024-02",
            "in_force(warned.talk, month.start) = false",
            "in_force(warned.talk, month.start) = false",
        ),
        ("barred", "2024-03", "talking (talk) on 2024-02-29", "至 2024-04-14 止（不含当日）"),
        (
            "released",
            "2024-01",
            "in force from 2024-01-31 until 2024-01-31, lifted by warned a / 2024-01 / letter",
            "由 ",
        ),
        ("released", "2024-01", "to be carried out by 2024-02-05", "应于 2024-02-05 前（含当日）办理"),
        ("shamed", "2024-01", "fired(warned.talk) = false", "fired(warned.talk) = false"),
    ],
)
def test_the_acts_that_were_counted_or_asked_for(
    found: Assessment, measure: str, period: str, english: str, chinese: str
) -> None:
    explanation = found.why("a", period, measure)
    assert english in render(explanation, "en")
    assert chinese in render(explanation, "zh")


def test_nothing_is_told_where_nothing_followed(found: Assessment) -> None:
    assert "warned b" not in render(found.why("b", "2024", "talks"), "en")


def test_what_lifts_an_act_is_told_with_its_condition(found: Assessment) -> None:
    explanation = found.why("a", "2024-01", "held")
    assert "lifted by the first warned where level < 2 from its first day on" in render(explanation, "en")
    assert "由首个 warned 解除，限于 level < 2" in render(explanation, "zh")


def test_for_how_long_records_stand_is_told() -> None:
    scheme = load(specs_folder() / "gallery" / "sanction-periods", examples=False)
    decision = {"no": "1", "officer": "A", "decided_on": "2024-01-15", "sanction": "warning", "months": "6"}
    found = scheme.assess(
        {"decision": [decision], "act": [], "promotion": []}, targets={"officer": [{"name": "A"}]}, period="2024"
    )
    july = found.why("A", "2024-07", "under_sanction")
    assert "count over decision, standing since decided_on until free_on" in july.render("en")
    assert "按 decision 计数，自 decided_on 起至 free_on 存续" in july.render("zh")
