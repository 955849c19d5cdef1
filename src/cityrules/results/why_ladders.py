"""Where a ladder stood in a cell: the count, less what a restart took off, and what each step made of it.

The tables tell what fired; why a step did not is found by going through the cells before once more. How a ladder climbs
is `plan/climbing.py`; here is what it looked at, as far as the tables tell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.plan.climbing import Climbed, Number, Rung
from cityrules.plan.model import Consequence, Step
from cityrules.plan.reading import bindings
from cityrules.results.places import Place
from cityrules.results.trail import Trail
from cityrules.results.why_unknown import undetermined

_OPEN: Final = ("undecided", "depends", "crossed")
"""Causes of problems of which it can be found out here what they speak against; all others speak against every step."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`climbed`: what the ladder did in the cell; None where its value is undetermined. `looks`: what its steps looked
    at, by number; None: unknown. `doubt`: something that one of them reads is undetermined, so that none fired.
    `since`: the cell after which the count started anew."""

    rung: Rung[None]
    climbed: Climbed[None] | None = None
    looks: tuple[Number | None, ...] = ()
    doubt: bool = False
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
    state = Standing(Rung())
    for place in reversed(cells):
        state = _move(trail, body, state, place)
    return state


def why_not(body: Consequence, step: Step, state: Standing) -> str | None:
    """Why a step left no row where the consequence applies, in one word; None where it left one, or nothing could."""
    number, found = body.steps.index(step), state.climbed
    if found is None or number in found.kept:
        return None
    if state.doubt:
        return "doubt"
    if number in found.unknown:
        return "open"
    if number in found.fired:
        return "outranked"
    look = state.looks[number]
    if step.when is not None:
        return "held_before" if look else "condition"
    assert look is not None
    below = found.level <= look if step.trigger == "exceeds" else found.level < look
    return "below" if below else "held_before"


def _move(trail: Trail, body: Consequence, state: Standing, place: Place) -> Standing:
    assert body.ladder is not None
    row = trail.reader.row(body.ladder, place)
    if row is None or row["state"] == "undetermined":
        return Standing(body.climb.lost(state.rung, None), since=state.since)
    found = trail.reader.measured(body.ladder, place)
    value = found if isinstance(found, (int, Fraction)) else 0
    looks = tuple(_look(trail, step, place) for step in body.steps)
    doubt = _doubt(trail, body, looks, place)
    void = dict.fromkeys(number for number, step in enumerate(body.steps) if _void(trail, body, step, place))
    climbed = body.climb.climbed(state.rung, value, looks, None, doubt, void)
    since = place if climbed.restarted else None if climbed.anew else state.since
    return Standing(climbed.rung, climbed, looks, doubt, since)


def _look(trail: Trail, step: Step, place: Place) -> Number | None:
    """The bound of a step, or whether its condition holds; None where that is unknown."""
    expr = step.bound or step.when
    assert expr is not None
    found = trail.evaluate(expr.tree, place)
    if step.bound is not None:
        return found if isinstance(found, (int, Fraction)) else None
    if found is None:
        return {"yes": True, "undecided": None}.get(step.unknown or "no", False)
    return found is True


def _doubt(trail: Trail, body: Consequence, looks: tuple[Number | None, ...], place: Place) -> bool:
    """Whether something that a step reads is undetermined or cannot be computed, so that none fires."""
    if any(look is None and step.bound is not None for look, step in zip(looks, body.steps, strict=True)):
        return True
    told = trail.reader.problem(body.name, place)
    if told is not None and told["cause"] not in _OPEN:
        return True
    read = (expr for step in body.steps for expr in (step.bound, step.when, *step.act.terms.values()))
    names = (name for expr in read if expr is not None for name in bindings(expr))
    return any(True for name in names for _ in undetermined(trail, name, place, None))


def _void(trail: Trail, body: Consequence, step: Step, place: Place) -> bool:
    """Whether it is unknown what would follow of a step, so that it does not fire. Of what may lift it the problem of
    the cell tells; where the consequence does not apply there is none, and it counts as known."""
    between, ends = step.act.between, step.act.ends
    if between is not None and between.crossed is not None and trail.evaluate(between.crossed.tree, place) is True:
        return True
    told = trail.reader.problem(body.name, place) if ends is not None else None
    if ends is None or told is None or told["cause"] != "depends":
        return False
    left = {row["step"] for row in trail.reader.acts(body.name, place)}
    return told["detail"] == (ends.axis.follows or ends.axis.record) and step.name not in left
