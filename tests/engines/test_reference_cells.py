"""Which cells there are, what is provisional, what is given, in which order rows come."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from engines.handmade import ALONE, CITY, TARGETS, assess, finding, plan_of

COUNT = f"{CITY}\nmeasures:\n  many: {{for: squad each month, count: finding, via: squad}}\n"
FORCE = 'cityrules: 1\nscheme: test\ntitle: A test\nclause: "1"\nin_force: {from: 2015-01-20, until: 2015-03-01}\n'


def squad(**life: str) -> dict[str, list[dict[str, object]]]:
    return {"bureau": [{"name": "A", "quota": 1, "size": "s"}], "squad": [{"name": "a1", "bureau": "A", **life}]}


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        ({}, ["2015-01", "2015-02", "2015-03"]),
        ({"since": "2015-02-28"}, ["2015-02", "2015-03"]),
        ({"until": "2015-02-01"}, ["2015-01"]),
        ({"until": "2015-02-02"}, ["2015-01", "2015-02"]),
        ({"since": "2015-02-10", "until": "2015-02-10"}, []),
        ({"since": "2015-03-10", "until": "2015-02-10"}, []),
        ({"since": "2016-01-01"}, []),
        ({"since": "", "until": None}, ["2015-01", "2015-02", "2015-03"]),
    ],
)
def test_a_target_has_cells_while_it_exists(life: dict[str, str], expected: list[str]) -> None:
    found = assess(COUNT, targets=squad(**life))
    assert list(found.values("many")) == [f"a1 {month}" for month in expected]


def test_only_periods_wholly_inside_begun_and_in_force_have_cells() -> None:
    body = f"{CITY}\nmeasures:\n" + "".join(
        f"  m_{period}: {{for: whole each {period}, count: finding}}\n"
        for period in ("month", "quarter", "half_year", "year")
    )
    found = assess(body, span="2014-12..2015-06", as_of=dt.datetime(2015, 5, 1))
    assert list(found.values("m_month")) == ["2014-12", "2015-01", "2015-02", "2015-03", "2015-04", "2015-05"]
    assert list(found.values("m_quarter")) == ["2015-Q1", "2015-Q2"]
    assert list(found.values("m_half_year")) == ["2015-H1"]
    assert list(found.values("m_year")) == []
    found = assess(plan_of(body, FORCE), span="2014..2015")
    assert list(found.values("m_month")) == ["2015-01", "2015-02"]
    assert list(found.values("m_year")) == ["2015"]


def test_a_period_is_provisional_until_the_instant_the_next_begins() -> None:
    for as_of, expected in (
        (dt.datetime(2015, 2, 28, 23, 59, 59, 999_999), [False, True]),
        (dt.datetime(2015, 3, 1), [False, False, True]),
    ):
        found = assess(COUNT, targets=squad(), as_of=as_of)
        assert list(found.values("many", "provisional").values()) == expected
    body = f"{CITY}\nmeasures:\n  many: {{for: squad, count: finding, via: squad}}\n"
    assert assess(body, targets=squad(), as_of=dt.datetime(2015, 3, 31)).values("many", "provisional") == {"a1": True}
    assert assess(body, targets=squad(), as_of=dt.datetime(2015, 4, 1)).values("many", "provisional") == {"a1": False}


def test_a_measure_that_does_not_apply_has_no_cell() -> None:
    body = f"""{CITY}
measures:
  late: {{for: finding, formula: points * 2, applies: points > 1}}
  lost: {{for: squad each month, sum: late, over: finding, via: squad}}
  reads: {{for: finding, formula: 'default(late, 0)'}}
"""
    rows = [finding(1, "a1", "2015-01-02", 1), finding(2, "a1", "2015-01-02", 2)]
    found = assess(body, targets=squad(), finding=rows)
    assert found.values("late") == {"2": "4.00"}
    assert found.values("lost")["a1 2015-01"] == "4.00"
    assert found.values("reads") == {"1": "0.00", "2": "4.00"}


def test_an_undetermined_applies_leaves_an_undetermined_cell() -> None:
    body = f"""{CITY}
measures:
  star: {{for: bureau each month, formula: stars, missing: 0}}
  some: {{for: bureau each month, formula: quota, applies: star > 1}}
  place: {{for: bureau each month, rank: high quota, among: whole, ties: share, applies: star > 1}}
  row: {{for: bureau each month, run: quota > 0, new_year: continues, applies: star > 1}}
consequences:
  act: {{for: bureau each month, when: quota > 0, applies: star > 1, do: x, kind: flag}}
