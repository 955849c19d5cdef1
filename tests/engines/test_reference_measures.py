"""Worked examples of formulas, bands and folds, with every policy."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cityrules.results.rounding import div_round, rounded
from cityrules.scheme.notation import Rounding, parse_rounding
from engines.handmade import CITY, TARGETS, Results, assess, finding

JAN, FEB, MAR = "2015-01-15", "2015-02-15", "2015-03-15"


def city(measures: str, **more: object) -> Results:
    return assess(f"{CITY}\nmeasures:\n{measures}", targets=TARGETS, **more)  # type: ignore[arg-type]


def rating(bureau: str, month: str, stars: object) -> dict[str, object]:
    return {"bureau": bureau, "period": f"2015-{month}", "stars": stars}


def ratings(**stars: object) -> list[dict[str, object]]:
    """`A01=3`: bureau A has 3 stars in January; `A` and `B` of all three months must be there."""
    every = {f"{bureau}{month}": None for bureau in "AB" for month in ("01", "02", "03")} | stars
    return [rating(cell[0], cell[1:], value) for cell, value in every.items()]


# ------------------------------------------------------------------------------------------------ roundings


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half up", [-3, -2, -2, -1, 0, 1, 2, 2, 3]),
        ("half down", [-2, -2, -1, -1, 0, 1, 1, 2, 2]),
        ("half even", [-2, -2, -2, -1, 0, 1, 2, 2, 2]),
        ("up", [-3, -2, -2, -2, 0, 2, 2, 2, 3]),
        ("down", [-2, -1, -1, -1, 0, 1, 1, 1, 2]),
        ("floor", [-3, -2, -2, -2, 0, 1, 1, 1, 2]),
        ("ceiling", [-2, -1, -1, -1, 0, 2, 2, 2, 3]),
    ],
)
def test_roundings(mode: str, expected: list[int]) -> None:
    tenths = [-25, -16, -15, -14, 0, 14, 15, 16, 25]
    assert [div_round(n, 10, mode) for n in tenths] == expected  # type: ignore[arg-type]


def test_a_rounding_keeps_its_digits() -> None:
    assert rounded(Fraction(1, 3), parse_rounding("half up to 2")) == Fraction(33, 100)
    assert rounded(Fraction(2), Rounding("up", 0)) == 2


# ------------------------------------------------------------------------------------------------ formulas and bands


def test_a_formula_divides_once_and_rounds() -> None:
    found = city(
        "  many: {for: squad each month, count: finding, via: squad}\n"
        "  share: {for: squad each month, formula: many * 100 / 3, round: half up to 2}\n",
        finding=[finding(1, "a1", JAN), finding(2, "a1", JAN)],
    )
    assert found.values("share")["a1 2015-01"] == "66.67"
    assert found.values("share")["b1 2015-02"] == "0.00"


@pytest.mark.parametrize(("empty", "expected"), [("7", "7.00"), ("null", None), ("error", "?")])
def test_a_zero_divisor_follows_empty(empty: str, expected: str | None) -> None:
    found = city(
        "  many: {for: squad each month, count: finding, via: squad}\n"
        f"  share: {{for: squad each month, formula: 10 / many, round: half up to 2, empty: {empty}}}\n",
        finding=[finding(1, "a1", JAN)],
    )
    assert found.values("share")["a1 2015-01"] == "10.00"
    assert found.values("share")["a2 2015-01"] == expected
    assert found.problems("share").get("a2 2015-01") == ("empty: share" if expected == "?" else None)


@pytest.mark.parametrize(("missing", "expected"), [("error", "?"), ("null", None), ("0.5", "0.5")])
def test_a_missing_result_follows_missing(missing: str, expected: str | None) -> None:
    found = city(f"  star: {{for: bureau each month, formula: stars, missing: {missing}}}\n", rating=ratings(A01="4.5"))
    assert found.values("star")["A 2015-01"] == "4.5"
    assert found.values("star")["A 2015-02"] == expected
    state = {"?": "undetermined", None: "missing"}.get(expected, "value")
    assert [r["state"] for r in found.tables["values"] if r["target"] == "A"] == ["value", state, state]


def test_a_row_that_has_to_be_there_and_is_not() -> None:
    found = city(
        "  star: {for: bureau each month, formula: stars, missing: 0}\n"
        "  next: {for: bureau each month, formula: star + 1}\n"
        "  more: {for: squad each month, formula: 'bonus', missing: 0}\n",
        rating=[rating("A", "01", "3")],
        extra=[{"squad": "a1", "period": "2015-01", "bonus": "2.5"}],
    )
    assert found.values("star")["A 2015-02"] == "?"
    assert found.problems("star")["A 2015-02"] == "absent: rating"
    assert found.problems("next")["A 2015-02"] == "depends: star"
    assert found.values("next")["A 2015-01"] == "4.0"
    assert found.values("more") == {
        f"{squad} 2015-{month}": "2.5" if (squad, month) == ("a1", "01") else "0.0"
        for squad in ("a1", "a2", "b1")
        for month in ("01", "02", "03")
    }


def test_all_names_are_read_whether_needed_or_not() -> None:
    found = city(
        "  star: {for: bureau each month, formula: stars, missing: error}\n"
        "  other: {for: bureau each month, formula: 'if quota > 0 then quota else star + stars_too'}\n"
        "  stars_too: {for: bureau each month, formula: stars, missing: error}\n",
        rating=ratings(),
    )
    assert found.problems("other")["A 2015-01"] == "depends: star, stars_too"


def test_a_date_beyond_the_calendar_is_an_overflow() -> None:
    found = city(
        '  late: {for: finding, formula: held + duration("P1M"), clause: 1}\n'
        '  far: {for: finding, formula: late + duration("P9000Y")}\n',
        finding=[finding(1, "a1", JAN)],
    )
    assert found.values("late") == {"1": "2015-02-15"}
    assert found.problems("far") == {"1": "overflow: far"}


def test_bands_take_the_first_bound_that_holds() -> None:
    body = "  level: {{for: finding, bands: points, {word}: {bounds}, otherwise: rest}}\n"
    rows = [finding(n, "a1", JAN, points) for n, points in enumerate(("1.99", "2", "2.01", "5", "5.01"))]
    for word, bounds, expected in (
        ("at_least", "{5: high, 2: low}", "rest low low high high"),
        ("above", "{5: high, 2: low}", "rest rest low low high"),
        ("up_to", "{2: low, 5: high}", "low low high high rest"),
        ("below", "{2: low, 5: high}", "low high high rest rest"),
    ):
        found = city(body.format(word=word, bounds=bounds), finding=rows)
        assert " ".join(map(str, found.values("level").values())) == expected, word


@pytest.mark.parametrize(("missing", "expected"), [("error", "?"), ("null", None), ("none", "none")])
def test_bands_of_nothing_follow_missing(missing: str, expected: str | None) -> None:
    found = city(
        "  grade: {for: bureau each month, bands: stars, at_least: {4: good}, otherwise: bad, "
        f"missing: {missing}}}\n",
        rating=ratings(A01="4.0", A02="3.9"),
    )
    assert [found.values("grade")[f"A 2015-0{n}"] for n in (1, 2, 3)] == ["good", "bad", expected]
    graded = [(r["period"], r["grade"], r["value"]) for r in found.tables["grades"] if r["target"] == "A"]
    last = [("2015-03", "none", None)] if expected == "none" else []
    assert graded == [("2015-01", "good", "4.0"), ("2015-02", "bad", "3.9"), *last]


# ------------------------------------------------------------------------------------------------ folds


def test_counts_and_sums_of_records() -> None:
    found = city(
        "  many: {for: bureau each month, count: finding, via: squad}\n"
        "  heavy: {for: bureau each month, count: finding, via: squad, where: points > 1}\n"
        "  lost: {for: bureau each month, sum: points, over: finding, via: squad}\n"
        "  helped: {for: squad each quarter, count: finding, via: helper}\n"
        "  all: {for: whole each quarter, count: finding}\n",
        finding=[
            finding(1, "a1", JAN, "0.5"),
            finding(2, "a2", JAN, "1.25", helper="a1"),
            finding(3, "b1", MAR, "2", helper="a1"),
        ],
    )
    assert found.values("many") == {
        "A 2015-01": "2", "A 2015-02": "0", "A 2015-03": "0", "B 2015-01": "0", "B 2015-02": "0", "B 2015-03": "1",
    }  # fmt: skip
    assert found.values("heavy")["A 2015-01"] == "1"
    assert found.values("lost")["A 2015-01"] == "1.75"
    assert found.values("lost")["A 2015-02"] == "0.00"
    assert found.values("helped") == {"a1 2015-Q1": "2", "a2 2015-Q1": "0", "b1 2015-Q1": "0"}
    assert found.values("all") == {"2015-Q1": "3"}


@pytest.mark.parametrize(("missing", "expected"), [("error", "?"), ("skip", "2.0"), ("8", "4.0")])
def test_a_mean_of_records_with_something_missing(missing: str, expected: str) -> None:
    found = city(
        "  m: {for: squad each month, mean: n, over: finding, via: squad, round: half up to 1, empty: null, "
        f"missing: {missing}}}\n",
        finding=[finding(1, "a1", JAN, n=1), finding(2, "a1", JAN, n=3), finding(3, "a1", JAN)],
    )
    assert found.values("m")["a1 2015-01"] == expected
    assert found.values("m")["a1 2015-02"] is None
    rows = [(r["input"], r["value"]) for r in found.tables["inputs"] if (r["target"], r["period"]) == ("a1", "2015-01")]
    assert rows == {"?": [], "2.0": [("count", "2"), ("sum", "4")], "4.0": [("count", "3"), ("sum", "12")]}[expected]
    if expected == "?":
        assert found.problems("m") == {"a1 2015-01": "missing: m"}


@pytest.mark.parametrize(("unit", "expected"), [("", "0.67"), (", unit: '%'", "66.67")])
def test_a_portion_is_divided_once(unit: str, expected: str) -> None:
    found = city(
        "  p: {for: squad each month, portion: points > 1, over: finding, via: squad, round: half up to 2, empty: error"
        f"{unit}}}\n",
        finding=[finding(1, "a1", JAN, 1), finding(2, "a1", JAN, 2), finding(3, "a1", JAN, 3)],
    )
    assert found.values("p")["a1 2015-01"] == expected
    assert found.problems("p")["a2 2015-01"] == "empty: p"
    assert [(r["input"], r["value"]) for r in found.tables["inputs"]] == [("count", "3"), ("hits", "2")]
    assert {r["unit"] for r in found.tables["values"]} == {"%" if unit else None}


@pytest.mark.parametrize(("missing", "expected"), [("skip", "0.5"), ("error", "?"), ("true", "0.7"), ("false", "0.3")])
def test_a_portion_with_unknown_conditions(missing: str, expected: str) -> None:
    found = city(
        "  p: {for: squad each month, portion: bad, over: finding, via: squad, round: half up to 1, empty: null, "
        f"missing: {missing}}}\n",
        finding=[finding(1, "a1", JAN, bad=True), finding(2, "a1", JAN, bad=False), finding(3, "a1", JAN)],
    )
    assert found.values("p")["a1 2015-01"] == expected


@pytest.mark.parametrize(("missing", "expected"), [("skip", "1"), ("error", "?")])
def test_an_unknown_where(missing: str, expected: str) -> None:
    found = city(
        f"  c: {{for: squad each month, count: finding, via: squad, where: bad, missing: {missing}}}\n",
        finding=[finding(1, "a1", JAN, bad=True), finding(2, "a1", JAN), finding(3, "a1", JAN, bad=False)],
    )
    assert found.values("c")["a1 2015-01"] == expected


def test_extremes() -> None:
    found = city(
        "  low: {for: squad each month, min: points, over: finding, via: squad, empty: 9}\n"
        "  top: {for: squad each month, max: points, over: finding, via: squad, empty: null}\n",
        finding=[finding(1, "a1", JAN, "0.50"), finding(2, "a1", JAN, 3)],
    )
    assert (found.values("low")["a1 2015-01"], found.values("top")["a1 2015-01"]) == ("0.50", "3.00")
    assert (found.values("low")["a2 2015-01"], found.values("top")["a2 2015-01"]) == ("9.00", None)


def test_a_mean_over_lower_targets_lists_what_it_was_made_of() -> None:
    found = city(
        "  lost: {for: squad each month, sum: points, over: finding, via: squad, applies: 'squad != \"b1\"'}\n"
        "  m: {for: whole each month, mean: lost, over: squad, round: half even to 2, empty: null, "
        "where: 'squad != \"a2\"'}\n"
        "  k: {for: bureau each month, mean: lost, over: squad, round: half even to 2, empty: null}\n",
        span="2015-01",
        finding=[finding(1, "a1", JAN, "0.25"), finding(2, "a2", JAN, "1"), finding(3, "b1", JAN, "7")],
    )
    assert found.values("lost") == {"a1 2015-01": "0.25", "a2 2015-01": "1.00"}
    assert found.values("m") == {"2015-01": "0.25"}
    assert found.values("k") == {"A 2015-01": "0.62", "B 2015-01": None}
    rows = [(r["target"], r["input"], r["value"], r["state"]) for r in found.tables["inputs"]]
    assert rows == [
        ("A", "a1", "0.25", "used"),
        ("A", "a2", "1.00", "used"),
        ("B", "b1", None, "absent"),
        ("", "a1", "0.25", "used"),
        ("", "b1", None, "absent"),
    ]


@pytest.mark.parametrize(
    ("missing", "expected", "states"),
    [
        ("skip", "4.00", ["used", "missing", "used"]),
        ("0.5", "2.83", ["used", "replaced", "used"]),
        ("error", "?", []),
    ],
)
def test_a_mean_over_shorter_periods(missing: str, expected: str, states: list[str]) -> None:
    found = city(
        "  star: {for: bureau each month, formula: stars, missing: null}\n"
        "  q: {for: bureau each quarter, mean: star, over: month, round: half up to 2, empty: null, "
        f"missing: {missing}}}\n",
        rating=ratings(A01=3, A03=5),
    )
    assert found.values("q")["A 2015-Q1"] == expected
    rows = [r for r in found.tables["inputs"] if r["target"] == "A"]
    assert [r["state"] for r in rows] == states
    if states:
        assert [r["input"] for r in rows] == ["2015-01", "2015-02", "2015-03"]
        assert rows[1]["value"] == (None if missing == "skip" else "0.5")


def test_an_undetermined_element_makes_the_fold_undetermined() -> None:
    found = city(
        "  star: {for: bureau each month, formula: stars, missing: 0}\n"
        "  q: {for: bureau each quarter, sum: star, over: month, where: month.number = 1}\n"
        "  w: {for: whole each month, max: star, over: bureau, empty: null}\n",
        rating=[rating("A", "01", 1), rating("B", "01", 2), rating("B", "02", 3), rating("B", "03", 3)],
    )
    # Even though `where` leaves the undetermined months out.
    assert found.problems("q") == {"A 2015-Q1": "depends: star"}
    assert found.values("q")["B 2015-Q1"] == "2.0"
    assert found.values("w") == {"2015-01": "2.0", "2015-02": "?", "2015-03": "?"}


def test_windows() -> None:
    rows = [finding(month, "a1", f"2015-{month:02d}-28") for month in range(1, 13)]
    found = city(
        "  many: {for: squad each month, count: finding, via: squad}\n"
        "  last3: {for: squad each month, count: finding, via: squad, window: last 3 months}\n"
        "  sum3: {for: squad each month, sum: many, over: month, window: last 3 months}\n"
        "  upto: {for: squad each month, count: finding, via: squad, window: year to date}\n"
        "  halves: {for: squad each quarter, sum: many, over: month, window: year to date}\n"
        "  tail: {for: squad each year, sum: many, over: month, window: last 2 months}\n"
        "  two: {for: squad each quarter, count: finding, via: squad, window: last 2 quarters}\n",
        span="2015",
        finding=rows,
    )
    assert [found.values("last3")[f"a1 2015-{m:02d}"] for m in range(1, 5)] == ["1", "2", "3", "3"]
    assert found.values("sum3") == found.values("last3")
    assert [found.values("upto")[f"a1 2015-{m:02d}"] for m in (1, 2, 12)] == ["1", "2", "12"]
    assert [found.values("halves")[f"a1 2015-Q{q}"] for q in (1, 2, 3, 4)] == ["3", "6", "9", "12"]
    assert found.values("tail")["a1 2015"] == "2"
    assert [found.values("two")[f"a1 2015-Q{q}"] for q in (1, 2, 3, 4)] == ["3", "6", "6", "6"]


def test_timeless_cells() -> None:
    found = city(
        "  many: {for: squad, count: finding, via: squad}\n  total: {for: bureau, sum: many, over: squad}\n",
        finding=[finding(1, "a1", JAN), finding(2, "a1", MAR), finding(3, "a2", MAR)],
    )
    assert found.values("many") == {"a1": "2", "a2": "1", "b1": "0"}
    assert found.values("total") == {"A": "3", "B": "0"}


def test_who_does_not_know_its_own_likeness_is_beside_nobody() -> None:
    def squads(missing: str) -> Results:
        body = CITY.replace("squad: {in: bureau, members: registered}",
                            "squad: {in: bureau, members: registered, fields: {team: optional count}}")  # fmt: skip
        rows = [{"name": name, "bureau": "A", "team": team} for name, team in (("a", 4), ("b", 4), ("c", None))]
        measure = f"""
  many: {{for: squad each month, count: finding, via: squad}}
  alike: {{for: squad each month, sum: many, over: squad, among: team, itself: excluded, missing: {missing}}}
"""
        return assess(f"{body}\nmeasures:{measure}", "2015-01", targets={"bureau": TARGETS["bureau"], "squad": rows},
                      finding=[finding(1, "b", JAN)])  # fmt: skip

    assert squads("skip").values("alike") == {"a 2015-01": "1", "b 2015-01": "0", "c 2015-01": "0"}
    asked = squads("error")
    assert asked.values("alike") == {"a 2015-01": "1", "b 2015-01": "0", "c 2015-01": "?"}
    assert asked.problems("alike") == {"c 2015-01": "missing: alike"}


def test_a_text_that_can_be_missing_is_compared_as_a_text() -> None:
    found = city(
        "  is_it: {for: finding, formula: '(if points > 1 then no else null) = \"2\"'}\n",
        finding=[finding(1, "a1", JAN, "3"), finding(2, "a1", JAN, "3"), finding(3, "a1", JAN, "1")],
    )
    assert found.values("is_it") == {"1": "false", "2": "true", "3": "false"}
