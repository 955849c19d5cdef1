"""What is done: how much, and by when, from when until when it has effect. Computed wherever a consequence is looked
at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import ActPlan, Consequence

Terms = Mapping[str, Value]
"""By column (`plan.followings.TERMS`); what an act does not say is not there."""


class Act:
    """An act made ready."""

    def __init__(self, world: World, consequence: Consequence, act: ActPlan) -> None:
        self._terms = {name: Reading(world, expr, consequence.name) for name, expr in act.terms.items()}

    def at(self, place: Place, doubts: Doubts) -> Terms:
        """What would be done at a place; what speaks against it is noted, whether or not it is done."""
        return {name: one.at(place, doubts) for name, one in self._terms.items()}


def day(terms: Terms, name: str) -> dt.date | None:
    """A day of some terms."""
    value = terms.get(name)
    return value if isinstance(value, dt.date) else None
