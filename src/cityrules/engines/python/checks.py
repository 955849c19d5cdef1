"""Checks: conditions that the data must meet. The contract is `docs/engines.md`, "Checks"."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.engines.python.cells import candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.problems import problem_row
from cityrules.engines.python.reading import Reading, evidence_text
from cityrules.engines.python.world import World
from cityrules.plan.model import Check
from cityrules.results.tables import Row


def verify(world: World, check: Check) -> Iterator[Row]:
    """The rows of `problems`: every cell or record in which a check does not hold, or cannot be told."""
    reading = Reading(world, check.that, check.name)
    for candidate in candidates(world, check.grain, check.of_record, None, check.name):
        place, doubts = candidate.place, Doubts()
        values = reading.read(place, place, doubts)
        held = reading.compute(values, doubts)
        if doubts:
            yield problem_row(world, place, "undecided", check.name, doubts.problem(), check.clause)
        elif held is None and check.unknown == "undecided":
            yield problem_row(world, place, "undecided", check.name, Problem("undecided", check.name), check.clause)
        elif held is False or (held is None and check.unknown == "no"):
            # Not a matter of what is known: the cause is the check itself, the detail what it saw.
            found = Problem("check", evidence_text((reading, values)))
            yield problem_row(world, place, check.otherwise, check.name, found, check.clause)
