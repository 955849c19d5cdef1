"""The notations of time limits: what is read, how it is written again, what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cityrules.scheme.durations import is_limit, parse_days, parse_fixed_day, parse_hours, parse_limit
from cityrules.scheme.notation import NotationError, parse_field_type


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        *[(parse_limit, text) for text in ("1 working day", "3 working days", "2 weeks", "1 month", "90 minutes")],
        *[(parse_days, text) for text in ("2027-01-01", "2027-02-06..2027-02-12")],
        *[(parse_hours, text) for text in ("09:00..12:00", "00:00..24:00")],
        *[(parse_fixed_day, text) for text in ("by day 28 of month", "before day 1 of next quarter")],
        (parse_fixed_day, "by last day of year"),
        (parse_field_type, "optional count [1, 30] working days"),
    ],
)  # fmt: skip
def test_what_is_read_is_written_again(parse: Callable[[object], object], text: str) -> None:
    assert str(parse(text)) == text
    assert parse(text) == parse(text)


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        *[(parse_limit, text, "CR804") for text in ("0 days", "days", "1.5 days", "3 workdays")],
        (parse_limit, "9999999 days", "CR804"),
        *[(parse_days, text, "CR805") for text in ("2027-02-30", "2027-02-12..2027-02-06")],
        (parse_days, "2020-01-01..2027-01-01", "CR805"),
        *[(parse_hours, text, "CR806") for text in ("9:00..12:00", "12:00..12:00", "14:00..24:01", "18:00..09:00")],
    ],
)  # fmt: skip
def test_what_is_refused(parse: Callable[[object], object], text: str, code: str) -> None:
    with pytest.raises(NotationError) as error:
        parse(text)
    assert error.value.code == code


def test_a_day_that_not_every_month_has_is_no_fixed_day() -> None:
    assert parse_fixed_day("by day 29 of month") is None
    assert not is_limit("by day 29 of month")
    assert is_limit(" 3 working  days ")
