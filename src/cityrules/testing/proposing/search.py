"""Situations searched for that come by parts of a scheme which no case does. Counts its runs, and looks at no clock.

First inputs are drawn, then single values of what there is are changed, then values are moved to the bounds that they
are held against, by how far they moved the last time. What is left then is built (`constructing`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final

from cityrules.engines.base import Progress
from cityrules.feel.tree import Tree
from cityrules.feel.types import Number
from cityrules.feel.walk import reads
from cityrules.plan.model import Bands, Consequence, Plan, Tiers
from cityrules.plan.names import Field, Measured
from cityrules.scheme.notation import FieldType, plain_number
from cityrules.testing.cells import cell_in
from cityrules.testing.coverage.parts import Part
from cityrules.testing.coverage.sites import sites
from cityrules.testing.coverage.trace import rows
from cityrules.testing.drawing.constants import constants
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.proposing.bench import Bench, Seen
from cityrules.testing.proposing.constructing import Builder
from cityrules.testing.proposing.gaps import bound_of
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.proposing.slots import Slot, distance, moved, slots, text_at, with_text
from cityrules.testing.proposing.tweaks import tweaks

DRAWN: Final = 24
"""How many inputs are drawn."""
CHANGED: Final = 500
"""How many situations with one thing changed are run."""
AIMED: Final = 40
"""How many runs are made for a bound that nothing has come to."""
BUILT: Final = 80
"""How many situations are built for a part that nothing has come by."""
BASES: Final = 24
"""How many situations are kept to be changed."""
_CELLS: Final = 4
_LARGE: Final = 400
"""What is larger is not changed again and again."""


@dataclass(frozen=True, slots=True)
class Found:
    """A situation and the marks of all wanted parts that it comes by."""

    situation: Situation
    marks: frozenset[str]


class Search:
    """Looks for situations that come by `wanted` parts, beginning with those of the cases there are."""

    def __init__(
        self, bench: Bench, wanted: Sequence[Part], known: Sequence[Situation], progress: Progress | None = None
    ) -> None:
        self._bench, self._plan = bench, bench.plan
        self._wanted = {part.mark: part for part in wanted}
        self.left = dict(self._wanted)
        self.found: list[Found] = []
        self._numbers = constants(bench.plan)
        self._trees = _trees(bench.plan)
        self._bases: list[tuple[Situation, Seen]] = []
        self._known = known
        self._progress = progress

    def run(self) -> None:
        """Everything, in turn, until nothing is left."""
        for situation in self._known:
            self._try(situation, keep=True)
        for seed in range(DRAWN if self.left else 0):
            drawer = Drawer(self._plan, seed)
            self._try(Situation.of(drawer.draw(2 + seed % 5)), keep=len(self._bases) < BASES // 2)
        self._change()
        for part in list(self.left.values()):
            if part.mark in self.left:
                self._aim(part)
        self._build()
        self._change()

    def _try(self, situation: Situation, *, keep: bool = False) -> Seen | None:
        seen = self._bench.run(situation)
        if seen is None:
            return None
        new = seen.marks & self.left.keys()
        if new:
            self.found.append(Found(situation, seen.marks & self._wanted.keys()))
            for mark in new:
                del self.left[mark]
        if self._progress is not None:
            self._progress("parts", len(self._wanted) - len(self.left), len(self._wanted))
        if new or keep:
            self._bases.append((situation, seen))
        return seen

    def _build(self) -> None:
        """Build situations for what has not been come by."""
        builder = Builder(self._plan) if self.left else None
        for part in list(self.left.values()) if builder is not None else ():
            assert builder is not None
            plain = [(situation, seen) for situation, seen in self._bases if not situation.under]
            for situation in islice(builder.situations(part, plain), BUILT):
                if part.mark not in self.left:
                    break
                self._try(situation)

    # ------------------------------------------------------------------------------------------ one thing changed

    def _change(self) -> None:
        """Change one thing after the other in the situations there are, each in its turn."""
        rng = random.Random(self._plan.scheme)
        left = CHANGED
        while self.left and left > 0:
            columns = self._columns()
            fresh = sorted(self._bases, key=lambda one: one[0].size)[:BASES]
            before = left
            turns = [self._of_one(situation, columns, rng) for situation, _ in fresh if situation.size <= _LARGE]
            found = len(self.found)
            for situation in _in_turn(turns):
                self._try(situation)
                left -= 1
                if left <= 0 or not self.left or len(self.found) >= found + BASES:
                    break
            if left == before or len(self.found) == found:
                return

    def _of_one(self, situation: Situation, columns: frozenset[str], rng: random.Random) -> Iterator[Situation]:
        plan = self._bench.plan_of(situation.under)
        assert plan is not None
        every = list(islice(tweaks(plan, situation, self._numbers, columns), 2 * CHANGED))
        first = every[: len(every) // 2]
        rest = every[len(every) // 2 :]
        rng.shuffle(first)
        rng.shuffle(rest)
        yield from (*first, *rest)

    def _columns(self) -> frozenset[str]:
        """The fields that the conditions of what is left read."""
        names: set[str] = set()
        for part in self.left.values():
            for tree in self._trees.get(_key(part) or "", ()):
                names.update(one.name for one in reads(tree) if isinstance(one, Field))
        return frozenset(names)

    # -------------------------------------------------------------------------------------------- moved to a bound

    def _aim(self, part: Part) -> None:
        key = _key(part)
        if key is None:
            return
        runs = AIMED
        near = [
            (min(abs(gap.to(part.sort)) for gap in seen.gaps[key]), place)
            for place, (_, seen) in enumerate(self._bases)
            if seen.gaps.get(key)
        ]
        for _, place in sorted(near, key=lambda one: (one[0], self._bases[one[1]][0].size))[:3]:
            situation, seen = self._bases[place]
            gap = min(seen.gaps[key], key=lambda one: (abs(one.to(part.sort)), one.more))
            for changed in self._moves(part, key, situation, seen, gap.to(part.sort)):
                if runs <= 0 or part.mark not in self.left:
                    return
                runs -= 1
                self._try(changed)
        for changed in self._given(part, key):
            if runs <= 0 or part.mark not in self.left:
                return
            runs -= 1
            self._try(changed)

    def _moves(self, part: Part, key: str, base: Situation, seen: Seen, by: Fraction) -> Iterator[Situation]:
        """Each value moved so that what is held against the bound moves by so much: as far, and then as far again as
        the first move fell short."""
        plan = self._bench.plan_of(base.under)
        assert plan is not None
        before = {gap.more for gap in seen.gaps[key]}
        wanted = next(gap.to(part.sort) + gap.more for gap in seen.gaps[key])
        columns = self._columns()
        for slot in sorted(slots(plan, base), key=lambda slot: slot.column not in columns):
            there = text_at(base, slot)
            text = moved(slot.type, there, by) or moved(slot.type, there, -by)
            if there is None or text is None or text == there:
                continue
            after = self._try(with_text(base, slot, text))
            now = {gap.more for gap in after.gaps.get(key, ())} if after is not None else before
            if len(now - before) != 1 or len(before - now) != 1:
                continue  # It has moved nothing, or more than one.
            (came,), (gone,) = now - before, before - now
            slope = (came - gone) / distance(slot.type, there, text)
            again = moved(slot.type, there, (wanted - gone) / slope)
            if again is not None and again not in (there, text):
                yield with_text(base, slot, again)

    def _given(self, part: Part, key: str) -> Iterator[Situation]:
        """Values that stand in for the measures which are held against the bound."""
        read = (one.measure for tree in self._trees.get(key, ()) for one in reads(tree) if isinstance(one, Measured))
        ladder = self._plan.consequences[part.owner].ladder if part.owner in self._plan.consequences else None
        names = [name for name in (ladder, *read) if name is not None and not self._plan.measures[name].of_record]
        for situation, seen in sorted(self._bases, key=lambda one: one[0].size):
            for name in dict.fromkeys(names):
                type_ = self._plan.measures[name].type
                if "." in name or not isinstance(type_, Number) or type_.scale is None:
                    continue
                slot_type = FieldType("number", False, type_.scale, type_.low, type_.high)
                cells = [row for row in rows(seen.outcome, "values") if row["measure"] == name]
                for row in islice(cells, _CELLS):
                    slot = Slot("values", name, 0, cell_in(row), slot_type)
                    at = Fraction(str(row["value"])) if row["value"] is not None else Fraction(0)
                    for gap in sorted(seen.gaps.get(key, ()), key=lambda gap: gap.more):
                        text = moved(slot_type, plain_number(at), gap.to(part.sort))
                        if text is not None:
                            yield with_text(situation, slot, text)


def _key(part: Part) -> str | None:
    return bound_of(part.mark, part.sort)


def _in_turn(turns: Sequence[Iterator[Situation]]) -> Iterator[Situation]:
    waiting = list(turns)
    while waiting:
        left = []
        for turn in waiting:
            situation = next(turn, None)
            if situation is not None:
                left.append(turn)
                yield situation
        waiting = left


def _trees(plan: Plan) -> Mapping[str, tuple[Tree, ...]]:
    """What is held against what, by what stands for the bound in marks."""
    found: dict[str, tuple[Tree, ...]] = {}
    for site in sites(plan):
        found[site.key] = tuple(tree for tree in (site.value, site.bound) if tree is not None) or (site.node,)
    for one in plan.computed():
        match one:
            case Bands():
                found |= {bound.path: (one.value.tree, bound.tree) for bound, _ in one.bounds}
            case Tiers():
                found |= {
                    tier.bound.path: (one.number.tree, tier.bound.tree) for tier in one.tiers if tier.bound is not None
                }
            case Consequence(steps=steps):
                found |= {step.bound.path: (step.bound.tree,) for step in steps if step.bound is not None}
            case _:
                pass
    return found
