"""Periods that each target counts from a day of its own: which cells there are, what lies in them, when they close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cityrules.engines.python.single.scorer import compile_record
from cityrules.plan.build import build
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from engines.agreement import BothEngines
from engines.handmade import Results, assess, plan_of

HEAD = """
cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: FROM}
periods:
  term: {every: 1 year, from: contractor.signed_on}
  part: {every: 4 months, from: contractor.signed_on}
  MONTH
targets:
  contractor: {members: registered, fields: {signed_on: optional date}}
  squad: {in: contractor, members: registered}
  item: {members: [roads, squares]}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, item: item, found_on: date, cleared_on: optional date, points: "count [0, 100]"}
measures:
"""


def assessed(
    measures: str,
    contractors: list[Mapping[str, object]],
    findings: Mapping[str, tuple[str, int]] | None = None,
    *,
    span: str = "2022..2024",
    as_of: dt.datetime | None = None,
    squads: list[Mapping[str, object]] | None = None,
    month: str = "month: {in: by first day}",
    force: str = "2000-01-01",
    given: Mapping[str, Mapping[str, int]] | None = None,
    more: str = "",
) -> Results:
    lines = "".join(f"  {line.strip()}\n" for line in measures.strip().splitlines())
    plan = plan_of(HEAD.replace("MONTH", month).replace("FROM", force) + lines + more, head="")
    rows = [
        {"no": day, "squad": squad, "item": "roads", "found_on": day[:10], "cleared_on": day[11:] or None, "points": n}
        for day, (squad, n) in (findings or {}).items()
    ]
    squads = squads or [{"name": f"{row['name']}1", "contractor": row["name"]} for row in contractors]
    targets = {"contractor": contractors, "squad": squads}
    return assess(plan, span, as_of, targets, given, BothEngines(), finding=rows)


A = {"name": "A", "signed_on": "2022-05-10"}
COUNT = "n: {for: contractor each term, sum: points, over: finding}"


def test_a_cell_for_each_period_from_the_day_on_that_lies_in_the_span() -> None:
    b = {"name": "B", "signed_on": "2021-12-31"}
    found = assessed(
        COUNT, [A, b, {"name": "C", "signed_on": None}], {"2023-05-09": ("A1", 1), "2023-05-10": ("A1", 2)}
    )
    assert found.values("n") == {
        "A 1@term": "1", "A 2@term": "2", "B 2@term": "0", "B 3@term": "0"
    }  # fmt: skip


def test_a_target_that_ends_has_no_later_periods() -> None:
    found = assessed(COUNT, [{**A, "until": "2023-05-10"}])
    assert list(found.values("n")) == ["A 1@term"]
    found = assessed(COUNT, [{**A, "until": "2023-05-11"}])
    assert list(found.values("n")) == ["A 1@term", "A 2@term"]
    found = assessed(COUNT, [{**A, "since": "2023-05-10"}])
    assert list(found.values("n")) == ["A 2@term"]


def test_only_periods_that_touch_the_time_in_force_and_have_begun() -> None:
    assert list(assessed(COUNT, [A], force="2023-05-09").values("n")) == ["A 1@term", "A 2@term"]
    assert list(assessed(COUNT, [A], force="2023-05-10").values("n")) == ["A 2@term"]
    assert list(assessed(COUNT, [A], force="2022-01-01, until: 2023-05-10").values("n")) == ["A 1@term"]
    assert list(assessed(COUNT, [A], as_of=dt.datetime(2023, 5, 9, 23)).values("n")) == ["A 1@term"]
    assert list(assessed(COUNT, [A], as_of=dt.datetime(2023, 5, 10)).values("n")) == ["A 1@term", "A 2@term"]


def test_versions_of_a_target_agree_in_its_first_day() -> None:
    first, later = {**A, "until": "2023-01-01"}, {**A, "since": "2023-01-01"}
    assert list(assessed(COUNT, [first, later]).values("n")) == ["A 1@term", "A 2@term"]
    for other in ("2022-05-11", None):
        found = assessed(COUNT, [first, {**later, "signed_on": other}], squads=[{"name": "A1", "contractor": "B"}])
        assert found.rejects() == ["A: conflict", "A: conflict", "A1: contractor: unknown_target"]


def test_a_period_closes_with_the_last_month_that_counts_for_it() -> None:
    # The month of May 2023 counts for the first year, in which it begins.
    def provisional(day: str, month: str) -> dict[str, object]:
        return assessed(
            COUNT + "\nmonthly: {for: contractor each month, count: finding}",
            [A], as_of=dt.datetime.fromisoformat(day), month=month,
        ).values("n", "provisional")  # fmt: skip

    by_first, by_last = "month: {in: by first day}", "month: {in: by last day}"
    assert provisional("2023-05-31", by_first) == {"A 1@term": True, "A 2@term": True}
    assert provisional("2023-06-01", by_first) == {"A 1@term": False, "A 2@term": True}
    assert provisional("2023-05-10", by_last) == {"A 1@term": False, "A 2@term": True}
    assert provisional("2023-05-09", by_last) == {"A 1@term": True}


def test_records_count_for_whom_the_squad_belonged_to_on_their_day() -> None:
    b = {"name": "B", "signed_on": "2023-01-01"}
    squads = [
        {"name": "s", "contractor": "A", "until": "2023-03-01"},
        {"name": "s", "contractor": "B", "since": "2023-03-01"},
    ]
    found = assessed(COUNT, [A, b], {"2023-02-28": ("s", 1), "2023-03-01": ("s", 2)}, squads=squads)
    assert found.values("n") == {"A 1@term": "1", "A 2@term": "0", "B 1@term": "2", "B 2@term": "0"}


def test_records_that_stand_or_count_on_another_day() -> None:
    found = assessed(
        """
        open: {for: contractor each term, count: finding, standing: {from: found_on, until: cleared_on}}
        cleared: {for: contractor each term, count: finding, dated: cleared_on}
        """,
        [A],
        {"2023-05-09 2023-05-11": ("A1", 1), "2023-05-01 2023-05-10": ("A1", 1), "2022-05-01 2022-05-10": ("A1", 1)},
    )
    assert found.values("open") == {"A 1@term": "2", "A 2@term": "1"}
    assert found.values("cleared") == {"A 1@term": "1", "A 2@term": "2"}


def test_windows_go_back_to_the_first_period_at_most() -> None:
    found = assessed(
        """
        two: {for: contractor each term, sum: points, over: finding, window: last 2 terms}
        ever: {for: contractor each term, sum: points, over: finding, window: ever}
        to_date: {for: contractor each part, sum: points, over: finding, window: term to date}
        of_part: {for: contractor each part, sum: points, over: finding}
        best: {for: contractor each part, max: of_part, over: part, window: last 2 parts, empty: null}
        parts: {for: contractor each term, count: part, where: of_part > 0}
        """,
        [A],
        {"2022-05-09": ("A1", 1), "2022-05-10": ("A1", 2), "2022-09-10": ("A1", 4), "2023-05-10": ("A1", 8)},
    )
    assert found.values("two") == {"A 1@term": "6", "A 2@term": "14"}
    assert found.values("ever") == found.values("two")
    assert found.values("to_date") == dict(
        zip([f"A {number}@part" for number in range(1, 8)], ["2", "6", "6", "8", "8", "8", "0"], strict=True)
    )
    assert list(found.values("best").values()) == ["2", "4", "4", "8", "8", "0", "0"]
    assert found.values("parts") == {"A 1@term": "2", "A 2@term": "1"}


def test_windows_of_a_plain_cycle_go_back_to_its_first_period_at_most() -> None:
    """Found here: `last 2 rounds` and `ever` of the first round held the records of a time without rounds."""
    found = assessed(
        """
        two: {for: contractor each round, sum: points, over: finding, window: last 2 rounds}
        ever: {for: contractor each round, sum: points, over: finding, window: ever}
        """,
        [A], {"2022-12-31": ("A1", 1), "2023-01-01": ("A1", 2), "2023-02-01": ("A1", 4)}, span="2022..2023-02",
        month="round: {every: 1 month, from: 2023-01-01, in: by last day}",
    )  # fmt: skip
    assert found.values("two") == found.values("ever") == {"A 1@round": "2", "A 2@round": "6"}


def test_what_was_before_is_gone_on_from() -> None:
    measures = """
        account: {for: contractor each term, from: carried, rules: {moved: {each: finding, add: points}}}
        change: {for: contractor each term, formula: account - previous(account), missing: null}
        row: {for: contractor each term, run: account > 1, new_year: continues}
    """
    given = {"account": {"A 1@term": 7}, "row": {"A 1@term": 3}}
    found = assessed(measures, [A], {"2023-06-01": ("A1", 5)}, span="2023..2024", given=given)
    assert found.values("account") == {"A 1@term": "7", "A 2@term": "12"}
    assert found.values("change") == {"A 2@term": "5"}
    assert found.values("row") == {"A 1@term": "3", "A 2@term": "4"}


def test_targets_by_dimension_have_the_periods_of_one_of_their_parts() -> None:
    found = assessed(
        """
        pair: {for: contractor each term per item, sum: points, over: finding}
        top: {for: contractor each term, max: pair, over: item, empty: null}
        """,
        [A],
        {"2022-06-01": ("A1", 3)},
    )
    assert {f"{row['target']} {row['period']} {row['dimension']}": row["value"] for row in found.tables["values"]
            if row["measure"] == "pair"} == {
        "A 1@term roads": "3", "A 1@term squares": "0", "A 2@term roads": "0", "A 2@term squares": "0"
    }  # fmt: skip
    assert found.values("top") == {"A 1@term": "3", "A 2@term": "0"}
    found = assessed("turned: {for: item each term per contractor, formula: term.number}", [A])
    assert [row["target"] for row in found.tables["values"]] == ["roads", "roads", "squares", "squares"]


def test_consequences_are_counted_in_the_period_of_their_day() -> None:
    found = assessed(
        """
        n: {for: contractor each month, sum: points, over: finding}
        told: {for: contractor each term, count: warned}
        lost: {for: contractor each term, from: 10, rules: {talks: {each: warned, deduct: 1, clause: 2}}}
        """,
        [A],
        {"2022-06-01": ("A1", 3), "2023-05-01": ("A1", 3)},
        more="consequences:\n  warned: {for: contractor each month, when: n > 2, do: talk, kind: talk, clause: 3}\n",
        month="month: {in: by last day}",
    )
    # That of May 2023 is dated the 31st.
    assert found.values("told") == {"A 1@term": "1", "A 2@term": "1"}
    assert found.values("lost") == {"A 1@term": "9", "A 2@term": "9"}


def test_a_period_that_goes_on_beyond_the_calendar_is_not_assessed() -> None:
    found = assessed(COUNT, [{**A, "signed_on": "9997-06-01"}], span="9990..9999", as_of=dt.datetime(9999, 12, 31))
    assert list(found.values("n")) == ["A 1@term", "A 2@term"]


BY_NUMBER = """
    score:
      for: contractor each term
      from: 100
      rules:
        first: {each: finding, when: term.number = 1, deduct: 1, clause: 2}
        after: {each: finding, when: found_on > term.start, deduct: 2, clause: 2}
        all: {each: finding, deduct: 4, clause: 2}
