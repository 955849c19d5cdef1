"""Worked examples of caps that several cells share: the order, what is short, and cells of which nothing is known."""

from __future__ import annotations

import pytest

from engines.handmade import ALONE, Results, assess, finding

TARGETS = {
    "bureau": [{"name": name, "quota": 4, "size": "s"} for name in ("A", "B")],
    "squad": [{"name": "a", "bureau": "A"}, {"name": "b", "bureau": "A"}, {"name": "c", "bureau": "B"}],
}


def run(cap: str, *rows: dict[str, object], base: str = "0", rule: str = "deduct: points, when: n = 1") -> Results:
    """A ledger of squads by month over findings; `n` of a finding is 1 unless it is given."""
    body = f"""{ALONE}
measures:
  quota_of: {{for: bureau each quarter, formula: quota}}
  score:
    for: squad each month
    from: {base}
    rules: {{lost: {{each: finding, missing: undecided, {rule}}}}}
    caps: {{most: {{of: lost, {cap}}}}}
"""
    return assess(body.replace("points: number(2)", 'points: "number(2) [0, 100]"'), targets=TARGETS,
                  finding=[{"n": 1, **row} for row in rows])  # fmt: skip


ROWS = (
    finding(1, "a", "2015-01-05", "3"),
    finding(2, "b", "2015-01-04", "0.5"),
    finding(3, "a", "2015-02-01", "2"),
    finding(4, "b", "2015-02-02", "1"),
    finding(5, "c", "2015-02-01", "9"),
    finding(6, "a", "2015-03-01", "0.5"),
)


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        ("at: 4, per: bureau each quarter, order: low held, short: part", "-3.00 -0.50 -0.50 0.00 -4.00 0.00"),
        ("at: 4, per: bureau each quarter, order: low held, short: none", "-3.00 -0.50 0.00 0.00 0.00 -0.50"),
        ("at: quota_of, per: bureau each quarter, order: low held, short: part", "-3.00 -0.50 -0.50 0.00 -4.00 0.00"),
        ("at: 4, per: bureau each quarter, order: high held, short: part", "-0.50 0.00 -2.00 -1.00 -4.00 -0.50"),
        ("at: 4, per: bureau each quarter, order: [low points, high held], short: part",
         "-2.00 0.00 0.00 -1.00 -4.00 -0.50"),
        ("at: 4, per: squad, order: low held, short: part", "-3.00 -0.50 -1.00 -1.00 -4.00 0.00"),
        ("at: 4, per: whole each month, order: low held, short: part", "-3.00 -0.50 -2.00 0.00 -2.00 -0.50"),
        ("at: 4, per: whole, order: low held, short: none", "-3.00 -0.50 0.00 0.00 0.00 -0.50"),
        ("at: 0, per: whole, order: low held, short: part", "0.00 0.00 0.00 0.00 0.00 0.00"),
    ],
)  # fmt: skip
def test_first_come_first_served(cap: str, expected: str) -> None:
    found = run(cap, *ROWS)
    points = {row["record"]: str(row["points"]) for row in found.tables["ledger"] if row["rule"] == "lost"}
    if "low points, high held" in cap:
        # 0.5 of March, then that of January, 1, and 2 of the 3 that are left: the record of January 5 gets nothing.
        assert points == {"1": "0.00", "2": "-0.50", "3": "-2.00", "4": "-1.00", "5": "-4.00", "6": "-0.50"}
        return
    assert " ".join(points[str(number)] for number in range(1, 7)) == expected


def test_one_cell_of_which_nothing_is_known_leaves_the_others_undetermined() -> None:
    rows = (
        finding(1, "a", "2015-01-05", "3", n=None),
        finding(2, "b", "2015-02-05", "3"),
        finding(3, "c", "2015-02-05"),
    )
    found = run("at: 4, per: bureau each quarter, order: low held, short: part", *rows)
    problems = found.problems("score")
    assert problems.pop("a 2015-01") == "undecided: lost"
    # Cells without a finding, too.
    cells = {f"{squad} 2015-{month}" for squad in ("a", "b") for month in ("01", "02", "03")} - {"a 2015-01"}
    assert problems == dict.fromkeys(cells, "depends: score")
    assert found.values("score")["c 2015-02"] == "-1.00"


def test_what_counts_and_what_was_nominal_stand_in_the_lines() -> None:
    found = run("at: 4, per: bureau each quarter, order: low held, short: part", *ROWS)
    assert found.lines("a 2015-02") == ["(from) 0.00 0.00", "lost 3 -2.00 -0.50"]
