"""Days, weeks, ten days and periods of a document's own: cells, folds, windows, runs, rows of cells, last year."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.engines.python.single.scorer import compile_record
from engines.handmade import assess

HEAD = "rounding: half up to 2\n"
WHOLE = """
cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: 2010-01-01}
"""
TARGETS = """
targets: {squad: {members: [A]}}
"""
FINDING = """
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, points: number(1)}
"""
DAYS = {
    "finding": [
        {"no": str(number), "squad": "A", "found_on": day, "points": str(2**number)}
        for number, day in enumerate(
            ["2014-12-29", "2014-12-31", "2015-01-01", "2015-01-05", "2015-01-31", "2015-02-01"]
        )
    ]
}


@pytest.mark.parametrize(
    ("belongs", "weeks", "january"),
    [
        # The week of 29 December counts for 2015 by its Thursday and its last day, for 2014 by its first.
        ("by Thursday", ["2015-W01", "2015-W05"], "63"),
        ("by last day", ["2015-W01", "2015-W04"], "15"),
        ("by first day", ["2015-W02", "2015-W05"], "56"),
    ],
)
def test_weeks_count_for_a_month_by_the_stated_day(belongs: str, weeks: list[str], january: str) -> None:
    found = assess(
        HEAD
        + TARGETS
        + FINDING
        + f"periods: {{week: {{in: {belongs}}}}}"
        + """
measures:
  week_points: {for: squad each week, sum: points, over: finding}
  month_points: {for: squad each month, sum: week_points, over: week}
""",
        span="2015-01",
        **DAYS,
    )
    cells = [cell.partition(" ")[2] for cell in found.values("week_points")]
    assert [cells[0], cells[-1]] == weeks
    assert found.values("month_points") == {"A 2015-01": f"{january}.0"}


def test_records_of_a_week_that_belongs_are_taken_although_they_lie_before_the_span() -> None:
    text = (
        HEAD
        + TARGETS
        + FINDING
        + "periods: {week: {in: by Thursday}}"
        + """
measures:
  PERIOD_points: {for: squad each PERIOD, sum: points, over: finding}
"""
    )
    weekly = assess(text.replace("PERIOD", "week"), span="2015-01", **DAYS)
    assert [row["key"] for row in weekly.tables["rejects"]] == []
    # Nobody is assessed by the week here: what lies outside the span stays outside.
    monthly = assess(text.replace("PERIOD", "month"), span="2015-01", **DAYS)
    assert [row["key"] for row in monthly.tables["rejects"]] == ["0", "1", "5"]


def test_weeks_without_a_stated_day_are_assessed_when_they_lie_wholly_inside() -> None:
    found = assess(
        HEAD + TARGETS + FINDING + "\nmeasures: {points_: {for: squad each week, sum: points, over: finding}}",
        span="2015-01",
    )
    assert list(found.values("points_")) == [f"A 2015-W0{week}" for week in (2, 3, 4)]


def test_the_same_period_last_year() -> None:
    found = assess(
        HEAD
        + TARGETS
        + """
measures:
  n: {for: squad each week, formula: week.number}
  before: {for: squad each week, formula: year_before(n), missing: -1}
  d: {for: squad each day, formula: day.number}
  day_before: {for: squad each day, formula: year_before(d), missing: -1}
""",
        span="2015..2016",
    )
    weeks, days = found.values("before"), found.values("day_before")
    # 2015 has a week 53, 2016 has none; 2016 has a 29 February, 2015 has none.
    assert weeks["A 2015-W53"] == "-1"
    assert weeks["A 2016-W10"] == "10"
    assert days["A 2016-02-29"] == "-1"
    assert days["A 2016-02-28"] == "59"
    assert days["A 2016-03-01"] == "60"


def test_runs_of_weeks_across_the_new_year() -> None:
    found = assess(
        HEAD
        + TARGETS
        + """
periods: {week: {in: by Thursday}}
measures:
  both: {for: squad each week, run: week.number > 0, new_year: continues}
  anew: {for: squad each week, run: week.number > 0, new_year: breaks}
