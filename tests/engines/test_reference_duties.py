"""Duties that come again: against a walk from day to day, and the cases that such a walk does not reach."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.handmade import HEAD, Results, assess, plan_of

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2015, 1, 1), dt.date(2015, 3, 31)
HERE = """
calendar: {days: weekdays}
targets:
  squad: {members: registered, fields: {small: flag}}
records:
  visit:
    dated: held
    key: [no]
    fields: {no: text, squad: squad, held: date, told: optional date, n: optional count, bad: optional flag}
"""


def checks(*bodies: str) -> str:
    lines = (f"  c{number}: {{otherwise: warn, over: visit, {body}}}\n" for number, body in enumerate(bodies))
    return HERE + "checks:\n" + "".join(lines)


def visit(no: int, squad: str, day: dt.date | str, **more: object) -> dict[str, object]:
    return {"no": str(no), "squad": squad, "held": str(day), **more}


def squads(*names: str, **more: object) -> dict[str, list[dict[str, object]]]:
    return {"squad": [{"name": name, "small": True, **more} for name in names]}


def missed(found: Results, name: str = "c0") -> list[str]:
    rows = [row for row in found.tables["problems"] if row["name"] == name]
    return [f"{row['target']} {row['period']} {row['cause']} {row['detail']}".strip() for row in rows]


def days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


# Each with how one finds the days on which it begins, looking at one day after the other.
RULES = {
    "FREQ=WEEKLY;BYDAY=TU,SA": lambda day: day.weekday() in (1, 5),
    "FREQ=MONTHLY;BYMONTHDAY=10,-1": lambda day: day.day == 10 or (day + DAY).day == 1,
    "FREQ=MONTHLY;BYDAY=2WE": lambda day: day.weekday() == 2 and 8 <= day.day <= 14,
}
WITHIN = {"1 day": 1, "2 weeks": 14, "5 days": 5, "3 working days": None, "until the next": 100}


@settings(max_examples=25, deadline=None)
@given(
    every=st.sampled_from(list(RULES)),
    within=st.sampled_from(list(WITHIN)),
    done=st.lists(st.tuples(st.sampled_from("AB"), st.dates(FIRST, LAST)), max_size=12),
    today=st.dates(FIRST, LAST + 9 * DAY),
)
def test_against_a_walk_from_day_to_day(
    every: str, within: str, done: list[tuple[str, dt.date]], today: dt.date
) -> None:
    begins = [day for day in days(FIRST, LAST + DAY) if RULES[every](day)]
    intervals = []
    for first, after in [*pairwise(begins), (begins[-1], None)]:
        worked = [day for day in days(first, first + 20 * DAY) if day.weekday() < 5]
        count = WITHIN[within]
        end = worked[2] if count is None else first + (count - 1) * DAY
        if after is not None:
            end = min(end, after - DAY)
        elif within == "until the next":
            continue
        if end <= LAST and end < today:
            intervals.append((first, end))
    expected = [
        f"{squad} {first if first == end else f'{first}..{end}'} missed {first if first == end else f'{first}..{end}'}"
        for squad in "AB"
        for first, end in intervals
        if not any(who == squad and first <= day <= end and day <= today for who, day in done)
    ]
    visits = [visit(number, squad, day) for number, (squad, day) in enumerate(done)]
    found = assess(
        checks(f"for: squad, every: {every!r}, within: {within}"),
        as_of=dt.datetime.combine(today, dt.time()),
        targets=squads("A", "B"),
        visit=visits,
    )
    assert missed(found) == sorted(expected)


def test_a_period_is_an_interval_and_bears_its_name() -> None:
    found = assess(
        checks("for: squad, every: month", "for: squad, every: month, within: 3 days"),
        targets=squads("A"),
        visit=[visit(1, "A", "2015-01-31"), visit(2, "A", "2015-02-03")],
    )
    assert missed(found) == ["A 2015-03 missed 2015-03-01..2015-03-31"]
    assert missed(found, "c1") == ["A 2015-01 missed 2015-01-01..2015-01-03", "A 2015-03 missed 2015-03-01..2015-03-03"]


def test_weeks_that_state_where_they_belong_are_judged_with_their_days() -> None:
    body = (
        HERE
        + "periods: {week: {in: by Thursday}}\nchecks: {c0: {for: squad, every: week, over: visit, otherwise: warn}}"
    )
    found = assess(
        body, "2015-01", targets=squads("A"), visit=[visit(1, "A", "2014-12-29"), visit(2, "A", "2015-01-31")]
    )
    assert missed(found) == [
        f"A 2015-W{week} missed {first}..{last}"
        for week, first, last in (
            ("02", "2015-01-05", "2015-01-11"), ("03", "2015-01-12", "2015-01-18"), ("04", "2015-01-19", "2015-01-25")
        )
    ]  # fmt: skip


def test_only_while_the_target_exists_and_the_scheme_is_in_force() -> None:
    head = HEAD.replace("2000-01-01", "2015-01-10, until: 2015-03-20")
    plan = plan_of(checks("for: squad, every: week"), head)
    # A ends within the fifth week, and comes back within the eighth.
    versions = [
        {"name": "A", "small": True, "until": "2015-01-30"},
        {"name": "A", "small": True, "since": "2015-02-18"},
    ]
    assert [row.split()[1] for row in missed(assess(plan, targets={"squad": versions}))] == [
        "2015-W03", "2015-W04", "2015-W09", "2015-W10", "2015-W11",
    ]  # fmt: skip


def test_a_duty_of_some_targets_and_of_the_whole() -> None:
    body = checks("for: squad, applies: not(small), every: month", "for: whole, every: month")
    two = {"squad": [{"name": "A", "small": True}, {"name": "B", "small": False}]}
    found = assess(body, "2015-01", targets=two, visit=[visit(1, "A", "2015-01-05")])
    assert missed(found) == ["B 2015-01 missed 2015-01-01..2015-01-31"]
    assert missed(found, "c1") == []
    assert missed(assess(body, "2015-01", targets=two), "c1") == ["2015-01 missed 2015-01-01..2015-01-31"]


def test_a_record_that_may_count() -> None:
    rows = [
        visit(1, "A", "2015-01-05"), visit(2, "A", "2015-02-05", bad=True), visit(3, "A", "2015-02-06"),
        visit(4, "A", "2015-03-05", bad=False),
    ]  # fmt: skip
    body = checks(*(f"for: squad, every: month, where: bad, missing: {word}" for word in ("yes", "no", "undecided")))
    found = assess(body, targets=squads("A"), visit=rows)
    last = "A 2015-03 missed 2015-03-01..2015-03-31"
    assert missed(found) == [last]
    assert missed(found, "c1") == ["A 2015-01 missed 2015-01-01..2015-01-31", last]
    assert sorted(missed(found, "c2")) == ["A 2015-01 undecided c2", last]


def test_what_cannot_be_told_of_a_record_leaves_the_interval_open() -> None:
    body = (
        HERE
        + "measures: {m: {for: visit, formula: n + 1, missing: error}}\n"
        + "checks: {c0: {for: squad, every: month, over: visit, where: m > 2, otherwise: warn}}"
    )
    rows = [visit(1, "A", "2015-01-05"), visit(2, "A", "2015-01-06", n=5), visit(3, "A", "2015-02-05")]
    rows.append(visit(4, "A", "2015-03-05", n=1))
    found = assess(body, targets=squads("A"), visit=rows)
    # January has one that surely counts, beside one of which nothing is known.
    assert sorted(missed(found)) == ["A 2015-02 depends m", "A 2015-03 missed 2015-03-01..2015-03-31"]


def test_another_date_of_the_record() -> None:
    body = checks("for: squad, every: month, dated: told")
    rows = [visit(1, "A", "2015-01-05", told="2015-02-03"), visit(2, "A", "2015-02-05")]
    found = assess(body, "2015-01..2015-02", targets=squads("A"), visit=rows)
    assert missed(found) == ["A 2015-01 missed 2015-01-01..2015-01-31"]


def test_weekdays_of_years_beside_one_that_is_stated() -> None:
    stated = "weekdays, years: {2014: {off: [2014-01-01]}}"
    body = checks("for: squad, every: year, within: 5 working days").replace("weekdays", stated)
    found = assess(body, "2014..2016", targets=squads("A"), visit=[visit(1, "A", "2015-01-05")])
    # New Year is a day off in the year that says so; a year beside it has its weekdays.
    assert missed(found) == ["A 2014 missed 2014-01-01..2014-01-08", "A 2016 missed 2016-01-01..2016-01-07"]


def test_working_days_of_a_year_that_the_calendar_does_not_know() -> None:
    body = checks("for: squad, every: year, within: 5 working days").replace("weekdays", "stated, years: {2014: {}}")
    found = assess(body, "2014..2015", targets=squads("A"), visit=[visit(1, "A", "2015-01-05")])
    assert missed(found) == ["A 2014 overflow c0", "A 2015 overflow c0"]
