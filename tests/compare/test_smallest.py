"""Smallest sets of anything: against all subsets, whatever is enough, and never more than was allowed."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from cityrules.compare.counterfactuals.smallest import Trials, smallest

MOST = 5


def subsets(number: int) -> list[frozenset[int]]:
    sizes = (combinations(range(number), size) for size in range(number + 1))
    return [frozenset(one) for one in chain.from_iterable(sizes)]


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[list[Fraction], Fraction, set[frozenset[int]]]:
    """What each weighs, what is needed, and which sets are enough: any of those that weigh as much, and not only what
    holds another that is."""
    number = draw(st.integers(0, MOST))
    weights = sorted((Fraction(draw(st.integers(0, 6)), 2) for _ in range(number)), reverse=True)
    needed = Fraction(draw(st.integers(0, 12)), 2)
    heavy = [one for one in subsets(number) if one and sum(weights[each] for each in one) >= needed]
    return weights, needed, set(draw(st.lists(st.sampled_from(heavy), max_size=6))) if heavy else set()


@given(puzzles(), st.integers(1, 4))
def test_all_of_the_smallest_and_no_others(
    puzzle: tuple[list[Fraction], Fraction, set[frozenset[int]]], most: int
) -> None:
    weights, needed, enough = puzzle
    found = smallest(weights, needed, Trials(lambda chosen: chosen in enough, 1000), most)
    size = min(map(len, enough), default=None)
    wanted = {one for one in enough if len(one) == size}
    assert set(found.sets) <= wanted
    assert len(found.sets) == len(set(found.sets)) == min(most, len(wanted))
    assert found.every == (len(wanted) <= most)
    assert found.at_least == (len(weights) + 1 if size is None else size)


@given(puzzles(), st.integers(1, 12))
def test_with_few_trials_what_is_said_is_true(
    puzzle: tuple[list[Fraction], Fraction, set[frozenset[int]]], allowed: int
) -> None:
    weights, needed, enough = puzzle
    asked: list[frozenset[int]] = []

    def trial(chosen: frozenset[int]) -> bool:
        asked.append(chosen)
        return chosen in enough

    found = smallest(weights, needed, Trials(trial, allowed), 10)
    assert len(asked) == len(set(asked)) <= allowed
    assert set(found.sets) <= enough
    assert len({len(one) for one in found.sets}) <= 1
    assert all(len(one) >= found.at_least for one in enough)
    if found.every:
        size = min(map(len, enough), default=0)
        assert set(found.sets) == {one for one in enough if len(one) == size}


def test_what_weighs_too_little_is_not_tried_however_many_sets_there_are() -> None:
    asked: list[frozenset[int]] = []

    def trial(chosen: frozenset[int]) -> bool:
        asked.append(chosen)
        return len(chosen) >= 20

    found = smallest([Fraction(1)] * 40, Fraction(20), Trials(trial, 100), 10)
    assert min(map(len, asked)) == 20
    assert (found.at_least, len(found.sets), found.every) == (20, 10, False)
