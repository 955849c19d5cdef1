"""Ladders: steps that fire as a count climbs. The contract is `docs/engines.md`, "Consequences".

What a ladder does in a cell, and what the next one has to know, is worked out in `plan/climbing.py`; here is what it
looks at: values, bounds, conditions and acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from cityrules.engines.python.acts import Act, Terms
from cityrules.engines.python.cells import places_of
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.results import Result
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.climbing import Climbed, Number, Rung
from cityrules.plan.model import Consequence, Step
from cityrules.results.format import as_evidence

# Whether a step's condition held: true, false, or unknown for the reason of a problem.
Held = bool | Problem


@dataclass(frozen=True, slots=True)
class Move:
    """What a ladder does in one cell. `evidence`, `terms`: by step; `problem`: why some step is undecided."""

    place: CellPlace
    steps: tuple[Step, ...]
    level: Number | None
    evidence: dict[str, str]
    problem: Problem | None
    terms: dict[str, Terms] = field(default_factory=dict)


class _Step:
    """A step made ready."""

    def __init__(self, world: World, consequence: Consequence, step: Step) -> None:
        self.step = step
        self.bound = Reading(world, step.bound, consequence.name) if step.bound else None
        self.when = Reading(world, step.when, consequence.name) if step.when else None
        self.act = Act(world, consequence, step.act)


@dataclass(slots=True)
class _Seen:
    """What the steps of a ladder read in one cell. `looks`: for each its bound, or whether its condition held; `void`:
    what speaks against a step where it would fire; `problem`: against all of them."""

    looks: list[Number | Problem] = field(default_factory=list)
    void: dict[int, Problem] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    terms: dict[str, Terms] = field(default_factory=dict)
    problem: Problem | None = None


class _Ladder:
    """A ladder made ready."""

    def __init__(self, world: World, consequence: Consequence) -> None:
        assert consequence.ladder is not None
        self._world, self._consequence = world, consequence
        self._measure = world.plan.measures[consequence.ladder]
        self._steps = [_Step(world, consequence, step) for step in consequence.steps]
        self._applies = Reading(world, consequence.applies, consequence.name) if consequence.applies else None
        self._climb = consequence.climb

    def moves(self, cells: list[tuple[CellPlace, Result]]) -> Iterator[Move]:
        """The moves of one target, whose cells come in order of period."""
        rung: Rung[Problem] = Rung()
        before = None
        for place, result in cells:
            if before is not None and place.index != before + 1:
                # A hole counts as a cell with the value 0.
                rung = Rung()
            before = place.index
            move, rung = self._move(rung, place, result)
            yield self._applied(move)

    def _applied(self, move: Move) -> Move:
        """Where the consequence does not apply the count goes on, and nothing follows."""
        doubts = Doubts()
        if self._applies is None:
            return move
        applies = self._applies.at(move.place, doubts)
        if doubts:
            return replace(move, steps=(), problem=doubts.problem())
        return move if applies else replace(move, steps=(), problem=None)

    def _move(self, rung: Rung[Problem], place: CellPlace, result: Result) -> tuple[Move, Rung[Problem]]:
        unknown = Problem("depends", self._measure.name)
        if isinstance(result, Problem):
            return Move(place, (), None, {}, unknown), self._climb.lost(rung, unknown)
        value = result if isinstance(result, (int, Fraction)) else 0
        seen = self._look(place, result)
        found = self._climb.climbed(rung, value, seen.looks, unknown, seen.problem is not None, seen.void)
        self._show(rung, found, seen)
        problem = seen.problem or next(iter(found.unknown.values()), None)
        kept = tuple(self._consequence.steps[step] for step in found.kept)
        return Move(place, kept, found.level, seen.evidence, problem, seen.terms), found.rung

    def _show(self, rung: Rung[Problem], found: Climbed[Problem], seen: _Seen) -> None:
        """Show whoever watches where the ladder stands beside the bounds of its steps."""
        for step, look in zip(self._consequence.steps, seen.looks, strict=True):
            if step.bound is not None and not isinstance(look, Problem):
                self._world.compared(step.bound.path, found.level, look)
        if rung.offset and not found.anew and found.level > 0:
            self._world.decided(f"{self._consequence.path}.restarts")

    def _look(self, place: CellPlace, result: Value) -> _Seen:
        """Read what all steps need. Where one reads something undetermined, the cell is undecided."""
        seen, doubts = _Seen(), Doubts()
        named = (self._measure.name, result, self._measure.type)
        for number, step in enumerate(self._steps):
            name, more = step.step.name, []
            if step.bound is not None:
                bound = step.bound.at(place, doubts)
                seen.looks.append(bound if isinstance(bound, (int, Fraction)) else 0)
            if step.when is not None:
                own = Doubts()
                values = step.when.read(place, place, own)
                held = step.when.compute(values, own)
                if own:
                    seen.looks.append(own.problem())
                    doubts.merge(own)
                else:
                    seen.looks.append(self._held(step.step, held))
                    more = list(step.when.evidence(values))
            if_done = Doubts()
            seen.terms[name] = step.act.at(place, doubts, if_done)
            if if_done:
                seen.void[number] = if_done.problem()
            seen.evidence[name] = as_evidence([named, *more])
        seen.problem = doubts.problem() if doubts else None
        return seen

    def _held(self, step: Step, held: Value) -> Held:
        if held is None and step.unknown == "undecided":
            return Problem("undecided", self._consequence.name)
        return held is True or (held is None and step.unknown == "yes")


def climb(world: World, consequence: Consequence) -> Iterator[Move]:
    """What a ladder does in every cell of its grain, target by target."""
    ladder = _Ladder(world, consequence)
    by_target: dict[str, list[tuple[CellPlace, Result]]] = {}
    assert consequence.ladder is not None
    for place, result in places_of(world, world.plan.measures[consequence.ladder]):
        by_target.setdefault(place.name, []).append((place, result))
    for cells in by_target.values():
        for move in ladder.moves(cells):
            # Given cells can lie outside of the grid. What followed before the span was told when that was assessed.
            if world.grid.holds(consequence.grain, move.place.name, move.place.index):
                yield move
