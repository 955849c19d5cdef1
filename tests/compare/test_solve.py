"""Which value makes a wish true: against a run of every value; what is proved, and near misses that must not be."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.compare.questions.rising import Counted, way_of
from cityrules.compare.questions.solve import Solution
from cityrules.compare.questions.wishes import Wish, wish_of
from cityrules.compare.unanswerable import Unanswerable

HEAD = """
cityrules: 1
scheme: solve
title: Solve
clause: 1
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: 'count [0, 9]',
             amount: 'optional count [0, 9]'}}
parameters: {dial: {value: 3}, other: {value: 5}}
measures:
  lost: {for: street each month, sum: points, over: finding}
"""
BANDS = "  grade: {for: street each month, bands: lost, WORD: {BOUNDS}, otherwise: low}\n"
GRADE = BANDS.replace("WORD", "at_least").replace("BOUNDS", "other: high, dial: middle")
# What is counted, in which scheme, and what is proved of it while the dial goes from 1 to 4.
PROVED: dict[str, tuple[str, str, str]] = {
    "the lowest band": (GRADE, "grade = low", "rises"),
    "the highest band": (GRADE, "grade = high", "falls"),
    "two bands": (BANDS.replace("WORD", "at_least").replace("BOUNDS", "dial: high"), "grade = high", "falls"),
    "from below": (BANDS.replace("WORD", "up_to").replace("BOUNDS", "dial: high"), "grade = high", "rises"),
    "strictly below": (BANDS.replace("WORD", "below").replace("BOUNDS", "dial: high"), "grade = low", "falls"),
    "a condition": (
        "consequences: {c: {for: street each month, when: lost >= dial, do: a, kind: flag}}\n", "c", "falls",
    ),
    "of a grade": (
        GRADE + 'consequences: {c: {for: street each month, when: grade = "low", do: a, kind: flag}}\n', "c", "rises",
    ),
    "a run of it": (
        GRADE + '  again: {for: street each month, run: grade = "low", new_year: breaks}\n', "again >= 2", "rises",
    ),
    "a price": (
        "  score: {for: street each month, from: 100, rules: {found: {each: finding, deduct: dial}}}\n",
        "score < 96", "rises",
    ),
    "a sum with it": ("  more: {for: street each month, formula: lost + 2 * dial}\n", "more >= 9", "rises"),
    "a difference": ("  more: {for: street each month, formula: 20 - dial * lost}\n", "more >= 9", "falls"),
    "a mean of months of which there may be none": (
        "  score: {for: street each month, formula: lost + dial}\n"
        "  more: {for: street each year, mean: score, over: month, empty: error, round: half up to 2}\n",
        "more >= 9", "rises",
    ),
    "a branch that can always be determined": (
        "  more: {for: street each month, formula: if lost < dial then 10 + lost else 1}\n", "more >= 5", "rises",
    ),
    "read nowhere": ("  more: {for: street each month, formula: lost + other}\n", "more >= 9", "stays"),
}  # fmt: skip
# What looks alike, and goes both ways (or cannot be followed).
NEAR_MISSES: dict[str, tuple[str, str]] = {
    "a middle band": (GRADE, "grade = middle"),
    "equal to it": ("consequences: {c: {for: street each month, when: lost = dial, do: a, kind: flag}}\n", "c"),
    "between two": (
        "consequences: {c: {for: street each month, when: lost >= dial and lost < dial + 2, do: a, kind: flag}}\n", "c",
    ),
    "a distance": ("  more: {for: street each month, formula: abs(lost - dial)}\n", "more >= 2"),
    "a product that changes its sign": (
        "  more: {for: street each month, formula: (lost - 5) * dial}\n", "more >= 0",
    ),
    "a step of a ladder": (
        "  bad: {for: street each month, run: lost > 2, new_year: breaks}\n"
        "consequences: {c: {for: street each month, ladder: bad, restarts: no, together: highest,"
        " steps: {one: {reaches: dial, do: a, kind: flag}, two: {reaches: 9, do: b, kind: flag}}}}\n", "c = one",
    ),
    "a cap on a run that begins anew": (
        "  bad: {for: street each month, run: lost >= dial and lost <= 2 * dial, new_year: breaks}\n", "bad >= 1",
    ),
    "points up to a cap": (
        "  score: {for: street each month, from: 10, rules: {found: {each: finding, deduct: 2, cap: dial},"
        " back: {when: lost > dial, add: 3}}}\n", "score < 8",
    ),
    "where it applies": ("  more: {for: street each month, applies: lost >= dial, formula: lost}\n", "more >= 4"),
    "a place": (
        "  more: {for: street each month, formula: if lost > dial then 9 - lost else lost}\n"
        "  place: {for: street each month, rank: high more, among: whole, ties: share}\n", "place <= 1",
    ),
    "a sum that stops at a finding without an amount": (
        "  more: {for: street each month, sum: amount, over: finding, where: points < dial, missing: error}\n",
        "more >= 1",
    ),
    "a branch that reads such a sum": (
        "  sum: {for: street each month, sum: amount, over: finding, missing: error}\n"
        "  more: {for: street each month, formula: if lost < dial then 100 + sum else 1}\n", "more >= 1",
    ),
    "a condition on elements that are not all determined": (
        "  sum: {for: street each month, sum: amount, over: finding, missing: error}\n"
        "  more: {for: street each year, sum: sum, over: month, where: lost < dial}\n", "more >= 1",
    ),
}  # fmt: skip
VALUES = ("1", "2", "4")


def counted(text: str, scheme: cr.Scheme) -> Counted:
    return wish_of(f"{text} at most 1", scheme.plan).counted


@pytest.mark.parametrize("name", PROVED)
def test_what_is_proved(name: str) -> None:
    body, text, way = PROVED[name]
    scheme = cr.loads(HEAD + body)
    assert way_of(scheme.written, "parameters.dial.value", VALUES, counted(text, scheme)) == way


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_what_only_looks_so_is_not_proved(name: str) -> None:
    body, text = NEAR_MISSES[name]
    scheme = cr.loads(HEAD + body)
    assert way_of(scheme.written, "parameters.dial.value", VALUES, counted(text, scheme)) == "both_ways"


def test_where_nothing_can_be_followed() -> None:
    scheme = cr.loads(HEAD + GRADE)
    low = counted("grade = low", scheme)
    assert way_of(scheme.written, "measures.grade.otherwise", VALUES, low) == "not_a_parameter"
    # From 1 to 6 the dial passes the other bound.
    assert way_of(scheme.written, "parameters.dial.value", ("1", "2", "6"), low) == "not_for_all"
    optional = "amount: 'optional count [0, 9]'}"
    accepted = HEAD.replace(optional, f"{optional}, accepted_if: {{few: {{that: points < dial}}}}")
    scheme = cr.loads(accepted + GRADE)
    assert way_of(scheme.written, "parameters.dial.value", VALUES, low) == "used_otherwise"


def rows_of(points: list[int]) -> list[dict[str, object]]:
    return [
        {"no": str(number), "street": "ABC"[number % 3], "found_on": f"2024-0{1 + number // 3 % 2}-05", "points": lost}
        for number, lost in enumerate(points)
    ]


def solved(
    body: str, points: list[int], wish: str, engine: Any = "python", last: int = 4
) -> tuple[cr.Scheme, Solution]:
    scheme = cr.loads(HEAD + body)
    streets = [{"name": name} for name in "ABC"]
    study = scheme.study(
        {"finding": rows_of(points)}, targets={"street": streets}, period="2024-01..2024-02", engine=engine
    )
    return scheme, study.solve("parameters.dial.value", between=(1, last), wish=wish)


@pytest.mark.parametrize("engine", ["python", "duckdb"])
@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from([*PROVED.values()]) | st.sampled_from([(*one, "both_ways") for one in NEAR_MISSES.values()]),
    st.lists(st.integers(0, 6), min_size=4, max_size=9),
    st.sampled_from(["at most 1", "at least 2", "at most 40%", "at least 50%"]),
)
def test_the_answer_is_that_of_every_value(
    engine: Any, case: tuple[str, str, str], points: list[int], bound: str
) -> None:
    body, text, way = case
    if text.startswith("c"):
        bound = bound.replace("40%", "2").replace("50%", "3")
    scheme, found = solved(body, points, f"{text} {bound}", engine)
    assert found.proved is (way in ("rises", "falls", "stays"))
    assert found.why == way
    streets = [{"name": name} for name in "ABC"]
    right = []
    numbers = []
    for value in ("1", "2", "3", "4"):
        one = scheme.overlay({"parameters.dial.value": value}).assess(
            {"finding": rows_of(points)}, targets={"street": streets}, period="2024-01..2024-02"
        )
        number, of = brute(one, found.wish)
        numbers.append(number)
        share = Fraction(number, of) if found.wish.share and of else Fraction(number)
        good = share <= found.wish.bound if found.wish.side == "at most" else share >= found.wish.bound
        if good and (of or not found.wish.share):
            right.append(value)
        ran = {each.value: each for each in found.tried}
        assert value not in ran or (ran[value].number, ran[value].holds) == (number, value in right)
    inside = [value for value in found.values if any(int(low) <= int(value) <= int(high) for low, high in found.ranges)]
    assert inside == right
    assert (found.smallest, found.largest) == (right[0] if right else None, right[-1] if right else None)
    if found.proved:
        assert numbers in (sorted(numbers), sorted(numbers, reverse=True))
        assert numbers == {"rises": sorted(numbers), "falls": sorted(numbers)[::-1]}.get(way, numbers[:1] * 4)


def brute(one: cr.Assessment, wish: Wish) -> tuple[int, int]:
    """The count by a reading of the tables of its own."""
    name, what, op = wish.counted.name, wish.counted.what, wish.counted.op
    rows = [row for row in one.rows("consequences") if row["consequence"] == name]
    if rows or name == "c":
        return sum(what is None or row["step"] == what for row in rows), 0
    texts = [str(row["value"]) for row in one.rows("values") if row["measure"] == name and row["value"] is not None]
    if isinstance(what, str):
        return texts.count(what), len(texts)
    assert isinstance(what, Fraction)
    signs = {one: (Fraction(one) > what) - (Fraction(one) < what) for one in texts}
    good = {"<": (-1,), "<=": (-1, 0), "=": (0,), ">": (1,), ">=": (0, 1)}[op or "="]
    return sum(signs[one] in good for one in texts), len(texts)


def test_few_values_are_run_where_it_is_proved() -> None:
    _, found = solved(GRADE.replace("other: high, ", ""), [6] * 9, "grade = low at most 0", last=100)
    assert (found.proved, found.ranges) == (True, (("1", "6"),))
    assert len(found.tried) < 12
    assert found.to_json()["largest"] == "6"
    assert [one.value for one in found.tried] == sorted((one.value for one in found.tried), key=int)


def test_a_value_in_between_that_is_no_good_document_is_not_claimed() -> None:
    text = "checks: {odd: {that: dial != 5, otherwise: error}}\n"
    _, found = solved(PROVED["two bands"][0] + text, [6] * 9, "grade = low at most 9", last=6)
    assert (found.proved, found.why) == (False, "not_in_order")
    assert found.ranges == (("1", "4"), ("6", "6"))
    assert [row[-1] for row in found.table.rows()] == [None, None, None, None, "CR941", None]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ("grade = low", "CR1117"), ("grade = lower at most 1", "CR1126"), ("grade at most 1", "CR1126"),
        ("lost at most 3", "CR1126"), ("lost = many at most 3", "CR1126"), ("grades = low at most 1", "CR1120"),
        ("c at most 5%", "CR1129"), ("c = one at most 5", "CR1126"),
    ],
)  # fmt: skip
def test_what_is_no_wish(wish: str, code: str) -> None:
    more = "consequences: {c: {for: street each month, when: lost > 3, do: a, kind: flag}}\n"
    scheme = cr.loads(HEAD + GRADE + more)
    with pytest.raises(Unanswerable, match=code):
        wish_of(wish, scheme.plan)


def test_wishes_are_read_in_both_languages() -> None:
    scheme = cr.loads(HEAD + GRADE)
    assert str(wish_of("grade = low 不超过 12.5%", scheme.plan)) == "grade = low at most 12.5%"
    assert wish_of("grade=low at least 3", scheme.plan) == wish_of("grade = low 至少 3", scheme.plan)
    assert wish_of("lost <= 2 at most 0", scheme.plan).counted == Counted("lost", "<=", Fraction(2))
    assert wish_of("grade=low最多10％", scheme.plan) == wish_of("grade = low at most 10%", scheme.plan)
    assert wish_of("lost>=2 不低于 3", scheme.plan) == wish_of("lost >= 2 at least 3", scheme.plan)
