"""Measures of the record that another one refers to, read by path."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.engines.python.single.scorer import compile_record
from cityrules.loaded import loads
from cityrules.plan.build import build
from cityrules.results.why import Explainer
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from engines.handmade import HEAD, assess, plan_of

CITY = """
calendar: {days: weekdays, start_day: excluded, last_day_off: stays}
targets:
  squad: {members: registered}
records:
  appeal: {dated: sent, key: [no], fields: {no: text, clearance: optional clearance, sent: date}}
  clearance: {dated: done, key: [id], fields: {id: text, finding: finding, done: date}}
  finding:
    dated: held
    key: [no]
    fields: {no: number(1), squad: squad, held: date, seen: optional date, weight: "number(2) [0, 9]"}
  rating: {one_per: squad each month, absent: "null", fields: {best: optional clearance}}
measures:
  heavy: {for: finding, formula: "weight > 1", applies: "weight > 0.4"}
  in_time: {for: finding, deadline: 20 days, starts: held, done: seen}
  nth: {for: finding, count: finding, among: squad, window: ever}
  share: {for: finding, formula: 1 / weight, empty: error, round: half up to 2}
  of_heavy: {for: squad each month, count: clearance, where: finding.heavy, missing: skip}
  was_due: {for: clearance, formula: finding.in_time.due, missing: "null"}
  late_now: {for: clearance, formula: "default(finding.in_time.late, false) or default(finding.nth, 0) > 1"}
  twice: {for: appeal, formula: clearance.finding.nth * 2 + 1, missing: 0}
  nths: {for: squad each month, sum: finding.nth, over: clearance, missing: skip}
  shares: {for: squad each month, sum: finding.share, over: clearance, missing: skip}
  squad_nth: {for: clearance, formula: finding.nth, missing: "null"}
  so_far: {for: clearance, count: clearance, among: squad_nth, window: ever, missing: skip}
  best_late: {for: squad each month, formula: best.finding.in_time.late, missing: "null"}
  score:
    for: squad each month
    from: 100
    rules:
      late: {each: clearance, when: finding.in_time.late, missing: no, deduct: "default(finding.nth, 1)"}
"""
TARGETS = {"squad": [{"name": "a"}, {"name": "b"}]}
FINDINGS = [
    {"no": "1", "squad": "a", "held": "2015-01-02", "seen": "2015-01-30", "weight": "1.5"},
    {"no": "2", "squad": "a", "held": "2015-01-03", "seen": "2015-01-04", "weight": "0.3"},
    {"no": "3", "squad": "b", "held": "2015-01-30", "weight": "0"},
    {"no": "9", "squad": "b", "held": "2014-12-30", "weight": "1"},
]
CLEARANCES = [
    {"id": "p", "finding": "1.0", "done": "2015-01-31"},
    {"id": "q", "finding": "2", "done": "2015-02-01"},
    {"id": "r", "finding": "3", "done": "2015-02-02"},
    # Of one from before the period, which is there to be referred to, and has no cells.
    {"id": "s", "finding": "9", "done": "2015-02-02"},
]
APPEALS = [
    {"no": "x", "clearance": "q", "sent": "2015-02-04"},
    {"no": "y", "clearance": "s", "sent": "2015-02-04"},
    {"no": "z", "sent": "2015-02-04"},
]
RATINGS = [
    {"squad": "a", "period": "2015-01", "best": "p"},
    {"squad": "b", "period": "2015-01", "best": "s"},
    {"squad": "b", "period": "2015-02", "best": "r"},
]


def test_a_measure_of_the_referent_is_read_wherever_a_field_of_it_is() -> None:
    found = assess(
        CITY, "2015-01..2015-02", dt.datetime(2015, 2, 10), TARGETS, finding=FINDINGS, clearance=CLEARANCES,
        appeal=APPEALS, rating=RATINGS,
    )  # fmt: skip
    assert found.values("was_due") == {"p": "2015-01-22", "q": "2015-01-23", "r": "2015-02-19", "s": None}
    assert found.values("late_now") == {"p": "true", "q": "true", "r": "false", "s": "false"}
    assert found.values("squad_nth") == {"p": "1", "q": "2", "r": "1", "s": None}
    assert found.values("so_far") == {"p": "1", "q": "1", "r": "2", "s": "0"}
    assert found.values("twice") == {"x": "5", "y": "0", "z": "0"}
    # One that does not apply to the referent is missing; who refers to it is not passed over.
    assert found.values("of_heavy") == {"a 2015-01": "1", "a 2015-02": "0", "b 2015-01": "0", "b 2015-02": "0"}
    assert found.values("nths") == {"a 2015-01": "1", "a 2015-02": "2", "b 2015-01": "0", "b 2015-02": "1"}
    assert found.values("score") == {"a 2015-01": "99", "a 2015-02": "100", "b 2015-01": "100", "b 2015-02": "100"}
    assert found.values("best_late") == {"a 2015-01": "true", "a 2015-02": None, "b 2015-01": None,
                                         "b 2015-02": "false"}  # fmt: skip


def test_what_is_undetermined_of_the_referent_is_so_for_whoever_reads_it() -> None:
    found = assess(CITY, "2015-01..2015-02", targets=TARGETS, finding=FINDINGS, clearance=CLEARANCES)
    assert found.values("shares") == {"a 2015-01": "0.67", "a 2015-02": "3.33", "b 2015-01": "0.00", "b 2015-02": "?"}
    assert found.problems("shares") == {"b 2015-02": "depends: share"}


def test_a_single_record_does_not_know_them() -> None:
    scorer = compile_record(plan_of(CITY), "clearance")
    assert [(one.rule, one.needs) for one in scorer.beyond] == [
        ("late", ("finding.in_time.late", "finding.nth", "finding.squad"))
    ]


def test_why_leads_to_the_referent() -> None:
    scheme = loads(HEAD + CITY)
    found = scheme.assess(
        {"finding": FINDINGS, "clearance": CLEARANCES}, targets=TARGETS, period="2015-01..2015-02",
        as_of=dt.datetime(2015, 3, 2),
    )  # fmt: skip
    explainer = Explainer(scheme.plan, found.tables, found.outcome.facts)
    told = explainer.record("clearance", "p", "was_due")
    assert "in_time.due · finding 1.0 = 2015-01-22" in told.render("en")
    assert "in_time.due · finding 1.0 = 2015-01-22" in told.render("zh")
    assert "share · finding 3.0" in explainer.explain("b", "2015-02", "shares").render("en")


CIRCLE = """
targets: {squad: {members: registered}}
records:
  clearance: {dated: done, key: [id], fields: {id: text, finding: finding, done: date, points: "number(1) [0, 9]"}}
  finding: {dated: held, key: [no], fields: {no: text, squad: squad, held: date}}
measures:
  lost: {for: finding, sum: cost, over: clearance, via: finding}
  cost: {for: clearance, formula: "default(finding.lost, 0) + points"}
"""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("", ""), "CR498"),
        (("finding.lost, 0", "finding.lots, 0"), "CR933"),
        (("default(finding.lost, 0)", "finding.lost"), "CR498"),
        (("for: clearance, formula", "for: squad each month, formula"), "CR441"),
        (("default(finding.lost, 0)", "previous(finding.lost)"), "CR451"),
    ],
)
def test_circles_and_slips_are_told(change: tuple[str, str], code: str) -> None:
    report = Report()
    loaded = read_document(Source("test.yaml", HEAD + CIRCLE.replace(*change)), report)
    assert loaded is not None
    assert build(loaded, report) is None
    assert code in {found.code for found in report}
