"""Records that refer to records of another kind: what they read of them, whom they reach by them, who is refused."""

from __future__ import annotations

import datetime as dt

from cityrules.engines.python.single.scorer import compile_record
from cityrules.loaded import loads
from cityrules.results.why import Explainer
from engines.handmade import HEAD, assess, plan_of

CITY = """
targets:
  bureau: {members: registered, fields: {quota: count}}
  squad: {in: bureau, members: registered}
  market: {members: [north, south]}
records:
  # Named before what they refer to: the order of the document does not matter.
  appeal:
    dated: sent
    key: [no]
    fields: {no: text, clearance: optional clearance, sent: date}
  clearance:
    dated: done
    key: [id]
    fields: {id: text, finding: finding, market: optional market, done: date}
  finding:
    dated: held
    key: [no]
    fields: {no: number(1), squad: squad, market: market, held: date, seen: optional date, weight: number(2)}
  rating: {one_per: squad each month, absent: "null", fields: {best: optional clearance}}
measures:
  waited: {for: clearance, formula: "days_between(finding.held, done)"}
  since_seen: {for: clearance, formula: "days_between(finding.seen, done)", missing: "null"}
  of_squad: {for: squad each month, count: clearance}
  of_market: {for: market each month, count: clearance}
  of_other: {for: market each month, count: clearance, via: finding.market}
  by_found: {for: bureau each month, sum: finding.weight, over: clearance, dated: finding.held}
  standing: {for: bureau each month, count: clearance, standing: {from: finding.held, until: done}}
  best_weight: {for: squad each month, formula: best.finding.weight, missing: "null"}
  cleared: {for: finding, count: clearance, via: finding, where: market != null}
  appeals: {for: finding, count: appeal, via: clearance.finding}
  last: {for: finding, max: done, over: clearance, via: finding, empty: null}
  late: {for: squad each month, count: finding, where: appeals > 0}
  score:
    for: squad each month
    from: 100
    rules:
      late: {each: appeal, when: clearance.finding.weight > 1, missing: no, deduct: 2, times: quota}
"""
TARGETS = {
    "bureau": [{"name": "E", "quota": 3}, {"name": "W", "quota": 5}],
    "squad": [{"name": "e1", "bureau": "E"}, {"name": "w1", "bureau": "W"}],
}
FINDINGS = [
    {"no": "1", "squad": "e1", "market": "north", "held": "2015-01-02", "weight": "1.5"},
    {"no": "2", "squad": "w1", "market": "south", "held": "2015-01-30", "seen": "2015-02-01", "weight": "0.5"},
    {"no": "3", "squad": "w1", "market": "west", "held": "2015-01-30", "weight": "1"},
    {"no": "4", "squad": "w1", "market": "south", "held": "2014-12-31", "weight": "1"},
    {"no": "5", "squad": "w1", "market": "south", "held": "2015-01-30", "weight": "1"},
    {"no": "5", "squad": "w1", "market": "north", "held": "2015-01-30", "weight": "1"},
]


