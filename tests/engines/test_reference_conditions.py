"""Worked examples of conditions on which rows are accepted: who may submit what, and until when."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.engines.python.single.scorer import RecordError, compile_record
from cityrules.plan.build import build
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from engines.handmade import CITY, HEAD, TARGETS, assess, finding, plan_of

JAN = "2015-01-15"


def findings(conditions: str, more: str = "") -> str:
    """`CITY` with conditions on its findings."""
    head = f"parameters: {{most: {{values: {{2000-01-01: 2, 2015-01-10: 3}}}}}}\n{CITY}"
    held = head.replace("    key: [no]\n", f"    key: [no]\n    accepted_if: {{{conditions}}}\n", 1)
    return f"{held}\nmeasures:\n  many: {{for: squad each month, count: finding, via: squad}}\n{more}"


@pytest.mark.parametrize(
    ("condition", "rejected"),
    [
        ("that: points <= most", ["four: not_met"]),
        ("that: squad != helper, missing: yes", ["own: not_met"]),
        ("that: squad != helper, missing: no", ["early: not_met", "four: not_met", "own: not_met"]),
        ("that: n != null and n > 1", ["early: not_met", "four: not_met", "own: not_met"]),
        # A constant of the row's own day, the targets it reaches, periods and the instant of knowledge.
        ("that: held + @\"P3D\" <= date(as_of)", ["four: not_met", "other: not_met", "own: not_met"]),
        ("that: month.number = 1", []),
        ("that: 'true'", []),
        # What leads beyond the calendar cannot be told, and is not accepted.
        ("that: held + @\"P9000Y\" > held", [f"{no}: overflow" for no in ("early", "four", "other", "own")]),
        ("that: points < 4 or held + @\"P9000Y\" > held", ["four: overflow"]),
    ],
)  # fmt: skip
def test_a_row_that_does_not_meet_a_condition_is_a_reject(condition: str, rejected: list[str]) -> None:
    rows = [
        {**finding("own", "a1", JAN), "helper": "a1"}, {**finding("other", "a1", JAN), "helper": "b1", "n": 2},
        finding("four", "b1", JAN, "4"), finding("early", "b1", "2015-01-09", "2"),
    ]  # fmt: skip
    found = assess(
        findings(f"why: {{{condition}}}"), "2015-01", dt.datetime(2015, 1, 17), targets=TARGETS, finding=rows
    )
    told = {f"{no}: accepted_if.why: {code}" for no, code in (one.split(": ") for one in rejected)}
    assert set(found.rejects()) == told
    assert sum(int(str(many)) for many in found.values("many").values()) == 4 - len(rejected)


def test_of_a_target_counts_what_it_is_on_the_day_of_the_row() -> None:
    body = findings("big: {that: size = \"big\"}, few: {that: quota < 4}").replace(
        "      helper: optional squad\n", ""
    )  # fmt: skip
    targets = {
        "bureau": [
            {"name": "A", "quota": 3, "size": "big", "until": "2015-02-01"},
            {"name": "A", "quota": 4, "size": "small", "since": "2015-02-01"},
            {"name": "B", "quota": 2, "size": "small"},
        ],
        "squad": TARGETS["squad"],
    }
    rows = [finding("a", "a1", "2015-01-31"), finding("b", "a1", "2015-02-01"), finding("c", "b1", JAN)]
    found = assess(body, "2015", targets=targets, finding=rows)
    assert sorted(found.rejects()) == [
        "b: accepted_if.big: not_met; accepted_if.few: not_met", "c: accepted_if.big: not_met",
    ]  # fmt: skip


def test_it_is_asked_only_where_nothing_else_speaks_against_the_row() -> None:
    more = """  score:
    for: squad each month
    from: 100
    rules: {hit: {each: finding, via: squad, deduct: points, between: [1, 3]}}
