"""Worked examples of consequences, ladders and checks."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from itertools import pairwise

import pytest

from engines.handmade import CITY, TARGETS, Results, _engine, assess, finding

ONE = {"bureau": [{"name": "A", "quota": 1, "size": "s"}]}
MONTHS = [f"2015-{month:02d}" for month in range(1, 10)]


def climb(steps: str, values: list[int | str | None], top: str = "together: all", more: str = "") -> Results:
    """A ladder over a count of which the values are given from January; `?` is undetermined, `-` a hole."""
    body = f"""{CITY}
measures:
  star: {{for: bureau each month, formula: stars, missing: 0}}
  level: {{for: bureau each month, formula: star, applies: month.number < 99{more}}}
  base: {{for: bureau each month, formula: quota}}
consequences:
  act:
    for: bureau each month
    ladder: level
    {top}
    kind: talk
    do: talk
    steps:
{steps}
"""
    rating = [{"bureau": "A", "period": month, "stars": value} for month, value in zip(MONTHS, values, strict=False)
              if value not in ("?", "-")]  # fmt: skip
    holes = " and ".join(f"month.number != {n}" for n, value in enumerate(values, 1) if value == "-")
    if holes:
        body = body.replace("month.number < 99", holes)
    return assess(body, span=f"2015-01..2015-{len(values):02d}", targets=ONE, rating=rating)


def steps_of(found: Results) -> str:
    fired = found.fired("act")
    return " ".join(f"{cell[-1]}:{step.replace(' ', '+')}" for cell, step in fired.items())


TALK = "      talk: {reaches: 3}\n"
BOTH = TALK + "      suspend: {reaches: 6}\n"


@pytest.mark.parametrize(
    ("steps", "top", "values", "expected"),
    [
        (TALK, "restarts: no", [1, 2, 3, 4, 5], "3:talk"),
        (TALK, "restarts: no", [1, 5, 5, 0, 3], "2:talk 5:talk"),
        # After a drop the counting starts from 0, so that what is still over the bound is a crossing.
        (TALK, "restarts: no", [1, 5, 4, 4], "2:talk 3:talk"),
        (TALK, "restarts: no", [3, None, 3], "1:talk 3:talk"),
        (TALK, "restarts: no", [3, "-", 3], "1:talk 3:talk"),
        ("      talk: {exceeds: 3}\n", "restarts: no", [2, 3, 4, 5], "3:talk"),
        ("      talk: {at_least: 3}\n", "", [2, 3, 4, 1, 3], "2:talk 3:talk 5:talk"),
        (BOTH, "restarts: no\n    together: all", [3, 6, 7], "1:talk 2:suspend"),
        (BOTH, "restarts: no\n    together: all", [6, 7], "1:suspend+talk"),
        (BOTH, "restarts: no\n    together: highest", [6, 7], "1:suspend"),
        (TALK, "restarts: after talk\n    surplus: dropped", [1, 2, 3, 4, 5, 6, 7], "3:talk 6:talk"),
        (TALK, "restarts: after talk\n    surplus: dropped", [2, 4, 6, 7, 8], "2:talk 4:talk"),
        (TALK, "restarts: after talk\n    surplus: carried", [2, 4, 6, 7, 8], "2:talk 3:talk"),
        (TALK, "restarts: after talk\n    surplus: carried", [3, 1, 2, 3, 4], "1:talk 4:talk"),
        (TALK, "restarts: after talk\n    surplus: dropped", [3, 4, "-", 3], "1:talk 4:talk"),
        # Two bounds at once: after the restart one is left over, and the level stays above.
        (TALK, "restarts: after talk\n    surplus: carried", [7, 8, 9, 10], "1:talk"),
        (BOTH, "restarts: after talk\n    surplus: dropped\n    together: highest", [6, 8, 9], "1:suspend 3:talk"),
    ],
)
def test_ladders(steps: str, top: str, values: list[int | str | None], expected: str) -> None:
    assert steps_of(climb(steps, values, top or "note: none")) == expected


@pytest.mark.parametrize(
    ("steps", "values", "expected", "problems"),
    [
        # The cell after an undetermined one may or may not be the crossing.
        (TALK, [1, "?", 3, 4], "", "2 3"),
        (TALK, [1, "?", 2, 3], "4:talk", "2"),
        (TALK, ["?", 4, 1, 3], "4:talk", "1 2"),
        (TALK, [1, "?", "?", "-", 3], "5:talk", "2 3"),
        ("      talk: {exceeds: 3}\n", [1, "?", 3, 4], "4:talk", "2"),
        ("      low: {at_least: 1}\n" + TALK, [1, "?", 3, 4], "1:low 3:low 4:low", "2 3"),
    ],
)
def test_ladders_over_undetermined_cells(
    steps: str, values: list[int | str | None], expected: str, problems: str
) -> None:
    top = "restarts: no\n    together: all" if steps.count("\n") > 1 else "restarts: no"
    found = climb(steps, values, top)
    assert steps_of(found) == expected
    assert " ".join(cell[-1] for cell in found.problems("act")) == problems
    assert set(found.problems("act").values()) == {"depends: level"}
    assert {r["level"] for r in found.tables["problems"] if r["name"] == "act"} == {"undecided"}


def test_what_a_ladder_writes_down() -> None:
    steps = (
        "      talk: {reaches: base + 2, to: 主任, clause: 10.1}\n"
        "      out: {reaches: 6, do: 待岗, kind: sanction, decided_by: [任免机关, 人事], follows: post}\n"
    )
    found = climb(steps, [2, 3, 5, 6], "restarts: after talk\n    surplus: dropped\n    together: all\n    clause: 10")
    rows = [
        tuple(
            r[c]
            for c in (
                "period",
                "date",
                "step",
                "act",
                "act_kind",
                "to",
                "decision",
                "decided_by",
                "level",
                "evidence",
                "clause",
            )
        )
        for r in found.tables["consequences"]
    ]
    assert rows == [
        (
            "2015-02",
            dt.date(2015, 2, 28),
            "talk",
            "talk",
            "talk",
            "主任",
            "automatic",
            None,
            "3.0",
            "level=3.0",
            "10.1",
        ),
        (
            "2015-04",
            dt.date(2015, 4, 30),
            "talk",
            "talk",
            "talk",
            "主任",
            "automatic",
            None,
            "3.0",
            "level=6.0",
            "10.1",
        ),
    ]
    found = climb(steps, [2, 6], "restarts: no\n    together: highest\n    clause: 10")
    [row] = found.tables["consequences"]
    assert (row["decision"], row["decided_by"], row["clause"], row["act"]) == (
        "proposal",
        "任免机关; 人事",
        "10",
        "待岗",
    )


def test_steps_by_a_condition() -> None:
    each = "      low: {when: star < 2, fires: each period}\n"
    entry = each.replace("each period", "on entry")
    values: list[int | str | None] = [1, 1, 3, 1, "-", 1]
    assert steps_of(climb(each, values)) == "1:low 2:low 4:low 6:low"
    assert steps_of(climb(entry, values)) == "1:low 4:low 6:low"
    found = climb(entry, [1])
    assert [r["evidence"] for r in found.tables["consequences"]] == ["level=1.0; star=1.0"]
    undetermined = climb(entry, [1, "?", 1, 1])
    assert steps_of(undetermined) == "1:low"
    assert undetermined.problems("act") == {"A 2015-02": "depends: level", "A 2015-03": "depends: level"}


def test_where_a_ladder_does_not_apply_the_count_goes_on() -> None:
    top = "restarts: after talk\n    surplus: dropped\n    applies: month.number > 3"
    assert steps_of(climb(TALK, [1, 2, 3, 4, 5, 6], top)) == "6:talk"


def when(missing: str, *, kind: str = "when", extra: str = "") -> Results:
    known = f", missing: {missing}" if missing else ""
    body = f"""{CITY}
