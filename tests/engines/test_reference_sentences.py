"""Single sentences of `docs/engines.md` that no other test would miss: each was found by breaking the engine."""

from __future__ import annotations

import datetime as dt

import pytest

from engines.handmade import ALONE, CITY, HEAD, TARGETS, assess, finding, plan_of

ONE = {"bureau": [{"name": "A", "quota": 1, "size": "s"}]}


def test_white_space_is_not_trimmed() -> None:
    found = assess(
        CITY,
        targets=TARGETS,
        finding=[
            finding("1", " a1", "2015-01-01"),
            finding("2", "a1", "2015-01-01 "),
            finding("3", "a1", "2015-01-01", "\t"),
            finding("4", "a1", "2015-01-01", n=" "),
            finding(" ", "a1", "2015-01-01"),
        ],
    )
    assert found.rejects() == [
        "1: squad: unknown_target",
        "2: held: not_a_date",
        "3: points: not_a_number",
        "4: n: not_a_number",
    ]


def test_a_nul_is_looked_for_before_the_length() -> None:
    found = assess(CITY, targets=TARGETS, finding=[finding("x" * 10_001, "a1\0" * 5_000, "2015-01-01")])
    assert [row["reasons"] for row in found.tables["rejects"]] == ["no: too_long; squad: nul"]


def test_parents_are_accepted_before_children() -> None:
    """Whatever the order of the document."""
    body = """
targets:
  squad: {in: bureau, members: registered}
  bureau: {members: registered}
records:
  finding: {dated: held, key: [no], fields: {no: text, squad: squad, held: date}}
measures:
  number: {for: bureau each month, count: finding, clause: 1}
"""
    targets = {"bureau": [{"name": "A"}], "squad": [{"name": "a1", "bureau": "A"}]}
    rows = [{"no": "1", "squad": "a1", "held": "2015-01-01"}]
    found = assess(body, span="2015-01", targets=targets, finding=rows)
    assert found.rejects() == []
    assert found.values("number") == {"A 2015-01": "1"}


def test_rows_of_cells_are_of_periods_in_force() -> None:
    body = CITY + "measures:\n  star: {for: bureau each month, formula: stars, missing: 0}\n"
    head = HEAD.replace("2000-01-01}", "2015-02-15, until: 2015-03-01}")
    rating = [{"bureau": "A", "period": f"2015-0{n}", "stars": n} for n in (1, 2, 3)]
    found = assess(plan_of(body, head), targets=ONE, rating=rating)
    assert found.rejects() == ["A 2015-01: period: outside_period", "A 2015-03: period: outside_period"]
    assert found.values("star") == {"A 2015-02": "2.0"}


DIALS = """
parameters:
  line: {values: {2015-02-01: 2, 2015-03-01: 3}}
"""


def test_the_day_on_which_dated_parameters_are_read() -> None:
    """Before the first day the first value holds; timeless cells read on the last day of the span."""
    body = DIALS + CITY + "measures:\n  m: {for: bureau each month, formula: line}\n  t: {for: bureau, formula: line}\n"
    found = assess(plan_of(body, HEAD.replace("2000-01-01", "unstated")), targets=ONE)
    assert found.values("m") == {"A 2015-01": "2", "A 2015-02": "2", "A 2015-03": "3"}
    assert found.values("t") == {"A": "3"}


def test_elements_are_not_passed_over_for_what_is_read_of_other_periods() -> None:
    body = (
        CITY
        + """
measures:
  star: {for: bureau each month, formula: quota, applies: month.number = 1}
  before: {for: bureau each year, sum: 'default(previous(star), 0)', over: month}
  now: {for: bureau each year, sum: star, over: month}
"""
    )
    found = assess(body, span="2015", targets=ONE)
    assert found.values("before") == {"A 2015": "1"}
    assert found.values("now") == {"A 2015": "1"}


