"""Deadlines on both engines and of single records against days and minutes that are walked one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.loaded import EngineName, Scheme

many = settings(deadline=None, max_examples=2, suppress_health_check=list(HealthCheck))

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
OFF = {dt.date(2024, 2, 9) + n * DAY for n in range(9)}
WORKED = {dt.date(2024, 2, 4), dt.date(2024, 2, 18)}
AS_OF = dt.datetime(2024, 3, 20, 10, 30)
OFFICE = ((9 * 60, 12 * 60), (14 * 60, 18 * 60))

HEAD = """
cityrules: 1
scheme: deadlines
title: Deadlines
clause: 1
in_force: {from: 2024-01-01}
calendar:
  days: stated
  years:
    2023: {}
    2024: {off: 2024-02-09..2024-02-17, working: [2024-02-04, 2024-02-18]}
    2025: {}
  start_day: %s
  last_day_off: %s
  clocks:
    office: {runs: working days, hours: [09:00..12:00, 14:00..18:00]}
    night: {runs: every day, hours: [00:00..06:00, 20:15..24:00]}
targets:
  squad: {members: registered}
records:
  finding:
    dated: found_on
    key: [no]
    fields:
      no: count
      squad: squad
      found_on: date
      told: optional date
      done: optional date
      stop: optional date
      go: optional date
      more: optional count [0, 9]
      at: datetime
      answered: optional datetime
      held: optional datetime
      freed: optional datetime
