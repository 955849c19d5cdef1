"""Checks: conditions that the data must meet. The contract is `docs/engines.md`, "Checks"."""

from __future__ import annotations

from cityrules.engines.python.cells import candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.problems import note_problem
from cityrules.engines.python.reading import Reading, evidence_text
from cityrules.engines.python.world import World
from cityrules.plan.model import Check


def verify(world: World, check: Check) -> None:
    """Add to `problems` every cell or record in which a check does not hold, or cannot be told."""
    reading = Reading(world, check.that, check.name)
    for candidate in candidates(world, check.grain, check.of_record, None, check.name):
        place, doubts = candidate.place, Doubts()
        values = reading.read(place, place, doubts)
        held = reading.compute(values, doubts)
        if doubts:
            note_problem(world, place, "undecided", check.name, doubts.problem(), check.clause)
        elif held is None and check.unknown == "undecided":
            note_problem(world, place, "undecided", check.name, Problem("undecided", check.name), check.clause)
        elif held is False or (held is None and check.unknown == "no"):
            # Not a matter of what is known: the cause is the check itself, the detail what it saw.
            found = Problem("check", evidence_text((reading, values)))
            note_problem(world, place, check.otherwise, check.name, found, check.clause)
