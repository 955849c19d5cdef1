"""Measures that stay fractions (`round: exact`): what reads them, on both engines; what examples give for them."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from cityrules.feel.types import Number
from cityrules.io.rows import DataError
from cityrules.loaded import loads
from cityrules.plan.model import Fold, Quotient, Rank
from engines.handmade import HEAD, assess, plan_of

CITY = """
targets:
  bureau: {members: registered, fields: {staff: count}}
  squad: {in: bureau, members: registered}
records:
  rating: {one_per: squad each month, fields: {points: "number(2) [-100, 100]"}, absent: "null"}
  finding: {dated: held, key: [no], fields: {no: text, squad: squad, held: date, good: optional flag}}
measures:
  mean_points: {for: bureau each month, mean: points, over: squad, missing: skip, empty: null, round: exact}
  strict: {for: bureau each month, mean: points, over: squad, missing: error, empty: error, round: exact}
  filled: {for: bureau each month, mean: points, over: squad, missing: 7, empty: 3.5, round: exact}
  share: {for: bureau each month, portion: good, over: finding, missing: skip, empty: null, unit: "%", round: exact}
  per_head: {for: bureau each month, formula: 10 / staff - 1, empty: null, round: exact}
  band: {for: bureau each month, bands: mean_points, above: {60: over}, otherwise: under, missing: null}
  place: {for: bureau each month, rank: low mean_points, among: whole, ties: dense, missing: 0}
  both: {for: bureau each month, weighted: {mean_points: 0.5, per_head: 0.5}, total: 1, missing: 2, round: half up to 3}
  reached: {for: bureau each month, count: month, where: mean_points >= 60, missing: skip, window: last 2 months}
"""


Rows = list[dict[str, str]]


def found(rows: Rows, staff: str = "3", findings: Rows | None = None) -> dict[str, str]:
    targets = {
        "bureau": [{"name": "A", "staff": staff}],
        "squad": [{"name": name, "bureau": "A"} for name in ("a", "b", "c")],
    }
    rows_ = assess(CITY, "2015-01", targets=targets, rating=rows, finding=findings or []).tables["values"]
    return {str(row["measure"]): str(row["value"] if row["state"] == "value" else row["state"]) for row in rows_}


def rating(squad: str, points: str) -> dict[str, str]:
    return {"squad": squad, "period": "2015-01", "points": points}


def test_a_mean_is_compared_as_the_fraction_that_it_is() -> None:
    values = found([rating("a", "59.99"), rating("b", "60"), rating("c", "60.01")])
    assert (values["mean_points"], values["band"]) == ("60", "under")
    values = found([rating("a", "60"), rating("b", "60"), rating("c", "60.01")])
    assert (values["mean_points"], values["band"], values["reached"]) == ("18001/300", "over", "1")


def test_what_is_missing_or_empty_is_so_in_both_halves() -> None:
    values = found([rating("a", "60")], staff="0")
    assert values["strict"] == values["strict.numerator"] == values["strict.denominator"] == "undetermined"
    assert (values["filled"], values["filled.numerator"], values["filled.denominator"]) == ("74/3", "74.00", "3")
    assert (values["per_head"], values["per_head.numerator"], values["per_head.denominator"]) == ("missing",) * 3
    assert (values["share"], values["mean_points"], values["both"]) == ("missing", "60", "31.000")


def test_a_portion_in_hundredths_counts_what_is_known() -> None:
    said = enumerate(["true", "false", "true", ""])
    values = found([], findings=[{"no": str(n), "squad": "a", "held": "2015-01-05", "good": good} for n, good in said])
    assert (values["share.numerator"], values["share.denominator"], values["share"]) == ("200", "3", "200/3")


def test_a_formula_of_sums_and_differences_is_one_fraction() -> None:
    assert found([], staff="7")["per_head"] == "3/7"
    assert found([], staff="16")["per_head"] == "-0.375"


@pytest.mark.parametrize("seed", range(6))
def test_ranks_tell_apart_whatever_differs(seed: int) -> None:
    """Equal fractions of unlike denominators tie, and nothing else does."""
    rng = random.Random(seed)
    bureaus = [f"b{n}" for n in range(12)]
    squads = [{"name": f"{b}s{n}", "bureau": b} for b in bureaus for n in range(rng.randint(0, 4))]
    rows = [rating(s["name"], rng.choice(["1", "-1", "0.99", "1.01", "2"])) for s in squads if rng.random() < 0.9]
    targets = {"bureau": [{"name": b, "staff": "1"} for b in bureaus], "squad": squads}
    tables = assess(CITY, "2015-01", targets=targets, rating=rows).tables
    by_bureau = {b: [float(r["points"]) for r in rows if r["squad"].startswith(f"{b}s")] for b in bureaus}
    means = {b: round(sum(v) / len(v), 9) if v else 0 for b, v in by_bureau.items()}
    order = sorted(set(means.values()))
    found_ = {str(row["target"]): row["place"] for row in tables["ranks"]}
    assert found_ == {b: order.index(m) + 1 for b, m in means.items()}


def test_the_plan_has_two_whole_measures_and_the_quotient() -> None:
    plan = plan_of(CITY)
    whole, numerator, denominator = (plan.measures[f"mean_points{end}"] for end in ("", ".numerator", ".denominator"))
    assert isinstance(whole, Quotient)
    assert isinstance(numerator, Fold)
    assert isinstance(denominator.type, Number)
    assert numerator.op == "sum"
    assert (denominator.type.scale, denominator.type.low) == (0, 1)
    assert isinstance(plan.measures["place"], Rank)


EXAMPLE = """
examples:
  given_as_a_fraction:
    given:
      targets: {bureau: [{name: A, staff: 1}, {name: B, staff: 1}]}
      values: {mean_points: {A 2015-01: 18001/300, B 2015-01: 60}}
    expect: {band: {A 2015-01: over, B 2015-01: under}, mean_points: {A 2015-01: 18001/300}}
