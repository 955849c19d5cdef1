"""The reference engine against a direct recomputation, and properties that hold for every scheme."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cityrules.plan.model import Plan
from engines.handmade import Results, assess, plan_of
from engines.oracle import Case, Family, document, expected

FAMILIES = st.builds(
    Family,
    deduct=st.sampled_from([1, 33, 251]),
    late=st.sampled_from([5, 100, 3000]),
    cap=st.sampled_from([0, 50, 175, 4000]),
    floor=st.sampled_from([-10000, 0, 5000]),
    good=st.sampled_from([9990, 10000]),
    poor=st.sampled_from([9900, 9975]),
    together=st.sampled_from(["all", "highest", "first"]),
    reaches=st.integers(1, 3),
    restarts=st.sampled_from(["no", "dropped", "carried"]),
)
BUREAUS = ("A", "B", "C")
CASES = st.lists(
    st.builds(
        Case,
        squad=st.sampled_from(["a1", "a2", "b1"]),
        month=st.integers(1, 12) | st.integers(1, 4),
        day=st.integers(1, 28),
        points=st.sampled_from([0, 1, 100, 150, 9999, -200]),
        late=st.booleans(),
    ),
    max_size=25,
)
PARENTS = {"a1": "A", "a2": "A", "b1": "B"}
TARGETS = {
    "bureau": [{"name": name} for name in BUREAUS],
    "squad": [{"name": squad, "bureau": bureau} for squad, bureau in PARENTS.items()],
}


@cache
def plan(family: Family) -> Plan:
    return plan_of(document(family))


def rows(cases: list[Case]) -> list[dict[str, object]]:
    return [
        {
            "no": str(number),
            "squad": case.squad,
            "found_on": f"2015-{case.month:02d}-{case.day:02d}",
            "points": f"{Decimal(case.points) / 100:.2f}",
            "late": case.late,
        }
        for number, case in enumerate(cases)
    ]


def run(family: Family, *sources: list[dict[str, object]]) -> Results:
    from cityrules.io.listed import ListRows

    listed = [ListRows(f"s{number}", items) for number, items in enumerate(sources)]
    return assess(plan(family), span="2015", targets=TARGETS, case=listed)


@given(family=FAMILIES, cases=CASES)
@example(
    family=Family(251, 3000, 50, 0, 9990, 9900, "all", 2, "carried"),
    cases=[Case("b1", month, 1, 100, True) for month in (1, 2, 3, 4, 6, 7, 8, 9, 10)],
)
@settings(deadline=None, max_examples=60)
def test_the_engine_agrees_with_the_oracle(family: Family, cases: list[Case]) -> None:
    found, wanted = run(family, rows(cases)), expected(family, PARENTS, BUREAUS, cases)
    for measure, cells in wanted.values.items():
        assert found.values(measure) == cells, measure
    assert found.fired("act") == wanted.steps
    assert found.tables["problems"] == found.tables["rejects"] == []


@given(family=FAMILIES, cases=CASES)
@settings(deadline=None, max_examples=30)
def test_the_points_of_a_ledger_sum_to_its_value(family: Family, cases: list[Case]) -> None:
    found = run(family, rows(cases))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in found.tables["ledger"]:
        sums[f"{row['target']} {row['period']}"] += Decimal(str(row["points"]))
    assert {cell: str(total) for cell, total in sums.items()} == found.values("score")


@given(family=FAMILIES, cases=CASES, seed=st.integers(0, 9), cut=st.integers(0, 25))
@settings(deadline=None, max_examples=30)
def test_neither_order_nor_sources_matter(family: Family, cases: list[Case], seed: int, cut: int) -> None:
    items = rows(cases)
    mixed = items[:]
    random.Random(seed).shuffle(mixed)
    plain = run(family, items)
    assert plain.tables == run(family, mixed).tables
    assert plain.tables == run(family, items[:cut], items[cut:]).tables
    # What is there twice counts once, and nothing else changes.
    twice = run(family, items, items)
    assert [row["reasons"] for row in twice.tables.pop("rejects")] == ["duplicate"] * len(items)
    plain.tables.pop("rejects")
    assert plain.tables == twice.tables
