"""The nearest name is the one a person would have guessed."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.text.suggest import nearest

NAMES = ["score", "grade", "year_grade", "failing_months", "成绩", "等次", "整改率", "考核得分", "squad"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("socre", "score"),
        ("Score", "score"),
        ("ｓｃｏｒｅ", "score"),
        ("scores", "score"),
        ("failng_months", "failing_months"),
        ("year-grade", "year_grade"),
        ("绩成", "成绩"),
        ("成积", "成绩"),
        ("整该率", "整改率"),
        ("考核分", "考核得分"),
        ("bureau", None),
        ("甲乙", None),
        ("", None),
        ("xy", None),
    ],
)
def test_nearest(name: str, meant: str | None) -> None:
    assert nearest(name, NAMES) == meant


def test_a_match_as_a_whole_comes_before_a_likeness() -> None:
    assert nearest("score", ["scores", "SCORE"]) == "SCORE"


def test_of_equals_the_first_wins() -> None:
    assert nearest("abcx", ["abcd", "abce"]) == "abcd"


@given(st.text(), st.lists(st.text()))
def test_it_answers_with_a_candidate(name: str, candidates: list[str]) -> None:
    found = nearest(name, candidates)
    assert found is None or found in candidates


@pytest.mark.parametrize("name", ["ab" * 24, "a" * 100_000, "cd" * 24])
def test_time_is_bounded(name: str) -> None:
    many = [("ba" * 24)[: 45 + number % 3] + str(number % 10) for number in range(20_000)]
    start = process_time()
    nearest(name, many)
    assert process_time() - start < 2
