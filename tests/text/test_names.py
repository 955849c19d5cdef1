"""What a name may look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.text.diagnostic import Report
from cityrules.text.names import check_name, note_name


@pytest.mark.parametrize("name", ["score", "整改率", "year_grade", "PM2_5", "一级a", "α", "no", "ß", "Зона"])
def test_good_names(name: str) -> None:
    assert check_name(name) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cafe\u0301", "CR170"),
        ("sсore", "CR171"),
        ("αa", "CR171"),
        ("a b", "CR172"),
        ("城\u3000区", "CR172"),
        ("a\tb", "CR172"),
        ("late?", "CR173"),
        ("超期？", "CR173"),
        ("On", "CR174"),
        ("a\u200bb", "CR175"),
        ("a\x00", "CR175"),
    ],
)
def test_bad_names(name: str, code: str) -> None:
    assert check_name(name) == code


@given(st.text())
def test_a_name_is_noted_exactly_when_something_is_wrong_with_it(name: str) -> None:
    report = Report()
    assert note_name(name, None, report) == (check_name(name) is None) == (len(report) == 0)