def test_fields_of_a_referent_are_read_and_lead_to_targets() -> None:
    found = assess(
        CITY,
        "2015-01..2015-02",
        targets=TARGETS,
        finding=FINDINGS[:2],
        # Keys are compared as values: `1.0` is `1`.
        clearance=[
            {"id": "a", "finding": "1.0", "done": "2015-02-03"},
            {"id": "b", "finding": "2", "market": "north", "done": "2015-02-03"},
        ],
        appeal=[
            {"no": "x", "clearance": "a", "sent": "2015-02-04"},
            {"no": "y", "clearance": "b", "sent": "2015-02-04"},
            {"no": "z", "sent": "2015-02-04"},
        ],
        rating=[{"squad": "w1", "period": "2015-01", "best": "a"}],
    )
    assert found.values("waited") == {"a": "32", "b": "4"}
    assert found.values("since_seen") == {"a": None, "b": "2"}
    months = ("2015-01", "2015-02")
    of_squad = found.values("of_squad")
    assert [of_squad[f"{squad} {month}"] for squad in ("e1", "w1") for month in months] == ["0", "1", "0", "1"]
    # A market of its own goes before that of the finding, and is there for one of the two.
    assert found.values("of_market") == {"north 2015-01": "0", "north 2015-02": "1", "south 2015-01": "0",
                                         "south 2015-02": "0"}  # fmt: skip
    assert found.values("of_other") == {"north 2015-01": "0", "north 2015-02": "1", "south 2015-01": "0",
                                        "south 2015-02": "1"}  # fmt: skip
    by_found = found.values("by_found")
    assert (by_found["E 2015-01"], by_found["W 2015-01"], by_found["E 2015-02"]) == ("1.50", "0.50", "0.00")
    assert found.values("standing") == {"E 2015-01": "1", "E 2015-02": "1", "W 2015-01": "1", "W 2015-02": "1"}
    # Those that refer to it count, whenever they did.
    assert found.values("cleared") == {"1.0": "0", "2.0": "1"}
    assert found.values("appeals") == {"1.0": "1", "2.0": "1"}
    assert found.values("last") == {"1.0": "2015-02-03", "2.0": "2015-02-03"}
    assert found.values("late")["e1 2015-01"] == "1"
    assert found.values("best_weight")["w1 2015-01"] == "1.50"
    assert found.values("score") == {"e1 2015-01": "100", "e1 2015-02": "94", "w1 2015-01": "100",
                                     "w1 2015-02": "100"}  # fmt: skip


def test_whoever_refers_to_a_record_that_was_not_accepted_is_refused_too() -> None:
    found = assess(
        CITY,
        "2015-01..2015-02",
        targets=TARGETS,
        finding=FINDINGS,
        clearance=[
            {"id": "market", "finding": "3", "done": "2015-02-03"},
            {"id": "before", "finding": "4", "done": "2015-02-03"},
            {"id": "torn", "finding": "5", "done": "2015-02-03"},
            {"id": "nobody", "finding": "6", "done": "2015-02-03"},
            {"id": "digits", "finding": "1.25", "done": "2015-02-03"},
            {"id": "nothing", "finding": "", "done": "2015-02-03"},
            {"id": "both", "finding": "6", "market": "west", "done": "2015-02-03"},
            {"id": "good", "finding": "1", "done": "2015-02-03"},
        ],
        appeal=[
            {"no": "x", "clearance": "before", "sent": "2015-02-04"},
            {"no": "y", "clearance": "good", "sent": "2015-02-04"},
        ],
        rating=[{"squad": "e1", "period": "2015-01", "best": "torn"}],
    )
    said = [line for line in found.rejects() if not line[0].isdigit()]
    assert said == [
        "x: clearance: unknown_record",
        "market: finding: unknown_record",
        "before: finding: unknown_record",
        "torn: finding: unknown_record",
        "nobody: finding: unknown_record",
        "digits: finding: excess_digits",
        "nothing: finding: missing",
        "both: market: unknown_target",
        "e1 2015-01: best: unknown_record",
    ]
    assert found.values("of_squad")["e1 2015-02"] == "1"


def test_a_single_record_does_not_know_what_it_refers_to() -> None:
    scorer = compile_record(plan_of(CITY), "appeal")
    assert [(one.rule, one.needs) for one in scorer.beyond] == [
        ("late", ("clearance.finding.squad", "clearance.finding.weight", "quota"))
    ]


def test_why_shows_what_was_read_of_the_referent() -> None:
    scheme = loads(HEAD + CITY)
    found = scheme.assess(
        {"finding": FINDINGS[:2], "clearance": [{"id": "b", "finding": "2", "done": "2015-02-03"}]},
        targets=TARGETS, period="2015-01..2015-02", as_of=dt.datetime(2015, 3, 2),
    )  # fmt: skip
    explanation = Explainer(scheme.plan, found.tables, found.outcome.facts).record("clearance", "b")
    english, chinese = explanation.render("en"), explanation.render("zh")
    assert "finding.held = 2015-01-30" in english
    assert "finding = 2.0" in english
    assert "finding.held = 2015-01-30" in chinese
    told = Explainer(scheme.plan, found.tables, found.outcome.facts).record("finding", "2.0", "last").render("en")
    assert "with the same finding" in told
    assert "clearance b" in told
