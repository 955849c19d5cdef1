"""Worked examples of amounts, and of acts that last: from when until when, on which day, and what is unknown."""

from __future__ import annotations

import datetime as dt

import pytest

from engines.handmade import ALONE, Results, assess, finding
from engines.test_reference_acts import TARGETS, marks


def run(act: str, measures: str = "", span: str = "2015-01..2015-03", got: str = "a", **more: object) -> Results:
    """A ban for squads that got less than 5; `a` got so little in January only, of `?` nothing is known then."""
    body = f"""{ALONE}
measures:
  got: {{for: squad each month, formula: bonus, missing: error}}
{measures}
consequences:
  ban: {{for: squad each month, when: got < 5, do: ban, kind: listing, {act}}}
"""
    rows = marks(a=[1 if got == "a" else None, 9, 9], b=[9, 9, 9], c=[9, 9, 9])
    return assess(body, span=span, targets=TARGETS, extra=rows, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("amount: 10 - got", ("9.0", None, None)),
        ("lasts: 1 day", (None, "2015-01-31", "2015-02-01")),
        ("lasts: 2 weeks", (None, "2015-01-31", "2015-02-14")),
        ("lasts: 1 month", (None, "2015-01-31", "2015-02-28")),
        ("lasts: 13 months", (None, "2015-01-31", "2016-02-29")),
        ("lasts: to end of month", (None, "2015-01-31", "2015-02-01")),
        ("lasts: to end of next month", (None, "2015-01-31", "2015-03-01")),
        ("lasts: to end of quarter", (None, "2015-01-31", "2015-04-01")),
        ("lasts: to end of half_year", (None, "2015-01-31", "2015-07-01")),
        ("lasts: to end of next year", (None, "2015-01-31", "2017-01-01")),
        ("lasts: for good, starts: month.start", (None, "2015-01-01", None)),
        ("lasts: to end of year, starts: quarter.last_day, amount: got", ("1.0", "2015-03-31", "2016-01-01")),
    ],
)
def test_a_row_says_how_much_and_from_when_until_when(act: str, expected: tuple[str | None, ...]) -> None:
    (row,) = run(act).tables["consequences"]
    found = (row["amount"], *(None if row[name] is None else str(row[name]) for name in ("starts", "until")))
    assert found == expected


CALENDAR = "calendar: {days: weekdays, start_day: %s, last_day_off: %s}"


@pytest.mark.parametrize(
    ("start", "off", "act", "expected"),
    [
        # 31 January 2015 is a Saturday, 1 January a Thursday.
        ("excluded", "stays", "lasts: 5 working days", ("2015-01-31", None, "2015-02-07")),
        ("included", "stays", "lasts: 5 working days", ("2015-01-31", None, "2015-02-07")),
        ("excluded", "stays", "lasts: 5 working days, starts: month.start", ("2015-01-01", None, "2015-01-09")),
        ("included", "stays", "lasts: 5 working days, starts: month.start", ("2015-01-01", None, "2015-01-08")),
        ("excluded", "stays", "within: 5 working days, starts: month.start", (None, "2015-01-08", None)),
        ("excluded", "stays", "within: 10 days", (None, "2015-02-10", None)),
        ("included", "stays", "within: 10 days", (None, "2015-02-09", None)),
        ("excluded", "stays", "within: 1 week, lasts: 1 day", ("2015-01-31", "2015-02-07", "2015-02-01")),
        ("excluded", "next working day", "within: 1 week, lasts: 1 day", ("2015-01-31", "2015-02-09", "2015-02-01")),
        ("excluded", "next working day", "within: 1 month", (None, "2015-03-02", None)),
        ("excluded", "stays", "within: to end of month", (None, "2015-01-31", None)),
        ("excluded", "next working day", "within: to end of month", (None, "2015-02-02", None)),
        ("excluded", "stays", "within: to end of next quarter", (None, "2015-06-30", None)),
        # What moves off a day off is the day by which it is done, never the effect.
        ("excluded", "next working day", "lasts: 6 days", ("2015-01-31", None, "2015-02-06")),
    ],
)
def test_working_days_and_days_to_carry_it_out(
    start: str, off: str, act: str, expected: tuple[str | None, ...]
) -> None:
    (row,) = run(act, CALENDAR % (start, off)).tables["consequences"]
    assert tuple(None if row[name] is None else str(row[name]) for name in ("starts", "due", "until")) == expected


def test_what_befalls_a_record_is_due_from_its_own_day_on() -> None:
    body = f"""{ALONE}
{CALENDAR % ("excluded", "next working day")}
consequences:
  report: {{for: finding, when: points > 1, do: report, kind: explanation, within: 3 working days}}
"""
    rows = [finding(1, "a", "2015-01-09", 2), finding(2, "a", "2015-01-10", 2), finding(3, "a", "2015-01-11", 1)]
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    # Friday the 9th and Saturday the 10th: in both cases Monday to Wednesday count.
    assert [(row["record"], str(row["due"])) for row in found.tables["consequences"]] == [
        ("1", "2015-01-14"),
        ("2", "2015-01-14"),
    ]


