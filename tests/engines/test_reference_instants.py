"""What is known at the very instant of knowledge, of moments and of days, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest

from engines.handmade import assess

BODY = """
targets: {squad: {members: [a]}}
records:
  case:
    dated: told
    key: [no]
    fields: {no: text, squad: squad, told: date, begun: optional datetime, ended: optional datetime, due: optional date}
measures:
  by_clock: {for: squad each month, count: case, standing: {from: begun, until: ended}}
  by_day: {for: squad each month, count: case, standing: {from: told, until: due}}
"""
ROW = {"no": "1", "squad": "a", "told": "2015-01-05", "begun": None, "ended": None, "due": None}


@pytest.mark.parametrize(
    ("begun", "ended", "as_of", "standing"),
    [
        ("2015-01-20 10:00:00", None, "2015-01-20T10:00:00", "1"),
        ("2015-01-20 10:00:00", None, "2015-01-20T09:59:59", "0"),
        ("2015-01-20 10:00:00", None, "2015-02-01T00:00:00", "1 1"),
        ("2015-01-20 10:00:00", "2015-01-20 11:00:00", "2015-03-01T00:00:00", "1 0"),
        ("2015-01-20 10:00:00", "2015-02-01 00:00:00", "2015-03-01T00:00:00", "1 0"),
        ("2015-01-20 10:00:00", "2015-02-01 00:00:01", "2015-03-01T00:00:00", "1 1"),
        (None, None, "2015-03-01T00:00:00", "0 0"),
    ],
)
def test_a_record_stands_from_its_moment_on(begun: str | None, ended: str | None, as_of: str, standing: str) -> None:
    row = {**ROW, "begun": begun, "ended": ended}
    found = assess(BODY, "2015-01..2015-02", as_of=dt.datetime.fromisoformat(as_of), case=[row])
    assert " ".join(str(value) for value in found.values("by_clock").values()) == standing


@pytest.mark.parametrize(
    ("told", "due", "as_of", "standing"),
    [
        ("2015-01-05", None, "2015-01-05T00:00:00", "1"),
        ("2015-01-05", None, "2015-01-04T23:59:59", "0"),
        ("2015-01-05", "2015-01-31", "2015-03-01T00:00:00", "1 0"),
        ("2015-01-05", "2015-02-01", "2015-03-01T00:00:00", "1 0"),
        ("2015-01-05", "2015-02-02", "2015-03-01T00:00:00", "1 1"),
    ],
)
def test_a_record_stands_up_to_the_day_before(told: str, due: str | None, as_of: str, standing: str) -> None:
    row = {**ROW, "told": told, "due": due}
    found = assess(BODY, "2015-01..2015-02", as_of=dt.datetime.fromisoformat(as_of), case=[row])
    assert " ".join(str(value) for value in found.values("by_day").values()) == standing
