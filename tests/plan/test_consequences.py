"""Consequences, ladders and checks."""

from __future__ import annotations

import pytest

from cityrules.plan.model import ActPlan
from plan.building import codes, plan

MEASURES = """
score: {for: squad each month, formula: 100}
grade: {for: squad each month, bands: score, at_least: {60: 合格}, otherwise: 不合格}
failing: {for: squad each month, run: grade = "不合格", new_year: continues}
rated: {for: squad each month, formula: mark, missing: null}
"""

LADDER = """
consequences:
  months:
    for: squad each month
    kind: talk
    ladder: failing
    restarts: after second
    surplus: carried
    together: highest
    decided_by: [区政府]
    clause: 9
    steps:
      first: {reaches: 3, do: 约谈, clause: 9.1}
      second: {exceeds: pass_line, do: 停职, kind: sanction, decided_by: []}
      third: {when: rated < 10, fires: on entry, missing: undecided, do: 通报}
"""


def test_a_ladder() -> None:
    made = plan(MEASURES, LADDER).consequences["months"]
    assert (made.ladder, made.restart_after, made.surplus, made.together) == ("failing", "second", "carried", "highest")
    assert [(step.trigger, step.unknown) for step in made.steps] == [
        ("reaches", None),
        ("exceeds", None),
        ("on_entry", "undecided"),
    ]
    assert made.act is None
    assert made.steps[0].act == ActPlan("约谈", "talk", None, None, ("区政府",), "9.1")
    assert made.steps[1].act == ActPlan("停职", "sanction", None, None, (), "9")


def test_a_condition() -> None:
    made = plan(
        MEASURES,
        "consequences:\n  x: {for: finding, when: volume > 3, do: 通报, kind: circular}\n"
        "checks:\n  y: {for: finding, that: cleared_on >= found_on, missing: no, otherwise: warn}\n",
    )
    assert made.consequences["x"].of_record
    assert made.consequences["x"].act == ActPlan("通报", "circular", None, None, (), "1")
    assert made.checks["y"].unknown == "no"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("when: score < 60, missing: no", ("CR471", "missing")),
        ("when: rated < 60", ("CR470", None)),
        ("when: score", ("CR276", "when")),
        ("when: volume > 3", ("CR441", "when")),
        ("applies: rated > 3, when: score < 60", ("CR478", "applies")),
    ],
)
def test_conditions_say_what_holds_where_they_are_unknown(body: str, found: tuple[str, str | None]) -> None:
    code, key = found
    path = "consequences.x" + (f".{key}" if key else "")
    wrong = codes(MEASURES, f"consequences:\n  x: {{for: squad each month, {body}, do: 约谈, kind: talk}}\n")
    assert wrong == [(code, path)]


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ("ladder: failing", "ladder: grade", ("CR496", "ladder")),
        ("ladder: failing", "ladder: failling", ("CR494", "ladder")),
        ("for: squad each month", "for: squad each year", ("CR495", "ladder")),
        ("reaches: 3", "reaches: rated", ("CR478", "steps.first.reaches")),
        ("reaches: 3", "reaches: fee", ("CR464", "steps.first.reaches")),
        ("missing: undecided, ", "", ("CR470", "steps.third")),
    ],
)
def test_ladders_that_do_not_hold(was: str, now: str, found: tuple[str, str]) -> None:
    code, key = found
    wrong = codes(MEASURES, LADDER.replace(was, now))
    assert (code, f"consequences.months.{key}") in wrong


STEPS = """
consequences:
  months:
    for: squad each month
    ladder: failing
    restarts: no
    together: {together}
    steps:
      first: {{{first}, do: 约谈, kind: talk}}
      second: {{{second}, do: 停职, kind: sanction}}
"""


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("reaches: 3", "reaches: 6", []),
        ("reaches: 6", "reaches: 3", ["CR467"]),
        ("reaches: 3", "reaches: 3", ["CR467"]),
        ("exceeds: pass_line", "exceeds: 60", ["CR467"]),
        ("reaches: rising_line", "reaches: 65", []),
        ("reaches: 6", "at_least: 3", []),
        ("reaches: 0", "reaches: 3", ["CR468"]),
        ("exceeds: 0", "exceeds: 3", []),
        ("at_least: 0", "reaches: 200000", ["CR468"]),
    ],
)
def test_steps_go_from_mild_to_grave(first: str, second: str, found: list[str]) -> None:
    assert [code for code, _ in codes(MEASURES, STEPS.format(together="highest", first=first, second=second))] == found
    both = [code for code in found if code != "CR467"]
    assert [code for code, _ in codes(MEASURES, STEPS.format(together="all", first=first, second=second))] == both


def test_a_ladder_does_not_take_what_is_missing_for_zero() -> None:
    ladder = STEPS.format(together="all", first="reaches: 3", second="reaches: 6").replace("failing", "rated")
    assert codes(MEASURES, ladder) == [("CR497", "consequences.months.ladder")]


def test_acts_rest_on_the_clause_of_the_document_at_last() -> None:
    made = plan(MEASURES, STEPS.format(together="all", first="reaches: 3", second="reaches: 6, clause: 8"))
    assert [step.act.clause for step in made.consequences["months"].steps] == ["1", "8"]
    assert made.consequences["months"].clause == "1"


ACT = "consequences:\n  x: {for: squad each month, when: failing > 2, do: 列入名单, kind: listing, %s}\n"
CALENDAR = "calendar: {days: weekdays, %s}\n"


@pytest.mark.parametrize(
    ("act", "calendar", "found"),
    [
        ("within: 10 days", None, [("CR800", "within")]),
        ("within: 10 days", "start_day: excluded", [("CR802", "within")]),
        ("within: 10 days", "last_day_off: stays", [("CR801", "within")]),
        ("within: 10 working days", "start_day: excluded", []),
        ("within: to end of month", "start_day: excluded", [("CR802", "within")]),
        ("within: to end of month", "last_day_off: stays", []),
        # An effect in calendar days asks for nothing; what is worked matters to one in working days.
        ("lasts: 10 days", None, []),
        ("lasts: 10 working days", None, [("CR800", "lasts")]),
        ("lasts: 10 working days", "last_day_off: stays", [("CR801", "lasts")]),
        ("ends: {over: finding, via: squad}", None, []),
        ("ends: {over: finding, via: squad, where: cleared_on > found_on}", None, [("CR478", "ends.where")]),
        ("ends: {over: finding, via: squad, dated: size}", None, [("CR876", "ends.dated")]),
        ("ends: {over: rating}", None, [("CR431", "ends.over")]),
        ("ends: {over: squad}", None, [("CR962", "ends.over")]),
        ("ends: {over: x}", None, [("CR498", "")]),
        ("between: [1, rated], decided_by: [市局]", None, [("CR478", "between.1")]),
        ("between: [fee, 3], decided_by: [市局]", None, [("CR464", "between.1")]),
        ("between: [failing, 0], decided_by: [市局]", None, []),
        ("between: [failing + 1, 0], decided_by: [市局]", None, [("CR964", "between")]),
    ],
)
def test_what_an_act_has_to_say(act: str, calendar: str | None, found: list[tuple[str, str]]) -> None:
    rest = ACT % act + (CALENDAR % calendar if calendar is not None else "")
    assert codes(MEASURES, rest) == [(code, ".".join(filter(None, ("consequences.x", path)))) for code, path in found]