@pytest.mark.parametrize("act", ["lasts: 3 working days", "within: 3 working days"])
def test_a_year_that_the_calendar_does_not_know_is_a_problem(act: str) -> None:
    years = "calendar: {days: stated, start_day: excluded, years: {2015: {}}}"
    found = run(f"{act}, starts: found", '  found: {for: squad each month, formula: date("2015-12-29")}\n' + years)
    assert not found.tables["consequences"]
    # The last working days of 2015 are 30 and 31 December; whoever is not concerned has the problem, too.
    assert found.problems("ban") == {
        f"{squad} 2015-0{month}": "overflow: ban" for squad in "abc" for month in (1, 2, 3)
    }


def test_what_is_due_can_be_read_by_whoever_runs_over_the_rows() -> None:
    ask = """  soon: {for: bureau each quarter, count: ban, where: due <= quarter.last_day}
  last: {for: bureau each quarter, max: due, over: ban, empty: null}
"""
    found = run("within: 10 days", ask + CALENDAR % ("excluded", "stays"))
    assert found.values("soon") == {"A 2015-Q1": "1", "B 2015-Q1": "0"}
    assert found.values("last") == {"A 2015-Q1": "2015-02-10", "B 2015-Q1": None}


ASK = """  barred: {for: finding, formula: "in_force(ban, held)"}
  still: {for: squad each month, formula: "in_force(ban, month.last_day)"}
  now: {for: squad each month, formula: "in_force(ban, as_of)"}"""


def test_a_day_is_in_force_from_the_first_day_up_to_not_including_the_end() -> None:
    days = ["2015-01-30", "2015-01-31", "2015-02-13", "2015-02-14"]
    rows = [finding(number, "a", day) for number, day in enumerate(days)] + [finding(9, "b", "2015-02-01")]
    found = run("lasts: 2 weeks", ASK, finding=rows, as_of=dt.datetime(2015, 2, 13, 23, 59))
    assert found.values("barred") == {"0": "false", "1": "true", "2": "true", "9": "false"}
    found = run("lasts: 2 weeks", ASK, finding=rows)
    assert found.values("barred") == {"0": "false", "1": "true", "2": "true", "3": "false", "9": "false"}
    assert found.values("still")["a 2015-01"] == "true"
    assert found.values("still")["a 2015-02"] == "false"


@pytest.mark.parametrize(
    ("act", "days"),
    [
        # What is unknown at the close of January is unknown from then on; where acts say when they start, always.
        ("lasts: 1 day", {"0": "false", "1": "?"}),
        ("lasts: 1 day, starts: month.start", {"0": "?", "1": "?"}),
    ],
)
def test_what_is_undecided_may_have_effect(act: str, days: dict[str, str]) -> None:
    rows = [finding(0, "a", "2015-01-30"), finding(1, "a", "2015-01-31"), finding(2, "b", "2015-03-31")]
    found = run(act, ASK, got="?", finding=rows)
    assert found.problems("ban") == {"a 2015-01": "depends: got"}
    assert found.values("barred") == {**days, "2": "false"}
    assert found.problems("barred")["1"] == "depends: ban"


def test_acts_one_after_the_other_are_one_time() -> None:
    body = f"""{ALONE}
measures:
  barred: {{for: finding, formula: "in_force(ban, held)"}}
  months: {{for: bureau each month, count: ban, standing: {{from: starts, until: until}}}}
  cost: {{for: bureau each quarter, from: 0, rules: {{paid: {{each: ban, deduct: amount, times: 2}}}}}}
consequences:
  ban: {{for: squad each month, when: bonus < 5, missing: no, do: ban, kind: listing, lasts: 1 month, amount: 1.25}}
"""
    days = ["2015-01-31", "2015-02-27", "2015-02-28", "2015-03-27", "2015-03-28"]
    rows = [finding(number, "a", day) for number, day in enumerate(days)]
    found = assess(body, span="2015-Q1", targets=TARGETS, extra=marks(a=[1, 1, 9]), finding=rows)
    assert found.values("barred") == {"0": "true", "1": "true", "2": "true", "3": "true", "4": "false"}
    assert found.values("months") == {"A 2015-01": "1", "A 2015-02": "2", "A 2015-03": "1",
                                      "B 2015-01": "0", "B 2015-02": "0", "B 2015-03": "0"}  # fmt: skip
    assert found.lines("A 2015-Q1")[1:] == ["paid a / 2015-01 -2.50 -2.50", "paid a / 2015-02 -2.50 -2.50"]
    assert found.values("cost")["B 2015-Q1"] == "0.00"


def test_on_the_last_of_all_days_nothing_is_unknown_that_is_known() -> None:
    """The reference once found the answer undetermined on 9999-12-31, of whomever; drawn by scheme 5049."""
    found = assess(
        """
targets: {squad: {members: registered, fields: {last: date}}}
measures:
  got: {for: squad each month, formula: 9}
  barred: {for: squad each month, formula: "in_force(ban, last)"}
consequences:
  ban: {for: squad each month, when: got < 5, do: ban, kind: listing, lasts: for good}
""",
        "2015-01",
        targets={"squad": [{"name": "a", "last": "9999-12-31"}]},
    )
    assert found.values("barred") == {"a 2015-01": "false"}
