"""Every kind of period, built in or not: numbers, days, names, and which period belongs to which."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.calendar import kinds
from cityrules.calendar.kinds import BELONGS, PeriodKind
from cityrules.calendar.periods import BUILT_IN, Periods, Span

DAYS = st.dates(dt.date(2, 1, 1), dt.date(9998, 12, 31)) | st.dates(dt.date(2014, 12, 1), dt.date(2017, 2, 1))
MARKS = st.tuples(st.integers(1, 12), st.integers(1, 28))


@st.composite
def own_kinds(draw: st.DrawFn) -> PeriodKind:
    match draw(st.sampled_from(["window", "seasons", "cycle"])):
        case "window":
            base = kinds.BUILT_IN[draw(st.sampled_from(["month", "quarter", "half_year", "year"]))]
            return kinds.window("billing", base, draw(st.integers(1, 30)))
        case "seasons":
            marks = draw(st.lists(MARKS, min_size=1, max_size=4, unique=True))
            return kinds.seasons("part", {f"s{number}": mark for number, mark in enumerate(marks)})
        case _:
            unit = draw(st.sampled_from(["days", "months"]))
            begins = draw(st.dates(dt.date(2000, 1, 1), dt.date(2020, 1, 28)).filter(lambda day: day.day <= 28))
            return kinds.cycle("round", draw(st.integers(1, 40)), unit, begins)  # type: ignore[arg-type]


KINDS = st.sampled_from(list(kinds.BUILT_IN.values())) | own_kinds()


@given(KINDS, DAYS)
def test_every_day_lies_in_exactly_one_period(kind: PeriodKind, day: dt.date) -> None:
    index = kind.index_of(day)
    assert kind.start(index) <= day <= kind.last_day(index)
    assert kind.index_of(kind.start(index)) == index == kind.index_of(kind.last_day(index))
    assert kind.start(index + 1) == kind.last_day(index) + dt.timedelta(days=1)


@given(KINDS, DAYS)
def test_a_name_says_which_period_it_is(kind: PeriodKind, day: dt.date) -> None:
    periods = Periods({**kinds.BUILT_IN, kind.name: kind})
    index = kind.index_of(day)
    if kind.first is not None and index < kind.first:
        return  # Before its first day a cycle has no periods, and so no names.
    assert periods.parse(kind.called(index)) == (kind.name, index)


@given(KINDS, DAYS)
def test_no_two_periods_share_a_name(kind: PeriodKind, day: dt.date) -> None:
    index = kind.index_of(day)
    assert kind.called(index) != kind.called(index + 1)


@given(KINDS, DAYS)
def test_lengths_stay_between_shortest_and_longest(kind: PeriodKind, day: dt.date) -> None:
    index = kind.index_of(day)
    assert kind.steps.shortest <= (kind.last_day(index) - kind.start(index)).days + 1 <= kind.steps.longest


@given(KINDS, KINDS, DAYS, st.none() | st.sampled_from(BELONGS[:2]))
def test_periods_inside_are_those_that_belong(
    fine: PeriodKind, coarse: PeriodKind, day: dt.date, belongs: kinds.Belongs | None
) -> None:
    if fine.name == coarse.name and fine != coarse:
        return
    fine = replace(fine, belongs=belongs)
    periods = Periods({coarse.name: coarse, fine.name: fine})
    if not periods.within(fine.name, coarse.name):
        return
    whole = periods.index_of(coarse.name, day)
    found = periods.inside(fine.name, coarse.name, whole)
    assert len(found) <= periods.most_inside(fine.name, coarse.name)
    assert {periods.containing(fine.name, index, coarse.name) for index in found} <= {whole}
    assert periods.containing(fine.name, found.stop, coarse.name) > whole
    assert periods.containing(fine.name, found.start - 1, coarse.name) < whole
    if not kinds.crosses(fine, coarse) and found:
        assert periods.start_of(fine.name, found[0]) == periods.start_of(coarse.name, whole)
        assert periods.last_day_of(fine.name, found[-1]) == periods.last_day_of(coarse.name, whole)


@given(KINDS, DAYS)
def test_the_same_period_last_year_has_its_number(kind: PeriodKind, day: dt.date) -> None:
    index = kind.index_of(day)
    before = kind.before_a_year(index)
    if before is None or kind.form in ("cycle", "year"):
        return
    assert kind.year(before) == kind.year(index) - 1
    if kind.form != "day":
        assert kind.number(before) == kind.number(index)
    else:
        assert (kind.start(before).month, kind.start(before).day) == (kind.start(index).month, kind.start(index).day)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2024-03-05", "2024-03-05", "2024-03-05"),
        ("2015-W01", "2014-12-29", "2015-01-04"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2024-02-X1", "2024-02-01", "2024-02-10"),
        ("2024-02-X3", "2024-02-21", "2024-02-29"),
        ("2024-03", "2024-03-01", "2024-03-31"),
        ("2024-Q2", "2024-04-01", "2024-06-30"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-03@billing", "2024-02-29", "2024-03-28"),
        ("2023-03@billing", "2023-03-01", "2023-03-28"),
        ("2024-01@billing", "2023-12-29", "2024-01-28"),
        ("2024-winter@part", "2024-12-01", "2025-05-31"),
        ("2024-summer@part", "2024-06-01", "2024-11-30"),
        ("1@round", "2024-01-03", "2024-01-16"),
        ("3@round", "2024-01-31", "2024-02-13"),
        ("2@term", "2024-05-15", "2024-09-14"),
    ],
)
def test_names_and_their_days(name: str, first: str, last: str) -> None:
    month = kinds.BUILT_IN["month"]
    own = (
        kinds.window("billing", month, 28),
        kinds.seasons("part", {"summer": (6, 1), "winter": (12, 1)}),
        kinds.cycle("round", 14, "days", dt.date(2024, 1, 3)),
        kinds.cycle("term", 4, "months", dt.date(2024, 1, 15)),
    )
    periods = Periods({**kinds.BUILT_IN, **{kind.name: kind for kind in own}})
    kind, index = periods.parse(name)
    assert periods.name_of(kind, index) == name
    assert (periods.start_of(kind, index).isoformat(), periods.last_day_of(kind, index).isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "0000", "2024-13", "2024-W54", "2023-W53", "2023-02-29", "2024-Q5", "2024-X1", "24", "２０２４", "2024-03@x"],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        BUILT_IN.parse(text)


def test_a_span_holds_whole_periods_and_those_that_state_to_belong_there() -> None:
    span = BUILT_IN.parse_span("2015-01..2015-03")
    assert span == Span(dt.date(2015, 1, 1), dt.date(2015, 3, 31))
    assert [BUILT_IN.name_of("week", i) for i in BUILT_IN.in_span("week", span)][::11] == ["2015-W02", "2015-W13"]
    thursday = Periods({**kinds.BUILT_IN, "week": replace(kinds.BUILT_IN["week"], belongs="by Thursday")})
    found = thursday.in_span("week", span)
    assert [thursday.name_of("week", i) for i in (found[0], found[-1])] == ["2015-W01", "2015-W13"]
    assert thursday.days_of(span, ["week"]) == Span(dt.date(2014, 12, 29), dt.date(2015, 3, 31))
    assert thursday.days_of(span, ["month"]) == span


def test_a_cycle_has_no_periods_before_its_first_day() -> None:
    periods = Periods({**kinds.BUILT_IN, "round": kinds.cycle("round", 7, "days", dt.date(2015, 1, 7))})
    found = periods.in_span("round", periods.parse_span("2015-01"))
    assert [periods.name_of("round", index) for index in found] == ["1@round", "2@round", "3@round"]
    with pytest.raises(ValueError, match="0@round"):
        periods.parse("0@round")


def test_the_first_and_last_days_of_all_lie_in_periods() -> None:
    for kind in (*kinds.BUILT_IN.values(), kinds.window("billing", kinds.BUILT_IN["month"], 28)):
        for day in (dt.date.min, dt.date.max):
            index = kind.index_of(day)
            assert kind.start(index) <= day <= kind.last_day(index)


def test_a_season_or_cycle_may_be_named_as_its_form() -> None:
    """Only kinds that are built in are called without their name; found as `2023-cold` that no text could name."""
    season = kinds.seasons("season", {"warm": (3, 15), "cold": (11, 15)})
    cycle = kinds.cycle("cycle", 14, "days", dt.date(2024, 1, 3))
    for kind, name in ((season, "2023-cold@season"), (cycle, "1@cycle")):
        index = kind.index_of(dt.date(2024, 1, 4))
        assert kind.called(index) == name
        assert kind.parse(name) == index