""",
        span="2014-12..2015-01",
    )
    weeks = ["2014-W49", "2014-W50", "2014-W51", "2014-W52", "2015-W01", "2015-W02", "2015-W03", "2015-W04", "2015-W05"]
    assert found.values("both") == {f"A {week}": str(n) for n, week in enumerate(weeks, 1)}
    assert list(found.values("anew").values()) == ["1", "2", "3", "4", "1", "2", "3", "4", "5"]


def test_rows_of_a_week_and_names_that_are_no_week() -> None:
    rows = [
        {"squad": "A", "period": name, "stars": "3"}
        for name in ("2015-W02", "2015-W53", "2014-W53", "2015-01", "2015-W1", "2016-W02")
    ]
    found = assess(
        HEAD
        + TARGETS
        + """
records:
  rating: {one_per: squad each week, absent: null, fields: {stars: count}}
measures:
  stars_: {for: squad each week, formula: stars, missing: -1}
""",
        rating=rows,
        span="2015-01",
    )
    assert found.values("stars_") == {"A 2015-W02": "3", "A 2015-W03": "-1", "A 2015-W04": "-1"}
    reasons = {str(row["key"]).partition(" ")[2]: row["reasons"] for row in found.tables["rejects"]}
    assert reasons == {
        "2015-W53": "period: outside_period",
        "2014-W53": "period: not_a_period",
        "2015-01": "period: not_a_period",
        "2015-W1": "period: not_a_period",
        "2016-W02": "period: outside_period",
    }


def test_windows_of_weeks_and_days_in_months() -> None:
    found = assess(
        HEAD
        + TARGETS
        + FINDING
        + """
periods: {week: {in: by last day}}
measures:
  two_weeks: {for: squad each month, sum: points, over: finding, window: last 2 weeks}
  ten: {for: squad each month, sum: points, over: finding, window: last 10 days}
  so_far: {for: squad each week, sum: points, over: finding, window: month to date}
  always: {for: squad each week, sum: points, over: finding, window: ever}
  daily: {for: squad each day, sum: points, over: finding}
  best: {for: squad each month, max: daily, over: day, empty: null, window: last 31 days}
""",
        span="2015-01..2015-02",
        **DAYS,
    )
    assert found.values("ten") == {"A 2015-01": "16.0", "A 2015-02": "0.0"}
    assert found.values("best") == {"A 2015-01": "16.0", "A 2015-02": "32.0"}
    # The last week that ends in January is the fourth, that which ends in February the one until 22 February.
    assert found.values("two_weeks") == {"A 2015-01": "0.0", "A 2015-02": "0.0"}
    # The first week of January began on 29 December, the first of February on 26 January.
    so_far, always = found.values("so_far"), found.values("always")
    assert [so_far[f"A 2015-W0{week}"] for week in (1, 2, 4, 5)] == ["7.0", "15.0", "15.0", "48.0"]
    assert [always[f"A 2015-W0{week}"] for week in (1, 2, 4, 5)] == ["7.0", "15.0", "15.0", "63.0"]


def test_single_records_know_the_periods_of_their_day() -> None:
    from cityrules.loaded import loads

    scheme = loads(
        WHOLE
        + HEAD
        + TARGETS
        + FINDING
        + """
periods: {closing: {window: month closing on 28}, heating: {seasons: {cold: 11-15, warm: 03-15}}}
measures:
  place: {for: finding, formula: "week.number * 10000 + closing.number * 100 + ten_days.number"}
  last: {for: finding, formula: heating.last_day}
"""
    )
    hits = compile_record(scheme.plan, "finding").score(
        {"no": "1", "squad": "A", "found_on": dt.date(2015, 12, 29), "points": "1"}
    )
    assert dict(hits.values) == {"place": 530136, "last": dt.date(2016, 3, 14)}


@pytest.mark.parametrize(("as_of", "closed"), [(dt.datetime(2015, 2, 1), False), (dt.datetime(2015, 2, 2), True)])
def test_a_month_closes_with_the_last_week_that_counts_for_it(as_of: dt.datetime, closed: bool) -> None:
    found = assess(
        HEAD
        + TARGETS
        + """
periods: {week: {in: by Thursday}}
measures:
  n: {for: squad each week, formula: week.number}
  total: {for: squad each month, sum: n, over: week}
""",
        span="2015-01",
        as_of=as_of,
    )
    rows = {str(row["period"]): row["provisional"] for row in found.tables["values"]}
    assert {name for name, flag in rows.items() if flag} == (set() if closed else {"2015-W05", "2015-01"})