"""
    rating = [{"bureau": "A", "period": "2015-01", "stars": 2}, {"bureau": "A", "period": "2015-02", "stars": 1}]
    found = assess(body, targets=squad(), rating=rating)
    assert found.values("some") == {"A 2015-01": "1", "A 2015-03": "?"}
    for name in ("some", "place", "row", "act"):
        assert found.problems(name) == {"A 2015-03": "depends: star"}, name
    assert found.fired("act") == {"A 2015-01": "x"}


def test_records_read_the_targets_they_reach() -> None:
    body = f"""{ALONE}
measures:
  many: {{for: bureau each month, count: finding, via: squad}}
  share: {{for: finding, formula: points * quota + many + stars, missing: 0}}
"""
    rating = [{"bureau": "A", "period": "2015-01", "stars": None}, {"bureau": "B", "period": "2015-02", "stars": "0.5"}]
    rows = [finding(1, "a1", "2015-01-05", 2), finding(2, "b1", "2015-02-05", 3), finding(3, "b1", "2015-03-05", 3)]
    found = assess(body, targets=TARGETS, finding=rows, rating=rating)
    assert found.values("share") == {"1": "0.00", "2": "7.50", "3": "?"}
    assert found.problems("share") == {"3": "absent: rating"}


def test_given_values_stand_in_single_cells() -> None:
    body = f"""{CITY}
measures:
  many: {{for: squad each month, count: finding, via: squad}}
  next: {{for: squad each month, formula: many + 1}}
  grade: {{for: squad each month, bands: many, at_least: {{1: some}}, otherwise: none}}
  place: {{for: squad each month, rank: high many, among: whole, ties: share}}
  tie: {{for: squad each month, formula: tied(place)}}
  m: {{for: squad each quarter, mean: many, over: month, round: half up to 1, empty: null}}
  double: {{for: finding, formula: points * 2}}
"""
    given = {
        "many": {"a1 2015-02": 5}, "grade": {"a2 2015-01": "some"}, "place": {"b1 2015-01": 1},
        "m": {"a1 2015-Q1": 9}, "double": {"1": 0},
    }  # fmt: skip
    found = assess(body, targets=TARGETS, given=given, finding=[finding(1, "a1", "2015-01-05")])
    assert found.values("next")["a1 2015-02"] == "6"
    assert found.values("grade")["a2 2015-01"] == "some"
    assert not [r for r in found.tables["grades"] if (r["target"], r["period"]) == ("a2", "2015-01")]
    assert [found.values("place")[f"{s} 2015-01"] for s in ("a1", "a2", "b1")] == ["1", "2", "1"]
    assert [found.values("tie")[f"{s} 2015-01"] for s in ("a1", "a2", "b1")] == ["1", "2", "1"]
    assert len([r for r in found.tables["ranks"] if r["period"] == "2015-01"]) == 2
    assert found.values("m") == {"a1 2015-Q1": "9.0", "a2 2015-Q1": "0.0", "b1 2015-Q1": "0.0"}
    assert {r["target"] for r in found.tables["inputs"]} == {"a2", "b1"}
    assert found.values("double") == {"1": "0.00"}


def test_a_given_number_fits_its_measure() -> None:
    with pytest.raises(ValueError, match="many"):
        assess(COUNT, targets=TARGETS, given={"many": {"a1 2015-02": Fraction(1, 2)}})


def test_withheld_measures_are_told() -> None:
    body = f"""{CITY}
parameters:
  line: {{value: unstated}}
measures:
  many: {{for: squad each month, count: finding, via: squad}}
  above_line: {{for: squad each month, formula: many > line, clause: '7'}}
"""
    found = assess(body, targets=squad())
    rows = [tuple(r.values()) for r in found.tables["problems"]]
    assert rows == [("undetermined", "above_line", None, None, None, None, None, "unstated", "line", "7", False, None)]


def test_rows_come_in_the_stated_order() -> None:
    rows = [finding(n, s, f"2015-0{m}-1{n % 7}", n) for n, (s, m) in enumerate([("b1", 3), ("a1", 1), ("a2", 2)] * 5)]
    found = assess(COUNT, targets=TARGETS, finding=[*rows, finding("x", "a1", "2015-09-01"), finding("w", "q", "-")])
    for name, columns in {
        "values": ("target_kind", "target", "period", "measure"),
        "rejects": ("kind", "source", "row"),
    }.items():
        keys = [tuple(row[c] for c in columns) for row in found.tables[name]]
        assert keys == sorted(keys)
        assert keys
