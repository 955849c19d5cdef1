"""What one kind of period is to another, by hand: which nests, which is torn, how many fit, where one closes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.calendar import kinds
from cityrules.calendar.kinds import PeriodKind
from cityrules.calendar.periods import BUILT_IN, Periods, Span
from cityrules.calendar.recurrence import Recurrence
from cityrules.calendar.steps import Days, Months, Since, nests
from cityrules.calendar.working import missing_years

D = dt.date


def with_kinds(*own: PeriodKind) -> Periods:
    return Periods({**kinds.BUILT_IN, **{kind.name: kind for kind in own}})


THURSDAY = replace(kinds.BUILT_IN["week"], belongs="by Thursday")
LAST_DAY = replace(kinds.BUILT_IN["week"], belongs="by last day")


@pytest.mark.parametrize(
    ("fine", "coarse", "yes"),
    [
        (Days(1), Months(5), True),
        (Days(1), Since(3, "days", "a.b"), True),
        (Days(7), Days(14), True),
        (Days(7), Days(14, 7), True),
        (Days(7, 3), Days(14, 10), True),
        (Days(7, 3), Days(14, 4), False),
        (Days(7, 5), Days(14, 9), False),
        (Days(7), Days(13), False),
        (Days(4), Days(6), False),
        (Days(7), Months(1), False),
        (Months(1), Days(28), False),
        (Months(1), Months(3), True),
        (Months(3), Months(1), False),
        (Months(3), Months(4), False),
        (Months(3), Months(12), True),
        (Months(2), Months(3), False),
        (Months(4), Months(6), False),
        # A term from October touches the borders of quarters, one from November does not.
        (Months(3), Months(12, ((9, 1),)), True),
        (Months(3), Months(12, ((10, 1),)), False),
        (Months(1, ((0, 1), (0, 11), (0, 21))), Months(1), True),
        (Months(1, ((0, 1), (0, 11), (0, 21))), Months(1, ((0, 11),)), True),
        (Months(1, ((0, 1), (0, 11), (0, 21))), Months(1, ((0, 15),)), False),
        (Months(1), Months(12, ((2, 15), (10, 15))), False),
        (Months(1), Months(12, ((2, 1), (10, 1))), True),
        (Since(1, "months", "a.b"), Since(12, "months", "a.b"), True),
        (Since(5, "months", "a.b"), Since(12, "months", "a.b"), False),
        (Since(1, "months", "a.b"), Since(12, "months", "a.c"), False),
        (Since(1, "days", "a.b"), Since(12, "months", "a.b"), False),
        (Months(1), Since(12, "months", "a.b"), False),
        (Since(1, "months", "a.b"), Months(12), False),
    ],
)
def test_periods_nest_where_no_border_is_crossed(fine: kinds.Steps, coarse: kinds.Steps, yes: bool) -> None:
    assert nests(fine, coarse) is yes


STEPS = st.builds(lambda length, phase: Days(length, phase % length), st.integers(1, 30), st.integers(0, 30)) | (
    st.builds(
        lambda months, marks: Months(months, tuple(sorted({(month % months, day) for month, day in marks}))),
        st.integers(1, 6),
        st.lists(st.tuples(st.integers(0, 5), st.sampled_from([1, 11, 15])), min_size=1, max_size=3),
    )
)


@given(STEPS, STEPS)
def test_periods_nest_where_a_long_walk_finds_no_border_crossed(fine: Days | Months, coarse: Days | Months) -> None:
    """Twelve years hold every turn of both but of days among months; these cross soon enough."""
    first = coarse.index_of(D(2001, 1, 1))
    borders = [coarse.start(index) for index in range(first, first + 420)]
    inside = all(fine.start(fine.index_of(day)) == day for day in borders)
    assert nests(fine, coarse) is inside


def test_one_kind_is_shorter_than_another_and_none_than_itself() -> None:
    order = ["day", "week", "ten_days", "month", "quarter", "half_year", "year"]
    for place, kind in enumerate(order):
        assert [BUILT_IN.shorter(kind, other) for other in order] == [place < later for later in range(len(order))]
        assert BUILT_IN.within(kind, kind)
        assert not BUILT_IN.torn(kind, kind)


def test_what_is_torn_lies_in_two_and_does_not_say_in_which_it_counts() -> None:
    term = kinds.cycle_of("term", 12, "months", "a.since")
    half = kinds.cycle_of("half", 6, "months", "a.since")
    periods = with_kinds(term, half)
    assert periods.torn("week", "month")
    assert not periods.torn("month", "week")
    assert not periods.torn("month", "quarter")
    assert not with_kinds(THURSDAY).torn("week", "month")
    # As long as a year, and yet in two of them, other than two kinds that are the same for all.
    assert periods.torn("term", "year")
    assert not periods.torn("year", "term")
    assert not periods.torn("term", "half")
    assert periods.torn("half", "year")
    assert not periods.torn("half", "term")
    assert not periods.torn("term", "month")
    twin = replace(kinds.BUILT_IN["month"], name="twin")
    assert not with_kinds(twin).torn("twin", "month")


@pytest.mark.parametrize(
    ("kind", "longer", "most"),
    [
        ("month", "month", 1),
        ("month", "year", 12),
        ("ten_days", "year", 36),
        ("ten_days", "month", 3),
        ("month", "quarter", 3),
        ("day", "month", 31),
        ("day", "year", 366),
        ("day", "week", 7),
        # By their first days, which are a week apart: five in 29 days or more, 53 in a year.
        ("week", "month", 5),
        ("week", "year", 53),
        ("year", "year", 1),
    ],
)
def test_so_many_fit_at_most(kind: str, longer: str, most: int) -> None:
    found = with_kinds(THURSDAY).most_inside(kind, longer)
    assert (found, type(found)) == (most, int)


def test_so_many_months_fit_into_a_window_of_as_many() -> None:
    billing = kinds.window("billing", kinds.BUILT_IN["month"], 28)
    periods = with_kinds(billing)
    assert periods.most_inside("billing", "month") == 1
    assert periods.most_inside("month", "billing") == 2
    assert periods.most_inside("billing", "year") == 12


@pytest.mark.parametrize(
    ("belongs", "anchor"), [(None, D(2024, 4, 29)), ("by last day", D(2024, 5, 5)), ("by Thursday", D(2024, 5, 2))]
)
def test_a_period_counts_by_its_day(belongs: kinds.Belongs | None, anchor: dt.date) -> None:
    week = replace(kinds.BUILT_IN["week"], belongs=belongs)
    assert week.anchor(week.index_of(D(2024, 5, 1))) == anchor


def test_back_by_a_period_and_by_a_year() -> None:
    may = BUILT_IN.parse("2024-05")[1]
    assert BUILT_IN.back("month", may, "") == may
    assert BUILT_IN.back("month", may, "period") == may - 1
    assert BUILT_IN.back("month", may, "year") == BUILT_IN.parse("2023-05")[1]
    assert BUILT_IN.back("year", 2024, "year") == 2023
    for kind, name, before in (
        ("day", "2024-02-28", "2023-02-28"),
        ("day", "2024-02-29", None),
        ("week", "2021-W52", "2020-W52"),
        ("week", "2020-W53", None),
        ("week", "2021-W01", "2020-W01"),
        ("ten_days", "2024-03-X2", "2023-03-X2"),
    ):
        found = BUILT_IN.back(kind, BUILT_IN.parse(name)[1], "year")
        assert (None if found is None else BUILT_IN.name_of(kind, found)) == before
    fortnight = kinds.cycle("fortnight", 14, "days", D(2024, 1, 1))
    odd = kinds.cycle("odd", 5, "months", D(2024, 1, 1))
    for kind_ in (fortnight, odd):
        assert kind_.before_a_year(kind_.index_of(D(2024, 6, 1))) is None


def test_years_apart_is_where_the_year_turns() -> None:
    def apart(name: str, periods: Periods = BUILT_IN) -> bool:
        return periods.years_apart(*periods.parse(name))

    assert apart("2024-01")
    assert not apart("2024-02")
    assert not apart("2023-12")
    assert apart("2024-Q1")
    assert apart("2024-01-01")
    assert not apart("2024")
    weeks = with_kinds(THURSDAY)
    assert apart("2015-W01", weeks)
    assert not apart("2015-W02", weeks)
    assert not apart("2020-W53", weeks)
    assert apart("2021-W01", weeks)


def test_a_month_closes_with_the_last_week_that_counts_for_it() -> None:
    march = BUILT_IN.parse("2024-03")[1]
    assert BUILT_IN.closes("month", march, ["week", "day"]) == D(2024, 3, 31)
    # The week to the 5th of May counts for May by its Thursday and for April by its first day.
    april = BUILT_IN.parse("2024-04")[1]
    assert with_kinds(THURSDAY).closes("month", april, ["week"]) == D(2024, 4, 30)
    first_day = replace(kinds.BUILT_IN["week"], belongs="by first day")
    assert with_kinds(first_day).closes("month", april, ["week"]) == D(2024, 5, 5)
    assert with_kinds(first_day).closes("month", april, []) == D(2024, 4, 30)
    assert with_kinds(first_day).closes("month", april, ["day", "year"]) == D(2024, 4, 30)
    # What is longer counts for nothing in it.
    assert with_kinds(replace(kinds.BUILT_IN["quarter"], belongs="by first day")).closes(
        "month", april, ["quarter"]
    ) == D(2024, 4, 30)


def test_the_first_open_month_is_the_one_before_while_a_week_of_it_goes_on() -> None:
    first_day = with_kinds(replace(kinds.BUILT_IN["week"], belongs="by first day"))
    named = {name: BUILT_IN.parse(name)[1] for name in ("2024-04", "2024-05")}
    for day, open_, used in (
        (D(2024, 4, 30), "2024-04", ["week"]),
        (D(2024, 5, 4), "2024-04", ["week"]),
        (D(2024, 5, 5), "2024-04", ["week"]),
        (D(2024, 5, 6), "2024-05", ["week"]),
        (D(2024, 5, 5), "2024-05", []),
        (D(2024, 5, 5), "2024-05", ["day", "quarter"]),
        (D(2024, 5, 31), "2024-05", ["week"]),
    ):
        assert first_day.first_open("month", day, used) == named[open_], (day, used)
    # What is longer ends later, and is no part of a month.
    quarter = with_kinds(replace(kinds.BUILT_IN["quarter"], belongs="by first day"))
    assert quarter.first_open("month", D(2024, 5, 5), ["quarter"]) == named["2024-05"]
    assert with_kinds(LAST_DAY).first_open("month", D(2024, 5, 1), ["week"]) == named["2024-05"]
    assert BUILT_IN.first_open("month", D(2024, 5, 1), ["week"]) == named["2024-05"]


def test_the_earliest_of_a_cycle_is_its_first_and_of_months_there_is_none() -> None:
    assert kinds.BUILT_IN["month"].earliest(24_000) is None
    fortnight = kinds.cycle("fortnight", 14, "days", D(2024, 1, 3))
    assert fortnight.earliest(fortnight.index_of(D(2024, 6, 1))) == fortnight.index_of(D(2024, 1, 3))
    term = kinds.cycle_of("term", 12, "months", "a.since")
    third = term.index_of(D(2024, 6, 1), D(2022, 5, 10))
    assert term.number(third) == 3
    assert term.earliest(third) == term.index_of(D(2022, 5, 10), D(2022, 5, 10))


def test_a_period_for_everybody_is_nobody_s() -> None:
    month, term = kinds.BUILT_IN["month"], kinds.cycle_of("term", 12, "months", "a.since")
    assert month.of(24_000, D(2024, 1, 1)) == month.of(24_000, None) == 24_000
    second = term.parse("2@term")
    assert term.of(second, None) == second
    assert term.of(second, D(2022, 5, 10)) == term.index_of(D(2023, 5, 10), D(2022, 5, 10))


def test_the_year_of_a_period() -> None:
    for name, year in (("2024", 2024), ("2024-03-05", 2024), ("2015-W01", 2015), ("2024-H2", 2024)):
        kind, index = BUILT_IN.parse(name)
        assert BUILT_IN[kind].year(index) == year
    winter = kinds.seasons("part", {"warm": (3, 15), "cold": (11, 15)})
    assert winter.year(winter.index_of(D(2024, 2, 1))) == 2023
    fortnight = kinds.cycle("fortnight", 14, "days", D(2024, 1, 3))
    assert fortnight.year(fortnight.index_of(D(2025, 1, 3))) == 2025
    assert fortnight.year(fortnight.index_of(D(2025, 1, 1))) == 2025
    assert fortnight.year(fortnight.index_of(D(2024, 12, 31))) == 2024


def test_a_span_is_cut_at_the_borders_of_periods() -> None:
    assert BUILT_IN.parse_span("2024-03-05") == Span(D(2024, 3, 5), D(2024, 3, 5))
    with pytest.raises(ValueError, match=r"2024-03\.\.2024-02"):
        BUILT_IN.parse_span("2024-03..2024-02")
    term = kinds.cycle_of("term", 1, "months", "a.since")
    periods, begins = with_kinds(term), D(2024, 1, 10)
    assert list(periods.in_span("term", Span(D(2024, 1, 1), D(2024, 12, 31)))) == []

    def numbers(first: dt.date, last: dt.date) -> list[int]:
        return [term.number(index) for index in periods.in_span("term", Span(first, last), begins)]

    assert numbers(D(2024, 2, 10), D(2024, 4, 9)) == [2, 3]
    assert numbers(D(2024, 2, 11), D(2024, 4, 8)) == []
    assert numbers(D(2024, 2, 11), D(2024, 4, 9)) == [3]
    assert numbers(D(2024, 2, 10), D(2024, 4, 8)) == [2]
    last = periods.in_span("month", Span(D(9999, 11, 1), D.max))
    assert [BUILT_IN.name_of("month", index) for index in last] == ["9999-11", "9999-12"]


def test_days_of_a_span_reach_to_the_last_week_that_counts_for_it() -> None:
    first_day = with_kinds(replace(kinds.BUILT_IN["week"], belongs="by first day"))
    april = first_day.parse_span("2024-04")
    assert first_day.days_of(april, ["week"]) == Span(D(2024, 4, 1), D(2024, 5, 5))
    assert with_kinds(LAST_DAY).days_of(BUILT_IN.parse_span("2024-05"), ["week"]) == Span(
        D(2024, 4, 29), D(2024, 5, 31)
    )


def test_names_of_all_kinds_are_known_and_no_others() -> None:
    assert set(BUILT_IN) == {"day", "week", "ten_days", "month", "quarter", "half_year", "year"}
    assert "month" in BUILT_IN
    assert "billing" not in BUILT_IN
    assert BUILT_IN.number_of("quarter", BUILT_IN.parse("2024-Q3")[1]) == 3


def test_periods_go_on_to_both_ends_of_the_calendar() -> None:
    term = kinds.cycle_of("term", 12, "months", "a.since")
    begins = D(1, 6, 15)
    first = term.index_of(begins, begins)
    assert (term.start(first), term.start(first - 1), term.start(first - 2)) == (begins, D.min, D.min)
    late = D(9998, 6, 15)
    second = term.index_of(D(9999, 6, 15), late)
    assert (term.start(second), term.start(second + 1)) == (D(9999, 6, 15), D.max)
    assert kinds.BUILT_IN["month"].start(9999 * 12 + 11) == D(9999, 12, 1)
    assert kinds.BUILT_IN["year"].last_day(9999) == D.max


def test_a_rule_of_dates_is_written_as_rfc_5545_does() -> None:
    tuesday = Recurrence("WEEKLY", 2, ((1, 0), (3, 0)))
    assert str(tuesday) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"
    assert str(Recurrence("WEEKLY", 1, ((1, 0),), (), (3, 4))) == "FREQ=WEEKLY;BYMONTH=3,4;BYDAY=TU"
    assert str(Recurrence("MONTHLY", 1, ((0, 0), (1, 0)), (), (), (1, -1))) == "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1"
    assert str(Recurrence("MONTHLY", 1, ((4, -1),))) == "FREQ=MONTHLY;BYDAY=-1FR"
    assert str(Recurrence("YEARLY", 1, (), (1, 15), (3,))) == "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1,15"


def test_no_years_lack_no_years() -> None:
    assert missing_years([]) == []


@pytest.mark.parametrize("belongs", kinds.BELONGS)
def test_kinds_of_a_document_s_own_say_where_they_belong(belongs: kinds.Belongs) -> None:
    month = kinds.BUILT_IN["month"]
    for kind in (
        kinds.window("billing", month, 28, belongs),
        kinds.seasons("part", {"warm": (3, 15), "cold": (11, 15)}, belongs),
        kinds.cycle("round", 14, "days", D(2024, 1, 3), belongs),
    ):
        assert kind.belongs == belongs
        assert not with_kinds(kind).torn(kind.name, "year")


@pytest.mark.parametrize("count", [1, 2, 5, 7, 12, 18])
def test_a_cycle_of_months_begins_on_its_first_day(count: int) -> None:
    for begins in (D(2023, 1, 1), D(2024, 2, 28), D(2019, 11, 15)):
        kind = kinds.cycle("round", count, "months", begins)
        first = kind.index_of(begins)
        assert (kind.start(first), kind.called(first)) == (begins, "1@round")
        assert kind.last_day(first - 1) == begins - dt.timedelta(days=1)


def test_the_number_of_a_period_is_its_place_in_the_year() -> None:
    for name, number in (
        ("2024", 2024),
        ("2024-02-29", 60),
        ("2020-W53", 53),
        ("2024-02-X1", 4),
        ("2024-03", 3),
        ("2024-Q3", 3),
        ("2024-H2", 2),
    ):
        assert BUILT_IN.number_of(*BUILT_IN.parse(name)) == number
    part = kinds.seasons("part", {"warm": (3, 15), "cold": (11, 15)})
    assert [part.number(part.parse(name)) for name in ("2024-warm@part", "2024-cold@part")] == [1, 2]
    assert kinds.cycle("round", 14, "days", D(2024, 1, 3)).number(0) < 0
