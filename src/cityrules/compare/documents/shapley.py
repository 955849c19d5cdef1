"""What each of several changes does to a number, whatever order they are made in: Shapley values. Pure arithmetic.

A game gives every coalition of players (here: of changes that are made) a number. What a player adds depends on who
came before; the Shapley value is the mean over all orders (Shapley 1953, "A value for n-person games"), and the only
division that adds up exactly, gives equals the same, gives nothing to who adds nothing, and is the sum of the values of
games that are added up. Coalitions are whole numbers, bit `i` for player `i`. Knows no schemes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import factorial
from random import Random


@dataclass(frozen=True, slots=True)
class Share:
    """What one player adds: `value` the mean, exact; `least` and `most` what it adds in single orders of those that
    were looked at. Equal bounds say that the order does not matter."""

    value: Fraction
    least: Fraction
    most: Fraction


@dataclass(frozen=True)
class Orders:
    """The orders of `players` that the mean is taken over: all of them (`drawn` None), or those drawn."""

    players: int
    drawn: tuple[tuple[int, ...], ...] | None = None

    @property
    def everyone(self) -> int:
        """The coalition of all players."""
        return (1 << self.players) - 1

    @cached_property
    def coalitions(self) -> tuple[int, ...]:
        """Those whose number has to be known, nobody and everyone among them; small ones first."""
        if self.drawn is None:
            found = set(range(self.everyone + 1))
        else:
            found = {coalition for order in self.drawn for coalition in _met(order)} | {0, self.everyone}
        return tuple(sorted(found, key=lambda one: (one.bit_count(), one)))

    def shares(self, values: Mapping[int, Fraction]) -> tuple[Share, ...]:
        """The share of each player; they sum to `values[everyone] - values[0]` exactly, also over drawn orders, since
        what is added along any single order does."""
        return tuple(self._share(player, values) for player in range(self.players))

    def _share(self, player: int, values: Mapping[int, Fraction]) -> Share:
        bit = 1 << player
        total = Fraction(0)
        added: list[Fraction] = []
        if self.drawn is None:
            count = factorial(self.players)
            for others in range(self.everyone + 1):
                if not others & bit:
                    more = values[others | bit] - values[others]
                    before = others.bit_count()
                    added.append(more)
                    total += more * (factorial(before) * factorial(self.players - before - 1))
            return Share(total / count, min(added), max(added))
        for order in self.drawn:
            others = 0
            for one in order:
                if one == player:
                    break
                others |= 1 << one
            added.append(values[others | bit] - values[others])
        return Share(sum(added, Fraction(0)) / len(added), min(added), max(added))


def orders_of(players: int, runs: int, seed: int) -> Orders:
    """All orders where their coalitions, nobody and everyone among them, are at most `runs`, or those that any two
    drawn orders meet; else as many drawn ones as that allows, at least two. They are drawn in pairs, an order and its
    reverse: who comes late in one comes early in the other, which halves what depends on chance."""
    if 1 << players <= max(runs, 4):
        return Orders(players)
    draw = Random(seed)
    drawn: list[tuple[int, ...]] = []
    met = {0, (1 << players) - 1}
    while True:
        order = list(range(players))
        draw.shuffle(order)
        pair = (tuple(order), tuple(reversed(order)))
        met.update(coalition for one in pair for coalition in _met(one))
        if drawn and len(met) > runs:
            return Orders(players, tuple(drawn))
        drawn.extend(pair)
        if len(drawn) >= max(2, 2 * runs):
            return Orders(players, tuple(drawn))


def _met(order: Sequence[int]) -> list[int]:
    """The coalitions along an order."""
    found, coalition = [0], 0
    for player in order:
        coalition |= 1 << player
        found.append(coalition)
    return found
