"""Records that refer to records of another kind: what they read of them, whom they reach by them, who is refused."""

from __future__ import annotations

import datetime as dt

from engines.handmade import assess

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
        "market: finding: unknown_record",
        "torn: finding: unknown_record",
        "nobody: finding: unknown_record",
        "digits: finding: excess_digits",
        "nothing: finding: missing",
        "both: market: unknown_target",
        "e1 2015-01: best: unknown_record",
    ]
    assert found.values("of_squad")["e1 2015-02"] == "1"


def test_a_referent_before_the_period_is_read_but_counts_nowhere() -> None:
    """A clearance in January of a finding of December was once refused as that of a finding that nobody knows."""
    found = assess(
        CITY,
        "2015-01..2015-02",
        as_of=dt.datetime(2015, 3, 5),
        targets=TARGETS,
        finding=[
            *FINDINGS[:2],
            {"no": "4", "squad": "w1", "market": "south", "held": "2014-12-31", "weight": "1"},
            # Not known yet; not there then; of no target; not twice the same: no referents.
            {"no": "6", "squad": "w1", "market": "south", "held": "2015-09-01", "weight": "1"},
            {"no": "7", "squad": "x1", "market": "south", "held": "2014-12-31", "weight": "1"},
            {"no": "8", "squad": "w1", "market": "south", "held": "2014-12-31", "weight": "1"},
            {"no": "8", "squad": "w1", "market": "south", "held": "2014-12-30", "weight": "1"},
            # The one inside goes before the one outside with its key; rows outside that are equal are one.
            {"no": "2", "squad": "e1", "market": "south", "held": "2014-12-31", "weight": "9"},
            {"no": "4.0", "squad": "w1", "market": "south", "held": "2014-12-31", "weight": "1.00"},
        ],
        clearance=[
            {"id": "old", "finding": "4", "done": "2015-01-03"},
            {"id": "new", "finding": "2", "done": "2015-02-03"},
            {"id": "later", "finding": "6", "done": "2015-02-03"},
            {"id": "gone", "finding": "7", "done": "2015-02-03"},
            {"id": "torn", "finding": "8", "done": "2015-02-03"},
            # Itself before the period, and of a finding before it: what is read goes through both.
            {"id": "far", "finding": "4", "done": "2014-12-31"},
            {"id": "lost", "finding": "8", "done": "2014-12-31"},
        ],
        appeal=[
            {"no": "x", "clearance": "old", "sent": "2015-02-04"},
            {"no": "y", "clearance": "far", "sent": "2015-02-04"},
            {"no": "z", "clearance": "lost", "sent": "2015-02-04"},
        ],
    )
    assert found.values("waited") == {"new": "4", "old": "3"}
    of_squad = found.values("of_squad")
    assert (of_squad["w1 2015-01"], of_squad["w1 2015-02"]) == ("1", "1")
    assert of_squad["e1 2015-02"] == "0"
    # It is no record of its kind: it has no measures, and stands in no month.
    assert list(found.values("cleared")) == ["1.0", "2.0"]
    assert found.values("standing")["W 2015-01"] == "2"
    rejects = found.rejects()
    assert sorted(line for line in rejects if line[0].isalpha()) == [
        "far: done: outside_period",
        "gone: finding: unknown_record",
        "later: finding: unknown_record",
        "lost: done: outside_period",
        "torn: finding: unknown_record",
        "z: clearance: unknown_record",
    ]
    assert sorted(line for line in rejects if line.startswith(("2", "4"))) == [
        "2: held: outside_period",
        "4.0: held: outside_period",
        "4: held: outside_period",
    ]
    assert "6: held: after_as_of" in rejects


LAWS = """
targets: {squad: {members: as they appear}}
records:
  finding:
    dated: held
    key: [no]
    latest_by: turn
    fields: {no: text, squad: squad, held: date, turn: count, points: count}
  clearance: {dated: done, key: [id], fields: {id: text, finding: finding, done: date}}
measures:
  clearances: {for: squad each month, count: clearance}
  worth: {for: squad each month, sum: finding.points, over: clearance}
"""


def test_the_latest_of_rows_before_the_period_is_the_referent_and_its_target_appears() -> None:
    rows = [
        # The latest of three, all before the period; one that has left it by its latest row; one that has come into it.
        ("a", "s1", "2014-12-01", 1, 1), ("a", "s2", "2014-12-02", 2, 2), ("a", "s1", "2014-12-03", 0, 3),
        ("b", "s1", "2015-01-05", 1, 4), ("b", "s3", "2014-12-05", 2, 5),
        ("c", "s4", "2014-12-05", 1, 6), ("c", "s1", "2015-01-06", 2, 7),
    ]  # fmt: skip
    names = ("no", "squad", "held", "turn", "points")
    found = assess(
        LAWS,
        "2015-01",
        finding=[dict(zip(names, map(str, row), strict=True)) for row in rows],
        clearance=[{"id": no, "finding": no, "done": "2015-01-09"} for no in "abc"],
    )
    assert found.values("clearances") == {"s1 2015-01": "1", "s2 2015-01": "1", "s3 2015-01": "1"}
    assert found.values("worth") == {"s1 2015-01": "7", "s2 2015-01": "2", "s3 2015-01": "5"}
    assert sorted(found.rejects()) == [
        "a: held: outside_period",
        "a: held: outside_period",
        "a: held: outside_period",
        "b: held: outside_period",
        "b: superseded",
        "c: held: outside_period",
    ]
