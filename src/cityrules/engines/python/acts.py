"""What is done: how much, and from when until when it has effect. Computed wherever a consequence is looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import ActPlan, Consequence, Expr


@dataclass(frozen=True, slots=True)
class Terms:
    """`starts`: None of what is done at once; `until`: the first day without effect, None for good."""

    amount: Value
    starts: dt.date | None
    until: dt.date | None


class Act:
    """An act made ready."""

    def __init__(self, world: World, consequence: Consequence, act: ActPlan) -> None:
        def reading(expr: Expr | None) -> Reading | None:
            return Reading(world, expr, consequence.name) if expr is not None else None

        self._amount, self._starts, self._until = reading(act.amount), reading(act.starts), reading(act.until)

    def at(self, place: Place, doubts: Doubts) -> Terms:
        """What would be done at a place; what speaks against it is noted, whether or not it is done."""
        amount, starts, until = (
            one.at(place, doubts) if one is not None else None for one in (self._amount, self._starts, self._until)
        )
        return Terms(amount, _day(starts), _day(until))


def _day(value: Value) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
