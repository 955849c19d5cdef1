"""What editions that are no neighbours look at of each other, in a period that begins in the time of one and ends in
that of the other. Reads no data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cityrules.compare.editions.edition import Edition, judge, known_as
from cityrules.compare.editions.spanning import Sight, sights
from cityrules.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Beyond:
    """A measure that the edition at `by` looks at in the time of the one at `of`, which is not next to it. `called`:
    its name there; None where nothing is called so, which is no matter if it `restarts` on the way."""

    by: int
    of: int
    sight: Sight
    called: str | None
    restarts: bool


def looks_beyond(editions: Sequence[Edition]) -> Iterator[Beyond]:
    """All that is looked at so."""
    for before in range(len(editions)):
        for after in range(before + 2, len(editions)):
            border, last = editions[before + 1], editions[after]
            for by, of in ((before, after), (after, before)):
                for sight in sights(editions[by], border):
                    if _lies_in_both(editions, by, sight, border, last):
                        called = known_as(editions, sight.name, by, of)
                        yield Beyond(by, of, sight, called, called is None and of < by)


def passed(editions: Sequence[Edition], at: int, beyond: Sequence[Beyond]) -> set[str]:
    """The measures of an edition, under its names, that a later one goes on from beyond it."""
    found = {known_as(editions, one.sight.name, one.by, at) for one in beyond if one.of < at < one.by}
    return {name for name in found if name is not None}


def _lies_in_both(editions: Sequence[Edition], by: int, sight: Sight, border: Edition, last: Edition) -> bool:
    """Whether a period that the edition at `by` judges, and for which it looks, holds the first days of both."""
    plan = editions[by].plan
    if sight.thing != "measure" or sight.way != "inside":
        return False
    for kind in {_period(plan, sight.by), plan.measures[sight.name].grain.period} - {None}:
        if kind is None or plan.periods[kind].whose is not None:
            continue
        index = plan.periods[kind].index_of(last.first)
        start, last_day = plan.periods.start_of(kind, index), plan.periods.last_day_of(kind, index)
        if start < border.first and judge(editions, kind, start, last_day) == by:
            return True
    return False


def _period(plan: Plan, path: str) -> str | None:
    """The kind of period of what stands at an address."""
    nodes = (*plan.measures.values(), *plan.consequences.values(), *plan.checks.values())
    return next((node.grain.period for node in nodes if str(node.path) == path), None)
