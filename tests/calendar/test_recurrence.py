"""Rules of dates against a loop that looks at every day, and the rules that are refused."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.calendar.recurrence import WEEKDAYS, Recurrence
from cityrules.scheme.durations import Limit
from cityrules.scheme.notation import NotationError
from cityrules.scheme.recurring import parse_recurring, parse_within

DAY = dt.timedelta(days=1)
STARTS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31))


def rule(text: str) -> Recurrence:
    found = parse_recurring(text)
    assert isinstance(found, Recurrence)
    return found


def numbers(low: int, high: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high).filter(bool), min_size=1, max_size=3, unique=True)


@st.composite
def weekly(draw: st.DrawFn) -> str:
    days = ",".join(draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True)))
    months = ",".join(map(str, draw(numbers(1, 12))))
    return f"FREQ=WEEKLY;BYDAY={days}" + draw(st.sampled_from(["", f";BYMONTH={months}"]))


@st.composite
def monthly(draw: st.DrawFn) -> str:
    head = "FREQ=MONTHLY"
    if draw(st.booleans()):
        head = f"FREQ={draw(st.sampled_from(['MONTHLY', 'YEARLY']))};BYMONTH={','.join(map(str, draw(numbers(1, 12))))}"
    form = draw(st.integers(0, 2))
    if form == 0:
        return f"{head};BYMONTHDAY={','.join(map(str, draw(numbers(-28, 28))))}"
    if form == 1 or head.startswith("FREQ=YEARLY"):
        pairs = draw(st.lists(st.tuples(st.sampled_from([-4, -1, 1, 2, 4]), st.sampled_from(WEEKDAYS)), min_size=1,
                              max_size=3, unique=True))  # fmt: skip
        return f"{head};BYDAY={','.join(f'{n}{day}' for n, day in pairs)}"
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=5, unique=True))
    return f"{head};BYDAY={','.join(days)};BYSETPOS={draw(st.sampled_from([-4, -1, 1, 3, 4]))}"


def falls(text: str, day: dt.date) -> bool:
    """Whether a rule falls on a day, as one reads it."""
    parts = dict(piece.split("=") for piece in text.split(";"))
    if "BYMONTH" in parts and str(day.month) not in parts["BYMONTH"].split(","):
        return False
    length = monthrange(day.year, day.month)[1]
    if "BYMONTHDAY" in parts:
        return {str(day.day), str(day.day - length - 1)} & set(parts["BYMONTHDAY"].split(",")) != set()
    days, own = parts["BYDAY"].split(","), WEEKDAYS[day.weekday()]
    if parts["FREQ"] == "WEEKLY":
        return own in days
    if "BYSETPOS" not in parts:
        return {f"{(day.day - 1) // 7 + 1}{own}", f"-{(length - day.day) // 7 + 1}{own}"} & set(days) != set()
    month = [day.replace(day=number) for number in range(1, length + 1)]
    found = [one for one in month if WEEKDAYS[one.weekday()] in days]
    place = int(parts["BYSETPOS"])
    return found[place - 1 if place > 0 else place] == day


@given(text=st.one_of(weekly(), monthly()), first=STARTS, length=st.integers(0, 500))
def test_a_rule_falls_on_the_days_that_it_names(text: str, first: dt.date, length: int) -> None:
    last = first + length * DAY
    walked = [first + n * DAY for n in range(length + 1) if falls(text, first + n * DAY)]
    assert list(rule(text).days(first, last)) == walked
    # Written again, it is the same rule.
    assert rule(str(rule(text))) == rule(text)


@given(
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True),
    apart=st.integers(2, 5),
    begins=STARTS,
    first=STARTS,
    length=st.integers(0, 300),
)
def test_weeks_apart_are_counted_from_the_week_that_begins(
    days: list[str], apart: int, begins: dt.date, first: dt.date, length: int
) -> None:
    monday = begins - begins.weekday() * DAY
    walked = [
        day
        for day in (first + n * DAY for n in range(length + 1))
        if day >= begins and WEEKDAYS[day.weekday()] in days and (day - monday).days // 7 % apart == 0
    ]
    found = rule(f"FREQ=WEEKLY;INTERVAL={apart};BYDAY={','.join(days)}")
    assert list(found.days(first, first + length * DAY, begins)) == walked


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("every week", "no_rule"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 120), "too_long"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "part_unknown"),
        ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "part_twice"),
        ("FREQ=DAILY", "frequency"),
        ("BYDAY=MO", "frequency"),
        ("FREQ=SECONDLY", "frequency"),
        ("FREQ=WEEKLY;BYDAY=XX", "no_value"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=0", "no_value"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=53", "no_value"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "no_value"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=13", "no_value"),
        ("FREQ=WEEKLY;BYDAY=MO,MO", "value_twice"),
        ("FREQ=WEEKLY", "weekly"),
        ("FREQ=WEEKLY;BYDAY=2MO", "weekly"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=2;BYMONTH=3", "weeks_apart"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;INTERVAL=2", "interval"),
        ("FREQ=YEARLY;BYMONTHDAY=1", "yearly"),
        ("FREQ=MONTHLY", "monthly"),
        ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1", "monthly"),
        ("FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=1", "monthly"),
        ("FREQ=MONTHLY;BYMONTHDAY=29", "skipped_day"),
        ("FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=-29", "skipped_day"),
        ("FREQ=MONTHLY;BYDAY=MO", "every_weekday"),
        ("FREQ=MONTHLY;BYDAY=5MO", "skipped_weekday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=9", "skipped_weekday"),
    ],
)
def test_a_rule_that_skips_or_does_not_say_its_days_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_recurring(text)
    assert (caught.value.code, caught.value.values["why_type"]) == ("CR920", why)


def test_a_day_that_all_of_the_months_have_is_taken() -> None:
    found = rule("FREQ=YEARLY;BYMONTH=1,3;BYMONTHDAY=31")
    assert list(found.days(dt.date(2023, 2, 1), dt.date(2024, 3, 31))) == [
        dt.date(2023, 3, 31), dt.date(2024, 1, 31), dt.date(2024, 3, 31),
    ]  # fmt: skip


def test_the_ends_of_the_calendar_are_no_trouble() -> None:
    assert len(list(rule("FREQ=WEEKLY;BYDAY=SU").days(dt.date.max - 13 * DAY, dt.date.max))) == 2
    assert not list(rule("FREQ=MONTHLY;BYDAY=1MO").days(dt.date.max - 3 * DAY, dt.date.max))
    far = rule("FREQ=WEEKLY;INTERVAL=52;BYDAY=MO")
    assert len(list(far.days(dt.date(9000, 1, 1), dt.date(9000, 12, 31), dt.date.min))) == 1


def test_how_much_of_an_interval_counts() -> None:
    assert parse_within("5 working days") == Limit(5, "working days")
    assert parse_within(" until  the next ") == "until the next"
    for text in ("2 hours", "1 month", "until next", "3"):
        with pytest.raises(NotationError) as caught:
            parse_within(text)
        assert caught.value.code == "CR921"