"""
    rows = [
        finding("choice", "a1", JAN, "9"), finding("late", "a1", "2016-01-01", "9"), finding("nobody", "x", JAN, "9"),
        finding("both", "a1", JAN, "2"), finding("both", "a1", JAN, "1"), finding("one", "a1", JAN, "2"),
    ]  # fmt: skip
    body = findings("even: {that: points = 1}", more)
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    # A row that is not accepted is not compared with others of its key.
    assert sorted(found.rejects()) == [
        "both: accepted_if.even: not_met", "choice: points: outside_choice", "late: held: outside_period",
        "nobody: squad: unknown_target", "one: accepted_if.even: not_met",
    ]  # fmt: skip
    assert found.values("many")["a1 2015-01"] == "1"


REFERRING = """
targets: {squad: {members: registered}}
records:
  finding:
    dated: held
    key: [no]
    fields: {no: text, squad: squad, held: date}
    accepted_if: {new: {that: held >= date("2015-01-03")}}
  answer:
    dated: given
    key: [id]
    fields: {id: text, finding: optional finding, given: date}
    accepted_if:
      in_time: {that: 'days_between(finding.held, given) <= 3', missing: yes}
      not_odd: {that: squad != "s9", missing: yes}
measures:
  answers: {for: squad each month, count: answer}
"""


def test_a_condition_may_read_what_the_row_refers_to() -> None:
    rows = [{"no": no, "squad": squad, "held": held} for no, squad, held in
            (("1", "s1", "2015-01-05"), ("2", "s9", "2015-01-05"), ("3", "s1", "2015-01-02"))]  # fmt: skip
    answers = [
        {"id": id_, "finding": to, "given": given}
        for id_, to, given in (
            ("a", "1", "2015-01-08"), ("b", "1", "2015-01-09"), ("c", "2", "2015-01-09"), ("d", "3", "2015-01-03"),
            ("e", None, "2015-01-09"),
        )
    ]  # fmt: skip
    found = assess(
        REFERRING, "2015-01", targets={"squad": [{"name": "s1"}, {"name": "s9"}]}, finding=rows, answer=answers
    )
    assert sorted(found.rejects()) == [
        "3: accepted_if.new: not_met", "b: accepted_if.in_time: not_met",
        "c: accepted_if.in_time: not_met; accepted_if.not_odd: not_met", "d: finding: unknown_record",
    ]  # fmt: skip
    assert found.values("answers")["s1 2015-01"] == "1"


CELLS = """
parameters: {most: {values: {2000-01-01: 5, 2015-02-01: 8}}}
targets:
  squad: {members: registered, fields: {size: count}}
  office: {members: registered}
  officer: {in: office, members: registered, fields: {grade: count}}
  item: {members: registered, fields: {charge: office}}
records:
  mark:
    one_per: squad each month per item
    absent: "null"
    fields: {giver: office, by: optional officer, points: count, extra: optional count}
    accepted_if:
      competent: {that: giver = charge}
      most: {that: points <= most and points <= size}
      extra: {that: extra < points, missing: yes}
      signed: {that: by.office = giver and by.grade > 1, missing: yes}
measures:
  total: {for: squad each month, sum: points, over: item, missing: skip}
