"""The documents between two: the first under some of the changes that make the second of it, each run on the same rows.

Changes of one clause are one player. Where a document under some of them is no good document, since one change needs
another, those that belong together become one player, which is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from cityrules.compare.basis import Basis, varied
from cityrules.compare.documents.comparison import Change
from cityrules.compare.documents.seen import Cell, Seen, Sum, seen
from cityrules.compare.documents.shapley import Orders, orders_of
from cityrules.io.rows import DataError
from cityrules.plan.model import Plan
from cityrules.scheme.diff import Differences, Group, grouped
from cityrules.scheme.difference import Difference
from cityrules.scheme.said import Said

_TRIES: Final = 4
"""How many documents may be checked for each that may be run, before all that is left is taken together; and how many
times what may be run two orders may take."""


@dataclass(frozen=True, slots=True)
class Game:
    """The players, the orders in which they are looked at, and what came of each coalition, nobody and everyone with
    them. `runs`: how many documents were run for it. `needed`: as many as two orders take, where that is far beyond
    what was allowed, so that nothing was run. `given_up`: how many were checked before all was taken as one change."""

    changes: tuple[Change, ...]
    orders: Orders
    outcomes: Mapping[int, Seen]
    runs: int = 0
    needed: int | None = None
    given_up: int | None = None


def played(
    basis: Basis,
    between: Differences,
    ends: tuple[Seen, Seen],
    cells: AbstractSet[Cell],
    sums: Iterable[Sum],
    runs: int,
    seed: int,
) -> Game:
    """Run the documents that lie between two, of which `ends` is what they came to; of what comes of these only some
    cells, and sums of the names of some, are kept. At most about `runs` coalitions are looked at; none where nothing is
    asked for."""
    # Since when a document is in force is no player: the second is taken as in force with the first.
    parts = grouped(one for one in between.effective if one.path[0] != "in_force")
    names = {one.about.name for one in cells} | {one.name for one in sums}
    said = Said(between.after)
    needed = 2 * len(parts) if len(parts) * 2 > _TRIES * runs else None
    if not names or needed is not None:
        alone = tuple(_change(number, 1 << part, parts, said) for number, part in enumerate(range(len(parts)), 1))
        return Game(alone, Orders(len(parts)), {}, needed=needed)
    tried = _Tried(basis, between, parts, ends[1].plan, cells, names, _TRIES * runs)
    players = [1 << number for number in range(len(parts))]
    given_up: int | None = None
    while True:
        orders = orders_of(len(players), runs, seed)
        inner = [one for one in orders.coalitions if one not in (0, orders.everyone)]
        failing = next((one for one in inner if not tried.passes(_joined(players, one))), None)
        if failing is None:
            failing = next((one for one in inner if not tried.runs(_joined(players, one))), None)
        if failing is None:
            break
        together = _together(players, orders, failing, tried)
        if tried.spent:
            players, given_up = [(1 << len(parts)) - 1], len(tried.plans) - 1
        else:
            players = _merged(players, together)
    outcomes = {one: tried.seen[_joined(players, one)] for one in inner}
    outcomes |= {0: ends[0], orders.everyone: ends[1]} if players else {0: ends[0]}
    changes = tuple(_change(number, player, parts, said) for number, player in enumerate(players, 1))
    return Game(changes, orders, outcomes, len(tried.seen), given_up=given_up)


class _Tried:
    """Which coalitions of parts are good documents, and what they come to; each is checked and run once."""

    def __init__(
        self,
        basis: Basis,
        between: Differences,
        parts: Sequence[Group],
        whole: Plan,
        cells: AbstractSet[Cell],
        names: AbstractSet[str],
        most: int,
    ) -> None:
        self._basis = basis
        self._between = between
        self._parts = parts
        self._cells = cells
        self._names = names
        self._most = most
        self.plans: dict[int, Plan | None] = {(1 << len(parts)) - 1: whole}
        self.seen: dict[int, Seen] = {}

    @property
    def spent(self) -> bool:
        """Whether as many documents were checked as may be."""
        return len(self.plans) > self._most

    def passes(self, coalition: int) -> bool:
        if coalition not in self.plans:
            made = [one for part in _members(coalition) for one in self._parts[part].differences]
            self.plans[coalition] = varied(self._basis.loaded, self._between.changes_of(made)).plan
        return self.plans[coalition] is not None

    def runs(self, coalition: int) -> bool:
        plan = self.plans[coalition]
        if coalition not in self.seen and plan is not None:
            try:
                self.seen[coalition] = self._looked_at(plan)
            except DataError:
                # What these rows cannot be used for is no more a document for them than one with an error.
                self.plans[coalition] = None
        return self.plans[coalition] is not None

    def _looked_at(self, plan: Plan) -> Seen:
        """What a plan comes to in the cells that are asked for."""
        over = {name for name in (*plan.measures, *plan.consequences, *plan.checks) if name not in self._names}
        tables = self._basis.run(plan).tables
        return seen(plan, tables, passed_over=over, wanted=self._cells.__contains__, rejects=False)


def _together(players: Sequence[int], orders: Orders, failing: int, tried: _Tried) -> int:
    """The players that belong together: the smallest coalition round one that fails which does not. Where not all are
    looked at, one of which no player can be left out."""
    if orders.drawn is None:
        around = (one for one in orders.coalitions if one & failing == failing)
        return next(one for one in around if one == orders.everyone or tried.passes(_joined(players, one)))

    def least(coalition: int, kept: int, passing: bool) -> int:
        """A part of a coalition that passes, or fails, as it does, of which no other player than those `kept` can be
        left out; not looked for any longer where all tries are spent."""
        before = None
        while coalition != before:
            before = coalition
            for player in _members(coalition & ~kept):
                less = coalition & ~(1 << player)
                if less and not tried.spent and tried.passes(_joined(players, less)) == passing:
                    coalition = less
        return coalition

    failing = least(failing, 0, passing=False)
    return least(orders.everyone, failing, passing=True)


def _merged(players: Sequence[int], together: int) -> list[int]:
    """The players with some of them as one, at the place of the first of these."""
    members = list(_members(together))
    one = _joined(players, together)
    return [
        one if number == members[0] else player
        for number, player in enumerate(players)
        if number == members[0] or number not in members
    ]


def _joined(players: Sequence[int], coalition: int) -> int:
    """The parts of a coalition of players."""
    joined = 0
    for number in _members(coalition):
        joined |= players[number]
    return joined


def _members(coalition: int) -> Iterator[int]:
    return (number for number in range(coalition.bit_length()) if coalition >> number & 1)


def _change(number: int, player: int, parts: Sequence[Group], said: Said) -> Change:
    own = [parts[part] for part in _members(player)]
    clauses = dict.fromkeys(part.clause for part in own if part.clause is not None)
    differences = [one for part in own for one in part.differences]
    addresses = tuple(one.address for one in differences)
    clause = ", ".join(clauses) or None
    body = own[0].name if clause is None and len(own) == 1 else None
    made = tuple(_made(one, said) for one in differences)
    return Change(f"C{number}", clause, addresses, tuple(part.name for part in own), body, made)


def _made(one: Difference, said: Said) -> str:
    """What is changed as people read it, in the keywords of the second document."""
    address = ".".join(said.path(one.path))
    single = not any(isinstance(value, (Mapping, list)) for value in (one.before, one.after))
    if not single or one.order:
        return address
    old, new = ("-" if value is None else said.at(one.path, str(value)) for value in (one.before, one.after))
    return f"{address}: {old} -> {new}"
