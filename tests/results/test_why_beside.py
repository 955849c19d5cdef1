"""What explanations say of a target compared with others of its kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cityrules.loaded import Assessment, loads
from cityrules.results.why_text import render

DOCUMENT = """
cityrules: 1
scheme: beside
title: beside
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: registered, fields: {class: "one of A, B", area: "number(1) [0, 1000]", built: date}}}
measures:
  others:
    for: squad each month
    mean: area
    over: squad
    among: class
    itself: excluded
    empty: null
    round: half up to 1
    clause: 3
  newest: {for: squad each month, max: built, over: squad, among: whole, itself: included, empty: null}
  most: {for: squad each month, max: area, over: squad, among: class, itself: included, empty: null}
"""


@pytest.fixture(scope="module")
def found() -> Assessment:
    squads = [
        {"name": "a", "class": "A", "area": "150", "built": "2001-01-01"},
        {"name": "b", "class": "B", "area": "50", "built": "2001-01-02"},
        {"name": "c", "class": "A", "area": "25", "built": "2001-01-01"},
        {"name": "d", "class": "A", "area": "50.5", "built": "2001-01-01"},
    ]
    scheme = loads(DOCUMENT)
    return scheme.assess({}, targets={"squad": squads}, period="2024-01", as_of=dt.datetime(2024, 2, 2))


@pytest.mark.parametrize(
    ("measure", "english", "chinese"),
    [
        ("others", ["with the same class", "c = 25.0", "d = 50.5", "= 37.75"], ["class", "c = 25.0", "= 37.75"]),
        ("most", ["with the same class", "area of a = 150.0", "25.0"], ["class", "150.0", "25.0"]),
    ],
)
def test_the_others_are_named_with_what_they_brought_in(
    found: Assessment, measure: str, english: list[str], chinese: list[str]
) -> None:
    for language, parts in (("en", english), ("zh", chinese)):
        told = render(found.why("a", "2024-01", measure), language)
        assert [part for part in parts if part not in told] == []
        assert not any(line.startswith(("├─ b", "└─ b")) for line in told.splitlines())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_latest_of_some_dates_is_no_number(found: Assessment, language: Any) -> None:
    """Explaining the greatest of some dates once raised ValueError."""
    assert "2001-01-02" in render(found.why("a", "2024-01", "newest"), language)