def test_lower_targets_are_elements_while_they_exist() -> None:
    body = CITY + "measures:\n  squads: {for: bureau each month, count: squad}\n"
    squads = [
        {"name": "a1", "bureau": "A"},
        {"name": "a2", "bureau": "A", "since": "2015-02-28"},
        {"name": "a3", "bureau": "A", "until": "2015-02-01"},
    ]
    found = assess(body, targets={**ONE, "squad": squads})
    assert found.values("squads") == {"A 2015-01": "2", "A 2015-02": "2", "A 2015-03": "2"}


CAUSES = """
measures:
  star: {for: bureau each month, formula: stars, missing: error}
  sum: {for: bureau each month, formula: 'star + default(stars, 0)'}
  score:
    for: squad each month
    from: 10
    rules:
      unknown: {each: finding, when: bad, deduct: 1, missing: undecided}
      late: {each: finding, when: 'held + duration("P9000Y") > held', deduct: 1}
    together: all
"""


def test_causes_in_order_of_precedence() -> None:
    body = ALONE + CAUSES
    rows = [
        finding("1", "a1", "2015-01-01", bad=None, n=None),
        finding("2", "a2", "2015-01-01", bad=True, n=1),
    ]
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    # No rating: both names are read, one of them undetermined, the other absent.
    assert found.problems("star") == {"A 2015-01": "absent: rating", "B 2015-01": "absent: rating"}
    assert found.problems("sum") == {"A 2015-01": "depends: star", "B 2015-01": "depends: star"}
    assert found.problems("score")["a1 2015-01"] == "overflow: score"
    without = assess(body.replace("P9000Y", "P1Y"), span="2015-01", targets=TARGETS, finding=rows)
    assert without.problems("score") == {"a1 2015-01": "undecided: unknown"}


def test_a_replaced_rule_still_replaces() -> None:
    body = (
        ALONE
        + """
measures:
  score:
    for: squad each month
    from: 10
    rules:
      a: {each: finding, group: g, deduct: 1}
      b: {each: finding, group: g, deduct: 2, replaces: [a]}
      c: {each: finding, group: g, deduct: 3, replaces: [b]}
    together: {g: all}
"""
    )
    found = assess(body, span="2015-01", targets=TARGETS, finding=[finding("1", "a1", "2015-01-01")])
    assert found.lines("a1 2015-01") == ["(from) 10 10", "a 1 -1 0 b", "b 1 -2 0 c", "c 1 -3 -3"]


def test_records_of_one_day_come_in_order_of_their_time() -> None:
    body = """
targets:
  squad: {members: as they appear}
records:
  call: {dated: at, key: [no], fields: {no: text, squad: squad, at: datetime}}
measures:
  score: {for: squad each month, from: 10, rules: {r: {each: call, deduct: 1, cap: 1}}}
"""
    rows = [
        {"no": "a", "squad": "S", "at": "2015-01-01T12:00:01"},
        {"no": "b", "squad": "S", "at": "2015-01-01T12:00:00"},
        {"no": "c", "squad": "S", "at": "2015-01-01T12:00"},
    ]
    found = assess(body, span="2015-01", call=rows)
    assert found.lines("S 2015-01") == ["(from) 10 10", "r b -1 -1", "r c -1 0", "r a -1 0"]


def test_new_year_is_nothing_to_runs_of_years() -> None:
    body = CITY + "measures:\n  poor: {for: bureau each year, run: quota > 0, new_year: breaks}\n"
    found = assess(body, span="2013..2015", targets=ONE)
    assert found.values("poor") == {"A 2013": "1", "A 2014": "2", "A 2015": "3"}


LADDER = """
measures:
  star: {{for: bureau each month, formula: stars, missing: error}}
  level: {{for: bureau each month, formula: month.number + {more}}}
consequences:
  act:
    for: bureau each month
    ladder: level
    {keys}
    kind: talk
    do: talk
    steps:
      talk: {{reaches: 3}}
"""


