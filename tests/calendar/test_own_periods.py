"""Periods that each target counts from a day of its own: the arithmetic against counting them one by one."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from cityrules.calendar import kinds
from cityrules.calendar.kinds import PeriodKind
from cityrules.calendar.periods import Periods, Span
from cityrules.feel.temporal import add_months

YEAR = kinds.cycle_of("term", 12, "months", "a.since")
KINDS = (
    YEAR,
    kinds.cycle_of("term", 1, "months", "a.since"),
    kinds.cycle_of("term", 5, "months", "a.since"),
    kinds.cycle_of("term", 10, "days", "a.since"),
    kinds.cycle_of("term", 1, "days", "a.since"),
)


def nth(kind: PeriodKind, begins: dt.date, number: int) -> dt.date:
    """The first day of the so many-th period, each counted from the first day of all."""
    ahead = (number - 1) * kind.steps.count  # type: ignore[union-attr]
    if kind.steps.unit == "days":  # type: ignore[union-attr]
        return begins + dt.timedelta(days=ahead)
    return add_months(begins, ahead)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.steps))
def test_days_lie_in_the_period_that_counting_finds(kind: PeriodKind) -> None:
    rng = random.Random(3)
    firsts = [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2023, 8, 31), dt.date(2023, 12, 30)]
    for begins in [*firsts, *(dt.date(2023, 1, 1) + dt.timedelta(rng.randrange(700)) for _ in range(20))]:
        for number in range(-3, 30):
            first, after = nth(kind, begins, number), nth(kind, begins, number + 1)
            for day in (first, after - dt.timedelta(days=1), first + (after - first) // 2):
                index = kind.index_of(day, begins)
                assert (kind.number(index), kind.start(index), kind.begins(index)) == (number, first, begins)
            assert kind.last_day(index) == after - dt.timedelta(days=1)
            assert kind.index_of(after, begins) == index + 1
            assert kind.steps.shortest <= (after - first).days <= kind.steps.longest


def test_a_month_from_the_31st_begins_on_the_last_day_where_it_is_shorter() -> None:
    month, begins = KINDS[1], dt.date(2024, 1, 31)
    first = month.index_of(begins, begins)
    starts = [month.start(first + ahead).isoformat() for ahead in range(5)]
    assert starts == ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]


def test_a_name_does_not_say_whose_period_it_is() -> None:
    begins = dt.date(2022, 5, 10)
    index = YEAR.index_of(dt.date(2024, 1, 1), begins)
    assert YEAR.called(index) == "2@term"
    assert YEAR.of(YEAR.parse("2@term"), begins) == index
    assert YEAR.begins(YEAR.parse("2@term")) is None
    for text in ("0@term", "5000000@term", "2"):
        with pytest.raises(ValueError, match=text):
            YEAR.parse(text)
    periods = Periods({**kinds.BUILT_IN, "term": YEAR})
    with pytest.raises(ValueError, match="2@term"):
        periods.parse_span("2@term")
    with pytest.raises(LookupError):
        YEAR.index_of(begins)


def test_those_of_a_span_lie_wholly_in_it_and_begin_with_the_first() -> None:
    periods = Periods({**kinds.BUILT_IN, "term": YEAR})

    def inside(first: str, last: str, begins: str) -> list[str]:
        span = Span(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        return [YEAR.called(index) for index in periods.in_span("term", span, dt.date.fromisoformat(begins))]

    assert inside("2022-05-10", "2024-05-09", "2022-05-10") == ["1@term", "2@term"]
    assert inside("2022-05-11", "2024-05-09", "2022-05-10") == ["2@term"]
    assert inside("2022-05-10", "2024-05-08", "2022-05-10") == ["1@term"]
    assert inside("2020-01-01", "2022-12-31", "2022-05-10") == []
    assert inside("2020-01-01", "2021-12-31", "2022-05-10") == []
    assert inside("9990-01-01", "9999-12-31", "9997-05-10") == ["1@term", "2@term"]
    assert inside("9990-01-01", "9999-12-31", "9998-01-01") == ["1@term"]
    assert inside("9990-01-01", "9999-12-31", "9999-01-01") == []
    assert inside("9999-01-01", "9999-12-31", "9999-01-01") == []


def test_what_lies_in_what() -> None:
    quarter = kinds.cycle_of("quarter_of", 3, "months", "a.since")
    other = kinds.cycle_of("other", 3, "months", "a.until")
    odd = kinds.cycle_of("odd", 5, "months", "a.since")
    known = {**kinds.BUILT_IN, **{kind.name: kind for kind in (YEAR, quarter, other, odd)}}
    periods = Periods(known)
    assert periods.within("quarter_of", "term")
    assert periods.within("day", "term")
    assert not any(periods.within(kind, "term") for kind in ("other", "odd", "month", "week", "year"))
    assert not any(periods.within("term", kind) for kind in ("year", "month"))
    assert periods.torn("term", "year")
    begins = dt.date(2024, 1, 31)
    for number in range(1, 9):
        part = quarter.index_of(nth(quarter, begins, number), begins)
        assert YEAR.number(periods.containing("quarter_of", part, "term")) == (number - 1) // 4 + 1
        whole = periods.containing("quarter_of", part, "term")
        assert [quarter.number(one) for one in periods.inside("quarter_of", "term", whole)] == [
            (number - 1) // 4 * 4 + place for place in (1, 2, 3, 4)
        ]