"""


def test_rules_over_records_read_the_period_of_the_cell() -> None:
    lines = "\n".join(line[4:] for line in BY_NUMBER.strip("\n").splitlines())
    plan = plan_of(HEAD.replace("MONTH", "").replace("FROM", "2000-01-01") + indented(lines), head="")
    rows = [
        {"no": day, "squad": "s", "item": "roads", "found_on": day, "points": 1} for day in ("2022-05-10", "2023-05-11")
    ]
    targets = {"contractor": [A], "squad": [{"name": "s", "contractor": "A"}]}
    found = assess(plan, "2022..2024", None, targets, None, BothEngines(), finding=rows)
    assert found.values("score") == {"A 1@term": "95", "A 2@term": "94"}
    # Found here: a single record knows no register, and was asked for the period all the same.
    scorer = compile_record(plan, "finding")
    assert {name for rule in scorer.beyond for name in rule.needs} == {"term.number", "term.start"}
    assert [hit.rule for hit in scorer(rows[0]).hits] == ["all"]


def indented(lines: str) -> str:
    return "".join(f"  {line}\n" for line in lines.splitlines())


def test_a_choice_within_a_range_cannot_hang_on_a_period_of_the_targets_own() -> None:
    """The row alone decides whether it is used, and it does not know when the contract was signed."""
    rules = """
score:
  for: contractor each term
  from: 100
  rules: {a: {each: finding, when: term.number > 1, between: [1, 3], deduct: points, clause: 2}}
"""
    document = HEAD.replace("MONTH", "").replace("FROM", "2000-01-01") + indented(rules.strip())
    report = Report()
    loaded = read_document(Source("test.yaml", document), report)
    assert loaded is not None
    build(loaded, report)
    assert [found.code for found in report] == ["CR903"]
