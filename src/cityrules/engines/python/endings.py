"""What lifts acts: the first record for a target from some day on. The contract is `docs/engines.md`, "Acts"."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left

from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.reading import Reading
from cityrules.engines.python.records import RecordPlace
from cityrules.engines.python.world import World
from cityrules.plan.model import Ending, RecordAxis


class Endings:
    """What ends an act of one kind, by target: on which days, by which record. Of some records it may not be known
    whether they do."""

    def __init__(self, world: World, ending: Ending, owner: str) -> None:
        self._world = world
        self._ending = ending
        self._where = Reading(world, ending.where, owner) if ending.where is not None else None
        self._found: dict[str, tuple[list[tuple[dt.date, str]], list[dt.date]]] = {}

    def ended(self, target: str, starts: dt.date, until: dt.date | None, doubts: Doubts) -> tuple[dt.date, str] | None:
        """When and by what that ends which started on a day, before the day `until` on which it ends anyhow (None:
        never); None where nothing ends it. Notes where that is not known."""
        if target not in self._found:
            self._found[target] = self._of(target)
        sure, unsure = self._found[target]
        at = bisect_left(sure, (starts, ""))
        first = sure[at] if at < len(sure) and (until is None or sure[at][0] < until) else None
        last = first[0] if first is not None else until
        doubt = bisect_left(unsure, starts)
        if doubt < len(unsure) and (last is None or unsure[doubt] < last):
            doubts.add("depends", self._ending.axis.follows or self._ending.axis.record)
        return first

    def _of(self, target: str) -> tuple[list[tuple[dt.date, str]], list[dt.date]]:
        """The days on which something ends acts for a target, with its key, and those on which it is not known; in
        order."""
        sure: list[tuple[dt.date, str]] = []
        unsure: list[dt.date] = []
        for place in self._world.stream(self._ending.axis).of(target, None):
            own = Doubts()
            held = True
            if self._where is not None:
                if not self._where.concerns(place):
                    continue
                held = self._where.compute(self._where.read(place, place, own), own) is True
            if own:
                unsure.append(_day(self._ending.axis, place))
            elif held:
                sure.append((_day(self._ending.axis, place), place.record.key))
        return sorted(sure), sorted(unsure)


def _day(axis: RecordAxis, place: RecordPlace) -> dt.date:
    """The day of a record on its axis."""
    moment = place.day if axis.placed is None else place.record.values[axis.placed.field]
    assert isinstance(moment, dt.date)
    return moment.date() if isinstance(moment, dt.datetime) else moment