measures:
"""


@dataclass(frozen=True)
class Limit:
    """A deadline of the document: what it says, and its unit, count and clock for the oracle."""

    text: str
    unit: str
    count: int = 0
    clock: str = ""
    paused: bool = False
    most: int | None = None  # of the extension; None: there is none


LIMITS = {
    "three": Limit("3 working days", "working days", 3),
    "one": Limit("1 working day", "working days", 1),
    "held_up": Limit("5 working days", "working days", 5, paused=True),
    "longer": Limit("2 working days", "working days", 2, most=3),
    "a_week": Limit("1 week", "days", 7),
    "days": Limit("5 days", "days", 5, paused=True, most=4),
    "a_month": Limit("1 month", "months", 1),
    "by_28": Limit("by day 28 of month", "fixed"),
    "before_5": Limit("before day 5 of next month", "fixed"),
    "a_quarter": Limit("by last day of quarter", "fixed"),
    "hours": Limit("30 hours", "minutes", 1800, paused=True),
    "office": Limit("8 hours", "minutes", 480, "office"),
    "paused": Limit("100 minutes", "minutes", 100, "office", paused=True, most=60),
    "night": Limit("7 hours", "minutes", 420, "night", paused=True),
}


def document(start_day: str, last_day_off: str) -> str:
    lines = [HEAD % (start_day, last_day_off)]
    for name, limit in LIMITS.items():
        moment = limit.unit == "minutes"
        keys = {"for": "finding", "deadline": limit.text, "starts": "at" if moment else "told"}
        keys["done"] = "answered" if moment else "done"
        if limit.clock:
            keys["clock"] = limit.clock
        if limit.paused:
            keys["paused"] = "{from: held, until: freed}" if moment else "{from: stop, until: go}"
        if limit.most is not None:
            keys["extended_by"] = "more"
            unit = "minutes" if moment else limit.unit
            keys["at_most"] = f"{limit.most} {unit}"
        if not moment:
            keys["missing"] = "late" if name == "a_week" else "in time"
        lines.append(f"  {name}: {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}\n")
    return "".join(lines)


# ------------------------------------------------------------------------------------------------ the oracle


def works(day: dt.date) -> bool:
    return day in WORKED or (day.isoweekday() < 6 and day not in OFF)


def runs(moment: dt.datetime, clock: str) -> bool:
    """Whether the minute that begins at a moment counts."""
    minute = moment.hour * 60 + moment.minute
    if clock == "office":
        return works(moment.date()) and any(first <= minute < until for first, until in OFFICE)
    return not clock or minute < 6 * 60 or minute >= 20 * 60 + 15


def due_day(limit: Limit, row: dict, included: bool, moves: bool) -> dt.date | None:
    start = row["told"]
    if start is None:
        return None
    count = limit.count + (0 if limit.most is None else min(row["more"] or 0, limit.most))

    def walk(paused: tuple[dt.date, dt.date] | None) -> dt.date:
        day, left = start - DAY if included else start, count
        while left:
            day += DAY
            if (limit.unit != "working days" or works(day)) and not (paused and paused[0] <= day < paused[1]):
                left -= 1
        return day

    if limit.unit == "fixed":
        year, month = start.year, start.month
        if limit.text.startswith("before"):
            year, month = year + month // 12, month % 12 + 1
            last = dt.date(year, month, 4)
        elif "28" in limit.text:
            last = dt.date(year, month, 28)
        else:
            month = (month - 1) // 3 * 3 + 3
            last = dt.date(year + month // 12, month % 12 + 1, 1) - DAY
    elif limit.unit == "months":
        year, month = start.year + start.month // 12, start.month % 12 + 1
        length = (dt.date(year + month // 12, month % 12 + 1, 1) - DAY).day
        last = dt.date(year, month, min(start.day, length)) - (DAY if included else 0 * DAY)
    else:
        last = walk(None)
        if limit.paused and row["stop"] is not None and row["stop"] <= last:
            last = walk((row["stop"], row["go"] or AS_OF.date() + DAY))
    while moves and limit.unit != "working days" and not works(last):
        last += DAY
    return last


def due_moment(limit: Limit, row: dict) -> dt.datetime:
    start, count = row["at"], limit.count + (0 if limit.most is None else min(row["more"] or 0, limit.most))

    def walk(paused: tuple[dt.datetime, dt.datetime] | None) -> dt.datetime:
        moment, left = start, count
        while left:
            if runs(moment, limit.clock) and not (paused and paused[0] <= moment < paused[1]):
                left -= 1
            moment += MINUTE
        return moment

    last = walk(None)
    if limit.paused and row["held"] is not None and row["held"] < last:
        last = walk((row["held"], row["freed"] or AS_OF))
    return last


def expected(name: str, row: dict, included: bool, moves: bool) -> dict[str, object]:
    limit = LIMITS[name]
    moment = limit.unit == "minutes"
    due = due_moment(limit, row) if moment else due_day(limit, row, included, moves)
    done, now = (row["answered"], AS_OF) if moment else (row["done"], AS_OF.date())
    if due is None:
        return {"due": None, "late": name == "a_week", "over": None if name == "a_week" else 0}
    late = (now if done is None else done) > due
    over = ((now if done is None else done) - due) // (MINUTE if moment else DAY) if late else 0
    return {"due": due, "late": late, "over": over}


# ------------------------------------------------------------------------------------------------ rows


days = st.dates(dt.date(2024, 1, 20), dt.date(2024, 3, 10))
moments = st.builds(
    lambda day, minute: dt.datetime.combine(day, dt.time()) + minute * MINUTE,
    st.dates(dt.date(2024, 2, 1), dt.date(2024, 2, 24)),
    st.one_of(st.integers(0, 1439), st.sampled_from([0, 540, 720, 840, 1080, 1215, 1439])),
)
rows = st.fixed_dictionaries(
    {
        "told": st.none() | days,
        "done": st.none() | days,
        "stop": st.none() | days,
        "go": st.none() | days,
        "more": st.none() | st.integers(0, 9),
        "at": moments,
        "answered": st.none() | moments,
        "held": st.none() | moments,
        "freed": st.none() | moments,
    }
)


@cache
def scheme(start_day: str, last_day_off: str) -> Scheme:
    return cr.load(yaml.load(document(start_day, last_day_off), Loader=yaml.BaseLoader), examples=False)


def text(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case dt.datetime() | dt.date():
            return value.isoformat()
        case _:
            return str(value)


@pytest.mark.parametrize("engine", ["python", "duckdb"])
@pytest.mark.parametrize(
    ("start_day", "last_day_off"),
    [("excluded", "next working day"), ("included", "next working day"), ("included", "stays")],
)
def test_due_days_are_those_that_walking_finds(start_day: str, last_day_off: str, engine: EngineName) -> None:
    rules = scheme(start_day, last_day_off)
    included, moves = start_day == "included", last_day_off == "next working day"

    @given(st.lists(rows, min_size=30, max_size=30))
    @many
    def agree(found: list[dict]) -> None:
        given_rows = [
            {"no": str(no), "squad": "A", "found_on": "2024-02-01", **{key: text(v) for key, v in row.items()}}
            for no, row in enumerate(found)
        ]
        result = rules.assess(
            {"finding": given_rows}, targets={"squad": [{"name": "A"}]}, period="2024", as_of=AS_OF, engine=engine
        )
        assert list(result.tables["rejects"].rows()) == []
        values = {(row["record"], row["measure"]): row["value"] for row in result.rows("record_values")}
        for no, row in enumerate(found):
            for name, limit in LIMITS.items():
                over = "minutes_over" if limit.unit == "minutes" else "days_over"
                told = expected(name, row, included, moves)
                shown = {key: values[str(no), f"{name}.{over if key == 'over' else key}"] for key in told}
                assert shown == {key: text(value) for key, value in told.items()}, (name, row)
        assert not [row for row in result.rows("problems") if row["level"] == "undetermined"]

    agree()


@given(st.lists(rows, min_size=3, max_size=3))
@many
def test_a_single_record_says_the_same(found: list[dict]) -> None:
    rules = scheme("excluded", "next working day")
    for row in found:
        record = {"no": "1", "squad": "A", "found_on": "2024-02-01", **{key: text(v) for key, v in row.items()}}
        scored = rules.score_record("finding", record, as_of=AS_OF)
        for name in LIMITS:
            told = expected(name, row, included=False, moves=True)
            assert scored.values[f"{name}.late"] == told["late"], (name, row)
            assert scored.values[f"{name}.due"] == told["due"], (name, row)