def ladder(keys: str, rating: dict[int, int | None], more: str = "0") -> tuple[dict[str, str], dict[str, str]]:
    body = CITY + LADDER.format(keys=keys, more=more)
    rows = [{"bureau": "A", "period": f"2015-0{n}", "stars": value} for n, value in rating.items()]
    found = assess(body, span="2015-01..2015-06", targets=ONE, rating=rows)
    return found.fired("act"), found.problems("act")


def test_the_offset_of_a_restart_stays_over_an_undetermined_cell() -> None:
    fired, problems = ladder("restarts: after talk\n    surplus: dropped", {1: 0, 2: 0, 3: 0, 5: 0, 6: 0}, more="star")
    assert fired == {"A 2015-03": "talk", "A 2015-06": "talk"}
    assert problems == {"A 2015-04": "depends: level"}


def test_where_a_ladder_cannot_be_told_to_apply() -> None:
    """A step that would fire is undecided there, and so is the cell; the count goes on."""
    every = dict.fromkeys(range(1, 7), 1)
    assert ladder("restarts: no\n    applies: star > 0", every) == ({"A 2015-03": "talk"}, {})
    fired, problems = ladder("restarts: no\n    applies: star > 0", {n: 1 for n in every if n != 3})
    assert fired == {}
    assert problems == {"A 2015-03": "depends: star"}


def test_where_a_ladder_does_not_apply_it_has_no_problems() -> None:
    known = {1: 0, 3: 0, 4: 0, 5: 0, 6: 0}
    assert ladder("restarts: no", known, more="star")[1] == {
        "A 2015-02": "depends: level",
        "A 2015-03": "depends: level",
    }
    assert ladder("restarts: no\n    applies: month.number > 3", known, more="star") == ({}, {})


@pytest.mark.parametrize(("second", "used"), [(0, True), (1, False)])
def test_a_date_time_is_known_up_to_its_second(second: int, used: bool) -> None:
    body = """
targets:
  squad: {members: as they appear}
records:
  call: {dated: at, key: [no], fields: {no: text, squad: squad, at: datetime}}
measures:
  number: {for: whole each month, count: call}
"""
    rows = [{"no": "a", "squad": "S", "at": f"2015-01-01T12:00:0{second}"}]
    found = assess(body, span="2015-01", as_of=dt.datetime(2015, 1, 1, 12, 0, 0, 999_999), call=rows)
    assert found.rejects() == ([] if used else ["a: at: after_as_of"])


def test_a_coarser_cell_that_is_not_there() -> None:
    """The span holds no whole year, so that there is no cell of the year to read."""
    body = (
        CITY
        + """
measures:
  quotas: {for: bureau each year, formula: quota}
  share: {for: bureau each month, formula: quotas + 1}
"""
    )
    found = assess(body, span="2015-01", targets=ONE)
    assert found.problems("share") == {"A 2015-01": "absent: quotas"}


def test_without_a_target_nothing_is_absent() -> None:
    """A record whose way to the target is empty has no rating that could lack: the field is missing."""
    body = ALONE.replace("squad: squad\n      held", "squad: optional squad\n      held")
    body += "measures:\n  star: {for: finding, formula: stars, missing: 7}\n"
    rows = [finding("1", "a1", "2015-01-01"), finding("2", "", "2015-01-01")]
    found = assess(body, span="2015-01", targets=TARGETS, finding=rows)
    assert found.values("star") == {"1": "?", "2": "7.0"}
    assert found.problems("star") == {"1": "absent: rating"}


def test_a_given_value_of_a_record_to_which_the_measure_does_not_apply() -> None:
    body = (
        ALONE
        + """
measures:
  big: {for: finding, formula: points, applies: points > 5}
  total: {for: squad each month, sum: big, over: finding}
"""
    )
    rows = [
        finding("1", "a1", "2015-01-01", 1),
        finding("2", "a1", "2015-01-01", 2),
        finding("3", "a1", "2015-01-01", 6),
    ]
    found = assess(body, span="2015-01", targets=TARGETS, given={"big": {"1": 100}}, finding=rows)
    assert found.values("big") == {"1": "100.00", "3": "6.00"}
    assert found.values("total")["a1 2015-01"] == "106.00"