"""
KINDS = {
    "squad": [{"name": "s", "size": 9}, {"name": "t", "size": 4}],
    "office": [{"name": "o"}, {"name": "p"}],
    "officer": [{"name": "o1", "office": "o", "grade": 1}, {"name": "o2", "office": "o", "grade": 2}],
    "item": [{"name": "i", "charge": "o"}, {"name": "j", "charge": "p"}],
}


def test_a_row_for_a_cell_is_judged_by_itself_and_its_cell() -> None:
    """Fields are those of the row, never missing because no row was accepted for the cell."""
    rows = [
        {"squad": squad, "period": month, "item": item, "giver": giver, "by": by, "points": points, "extra": extra}
        for squad, month, item, giver, by, points, extra in (
            ("s", "2015-01", "i", "o", "o2", 5, None), ("s", "2015-01", "j", "o", "o2", 6, 6),
            ("t", "2015-01", "i", "o", None, 5, 1), ("s", "2015-02", "i", "o", None, 8, 7),
            ("s", "2015-02", "j", "p", "o2", 9, 1), ("t", "2015-02", "i", "o", "o1", 4, 1),
        )
    ]  # fmt: skip
    found = assess(CELLS, "2015-01..2015-02", targets=KINDS, mark=rows)
    assert sorted(found.rejects()) == [
        "s 2015-01 j: accepted_if.competent: not_met; accepted_if.extra: not_met; accepted_if.most: not_met",
        "s 2015-02 j: accepted_if.most: not_met; accepted_if.signed: not_met", "t 2015-01 i: accepted_if.most: not_met",
        "t 2015-02 i: accepted_if.signed: not_met",
    ]  # fmt: skip
    assert found.values("total") == {"s 2015-01": "5", "s 2015-02": "8", "t 2015-01": "0", "t 2015-02": "0"}


def test_a_correction_that_is_not_accepted_corrects_nothing() -> None:
    body = findings("who: {that: points < 3}").replace("    key: [no]\n", "    key: [no]\n    latest_by: n\n", 1)
    rows = [{**finding("a", "a1", JAN, "2"), "n": 1}, {**finding("a", "a1", JAN, "9"), "n": 2}]
    found = assess(body.replace("n: optional count", "n: count"), span="2015-01", targets=TARGETS, finding=rows)
    assert found.rejects() == ["a: accepted_if.who: not_met"]
    assert found.values("many")["a1 2015-01"] == "1"


def test_the_scorer_of_single_records_refuses_the_same() -> None:
    far = 'points < most or held + @"P9000Y" > held'
    body = findings(f"own: {{that: squad != helper, missing: yes}}, far: {{that: {far}}}")
    scorer = compile_record(plan_of(body), "finding")
    record = {"no": "1", "squad": "a", "helper": None, "held": JAN, "n": None, "points": "2.99", "bad": None}
    assert scorer(record).problems == ()
    for more, reasons in (
        ({"helper": "a"}, ("accepted_if.own: not_met",)),
        ({"points": "3"}, ("accepted_if.far: overflow",)),
        ({"points": "3", "helper": "a"}, ("accepted_if.far: overflow", "accepted_if.own: not_met")),
    ):
        with pytest.raises(RecordError) as caught:
            scorer({**record, **more})
        assert caught.value.reasons == reasons
    assert scorer.beyond == ()


def test_the_scorer_leaves_out_what_needs_a_register() -> None:
    body = findings("big: {that: size = \"big\"}").replace("      helper: optional squad\n", "")  # fmt: skip
    scorer = compile_record(plan_of(body), "finding")
    assert [(one.measure, one.rule, one.needs) for one in scorer.beyond] == [("finding", "accepted_if.big", ("size",))]


@pytest.mark.parametrize("unstated", ["parameters: {line: {value: unstated}}", "reading"])
def test_nothing_is_computed_while_it_is_open_which_rows_are_accepted(unstated: str) -> None:
    body = findings("few: {that: points < line}")
    line = "line: {value: unstated}" if unstated != "reading" else "line: {value: 3}"
    body = body.replace("parameters: {", f"parameters: {{{line}, ")
    if unstated == "reading":
        body += """readings:
  who: {question: q, chosen: unstated, because: b, others: {all: {records.finding.accepted_if.few: null}}}
"""
    found = assess(body, span="2015-01", targets=TARGETS, finding=[finding("a", "a1", JAN, "2")])
    assert found.values("many") == {}
    assert [row["detail"] for row in found.tables["problems"]] == ["line" if unstated != "reading" else "who"]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("that: many > 2", "CR444"), ("that: large", "CR980"), ("that: fired(big)", "CR980"),
        ("that: squad != helper", "CR470"), ("that: points > 2, missing: no", "CR471"),
        ("that: squad != helper, missing: undecided", "CR309"), ("that: points", "CR276"),
        ("that: squad = bureau", "CR444"),
    ],
)  # fmt: skip
def test_what_a_condition_may_not_say(condition: str, code: str) -> None:
    body = findings(f"one: {{{condition}}}", "  large: {for: finding, formula: points > 2}\n")
    body += "consequences: {big: {for: finding, when: large, do: it, kind: talk}}\n"
    report = Report()
    loaded = read_document(Source("test.yaml", HEAD + body), report)
    assert loaded is None or build(loaded, report) is None
    assert [found.code for found in report] == [code]


ABOVE = """
targets:
  bureau: {members: registered, fields: {class: text}}
  squad: {in: bureau, members: registered, fields: {class: text, size: optional count}}