"""


def test_examples_write_fractions_of_whole_numbers() -> None:
    assert loads(HEAD + CITY + EXAMPLE) is not None


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("if staff != 5 then 1 / (staff - 5) else 9", {"0": "-0.2", "5": "9", "6": "1", "12": "1/7"}),
        ("2 - 1 / -(staff + 1)", {"0": "3", "5": "13/6"}),
        ("default(top / (staff + 1), 3) * 2 - 0.5", {"0": "5.5", "2": "-1/6"}),
        ("if staff > 1 then 7 / staff else staff / 3", {"0": "0", "1": "1/3", "2": "3.5", "3": "7/3"}),
    ],
)
def test_what_is_brought_over_one_line(formula: str, expected: dict[str, str]) -> None:
    """Divisors of either sign, nested, chosen, and what stands for a missing one."""
    document = f"""
targets: {{bureau: {{members: registered, fields: {{staff: "count [0, 99]", top: "optional number(1) [0, 9]"}}}}}}
measures:
  m: {{for: bureau, formula: "{formula}", round: exact}}
  more: {{for: bureau, formula: m > 1}}
"""
    bureaus = [{"name": staff, "staff": staff} | ({"top": "0.5"} if staff == "2" else {}) for staff in expected]
    found = assess(document, "2015-01", targets={"bureau": bureaus})
    assert found.values("m") == expected
    assert found.values("more") == {name: str(Fraction(value) > 1).lower() for name, value in expected.items()}


BEFORE = """
targets: {bureau: {members: registered}, squad: {in: bureau, members: registered}}
records: {rating: {one_per: squad each month, fields: {points: "number(2) [0, 100]"}, absent: "null"}}
measures:
  mean_points: {for: bureau each month, mean: points, over: squad, missing: skip, empty: null, round: exact}
  better: {for: bureau each month, formula: mean_points - previous(mean_points), missing: "null", round: half up to 3}
"""


@pytest.mark.parametrize(
    ("before", "better"), [("50", "0.667"), ("50.01", "0.657"), ("151/3", "0.333"), ("", None), ("1/7777777", "no")]
)
def test_an_opening_balance_of_a_fraction_is_that_of_its_halves(before: str, better: str | None) -> None:
    scheme = loads(HEAD + BEFORE)
    targets = {"bureau": [{"name": "A"}], "squad": [{"name": name, "bureau": "A"} for name in "abc"]}
    rows = [
        {"squad": name, "period": "2015-02", "points": mark}
        for name, mark in zip("abc", ("50", "51", "51"), strict=True)
    ]
    opening = [{"measure": "mean_points", "target": "A", "period": "2015-01", "value": before}]

    def assessed() -> str | None:
        found = scheme.assess({"rating": rows}, targets=targets, period="2015-02", opening=opening)
        return next(str(row[4]) if row[4] else None for row in found.tables["values"].rows() if row[3] == "better")

    if better == "no":
        with pytest.raises(DataError, match="1/7777777"):
            assessed()
    else:
        assert assessed() == better
