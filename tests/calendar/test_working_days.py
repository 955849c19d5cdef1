"""Working days against a count that walks from day to day, and against days that were announced."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.calendar.working import (
    Weekdays,
    Working,
    WorkingDays,
    YearOfWork,
    listed,
    missing_years,
    official,
    official_days,
)

DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2025, 12, 31))


def works(day: dt.date, years: dict[int, YearOfWork]) -> bool:
    """Whether a day is worked, as one reads it off the list of its year."""
    plan = years[day.year]
    return day in plan.working or (day.isoweekday() < 6 and day not in plan.off)


def walked(start: dt.date, end: dt.date, years: dict[int, YearOfWork]) -> int:
    """The working days after `start` up to and including `end`, counted one by one."""
    day, found = start, 0
    while day < end:
        day += dt.timedelta(days=1)
        found += works(day, years)
    return found


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Working, dict[int, YearOfWork]]:
    """A calendar of three years and its lists."""
    years = {}
    for year in (2023, 2024, 2025):
        days = st.dates(dt.date(year, 1, 1), dt.date(year, 12, 31))
        off = draw(st.frozensets(days, max_size=30))
        working = draw(st.frozensets(days.filter(lambda day: day.isoweekday() > 5), max_size=10))
        years[year] = YearOfWork(off, working - off)
    return listed(years), years


@given(calendars(), DAYS, DAYS)
def test_the_difference_of_two_counts_is_what_walking_counts(
    made: tuple[Working, dict[int, YearOfWork]], one: dt.date, other: dt.date
) -> None:
    calendar, years = made
    start, end = min(one, other), max(one, other)
    first, last = calendar.counted(start), calendar.counted(end)
    assert first is not None
    assert last is not None
    assert last - first == walked(start, end, years)


@given(calendars(), DAYS, st.integers(1, 40))
def test_the_last_day_in_time_is_the_first_on_which_so_many_have_passed(
    made: tuple[Working, dict[int, YearOfWork]], start: dt.date, many: int
) -> None:
    calendar, years = made
    count = calendar.counted(start)
    assert count is not None
    due = calendar.nth(count + many)
    if due is None:
        assert walked(start, dt.date(2025, 12, 31), years) < many
        return
    assert works(due, years)
    assert walked(start, due, years) == many
    # "within n working days" is one comparison with that day.
    for day in (due - dt.timedelta(days=1), due, due + dt.timedelta(days=1)):
        if start <= day <= dt.date(2025, 12, 31):
            assert (walked(start, day, years) <= many) is (day < (calendar.nth(count + many + 1) or dt.date.max))


@given(st.dates(), st.dates())
def test_weekdays_of_any_year(one: dt.date, other: dt.date) -> None:
    calendar = Weekdays()
    count = calendar.counted(one)
    assert count is not None
    own = calendar.nth(count)
    if one.isoweekday() < 6:
        assert own == one
    elif own is not None:
        assert own.isoweekday() == 5
        assert 0 < (one - own).days < 3
    else:
        assert one < dt.date(1, 1, 8)
    difference = (calendar.counted(other) or 0) - count
    weeks = (other - one).days // 7
    assert weeks * 5 <= difference <= weeks * 5 + 5


def test_the_ends_of_time() -> None:
    assert Weekdays().nth(10**9) is None
    assert Weekdays().nth(-(10**9)) is None
    assert Weekdays().nth(Weekdays().counted(dt.date.min) or 0) == dt.date.min
    assert Weekdays().nth(Weekdays().counted(dt.date.max) or 0) == dt.date.max


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-02-04", True),  # a Sunday, worked for the Spring Festival
        ("2024-02-10", False),
        ("2024-02-16", False),  # a Friday off
        ("2024-02-18", True),  # a Sunday
        ("2024-05-11", True),
        ("2026-10-08", True),
        ("2026-10-07", False),
    ],
)
def test_days_that_were_announced(day: str, worked: bool) -> None:
    date = dt.date.fromisoformat(day)
    calendar = official_days()
    before, now = calendar.counted(date - dt.timedelta(days=1)), calendar.counted(date)
    assert before is not None
    assert now is not None
    assert now - before == worked


def test_every_day_agrees_with_the_package() -> None:
    from chinese_calendar import is_workday

    calendar = official_days()
    for year in (min(official()), 2015, 2020, max(official())):
        for number in range(1, 365):
            day = dt.date(year, 1, 1) + dt.timedelta(days=number)
            now, before = calendar.counted(day), calendar.counted(day - dt.timedelta(days=1))
            assert (now or 0) - (before or 0) == is_workday(day), day


def test_a_year_that_is_not_known_has_no_answer() -> None:
    calendar = official_days()
    last = dt.date(max(official()), 12, 31)
    assert calendar.counted(last) is not None
    assert calendar.counted(last + dt.timedelta(days=1)) is None
    assert calendar.counted(dt.date(2003, 12, 31)) is None
    assert calendar.nth(0) is None
    # Of both ends, too: the first working day and the last one.
    for number in (1, len(calendar.days)):
        day = calendar.nth(number)
        assert day is not None
        assert calendar.counted(day) == number
        before = calendar.counted(day - dt.timedelta(days=1))
        assert before in (number - 1, None)
    assert calendar.nth(len(calendar.days) + 1) is None


def test_years_have_to_follow_one_another() -> None:
    assert missing_years([2024, 2026, 2029]) == [2025, 2027, 2028]
    with pytest.raises(ValueError, match="2025"):
        listed({2024: YearOfWork(), 2026: YearOfWork()})


def test_two_calendars_are_equal_that_have_the_same_days() -> None:
    plain, again = listed({2024: YearOfWork()}), listed({2024: YearOfWork()})
    assert plain == again
    assert hash(plain) == hash(again)
    # From the same day on with another day off, and as many days from another one.
    assert plain != listed({2024: YearOfWork(off=frozenset({dt.date(2024, 1, 2)}))})
    assert plain != WorkingDays(plain.first + 7, plain.counts, plain.days)
