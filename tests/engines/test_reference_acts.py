"""Worked examples of consequences as rows: what runs over them, what asks for them, and what is undecided."""

from __future__ import annotations

import datetime as dt

import pytest

from engines.handmade import ALONE, CITY, Results, assess, finding

TARGETS = {
    "bureau": [{"name": name, "quota": 1, "size": "s"} for name in ("A", "B")],
    "squad": [{"name": "a", "bureau": "A"}, {"name": "b", "bureau": "A"}, {"name": "c", "bureau": "B"}],
}
SCHEME = f"""{ALONE}
measures:
  got: {{for: squad each month, formula: bonus, missing: error}}
  row: {{for: squad each month, run: got < 5, new_year: continues}}
  talks: {{for: bureau each quarter, count: warned, where: step = "talk"}}
  levels: {{for: whole each quarter, sum: level, over: warned}}
  last_one: {{for: bureau each quarter, last: squad, over: warned, empty: null}}
  lately: {{for: squad each month, count: warned, window: last 2 months}}
  lost: {{for: bureau each quarter, from: 10, rules: {{each_one: {{each: warned, deduct: level, cap: 2}}}}}}
  warned_now: {{for: squad each month, formula: fired(warned)}}
  talked: {{for: squad each month, formula: fired(warned.talk)}}
  heard: {{for: finding, formula: fired(warned)}}
consequences:
  warned:
    for: squad each month
    ladder: row
    restarts: no
    together: all
    kind: talk
    steps:
      letter: {{reaches: 1, do: letter}}
      talk: {{at_least: 2, do: talk}}
"""


def marks(**squads: list[int | None]) -> list[dict[str, object]]:
    """What squads got, month by month; nothing where None."""
    return [
        {"squad": squad, "period": f"2015-{month:02d}", "bonus": value}
        for squad, values in squads.items()
        for month, value in enumerate(values, 1)
        if value is not None
    ]


def run(body: str = SCHEME, **more: object) -> Results:
    return assess(body, targets=TARGETS, **more)  # type: ignore[arg-type]


def test_rows_are_run_over_like_records() -> None:
    found = run(extra=marks(a=[1, 1, 1], b=[9, 1, 9], c=[9, 9, 9]), span="2015-Q1")
    assert found.fired("warned") == {"a 2015-01": "letter", "a 2015-02": "talk", "a 2015-03": "talk",
                                     "b 2015-02": "letter"}  # fmt: skip
    assert found.values("talks") == {"A 2015-Q1": "2", "B 2015-Q1": "0"}
    assert found.values("levels") == {"2015-Q1": "7"}
    # By date, then by key: b's letter of February comes behind a's talk, a's of March last.
    assert found.values("last_one") == {"A 2015-Q1": "a", "B 2015-Q1": None}
    assert found.values("lately")["a 2015-03"] == "2"
    assert found.values("lately")["a 2015-01"] == "1"
    assert found.lines("A 2015-Q1")[1:] == [
        "each_one a / 2015-01 / letter -1 -1",
        "each_one a / 2015-02 / talk -2 -1",
        "each_one b / 2015-02 / letter -1 0",
        "each_one a / 2015-03 / talk -3 0",
    ]


def test_fired_asks_for_the_cell_that_contains_the_place() -> None:
    rows = [finding(1, "a", "2015-01-31"), finding(2, "a", "2015-02-01"), finding(3, "c", "2015-01-01")]
    found = run(extra=marks(a=[1, 1], b=[9, 1], c=[9, 9]), span="2015-01..2015-02", finding=rows)
    assert found.values("warned_now") == {"a 2015-01": "true", "a 2015-02": "true", "b 2015-01": "false",
                                          "b 2015-02": "true", "c 2015-01": "false", "c 2015-02": "false"}  # fmt: skip
    assert found.values("talked")["a 2015-01"] == "false"
    assert found.values("talked")["a 2015-02"] == "true"
    assert found.values("heard") == {"1": "true", "2": "true", "3": "false"}


