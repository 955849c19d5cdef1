"""Where a ladder stood in a cell: the count, less what a restart took off, and what each step made of it.

The tables tell what fired; why a step did not is found by going through the cells before once more (the contract is
`docs/engines.md`, "Consequences").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from cityrules.plan.model import Consequence, Step
from cityrules.results.places import Place
from cityrules.results.trail import Trail

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """`value`: the last determined one. `level`: of the cell, as it stands after a restart there; None: undetermined.
    `held`: the steps whose condition holds. `fired`: those that did, whether or not a graver one stands for them.
    `since`: the cell after which the count started anew."""

    value: Number = 0
    offset: Number = 0
    level: Number | None = 0
    before: Number | None = 0
    held: frozenset[str] = frozenset()
    held_before: frozenset[str] = frozenset()
    fired: frozenset[str] = frozenset()
    shown: Number | None = 0
    since: Place | None = None


def standing(trail: Trail, body: Consequence, here: Place) -> Standing:
    """How a ladder stands in a cell. Starts with the first cell of the target that hangs together with it."""
    assert body.ladder is not None
    cells = [here]
    while True:
        first = cells[-1]
        before = None if first.index is None else Place(first.kind, first.target, first.period, first.index - 1)
        if before is None or trail.reader.row(body.ladder, before) is None or len(cells) > trail.budget.nodes:
            break
        trail.budget.nodes -= 1
        cells.append(before)
    state = Standing()
    for place in reversed(cells):
        state = _move(trail, body, state, place)
    return state


def why_not(body: Consequence, step: Step, state: Standing, bound: Number | None) -> str | None:
    """Why a step did not fire, in one word; None where it did."""
    if step.name in state.fired:
        return "outranked" if body.together == "highest" else None
    if step.when is not None:
        if step.name not in state.held:
            return "condition"
        return "held_before" if step.trigger == "on_entry" else None
    if state.shown is None or bound is None:
        return None
    below = state.shown <= bound if step.trigger == "exceeds" else state.shown < bound
    return "below" if below else "held_before"


def _move(trail: Trail, body: Consequence, state: Standing, place: Place) -> Standing:
    assert body.ladder is not None
    row = trail.reader.row(body.ladder, place)
    held = frozenset(step.name for step in body.steps if step.when and _holds(trail, step, place))
    if row is None or row["state"] == "undetermined":
        return replace(state, level=None, before=None, shown=None, held=held, held_before=state.held, fired=frozenset())
    found = trail.reader.measured(body.ladder, place)
    value = found if isinstance(found, (int, Fraction)) and not isinstance(found, bool) else 0
    dropped = value < state.value
    offset: Number = 0 if dropped else state.offset
    since = None if dropped else state.since
    before = state.level if state.level is None or not dropped else 0
    level = value - offset
    bounds = {step.name: _bound(trail, step, place) for step in body.steps}
    fired = frozenset(
        step.name for step in body.steps if _fires(step, bounds[step.name], level, before, held, state.held)
    )
    if body.restart_after in fired:
        since = place
        offset = offset + (bounds[body.restart_after] or 0) if body.surplus == "carried" else value
    return Standing(value, offset, value - offset, before, held, state.held, fired, level, since)


def _holds(trail: Trail, step: Step, place: Place) -> bool:
    assert step.when is not None
    held = trail.evaluate(step.when.tree, place)
    return held is True or (held is None and step.unknown == "yes")


def _bound(trail: Trail, step: Step, place: Place) -> Number | None:
    found = trail.evaluate(step.bound.tree, place) if step.bound is not None else None
    return found if isinstance(found, (int, Fraction)) else None


def _fires(
    step: Step,
    bound: Number | None,
    level: Number,
    before: Number | None,
    held: frozenset[str],
    held_before: frozenset[str],
) -> bool:
    if step.when is not None:
        return step.name in held and not (step.trigger == "on_entry" and step.name in held_before)
    if bound is None:
        return False
    match step.trigger:
        case "at_least":
            return level >= bound
        case "reaches":
            return level >= bound and before is not None and before < bound
        case _:
            return level > bound and before is not None and before <= bound