measures:
  star: {{for: bureau each month, formula: stars, missing: null}}
consequences:
  act: {{for: bureau each month, when: star < 3 and quota > 0, do: 约谈, kind: talk, clause: 9{known}{extra}}}
checks:
  test: {{for: bureau each month, that: star < 3 and quota > 0, otherwise: warn, clause: 8{known}}}
"""
    rating = [{"bureau": "A", "period": f"2015-0{n}", "stars": value} for n, value in ((1, 1), (2, 4), (3, None))]
    return assess(body, span="2015-01..2015-04", targets=ONE, rating=rating)


@pytest.mark.parametrize(
    ("missing", "fired", "undecided"), [("yes", "1 3", ""), ("no", "1", ""), ("undecided", "1", "3")]
)
def test_conditions(missing: str, fired: str, undecided: str) -> None:
    found = when(missing)
    assert " ".join(cell[-1] for cell in found.fired("act")) == fired
    expected = {f"A 2015-0{n}": "undecided: act" for n in undecided.split()} | {"A 2015-04": "depends: star"}
    assert found.problems("act") == expected
    assert found.tables["consequences"][0]["evidence"] == "star=1.0; quota=1"
    assert {r["clause"] for r in found.tables["problems"] if r["name"] == "act"} == {"9"}
    if missing == "yes":
        assert found.tables["consequences"][1]["evidence"] == "star=null; quota=1"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("yes", {}),
        ("no", {"A 2015-03": "check: star=null; quota=1"}),
        ("undecided", {"A 2015-03": "undecided: test"}),
    ],
)
def test_checks(missing: str, expected: dict[str, str]) -> None:
    found = when(missing)
    always = {"A 2015-02": "check: star=4.0; quota=1", "A 2015-04": "depends: star"}
    assert found.problems("test") == {**always, **expected}
    levels = {str(r["period"]): r["level"] for r in found.tables["problems"] if r["name"] == "test"}
    assert levels["2015-02"] == "warn"
    assert levels["2015-04"] == "undecided"
    if missing != "yes":
        assert levels["2015-03"] == ("warn" if missing == "no" else "undecided")


def test_consequences_of_records_and_of_timeless_cells() -> None:
    body = f"""{CITY}