def test_what_is_undecided_makes_undetermined_whatever_would_have_to_know_it() -> None:
    found = run(extra=marks(a=[1, None, 1], b=[9, 9, 9], c=[9, 9, 9]), span="2015-Q1")
    # Without February nobody knows the level of that month, nor that of March, of which the step is at the crossing.
    assert found.problems("warned") == {"a 2015-02": "depends: row", "a 2015-03": "depends: row"}
    assert found.problems("talks") == {"A 2015-Q1": "depends: warned"}
    assert found.values("talks")["B 2015-Q1"] == "0"
    assert found.problems("levels") == {"2015-Q1": "depends: warned"}
    assert found.problems("warned_now") == {"a 2015-02": "depends: warned", "a 2015-03": "depends: warned"}
    assert found.values("lately") | {"a 2015-02": "?", "a 2015-03": "?"} == found.values("lately")
    assert found.values("lately")["a 2015-01"] == "1"
    assert found.problems("lost") == {"A 2015-Q1": "depends: warned"}


OF_RECORDS = f"""{CITY}
measures:
  reports: {{for: squad each month, via: squad, count: report}}
  helped: {{for: squad each month, via: helper, sum: n, over: report, missing: skip}}
  lost: {{for: squad each month, from: 0, rules: {{r: {{each: report, via: squad, <<}}}}}}
  asked: {{for: finding, formula: fired(report)}}
consequences:
  report: {{for: finding, when: bad, missing: undecided, do: report, kind: explanation, applies: points > 0}}
""".replace("<<", "deduct: points, when: n = 1, missing: no")


def test_of_a_consequence_about_records_the_records_are_run_over() -> None:
    rows = [
        finding(1, "a", "2015-01-05", "2", bad="true", n=1, helper="b"),
        finding(2, "a", "2015-01-06", "3", bad="false", n=1),
        finding(3, "a", "2015-01-07", "0", n=1),
        finding(4, "a", "2015-01-08", "4", bad="true"),
        finding(5, "c", "2015-01-08", "4"),
    ]
    found = run(OF_RECORDS, finding=rows, span="2015-01")
    assert found.fired("report") == {"1": "report", "4": "report"}
    assert found.values("reports") == {"a 2015-01": "2", "b 2015-01": "0", "c 2015-01": "?"}
    assert found.values("helped") == {"a 2015-01": "0", "b 2015-01": "1", "c 2015-01": "0"}
    assert found.lines("a 2015-01") == ["(from) 0.00 0.00", "r 1 -2.00 -2.00"]
    assert found.problems("lost") == {"c 2015-01": "depends: report"}
    assert found.values("asked") == {"1": "true", "2": "false", "3": "false", "4": "true", "5": "?"}
    assert found.problems("asked") == {"5": "depends: report"}


def test_rows_of_a_period_not_closed_count_provisionally() -> None:
    found = run(extra=marks(a=[1, 1], b=[9, 9], c=[9, 9]), span="2015-Q1", as_of=dt.datetime(2015, 2, 10))
    assert found.values("talks", "provisional") == {"A 2015-Q1": True, "B 2015-Q1": True}
    assert found.values("talks") == {"A 2015-Q1": "1", "B 2015-Q1": "0"}


@pytest.mark.parametrize(("grain", "expected"), [("whole", {"": "4"}), ("bureau", {"A": "4", "B": "0"})])
def test_for_all_time_every_row_counts(grain: str, expected: dict[str, str]) -> None:
    body = SCHEME.replace(
        'for: bureau each quarter, count: warned, where: step = "talk"', f"for: {grain}, count: warned"
    )
    assert run(body, extra=marks(a=[1, 1, 1], b=[9, 1, 9], c=[9, 9, 9]), span="2015-Q1").values("talks") == expected
