"""What follows in each cell: by a condition, or by the steps of a ladder. The contract is `docs/engines.md`."""

from __future__ import annotations

from cityrules.engines.python.cells import candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.ladders import climb
from cityrules.engines.python.problems import note_problem, where_is
from cityrules.engines.python.reading import Place, Reading, evidence_text
from cityrules.engines.python.world import World
from cityrules.plan.model import ActPlan, Consequence


def follow(world: World, consequence: Consequence) -> None:
    """Add the rows of one consequence to `consequences`, and what could not be decided to `problems`."""
    if consequence.ladder is not None:
        for move in climb(world, consequence):
            if move.problem is not None:
                note_problem(world, move.place, "undecided", consequence.name, move.problem, consequence.clause)
            for step in move.steps:
                _fire(world, consequence, step.act, move.place, step.name, move.level, move.evidence[step.name])
    elif consequence.when is not None and consequence.act is not None:
        _decide(world, consequence, Reading(world, consequence.when, consequence.name), consequence.act)


def _decide(world: World, consequence: Consequence, when: Reading, act: ActPlan) -> None:
    name = consequence.name
    for candidate in candidates(world, consequence.grain, consequence.of_record, consequence.applies, name):
        place, doubts = candidate.place, Doubts()
        values = when.read(place, place, doubts)
        held = when.compute(values, doubts)
        problem = candidate.problem or (doubts.problem() if doubts else None)
        if problem is None and held is None and consequence.unknown == "undecided":
            problem = Problem("undecided", name)
        if problem is not None:
            note_problem(world, place, "undecided", name, problem, consequence.clause)
        elif held or (held is None and consequence.unknown == "yes"):
            _fire(world, consequence, act, place, None, None, evidence_text((when, values)))


def _fire(
    world: World,
    consequence: Consequence,
    act: ActPlan,
    place: Place,
    step: str | None,
    level: str | None,
    evidence: str,
) -> None:
    kind, target, period, record_kind, record, provisional = where_is(world, place)
    # Cells without a period are dated when they are looked at.
    timeless = record is None and period is None
    world.fired.append(
        (
            kind,
            target,
            period,
            world.as_of.date() if timeless else place.day,
            consequence.name,
            step,
            act.do,
            act.kind,
            act.to,
            "proposal" if act.decided_by else "automatic",
            "; ".join(act.decided_by) or None,
            level,
            evidence,
            act.clause if act.clause is not None else consequence.clause,
            record_kind,
            record,
            provisional,
        )
    )
