"""What the set-based engine once did otherwise than the reference, each found by comparing the two."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from cityrules.engines.base import Inputs, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.engine import DuckDBEngine
from engines.agreement import BothEngines
from engines.handmade import CITY, TARGETS, Raw, RawRow, Results, assess, finding, plan_of


def agreed(measures: str, rest: str = "", **more: Any) -> Results:
    """The results of a scheme on which both engines agree."""
    more.setdefault("targets", TARGETS)
    return assess(f"{CITY}\nmeasures:\n{measures}\n{rest}", engine=BothEngines(), **more)


def test_the_instant_of_knowledge_is_not_counted_with_32_bits() -> None:
    rest = "checks:\n  never: {for: bureau, that: date(as_of) = null, otherwise: warn}\n"
    found = agreed("  many: {for: bureau, count: finding, via: squad}", rest, as_of=dt.datetime(2015, 3, 20, 10))
    assert found.problems("never")["A"] == "check: as_of=2015-03-20T10:00:00"


def test_a_missing_condition_chooses_neither_branch() -> None:
    body = "  less: {for: finding, formula: 'max(7 / (n + 1), 2.5, 1)', missing: \"null\", round: half up to 2}"
    rows = [finding(1, "a1", "2015-01-02"), finding(2, "a1", "2015-01-02", n=1)]
    assert agreed(body, finding=rows).values("less") == {"1": None, "2": "3.50"}


@pytest.mark.parametrize("before", [3, Fraction(3)])
def test_a_given_run_goes_on_whatever_class_its_number_has(before: int | Fraction) -> None:
    """The reference once told a run behind a given Fraction as undetermined."""
    body = """
  given_n: {for: squad each month, max: n, over: finding, via: squad, missing: skip, empty: "null"}
  holding: {for: squad each month, run: given_n > 1, missing: holds, new_year: continues}
  counting: {for: squad each month, run: given_n > 1, missing: counts, new_year: continues}
"""
    found = agreed(body, given={name: {"a1 2014-12": before} for name in ("holding", "counting")})
    assert found.values("holding")["a1 2015-01"] == "3"
    assert found.values("counting")["a1 2015-01"] == "4"


def test_a_run_whose_unknown_condition_breaks_counts_nothing() -> None:
    body = """
  given_n: {for: squad each month, max: n, over: finding, via: squad, missing: skip, empty: "null"}
  streak: {for: squad each month, run: given_n > 1, missing: breaks, new_year: continues}
"""
    rows = [finding(1, "a1", "2015-01-02", n=2), finding(2, "a1", "2015-03-02", n=2)]
    found = agreed(body, finding=rows)
    assert [found.values("streak")[f"a1 2015-0{month}"] for month in (1, 2, 3)] == ["1", "0", "1"]


def test_nothing_is_divided_by_zero_where_a_mean_is_empty() -> None:
    body = (
        "  average: {for: squad each month, mean: points, over: finding, via: squad, empty: 7, round: half even to 1}"
    )
    assert agreed(body, finding=[finding(1, "a1", "2015-01-02")]).values("average")["b1 2015-02"] == "7.0"


def test_empty_texts_of_rows_that_were_not_readable_are_nothing() -> None:
    rows = Raw("f", ("no", "squad", "held", "points"), (RawRow(1, ("", "a1", "", ""), "type"),))
    found = agreed("  many: {for: bureau, count: finding, via: squad}", finding=[rows])
    assert found.tables["rejects"][0]["values"] == '{"held":null,"no":null,"points":null,"squad":"a1"}'


def test_a_ladder_that_carries_half_a_step_shows_it() -> None:
    body = "  many: {for: squad each month, count: finding, via: squad}"
    rest = """
consequences:
  talk:
    for: squad each month
    ladder: many
    restarts: after first
    surplus: carried
    steps: {first: {reaches: 1.5, do: x, kind: talk}}
