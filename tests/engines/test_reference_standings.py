"""Worked examples of ranks, runs and earlier periods, with every policy."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from engines.handmade import CITY, Results, assess


def rating(bureau: str, month: str, stars: object) -> dict[str, object]:
    return {"bureau": bureau, "period": f"2015-{month}", "stars": stars}


# ------------------------------------------------------------------------------------------------ ranks


def ranked(rank: str, stars: dict[str, object], **more: object) -> Results:
    """A rank of five bureaus by their stars in January."""
    targets = {"bureau": [{"name": name, "quota": 1, "size": "big" if name in "VW" else "small"} for name in "VWXYZ"]}
    return assess(
        f"{CITY}\nmeasures:\n  star: {{for: bureau each month, formula: stars, missing: null}}\n"
        f"  place: {{for: bureau each month, {rank}}}\n"
        + ("  same: {for: bureau each month, formula: tied(place), missing: 0}\n" if "skip" in rank else ""),
        span="2015-01",
        targets=targets,
        rating=[rating(name, "01", value) for name, value in stars.items()],
        **more,  # type: ignore[arg-type]
    )


STARS = {"V": 5, "W": 4, "X": 4, "Y": 3, "Z": None}


@pytest.mark.parametrize(
    ("rank", "places"),
    [
        ("rank: high star, among: whole, ties: share, missing: skip", [1, 2, 2, 4, None]),
        ("rank: low star, among: whole, ties: share, missing: skip", [4, 2, 2, 1, None]),
        ("rank: high star, among: whole, ties: dense, missing: skip", [1, 2, 2, 3, None]),
        ("rank: low star, among: whole, ties: dense, missing: skip", [3, 2, 2, 1, None]),
        ("rank: high star, among: whole, ties: share, missing: 4", [1, 2, 2, 5, 2]),
        ("rank: high star, among: size, ties: share, missing: skip", [1, 2, 1, 2, None]),
        ("rank: high star, among: whole, ties: error, missing: skip", [1, "?", "?", 4, None]),
        ("rank: high star, among: whole, ties: share, missing: error", ["?", "?", "?", "?", "?"]),
    ],
)
def test_places(rank: str, places: list[object]) -> None:
    found = ranked(rank, STARS)
    shown = [place if place in ("?", None) else str(place) for place in places]
    assert list(found.values("place").values()) == shown
    if "ties: error" in rank:
        assert found.problems("place") == {"W 2015-01": "ties: place", "X 2015-01": "ties: place"}
    if "missing: error" in rank:
        assert found.problems("place")["Z 2015-01"] == "missing: place"
        assert found.problems("place")["V 2015-01"] == "depends: place"


def test_the_table_of_ranks() -> None:
    found = ranked("rank: high star, among: [size, bureau], ties: share, missing: skip", STARS)
    assert {r["group"] for r in found.tables["ranks"]} == {"big / V", "big / W", "small / X", "small / Y", "small / Z"}
    found = ranked("rank: high star, among: whole, ties: share, missing: skip", STARS)
    rows = [(r["target"], r["group"], r["place"], r["tied"], r["size"], r["value"]) for r in found.tables["ranks"]]
    assert rows == [
        ("V", None, 1, 1, 4, "5.0"),
        ("W", None, 2, 2, 4, "4.0"),
        ("X", None, 2, 2, 4, "4.0"),
        ("Y", None, 4, 1, 4, "3.0"),
        ("Z", None, None, None, 4, None),
    ]
    assert list(found.values("same").values()) == ["1", "2", "2", "1", "0"]


def test_an_undetermined_cell_spoils_its_group_only() -> None:
    found = ranked("rank: high star, among: size, ties: share, missing: skip", {"V": 5, "W": 4, "X": 4, "Y": 3})
    assert list(found.values("place").values()) == ["1", "2", "?", "?", "?"]
    assert found.problems("place") == {
        "X 2015-01": "depends: place",
        "Y 2015-01": "depends: place",
        "Z 2015-01": "depends: star",
    }


# ------------------------------------------------------------------------------------------------ runs


def runs(body: str, given: dict[str, object], span: str = "2014-10..2015-03", targets: object = None) -> list[object]:
    """A run of bureau A over six months of which the stars are given."""
    found = assess(
        f"{CITY}\nmeasures:\n  star: {{for: bureau each month, formula: stars, missing: null}}\n"
        f"  run: {{for: bureau each month, {body}}}\n",
        span=span,
        targets=targets or {"bureau": [{"name": "A", "quota": 1, "size": "s"}]},  # type: ignore[arg-type]
        given={"star": {f"A {month}": value for month, value in given.items()}},  # type: ignore[dict-item]
    )
    return [found.values("run").get(f"A {month}", "-") for month in MONTHS]


MONTHS = ("2014-10", "2014-11", "2014-12", "2015-01", "2015-02", "2015-03")


def stars(*values: object) -> dict[str, object]:
    """Stars of the months in order; `?` leaves the rating absent, so that it is undetermined."""
    return {month: value for month, value in zip(MONTHS, values, strict=True) if value != "?"}


@pytest.mark.parametrize(
    ("body", "values", "expected"),
    [
        ("missing: breaks, new_year: continues", [1, 1, 5, 1, 1, 1], "1 2 0 1 2 3"),
        ("missing: breaks, new_year: breaks", [1, 1, 1, 1, 1, 5], "1 2 3 1 2 0"),
        ("missing: breaks, new_year: continues", [1, 1, None, 1, 1, 1], "1 2 0 1 2 3"),
        ("missing: holds, new_year: continues", [1, 1, None, 1, None, 5], "1 2 2 3 3 0"),
        ("missing: holds, new_year: breaks", [1, 1, 1, None, 1, None], "1 2 3 0 1 1"),
        ("missing: counts, new_year: continues", [1, None, None, 5, None, 1], "1 2 3 0 1 2"),
        ("missing: breaks, new_year: continues", [1, "?", 1, 5, 1, 1], "1 ? ? 0 1 2"),
        ("missing: holds, new_year: continues", [1, "?", None, 1, 5, 1], "1 ? ? ? 0 1"),
        ("missing: breaks, new_year: breaks", [1, "?", 1, 1, 1, 1], "1 ? ? 1 2 3"),
        ("missing: breaks, new_year: continues", [1, "?", None, 1, 1, 1], "1 ? 0 1 2 3"),
    ],
)
def test_runs(body: str, values: list[object], expected: str) -> None:
    assert " ".join(map(str, runs(f"run: star < 3, {body}", stars(*values)))) == expected


def test_a_run_after_a_hole_starts_anew() -> None:
    body = "run: star < 3, missing: breaks, new_year: continues, applies: month.number != 12"
    assert runs(body, stars(1, 1, 1, 1, 1, 1)) == ["1", "2", "-", "1", "2", "3"]


def test_a_run_starts_when_its_target_does() -> None:
    targets = {"bureau": [{"name": "A", "quota": 1, "size": "s", "since": "2014-11-30", "until": "2015-03-01"}]}
    body = "run: star < 3, missing: breaks, new_year: continues"
    assert runs(body, stars(1, 1, 1, 1, 1, 1), targets=targets) == ["-", "1", "2", "3", "4", "-"]


def test_a_given_run_is_continued() -> None:
    found = assess(
        f"{CITY}\nmeasures:\n  run: {{for: bureau each month, run: quota > 0, new_year: continues}}\n",
        targets={"bureau": [{"name": "A", "quota": 1, "size": "s"}]},
        given={"run": {"A 2014-12": 5, "A 2015-02": 0}},
    )
    assert found.values("run") == {"A 2014-12": "5", "A 2015-01": "6", "A 2015-02": "0", "A 2015-03": "1"}


def test_a_run_that_depends_says_so() -> None:
    found = assess(
        f"{CITY}\nmeasures:\n  star: {{for: bureau each month, formula: stars, missing: error}}\n"
        "  run: {for: bureau each month, run: star < 3, new_year: continues}\n",
        targets={"bureau": [{"name": "A", "quota": 1, "size": "s"}]},
        rating=[rating("A", "01", 1), rating("A", "02", None), rating("A", "03", 1)],
    )
    assert found.problems("run") == {"A 2015-02": "depends: star", "A 2015-03": "depends: run"}


def test_years_before() -> None:
    found = assess(
        f"{CITY}\nmeasures:\n  star: {{for: bureau each month, formula: stars, missing: null}}\n"
        "  change: {for: bureau each month, formula: star - previous(star), missing: null}\n"
        "  yearly: {for: bureau each month, formula: star - year_before(star), missing: null}\n",
        span="2014-01..2015-02",
        targets={"bureau": [{"name": "A", "quota": 1, "size": "s"}]},
        given={"star": {"A 2013-12": 1, "A 2014-01": 3, "A 2014-02": None, "A 2015-01": Fraction(7, 2)}},
        as_of=dt.datetime(2015, 2, 10),
    )
    assert found.values("change")["A 2014-01"] == "2.0"
    assert found.values("change")["A 2014-02"] is None
    assert found.values("yearly")["A 2015-01"] == "0.5"
    assert found.values("change")["A 2015-01"] == "?"
