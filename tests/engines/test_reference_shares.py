"""Worked examples of shares: remainders and their order, zero and missing weights, groups that nobody can determine."""

from __future__ import annotations

from typing import Any

import pytest

from engines.handmade import CITY, Results, assess

STARS = {"V": 5, "W": 4, "X": 4, "Y": 3, "Z": None}


def shared(share: str, stars: dict[str, Any], **more: Any) -> Results:
    """A part of something for each of five bureaus by their stars in January."""
    targets = {"bureau": [{"name": name, "quota": 1, "size": "big" if name in "VW" else "small"} for name in "VWXYZ"]}
    return assess(
        f"{CITY}\nmeasures:\n  star: {{for: bureau each month, formula: abs(stars), missing: null}}\n"
        f"  part: {{for: bureau each month, {share}}}\n",
        span="2015-01",
        targets=targets,
        rating=[{"bureau": name, "period": "2015-01", "stars": value} for name, value in stars.items()],
        **more,
    )


BY, LAST = "in_proportion_to: star, among", "remainder: by name"


@pytest.mark.parametrize(
    ("share", "parts"),
    [
        # 100 steps by 5, 4, 4, 3 of 16: 31.25, 25, 25, 18.75.
        (
            f"apportion: 1, {BY}: whole, step: 0.01, {LAST}, missing: skip, empty: 0",
            ["0.31", "0.25", "0.25", "0.19", None],
        ),
        # 10: 3.125, 2.5, 2.5, 1.875: Y has most over it, then W by name; or X, by the order that is stated.
        (
            f"apportion: 10, {BY}: whole, step: 1, {LAST}, missing: skip, empty: 0",
            ["3", "3", "2", "2", None],
        ),
        (
            f'apportion: 10, {BY}: whole, step: 1, remainder: ["low quota", by name], missing: skip, empty: 0',
            ["3", "3", "2", "2", None],
        ),
        # A total below nothing is divided as one above it.
        (
            f"apportion: -10, {BY}: whole, step: 1, {LAST}, missing: skip, empty: 0",
            ["-3", "-3", "-2", "-2", None],
        ),
        (
            f"apportion: 0, {BY}: whole, step: 1, {LAST}, missing: skip, empty: 0",
            ["0", "0", "0", "0", None],
        ),
        # Z counts with 4: 2.5, 2, 2, 1.5, 2: V by name.
        (f"apportion: 10, {BY}: whole, step: 1, {LAST}, missing: 4, empty: 0", ["3", "2", "2", "1", "2"]),
        (
            f"apportion: 10, {BY}: whole, step: 0.5, {LAST}, missing: 4, empty: 0",
            ["2.5", "2.0", "2.0", "1.5", "2.0"],
        ),
        # Two groups, each with all of it: 5.56 and 4.44; 5.71 and 4.29.
        (
            f"apportion: 10, {BY}: size, step: 1, {LAST}, missing: skip, empty: 0",
            ["6", "4", "6", "4", None],
        ),
        (
            f"apportion: 10, {BY}: whole, step: 1, {LAST}, missing: error, empty: 0",
            ["?", "?", "?", "?", "?"],
        ),
    ],
)
def test_parts(share: str, parts: list[object]) -> None:
    found = shared(share, STARS)
    assert list(found.values("part").values()) == parts
    if "missing: error" in share:
        assert found.problems("part")["Z 2015-01"] == "missing: part"
        assert found.problems("part")["V 2015-01"] == "depends: part"


@pytest.mark.parametrize(
    ("empty", "parts"),
    [("0", ["0", "0", None]), ("7", ["7", "7", None]), ("null", [None, None, None]), ("error", ["?", "?", None])],
)
def test_where_all_weights_are_zero_the_stated_holds(empty: str, parts: list[object]) -> None:
    share = f"apportion: 10, {BY}: size, step: 1, remainder: by name, missing: skip, empty: {empty}"
    found = shared(share, {"V": 1, "W": 0, "X": 0, "Y": 0, "Z": None})
    assert list(found.values("part").values()) == ["10", "0", *parts]
    if empty == "error":
        assert found.problems("part") == {"X 2015-01": "empty: part", "Y 2015-01": "empty: part"}


def test_what_remains_is_never_for_nobody() -> None:
    """A weight of 0 leaves nothing over and gets nothing, though it comes first by name."""
    found = shared(
        f"apportion: 1, {BY}: whole, step: 1, {LAST}, missing: skip, empty: 0",
        {"V": 0, "W": 0, "X": 1, "Y": 1, "Z": 1},
    )
    assert list(found.values("part").values()) == ["0", "0", "1", "0", "0"]


def test_only_those_to_whom_it_applies_have_a_part() -> None:
    share = f'apportion: 10, {BY}: whole, step: 1, remainder: by name, missing: skip, empty: 0, applies: size = "small"'
    assert list(shared(share, STARS).values("part").values()) == ["6", "4", None]


def test_a_given_part_changes_no_other() -> None:
    share = f"apportion: 10, {BY}: whole, step: 1, {LAST}, missing: skip, empty: 0"
    found = shared(share, STARS, given={"part": {"W 2015-01": 9}})
    assert list(found.values("part").values()) == ["3", "9", "2", "2", None]
