"""Pauses that stand as records: against a walk from unit to unit, and what such a walk does not reach."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.handmade import Results, assess

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
FIRST = dt.date(2015, 1, 1)
AS_OF = dt.datetime(2015, 3, 20, 10, 30)
OFF = {dt.date(2015, 1, 9), dt.date(2015, 1, 12), dt.date(2015, 1, 28)}
OFFICE = ((9 * 60, 12 * 60), (14 * 60, 18 * 60))
HEAD = """
calendar:
  days: stated
  years: {2014: {}, 2015: {off: [2015-01-09, 2015-01-12, 2015-01-28]}}
  start_day: %s
  last_day_off: stays
  clocks: {office: {runs: working days, hours: [09:00..12:00, 14:00..18:00]}}
targets:
  squad: {members: [A, B]}
records:
  job:
    dated: told
    key: [no]
    fields: {no: text, squad: squad, told: date, rung: datetime, done: optional date}
  rain:
    dated: seen
    key: [id]
    fields:
      {id: text, squad: squad, seen: date, stops: optional date, goes: optional date, held: datetime,
       freed: optional datetime}
measures:
"""
DAYS = "paused: {over: rain, among: squad, from: stops, until: goes}"
HOURS = "paused: {over: rain, among: whole, from: held, until: freed}"
LIMITS = {
    "worked": (f"deadline: 4 working days, starts: told, done: done, {DAYS}", "working days", 4),
    "days": (f"deadline: 6 days, starts: told, done: done, {DAYS}", "days", 6),
    "hours": (f"deadline: 30 hours, starts: rung, done: 'null', {HOURS}".replace("'null'", "rung"), "minutes", 1800),
    "office": (f"deadline: 9 hours, clock: office, starts: rung, done: rung, {HOURS}", "clock", 540),
}


def scheme(start_day: str = "excluded") -> str:
    return HEAD % start_day + "".join(f"  {name}: {{for: job, {text}}}\n" for name, (text, _, _) in LIMITS.items())


def works(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in OFF


def walked_days(unit: str, count: int, start: dt.date, pauses: list[tuple[dt.date, dt.date | None]]) -> dt.date:
    """The day on which so many days have run that no pause holds; a pause without an end holds through `as_of`."""
    held = {begin + n * DAY for begin, end in pauses for n in range(max(0, ((end or AS_OF.date() + DAY) - begin).days))}
    day, ran = start, 0
    while ran < count:
        day += DAY
        ran += day not in held and (unit == "days" or works(day))
    return day


def walked_minutes(
    unit: str, count: int, start: dt.datetime, pauses: list[tuple[dt.datetime, dt.datetime | None]]
) -> dt.datetime:
    moment, ran = start, 0
    while ran < count:
        of_day = moment.hour * 60 + moment.minute
        runs = unit == "minutes" or (works(moment.date()) and any(a <= of_day < b for a, b in OFFICE))
        ran += runs and not any(begin <= moment < (end or AS_OF) for begin, end in pauses)
        moment += MINUTE
    return moment


def days(start: int = 0, most: int = 50) -> st.SearchStrategy[dt.date]:
    return st.integers(start, most).map(lambda n: FIRST + n * DAY)


def moments() -> st.SearchStrategy[dt.datetime]:
    return st.integers(0, 40 * 24 * 4).map(lambda n: dt.datetime(2015, 1, 1) + n * 15 * MINUTE)


RAINS = st.lists(
    st.tuples(st.sampled_from("AB"), days(), st.one_of(st.none(), days()), moments(), st.one_of(st.none(), moments())),
    max_size=6,
)
JOBS = st.lists(st.tuples(st.sampled_from("AB"), days(most=40), moments()), min_size=1, max_size=5)


@settings(max_examples=12, deadline=None)
@given(jobs=JOBS, rains=RAINS)
def test_against_a_walk_from_day_to_day_and_minute_to_minute(
    jobs: list[tuple[str, dt.date, dt.datetime]],
    rains: list[tuple[str, dt.date, dt.date | None, dt.datetime, dt.datetime | None]],
) -> None:
    found = run(
        [{"no": str(n), "squad": squad, "told": told, "rung": rung} for n, (squad, told, rung) in enumerate(jobs)],
        [
            {"id": str(n), "squad": squad, "seen": FIRST, "stops": a, "goes": b, "held": c, "freed": d}
            for n, (squad, a, b, c, d) in enumerate(rains)
        ],
    )
    for number, (squad, told, rung) in enumerate(jobs):
        own = [(a, b) for who, a, b, _, _ in rains if who == squad]
        every = [(c, d) for _, _, _, c, d in rains]
        for name, (_, unit, count) in LIMITS.items():
            if name in ("worked", "days"):
                expected = walked_days(unit, count, told, own).isoformat()
            else:
                expected = walked_minutes(unit, count, rung, every).isoformat()
            assert found.values(f"{name}.due")[str(number)] == expected, (name, told, rung)


def run(jobs: list[dict[str, object]], rains: list[dict[str, object]], start_day: str = "excluded") -> Results:
    return assess(scheme(start_day), "2014-12..2015-03", AS_OF, job=_plain(jobs), rain=_plain(rains))


def _plain(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{key: None if value is None else str(value) for key, value in row.items()} for row in rows]


def job(no: str, told: str, rung: str = "2015-01-05 09:00") -> dict[str, object]:
    return {"no": no, "squad": "A", "told": told, "rung": rung}


def rain(no: str, stops: str | None, goes: str | None, squad: str = "A") -> dict[str, object]:
    return {"id": no, "squad": squad, "seen": "2015-01-01", "stops": stops, "goes": goes,
            "held": "2015-03-01 00:00", "freed": "2015-03-01 00:00"}  # fmt: skip


def test_what_overlaps_counts_once_and_what_begins_too_late_changes_nothing() -> None:
    # Six days from the 1st: the 7th. Stopped from the 3rd to the 5th (two records), so the 10th; the third begins on
    # the 10th still, on its last day, and lasts two days; the fourth begins on the 13th, when the time is up.
    rains = [
        rain("a", "2015-01-03", "2015-01-05"), rain("b", "2015-01-04", "2015-01-06"),
        rain("c", "2015-01-10", "2015-01-12"), rain("d", "2015-01-13", "2015-02-01"),
        rain("e", "2015-01-02", "2015-02-01", "B"), rain("f", None, "2015-02-01"),
        rain("g", "2015-01-05", "2015-01-02"),
    ]  # fmt: skip
    found = run([job("1", "2015-01-01")], rains)
    assert found.values("days.paused") == {"1": "5"}
    assert found.values("days.due") == {"1": "2015-01-12"}


def test_the_day_of_the_start_where_it_counts() -> None:
    rains = [rain("a", "2015-01-01", "2015-01-02")]
    assert run([job("1", "2015-01-01")], rains).values("days.due") == {"1": "2015-01-07"}
    assert run([job("1", "2015-01-01")], rains, "included").values("days.due") == {"1": "2015-01-07"}
    assert run([job("1", "2015-01-01")], [], "included").values("days.due") == {"1": "2015-01-06"}


def test_a_pause_in_a_year_without_a_calendar_leaves_those_like_it_open() -> None:
    rains = [rain("a", "2015-01-05", "2016-05-01")]
    found = run([job("1", "2015-01-05"), {**job("2", "2015-01-05"), "squad": "B"}], rains)
    assert found.values("worked.due") == {"1": "?", "2": "2015-01-13"}
    assert found.problems("worked.paused") == {"1": "overflow: worked.paused"}


def test_a_time_that_is_up_before_it_begins_does_not_stand_still() -> None:
    body = scheme() + "  fixed: {for: job, deadline: before day 1 of month, starts: told, done: done, " + DAYS + "}\n"
    rains = _plain([rain("a", "2014-12-20", "2015-01-20")])
    found = assess(
        body, "2014-12..2015-03", AS_OF, job=_plain([job("1", "2015-01-05"), job("2", "2014-12-25")]), rain=rains
    )
    assert found.values("fixed.due") == {"1": "2014-12-31", "2": "2014-11-30"}