measures:
  many: {{for: squad, count: finding, via: squad}}
consequences:
  each: {{for: finding, when: points > 1, do: x, kind: flag}}
  once: {{for: squad, when: many > 1, do: y, kind: flag}}
checks:
  fine: {{for: finding, that: points < 3, otherwise: refer}}
"""
    rows = [finding(1, "a1", "2015-01-05", 1), finding(2, "a1", "2015-02-05", 2), finding(3, "b1", "2015-03-05", 3)]
    found = assess(body, targets=TARGETS, finding=rows, as_of=dt.datetime(2015, 3, 20, 8))
    shown = [
        tuple(
            r[c]
            for c in ("target_kind", "target", "period", "date", "consequence", "record_kind", "record", "provisional")
        )
        for r in found.tables["consequences"]
    ]
    assert shown == [
        (None, None, None, dt.date(2015, 2, 5), "each", "finding", "2", False),
        (None, None, None, dt.date(2015, 3, 5), "each", "finding", "3", False),
        ("squad", "a1", None, dt.date(2015, 3, 20), "once", None, None, True),
    ]
    assert found.problems("fine") == {"3": "check: points=3.00"}


def test_rows_of_consequences_and_problems_are_sorted() -> None:
    found = climb(BOTH, ["?", 6, 3, 6], "restarts: no\n    together: all")
    for name in ("consequences", "problems"):
        rows = [tuple((value is not None, str(value)) for value in row.values()) for row in found.tables[name]]
        assert all(one <= two for one, two in pairwise(rows))
        assert rows


@pytest.mark.parametrize(
    ("policy", "fired", "problems"),
    [
        ("yes", {"a1 2015-02": "asked"}, {}),
        ("no", {"a1 2015-03": "asked"}, {}),
        # Whether it began in February or in March is unknown.
        ("undecided", {}, {"a1 2015-02": "undecided: act", "a1 2015-03": "undecided: act"}),
    ],
)
def test_a_step_whose_condition_is_unknown(policy: str, fired: dict[str, str], problems: dict[str, str]) -> None:
    body = f"""{CITY}
measures:
  got: {{for: squad each month, formula: bonus, missing: null}}
  level: {{for: squad each month, formula: got, missing: 0}}
consequences:
  act:
    for: squad each month
    ladder: level
    restarts: no
    together: all
    kind: talk
    do: talk
    steps:
      much: {{reaches: 100}}
      asked: {{when: got < 5, missing: {policy}, fires: on entry}}
"""
    rows = [{"squad": "a1", "period": "2015-01", "bonus": 9}, {"squad": "a1", "period": "2015-03", "bonus": 1}]
    targets = {"bureau": [{"name": "A", "quota": 1, "size": "s"}], "squad": [{"name": "a1", "bureau": "A"}]}
    found = assess(body, targets=targets, extra=rows)
    assert (found.fired("act"), found.problems("act")) == (fired, problems)


def test_where_an_act_applies_may_itself_be_beyond_the_calendar() -> None:
    body = f"""{CITY}
consequences:
  act: {{for: finding, applies: 'held + @"P9000Y" > held', when: points > 2, do: it, kind: talk}}
"""
    found = assess(body, targets=TARGETS, finding=[finding(1, "a1", "2015-01-05", "3")])
    assert found.problems("act") == {"1": "overflow: act"}
    assert found.fired("act") == {}


def test_what_follows_of_nothing_that_is_read_has_an_empty_ground() -> None:
    body = f"{CITY}\nconsequences:\n  act: {{for: bureau each month, when: 'true', do: it, kind: talk}}\n"
    found = assess(body, "2015-01", targets=ONE)
    assert [row["evidence"] for row in found.tables["consequences"]] == [""]


@pytest.mark.skipif(find_spec("duckdb") is None, reason="the set-based engine is not installed")
def test_the_tests_of_the_reference_ask_both_engines() -> None:
    """Otherwise they would all pass, and say nothing of the other engine."""
    assert type(_engine()).__name__ == "BothEngines"
