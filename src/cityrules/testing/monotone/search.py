"""What nobody could prove is searched for: inputs in which one more violation raises a score. Runs a given engine.

A counterexample is two assessments by the engine, so it is true whatever led to it; it is made smaller row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cityrules.engines.base import Engine, Outcome
from cityrules.plan.model import Plan
from cityrules.testing.drawing.drawn import Drawn, Row
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.monotone.claims import Claim, claims
from cityrules.testing.monotone.comparison import Broken, broken, pair, touched

SEED: Final = 1
INPUTS: Final = 24
"""How many inputs are drawn for each kind of violation; to each of them some records are added, one at a time."""
RECORDS: Final = 5
SMALLER: Final = 40
"""How often it is tried to make a counterexample smaller."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Inputs, the record that raises a score (or lowers a sanction) when it is added to them, and where."""

    drawn: Drawn
    record: Row
    at: Broken


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a claim: proved, or searched in so many comparable pairs of assessments drawn from a seed, the
    last of which may be a counterexample."""

    claim: Claim
    searched: int = 0
    seed: int = SEED
    counterexample: Counterexample | None = None

    @property
    def proved(self) -> bool:
        return self.claim.proved


def verdicts(plan: Plan, engine: Engine, *, seed: int = SEED, inputs: int = INPUTS) -> tuple[Verdict, ...]:
    """What is known of every claim about a plan. The same seed finds the same."""
    every = claims(plan)
    open_ = [claim for claim in every if not claim.proved]
    found: dict[Claim, Verdict] = {}
    for record in dict.fromkeys(claim.record for claim in open_):
        found |= search(plan, engine, [claim for claim in open_ if claim.record == record], seed=seed, inputs=inputs)
    return tuple(found.get(claim, Verdict(claim)) for claim in every)


def search(
    plan: Plan, engine: Engine, about: Sequence[Claim], *, seed: int = SEED, inputs: int = INPUTS
) -> Mapping[Claim, Verdict]:
    """Look for counterexamples to claims about one kind of violation."""
    found = {claim: Verdict(claim, 0, seed) for claim in about}
    for number in range(inputs):
        left = [claim for claim, verdict in found.items() if verdict.counterexample is None]
        if not left:
            break
        drawer = Drawer(plan, f"{seed} {number}")
        drawn = drawer.draw()
        before = _assess(plan, engine, drawn)
        for _ in range(RECORDS):
            record = drawer.record(left[0].record, drawn)
            after = _assess(plan, engine, drawn.with_record(left[0].record, record))
            compared = pair(plan, left[0].record, before, after)
            for claim in left if compared is not None else ():
                assert compared is not None
                targets = touched(claim, compared)
                if not targets or found[claim].counterexample is not None:
                    continue
                at = broken(claim, compared, targets)
                example = None if at is None else _smallest(plan, engine, claim, Counterexample(drawn, record, at))
                found[claim] = Verdict(claim, found[claim].searched + 1, seed, example)
    return found


def confirmed(plan: Plan, engine: Engine, claim: Claim, drawn: Drawn, record: Row) -> Broken | None:
    """Where a claim breaks when a record is added to some inputs, by two assessments; None where it does not."""
    before = _assess(plan, engine, drawn)
    compared = pair(plan, claim.record, before, _assess(plan, engine, drawn.with_record(claim.record, record)))
    return None if compared is None else broken(claim, compared, touched(claim, compared))


def _assess(plan: Plan, engine: Engine, drawn: Drawn) -> Outcome:
    return engine.assess(plan, drawn.inputs, drawn.question(plan))


def _smallest(plan: Plan, engine: Engine, claim: Claim, example: Counterexample) -> Counterexample:
    """The same with as few rows as it needs."""
    tries = SMALLER
    shrinking = True
    while shrinking:
        shrinking = False
        for smaller in example.drawn.smaller():
            tries -= 1
            if tries < 0:
                return example
            at = confirmed(plan, engine, claim, smaller, example.record)
            if at is not None:
                example, shrinking = Counterexample(smaller, example.record, at), True
                break
    return example