"""
    rows = [finding(n, "a1", f"2015-0{month}-02") for n, month in enumerate([1, 1, 2, 2, 2, 3, 3, 3, 3])]
    found = agreed(body, rest, finding=rows)
    assert [row["level"] for row in found.tables["consequences"]] == ["2.0", "1.5"]


def test_values_that_a_measure_can_never_have_cannot_be_given() -> None:
    """Divisions rely on signs: -0.4 for a ledger that never falls below 95 was rounded up by one engine only."""
    body = """
  score: {for: squad each month, from: 100, rules: {lost: {each: finding, via: squad, deduct: 0.01}}, floor: 95}
  whole_points: {for: squad each month, formula: score, round: floor to 0}
  grade: {for: squad each month, bands: score, at_least: {97: good}, otherwise: bad}
"""
    plan = plan_of(f"{CITY}\nmeasures:\n{body}")
    for name, value in (("score", Fraction(-2, 5)), ("score", None), ("score", True), ("grade", "fair"), ("grade", 1)):
        question = Question(plan.periods.parse_span("2015-01"), dt.datetime(2015, 2, 1), {name: {("a1", 24180): value}})
        for engine in (PythonEngine(), DuckDBEngine()):
            with pytest.raises(ValueError, match="can never be"):
                engine.assess(plan, Inputs(), question)


def test_an_opening_balance_of_a_ladder_lies_outside_of_what_its_steps_read() -> None:
    """The cells of a ladder are those of its measure, given ones included, where other measures have none. One engine
    once told a problem there; what followed before the span is not told again by any."""
    body = f"""{CITY}
measures:
  fixed: {{for: bureau each month, formula: quota}}
  level: {{for: bureau each month, run: fixed > 2, new_year: continues}}
consequences:
  act:
    for: bureau each month
    applies: not(fixed = 9)
    ladder: level
    restarts: no
    kind: talk
    do: talk
    steps: {{s: {{reaches: 2}}}}
"""
    given = {"level": {"A 2014-12": 1}}
    found = assess(body, targets=TARGETS, given=given, engine=BothEngines())
    assert found.problems("act") == {}
    assert found.fired("act") == {"A 2015-01": "s"}


def test_nothing_follows_for_a_target_that_is_not_there() -> None:
    """A value can be given for such a target. Its attributes are missing, even those that never are by their types, so
    that the engines did not understand alike whether a ladder applies to it."""
    body = f"""{CITY}
measures:
  level: {{for: bureau each month, formula: quota}}
consequences:
  act:
    for: bureau each month
    applies: quota >= 0
    ladder: level
    steps:
      s: {{when: previous(level) > 3, fires: on entry, missing: undecided, kind: talk, do: talk}}
"""
    found = assess(body, targets=TARGETS, given={"level": {"nobody 2015-02": 1}}, engine=BothEngines())
    assert "nobody 2015-02" not in found.problems("act")
    assert found.problems("act")["A 2015-01"] == "undecided: act"


def test_nothing_follows_from_a_ladder_in_a_month_that_has_not_begun() -> None:
    """A given cell there is outside of the grid, as one before the span is: steps follow only where cells are told."""
    body = f"""{CITY}
measures:
  level: {{for: bureau each month, formula: quota}}
consequences:
  act:
    for: bureau each month
    ladder: level
    restarts: no
    steps: {{s: {{reaches: 99, kind: talk, do: talk}}}}
"""
    given = {"level": {"A 2015-02": 99, "A 2015-06": 100}}
    later = assess(body, targets=TARGETS, given=given, engine=BothEngines(), as_of=dt.datetime(2015, 3, 20))
    assert later.fired("act") == {"A 2015-02": "s"}


def test_a_rule_of_no_points_does_not_turn_a_cap_round() -> None:
    """The first rule under a cap moved nothing, so that the others were taken for deductions."""
    body = """
  score:
    for: squad each month
    from: 3
    rules:
      nothing: {each: finding, via: squad, add: 0}
      bonus: {each: finding, via: squad, add: 2}
    together: all
    caps: {c: {at: 5, of: [nothing, bonus]}}
"""
    found = agreed(body, finding=[finding(1, "a1", "2015-01-02")])
    assert found.values("score")["a1 2015-01"] == "5"


def test_an_item_held_within_its_worth_shows_the_digits_of_that() -> None:
    """The sum had the digits of values only: 102.5 was refused by one engine, cut by the other."""
    body = """
  score:
    for: bureau
    from: 100
    items:
      most: {worth: 100, value: 100}
      more: {worth: 2.5, value: 3, extra: yes}
