"""What was decided on the knowledge of one day against what would be decided on that of another, and which corrections
make the difference. Runs a plan as often as that takes; names no engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cityrules.engines.base import Inputs, Outcome, Progress, Question, Runner
from cityrules.io.corrected import Applied, applied
from cityrules.io.corrections import Corrections, begin_of, known_by
from cityrules.io.grammar import only_outside
from cityrules.plan.model import Plan
from cityrules.results.appealed import Appeals, Ruling, Verdicts, moves, rulings_of
from cityrules.results.tables import Row
from cityrules.results.verdicts import kinds_of, labels_of, reads, verdicts

MOST_ALONE: Final = 100
"""How many rulings are tried alone: each is a run of its own."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Rows as they were handed in, and the corrections of them. `run` is what a plan comes to on other rows at an
    instant of knowledge; it raises DataError where it cannot be run on them."""

    plan: Plan
    inputs: Inputs
    corrections: Corrections
    run: Callable[[Inputs, dt.datetime], Outcome]

    @property
    def latest(self) -> dt.datetime | None:
        """When the last of the corrections was known; None where there are none."""
        return max((begin_of(one.known) for one in self.corrections.given), default=None)

    def at(
        self, as_of: dt.datetime, corrections: Corrections | None = None, by: dt.datetime | None = None
    ) -> tuple[Outcome, Applied]:
        """What was known at an instant comes to, with these corrections or all; with those that were known by another
        instant, where one is given."""
        known = applied(self.plan, self.inputs.records, corrections or self.corrections, by or as_of)
        outcome = self.run(replace(self.inputs, records=known.records), as_of)
        return replace(outcome, tables=known.tables(outcome.tables)), known


def since(
    knowledge: Knowledge,
    decided: dt.datetime,
    now: dt.datetime,
    *,
    every: bool = False,
    still: bool = False,
    most_alone: int = MOST_ALONE,
) -> Appeals:
    """The verdicts that differ between what was decided on the knowledge of `decided` and what would be on that of
    `now`; with `every`, measures that others read are verdicts, too. With `still`, nothing but corrections is known
    since: the records, and how much time has gone by, stay those of `decided`.

    Raises ValueError where `now` is earlier; DataError where the plan cannot be run on the rows.
    """
    if now < decided:
        raise ValueError("what would be decided now is known no earlier than what was decided")
    kinds = kinds_of(knowledge.plan, () if every else reads(knowledge.plan))

    def known_at(as_of: dt.datetime, corrections: Corrections) -> tuple[Outcome, Applied]:
        return knowledge.at(decided if still else as_of, corrections, as_of)

    def found(as_of: dt.datetime, corrections: Corrections) -> Verdicts:
        return verdicts(known_at(as_of, corrections)[0].tables, kinds)

    given = knowledge.corrections
    before = found(decided, given)
    outcome, known = known_at(now, given)
    after = verdicts(outcome.tables, kinds)
    old = tuple(one for one in given.given if known_by(one.known, decided))
    new = [(one, row) for one, row in known.used if not known_by(one.known, decided)]
    rulings = rulings_of([row for _, row in new])
    tried = rulings[:most_alone] if before != after else ()
    without = found(now, Corrections(old)) if rulings else after
    corrected = {(one.kind, one.record) for one in rulings}
    refused, unusable = list[Row](), 0
    told = set(known.rejects)
    for row in outcome.tables["rejects"].rows():
        if (row[0], row[3]) in corrected:
            refused.append(row)
        elif row not in told and not only_outside(str(row[4])):
            unusable += 1

    def alone(ruling: Ruling) -> Verdicts:
        more = (one for one, row in new if row[:3] == (ruling.kind, ruling.record, ruling.known_on))
        return found(now, Corrections((*old, *more)))

    runs = [(one, alone(one)) for one in tried]
    moved, same, added = moves(before, after, without, runs, kinds, labels_of(knowledge.plan))
    return Appeals(
        decided, now, moved, rulings, len(tried), known.rejects, same, added, still, tuple(refused), unusable
    )


@dataclass(frozen=True, slots=True)
class CorrectedRunner:
    """A runner on records that were corrected already, whose outcomes tell so."""

    runner: Runner
    told: Callable[[Outcome], Outcome]

    def assess(self, plan: Plan, question: Question, progress: Progress | None = None) -> Outcome:
        """What the runner says of them, with what became of the corrections."""
        return self.told(self.runner.assess(plan, question, progress))
