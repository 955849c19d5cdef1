"""What one more violation must not do in a scheme, and what the plan proves of it. Knows plans; no data and no engine.

A *violation* is one more accepted record of a kind that only lowers: some rule of a ledger takes points for it, and no
rule gives any. It must raise no score that these rules take from, and no score, grade or place that rises with such a
score; it must lower no sanction and bring no award. All this at the targets that it reaches, and at those above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.feel.types import Number, Text
from cityrules.plan.model import Consequence, Ledger, Measure, Plan, Rank, RecordAxis
from cityrules.testing.monotone.analysis import Analysis
from cityrules.testing.monotone.expressions import Order
from cityrules.testing.monotone.ledgers import points_of
from cityrules.testing.monotone.moves import Move, Path

FINDING: Final = "L37"
"""The finding about a claim that does not hold; a document that silences it says why."""

What = Literal["score", "grade", "place", "sanction", "award"]
SANCTIONS: Final = frozenset({"explanation", "circular", "talk", "sanction", "veto", "referral", "replacement"})
AWARDS: Final = frozenset({"praise", "award", "title"})
"""The other kinds of acts (a flag, a listing, a payment) can be either, and nothing is claimed of them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One more `record` does not raise (of a sanction: lower) `name`. `proved`: on the plan alone, whatever is given.
    `order`: of a grade, its labels from the worst up. `paths`: on which ways the record comes to its targets."""

    record: str
    name: str
    what: What
    path: str
    proved: bool
    paths: frozenset[Path]
    order: Order = ()


def claims(plan: Plan) -> tuple[Claim, ...]:
    """Every claim about a plan, violation by violation, in the order in which things are computed."""
    return tuple(claim for record in violations(plan) for claim in _about(plan, record))


def violations(plan: Plan) -> tuple[str, ...]:
    """The kinds of records that only lower."""
    taking: set[str] = set()
    giving: set[str] = set()
    for measure in plan.measures.values():
        for rule in measure.rules if isinstance(measure, Ledger) else ():
            high = points_of(rule).high
            if isinstance(rule.axis, RecordAxis) and (high is None or high > 0):
                (taking if rule.sign < 0 else giving).add(rule.axis.record)
    return tuple(name for name in plan.records if name in taking - giving)


def _about(plan: Plan, record: str) -> Iterator[Claim]:
    taken = frozenset(name for name, one in plan.measures.items() if isinstance(one, Ledger) and _takes(one, record))
    found, rising = Analysis(plan, arriving=record), Analysis(plan, rising=taken)
    for one in plan.computed():
        if isinstance(one, Consequence):
            yield from _of_consequence(one, record, found)
        elif not one.of_record and not found.effects[one.name].still:
            what = "score" if one.name in taken else _graded(one, rising.effects[one.name].own)
            if what is not None:
                effect = found.effects[one.name]
                bad = effect.own.down if what == "place" else effect.own.up
                order = found.orders.get(one.name, rising.orders.get(one.name, ()))
                yield Claim(record, one.name, what, one.path, not bad, effect.paths, order)


def _takes(ledger: Ledger, record: str) -> bool:
    return any(
        rule.sign < 0 and isinstance(rule.axis, RecordAxis) and rule.axis.record == record for rule in ledger.rules
    )


def _graded(measure: Measure, rises: Move) -> What | None:
    """What a measure is that moves in one way only with the scores: better with them, or a smaller place."""
    if isinstance(measure, Rank):
        return "place" if rises.down and not rises.up else None
    if not rises.up or rises.down:
        return None
    match measure.type:
        case Number():
            return "score"
        case Text():
            return "grade"
    return None


def _of_consequence(one: Consequence, record: str, found: Analysis) -> Iterator[Claim]:
    kinds = {act.kind for act in one.acts}
    followed = found.followed[one.name]
    if followed.so_far.still and followed.amount.still:
        return
    path = one.path
    if kinds <= SANCTIONS:
        lowers = followed.so_far.own.down or followed.amount.own.down
        yield Claim(record, one.name, "sanction", path, not lowers, followed.so_far.paths)
    elif kinds <= AWARDS:
        raises = followed.so_far.own.up if one.ladder is None else not followed.so_far.own.still
        yield Claim(record, one.name, "award", path, not raises, followed.so_far.paths)