records:
  mark:
    dated: held
    key: [no]
    fields: {no: text, squad: squad, giver: optional squad, bureau: bureau, held: date}
    accepted_if:
      others: {that: giver.bureau != squad.bureau, missing: no}
      same_class: {that: giver.class = squad.class, missing: yes}
measures:
  big: {for: mark, formula: 'if bureau.class = "x" then default(giver.size, 1) + squad.size else 0', missing: 9}
  many: {for: bureau each month, sum: big, over: mark, via: bureau, where: squad.bureau = bureau}
  given: {for: squad each month, count: mark, via: giver, where: giver.size > 1 and squad.size > 1, missing: skip}
"""


def test_a_name_may_say_which_field_leads_to_the_target() -> None:
    targets = {
        "bureau": [{"name": "A", "class": "x"}, {"name": "B", "class": "y"}],
        "squad": [
            {"name": "a1", "bureau": "A", "class": "x", "size": 3},
            {"name": "b1", "bureau": "B", "class": "x", "size": 2, "until": "2015-02-01"},
            {"name": "b1", "bureau": "A", "class": "x", "since": "2015-02-01"},
            {"name": "b2", "bureau": "B", "class": "y"},
        ],
    }
    rows = [
        {"no": no, "squad": squad, "giver": giver, "bureau": bureau, "held": held}
        for no, squad, giver, bureau, held in (
            ("1", "a1", "b1", "A", "2015-01-31"), ("2", "a1", "b1", "A", "2015-02-01"),
            ("3", "a1", None, "A", "2015-01-31"), ("4", "a1", "b2", "A", "2015-01-31"),
            ("5", "a1", "a1", "A", "2015-01-31"), ("6", "a1", "b1", "B", "2015-01-31"),
        )
    ]  # fmt: skip

    found = assess(ABOVE, "2015-01..2015-02", targets=targets, mark=rows)
    assert sorted(found.rejects()) == [
        "2: accepted_if.others: not_met", "3: accepted_if.others: not_met", "4: accepted_if.same_class: not_met",
        "5: accepted_if.others: not_met",
    ]  # fmt: skip
    assert found.values("big") == {"1": "5", "6": "0"}
    assert found.values("many")["A 2015-01"] == "5"
    assert found.values("many")["B 2015-01"] == "0"
    assert found.values("given")["b1 2015-01"] == "2"


def test_a_referent_from_before_the_period_has_to_be_acceptable_and_can_be_read() -> None:
    rows = [{"no": no, "squad": "s1", "held": held} for no, held in
            (("1", "2015-01-31"), ("2", "2015-01-02"), ("3", "2015-01-03"))]  # fmt: skip
    answers = [
        {"id": id_, "finding": to, "given": given}
        for id_, to, given in (
            ("a", "1", "2015-02-03"), ("b", "1", "2015-02-04"), ("c", "2", "2015-02-01"), ("d", "3", "2015-02-01"),
        )
    ]  # fmt: skip
    found = assess(REFERRING, "2015-02", targets={"squad": [{"name": "s1"}]}, finding=rows, answer=answers)
    assert sorted(found.rejects()) == [
        "1: held: outside_period", "2: held: outside_period", "3: held: outside_period",
        "b: accepted_if.in_time: not_met", "c: finding: unknown_record", "d: accepted_if.in_time: not_met",
    ]  # fmt: skip
    assert found.values("answers")["s1 2015-02"] == "1"
