"""Ladders: steps that fire as a count climbs. The contract is `docs/engines.md`, "Consequences".

A ladder is a small machine with a state per target. It goes cell by cell; between two cells it knows the value, the
level (the value less the offset that a restart left), and which conditions of its steps held.
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
from cityrules.plan.model import Consequence, Step
from cityrules.results.format import as_evidence

Number = int | Fraction
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


@dataclass(frozen=True, slots=True)
class _State:
    """What is known from the cells before. `value`: the last determined one. `level`: of the cell before, as it stood
    after a restart there; None when that cell was undetermined. `held`: the conditions of steps there."""

    value: Number = 0
    offset: Number = 0
    level: Number | None = 0
    held: dict[str, Held] = field(default_factory=dict)


_START = _State()


class _Step:
    """A step made ready."""

    def __init__(self, world: World, consequence: Consequence, step: Step) -> None:
        self.step = step
        self.bound = Reading(world, step.bound, consequence.name) if step.bound else None
        self.when = Reading(world, step.when, consequence.name) if step.when else None
        self.act = Act(world, consequence, step.act)


@dataclass(slots=True)
class _Seen:
    """What the steps of a ladder read in one cell. `if_done`: what speaks against a step where it would fire."""

    bounds: dict[str, Number] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    terms: dict[str, Terms] = field(default_factory=dict)
    if_done: dict[str, Doubts] = field(default_factory=dict)
    problem: Problem | None = None


class _Ladder:
    """A ladder made ready."""

    def __init__(self, world: World, consequence: Consequence) -> None:
        assert consequence.ladder is not None
        self._consequence = consequence
        self._measure = world.plan.measures[consequence.ladder]
        self._steps = [_Step(world, consequence, step) for step in consequence.steps]
        self._applies = Reading(world, consequence.applies, consequence.name) if consequence.applies else None

    def moves(self, cells: list[tuple[CellPlace, Result]]) -> Iterator[Move]:
        """The moves of one target, whose cells come in order of period."""
        state, before = _START, None
        for place, result in cells:
            if before is not None and place.index != before + 1:
                # A hole counts as a cell with the value 0.
                state = _START
            before = place.index
            move, state = self._move(state, place, result)
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

    def _move(self, state: _State, place: CellPlace, result: Result) -> tuple[Move, _State]:
        unknown = Problem("depends", self._measure.name)
        if isinstance(result, Problem):
            held: dict[str, Held] = {step.step.name: unknown for step in self._steps if step.when}
            return Move(place, (), None, {}, unknown), replace(state, level=None, held=held)
        value = result if isinstance(result, (int, Fraction)) else 0
        dropped = value < state.value
        offset: Number = 0 if dropped else state.offset
        before = state.level if state.level is None or not dropped else 0
        level = value - offset
        seen = self._look(place, result)
        problem = seen.problem
        fired: list[Step] = []
        if problem is None:
            for step in self._consequence.steps:
                fires = _fires(step, level, before, seen, state.held.get(step.name, False), unknown)
                if fires is True and seen.if_done[step.name]:
                    fires = seen.if_done[step.name].problem()
                if isinstance(fires, Problem):
                    problem = problem or fires
                elif fires:
                    fired.append(step)
        offset = self._restarted(fired, value, offset, seen)
        kept = fired[-1:] if self._consequence.together == "highest" else fired
        after = _State(value, offset, value - offset, seen.held)
        return Move(place, tuple(kept), level, seen.evidence, problem, seen.terms), after

    def _look(self, place: CellPlace, result: Value) -> _Seen:
        """Read what all steps need. Where one reads something undetermined, the cell is undecided."""
        seen, doubts = _Seen(), Doubts()
        named = (self._measure.name, result, self._measure.type)
        for step in self._steps:
            name, more = step.step.name, []
            if step.bound is not None:
                bound = step.bound.at(place, doubts)
                seen.bounds[name] = bound if isinstance(bound, (int, Fraction)) else 0
            if step.when is not None:
                own = Doubts()
                values = step.when.read(place, place, own)
                held = step.when.compute(values, own)
                seen.held[name] = self._held(step.step, held)
                if own:
                    seen.held[name] = own.problem()
                    doubts.merge(own)
                else:
                    more = list(step.when.evidence(values))
            seen.terms[name] = step.act.at(place, doubts, seen.if_done.setdefault(name, Doubts()))
            seen.evidence[name] = as_evidence([named, *more])
        seen.problem = doubts.problem() if doubts else None
        return seen

    def _held(self, step: Step, held: Value) -> Held:
        if held is None and step.unknown == "undecided":
            return Problem("undecided", self._consequence.name)
        return held is True or (held is None and step.unknown == "yes")

    def _restarted(self, fired: list[Step], value: Number, offset: Number, seen: _Seen) -> Number:
        after = next((step for step in fired if step.name == self._consequence.restart_after), None)
        if after is None:
            return offset
        return offset + seen.bounds.get(after.name, 0) if self._consequence.surplus == "carried" else value


def climb(world: World, consequence: Consequence) -> Iterator[Move]:
    """What a ladder does in every cell of its measure, target by target."""
    ladder = _Ladder(world, consequence)
    period = consequence.grain.period
    # What followed in cells before the span was told when these were assessed.
    first = world.plan.periods.in_span(period, world.question.span).start if period is not None else None
    by_target: dict[str, list[tuple[CellPlace, Result]]] = {}
    assert consequence.ladder is not None
    for place, result in places_of(world, world.plan.measures[consequence.ladder]):
        by_target.setdefault(place.name, []).append((place, result))
    for cells in by_target.values():
        for move in ladder.moves(cells):
            if first is None or move.place.index is None or move.place.index >= first:
                yield move


def _fires(
    step: Step, level: Number, before: Number | None, seen: _Seen, held_before: Held, unknown: Problem
) -> bool | Problem:
    """Whether a step fires in a cell, or why that is unknown."""
    bound = seen.bounds.get(step.name, 0)
    match step.trigger:
        case "at_least":
            return level >= bound
        case "reaches":
            return level >= bound and (unknown if before is None else before < bound)
        case "exceeds":
            return level > bound and (unknown if before is None else before <= bound)
    held = seen.held[step.name]
    if step.trigger == "each_period" or held is False or isinstance(held, Problem):
        return held
    return held_before if isinstance(held_before, Problem) else not held_before
