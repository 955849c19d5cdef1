"""Shapley values: against brute force over all orders, and by the properties that define them."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from cityrules.compare.documents.shapley import Orders, Share, orders_of


@st.composite
def games(draw: st.DrawFn, most: int = 4) -> tuple[int, dict[int, Fraction]]:
    players = draw(st.integers(1, most))
    numbers = st.fractions(-100, 100, max_denominator=100)
    return players, {coalition: draw(numbers) for coalition in range(1 << players)}


def by_orders(players: int, values: dict[int, Fraction]) -> tuple[Share, ...]:
    """What each player adds in each order, one by one."""
    added: list[list[Fraction]] = [[] for _ in range(players)]
    for order in permutations(range(players)):
        coalition = 0
        for player in order:
            added[player].append(values[coalition | 1 << player] - values[coalition])
            coalition |= 1 << player
    return tuple(Share(sum(one, Fraction(0)) / len(one), min(one), max(one)) for one in added)


@given(games())
def test_all_orders_are_looked_at(game: tuple[int, dict[int, Fraction]]) -> None:
    players, values = game
    assert Orders(players).shares(values) == by_orders(players, values)
    assert Orders(players, tuple(permutations(range(players)))).shares(values) == by_orders(players, values)


@given(games(6), st.integers(2, 40), st.integers(0, 5))
def test_shares_sum_exactly_also_where_orders_are_drawn(
    game: tuple[int, dict[int, Fraction]], runs: int, seed: int
) -> None:
    players, values = game
    orders = orders_of(players, runs, seed)
    shares = orders.shares({coalition: values[coalition] for coalition in orders.coalitions})
    assert sum(share.value for share in shares) == values[orders.everyone] - values[0]
    assert all(share.least <= share.value <= share.most for share in shares)


@given(games(4))
def test_who_adds_nothing_gets_nothing_and_equals_get_the_same(game: tuple[int, dict[int, Fraction]]) -> None:
    players, values = game
    # Two more: one that adds nothing, and a twin of the first.
    idle, twin = 1 << players, 1 << (players + 1)

    def value(coalition: int) -> Fraction:
        both = (coalition & 1) + bool(coalition & twin)
        known = coalition & ~(idle | twin | 1)
        return values[known] + both * both * values[known | 1]

    shares = Orders(players + 2).shares({one: value(one) for one in range(1 << (players + 2))})
    assert shares[players] == Share(Fraction(0), Fraction(0), Fraction(0))
    assert shares[0] == shares[players + 1]


@given(games(4), games(4))
def test_what_is_added_up_has_the_shares_added_up(
    one: tuple[int, dict[int, Fraction]], two: tuple[int, dict[int, Fraction]]
) -> None:
    players = min(one[0], two[0])
    both = {each: one[1][each] + two[1][each] for each in range(1 << players)}
    found = [[share.value for share in Orders(players).shares(values)] for values in (one[1], two[1], both)]
    assert [a + b for a, b in zip(found[0], found[1], strict=True)] == found[2]


def test_orders_are_drawn_in_pairs_by_a_seed_within_the_runs() -> None:
    orders = orders_of(8, 64, 1)
    assert orders.drawn is not None
    assert len(orders.coalitions) <= 64
    assert orders == orders_of(8, 64, 1) != orders_of(8, 64, 2)
    assert all(order[::-1] in orders.drawn for order in orders.drawn)
    assert len(orders.drawn) >= 8
    # Two orders at least, whatever is allowed.
    assert orders_of(8, 2, 1).drawn is not None
    assert len(orders_of(8, 2, 1).drawn or ()) == 2


def test_six_players_are_exact_within_64_runs_and_nobody_is_no_player() -> None:
    assert orders_of(6, 64, 0).drawn is None
    assert orders_of(7, 64, 0).drawn is not None
    # Any two drawn orders of two players are all of them: nothing is sampled.
    assert orders_of(2, 2, 0).drawn is None
    assert orders_of(3, 2, 0).drawn is not None
    assert orders_of(0, 1, 0).coalitions == (0,)
    assert orders_of(0, 1, 0).shares({0: Fraction(3)}) == ()