"""
    assert agreed(body).values("score")["A"] == "102.5"


def test_in_an_item_that_does_not_apply_nothing_is_computed() -> None:
    """DuckDB counted working days in a year that the calendar does not know, for an item inside of one that there was
    not."""
    body = """
  score:
    for: squad each month
    from: 100
    items:
      x:
        worth: 40
        applies: month.number = 2
        items:
          a: {worth: 40, value: 30, applies: 'working_days_between(month.start, date(as_of)) > 3'}
      y: {worth: 60, value: 55}
    absent_items: full
"""
    calendar = "calendar: {days: stated, start_day: excluded, years: {2015: {}}}\n"
    found = agreed(body, calendar, as_of=dt.datetime(2100, 1, 1))
    assert found.values("score")["a1 2015-01"] == "95"
    assert found.problems("score")["a1 2015-02"] == "overflow: score"


def test_a_day_that_is_read_through_a_reference_is_fetched() -> None:
    """Found by a random scheme: `in_force` alone read the measure of a referent, and the path to it was not there."""
    found = assess(
        """
calendar: {days: weekdays, start_day: excluded, last_day_off: stays}
targets:
  squad: {members: registered}
records:
  clearance: {dated: done, key: [id], fields: {id: text, finding: finding, done: date}}
  finding: {dated: held, key: [no], fields: {no: text, squad: squad, held: date}}
  rating: {one_per: squad each month, absent: "null", fields: {best: optional clearance}}
measures:
  in_time: {for: finding, deadline: 10 days, starts: held, done: held}
  found: {for: squad each month, count: finding}
  watched: {for: squad each month, formula: "in_force(flagged, best.finding.in_time.due)", missing: "null"}
consequences:
  flagged: {for: squad each month, when: found > 0, do: Flag, kind: flag, lasts: 1 month}
""",
        "2015-01..2015-02",
        dt.datetime(2015, 4, 1),
        {"squad": [{"name": "a"}]},
        engine=BothEngines(),
        finding=[{"no": "1", "squad": "a", "held": "2015-01-25"}],
        clearance=[{"id": "p", "finding": "1", "done": "2015-01-26"}],
        rating=[{"squad": "a", "period": "2015-02", "best": "p"}],
    )
    # The flag of January is in force from the last of January on, and 4 February is the day that is asked for.
    assert found.values("watched") == {"a 2015-01": None, "a 2015-02": "true"}


def test_a_column_of_nothing_but_nulls_is_split() -> None:
    """Found by random inputs: where no row of a kind had its period, DuckDB could not plan the statement that reads the
    season out of it, and stopped with an error of its own."""
    found = assess(
        """
periods: {heating: {seasons: {warm: 03-15, cold: 11-15}}}
targets: {plant: {members: registered}}
records:
  price: {one_per: plant each heating, absent: "null", fields: {per_ton: "optional number(2) [0, 100]"}}
measures:
  cost: {for: plant each heating, formula: per_ton, missing: "null"}
""",
        "2015",
        dt.datetime(2016, 4, 1),
        {"plant": [{"name": "a"}]},
        engine=BothEngines(),
        price=[{"plant": "a", "period": None, "per_ton": "1"}],
    )
    assert set(found.values("cost").values()) == {None}
    assert found.rejects() == ["a : period: missing"]


@pytest.mark.parametrize("text", ["", "-", "a", "a-b", "a-b-c", "a--b", "-a", "城-市", None])
@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_piece_of_a_text_is_empty_where_there_are_fewer(text: str | None, part: int) -> None:
    pieces = [] if text is None else text.split("-")
    wanted = None if text is None else pieces[part - 1] if part <= len(pieces) else ""
    value = sql.null() if text is None else sql.text(text)
    query = f"SELECT {dialect.text_of(dialect.text_part(value, '-', part))}"
    assert duckdb.sql(query).fetchall() == [(wanted,)]
