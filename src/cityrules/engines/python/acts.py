"""What is done: how much, and by when, from when until when it has effect. Computed wherever a consequence is looked
at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.endings import Endings
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.followings import ENDED_BY, STARTS, UNTIL
from cityrules.plan.model import ActPlan, Consequence
from cityrules.plan.views import WHOLE

Terms = Mapping[str, Value]
"""By column (`plan.followings.TERMS`); what an act does not say is not there."""


class Act:
    """An act made ready."""

    def __init__(self, world: World, consequence: Consequence, act: ActPlan) -> None:
        self._terms = {name: Reading(world, expr, consequence.name) for name, expr in act.terms.items()}
        crossed = act.between.crossed if act.between is not None else None
        self._crossed = Reading(world, crossed, consequence.name) if crossed is not None else None
        self._name = consequence.name
        self._kind = consequence.grain.kind
        self._endings = Endings(world, act.ends, consequence.name) if act.ends is not None else None

    def at(self, place: Place, doubts: Doubts, if_done: Doubts) -> Terms:
        """What would be done at a place. What cannot be read or computed is noted in any case; `if_done`: what matters
        only where it is done."""
        terms = {name: one.at(place, doubts) for name, one in self._terms.items()}
        if self._crossed is not None and self._crossed.at(place, doubts) is True:
            if_done.add("crossed", self._name)
        starts, target = day(terms, STARTS), "" if self._kind == WHOLE else place.target(self._kind)
        if self._endings is None or starts is None or target is None:
            return terms
        ended = self._endings.ended(target, starts, day(terms, UNTIL), if_done)
        return terms if ended is None else {**terms, UNTIL: ended[0], ENDED_BY: ended[1]}


def day(terms: Terms, name: str) -> dt.date | None:
    """A day of some terms."""
    value = terms.get(name)
    return value if isinstance(value, dt.date) else None
