"""L13: somebody stands on both sides of an assessment, directly, through members, or round a circle of bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.teller import Teller

CODE: Final = "L13"

_Graph = Mapping[str, tuple[str, ...]]


def check(stated: AsStated, teller: Teller) -> None:
    made_of: dict[str, tuple[str, ...]] = {name: unit.members for name, unit in stated.units.items()}
    for name, assessor in stated.assessors.items():
        made_of[name] = (*made_of.get(name, ()), *assessor.through)
    names = {*stated.assessors, *(target for assessor in stated.assessors.values() for target in assessor.assesses)}
    within = {name: _within(name, made_of) for name in names}
    acting: dict[str, list[str]] = {}
    for name in stated.assessors:
        for member in within[name]:
            acting.setdefault(member, []).append(name)
    judged: dict[str, dict[str, int]] = {name: {} for name in stated.assessors}
    for name, assessor in stated.assessors.items():
        for number, target in enumerate(assessor.assesses):
            both = within[name] & within[target]
            if both:
                path = ("assessors", name, "assesses", str(number))
                teller.tell(CODE, path, target=target, lack_type="lint_both_sides", who=", ".join(sorted(both)))
            for member in within[target] if not both else ():
                for other in acting.get(member, ()):
                    judged[name].setdefault(other, number)
    _tell_circles(stated, judged, teller)


def _tell_circles(stated: AsStated, judged: Mapping[str, Mapping[str, int]], teller: Teller) -> None:
    """Tell each circle once. `judged`: whom each assessor judges, with the number of the target that shows it."""
    told: set[frozenset[str]] = set()
    for name, assessor in stated.assessors.items():
        circle = _way_back(name, judged)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            number = judged[name][circle[1]]
            path, who = ("assessors", name, "assesses", str(number)), " → ".join((*circle, name))
            teller.tell(CODE, path, target=assessor.assesses[number], lack_type="lint_circle", who=who)


def _within(name: str, made_of: _Graph) -> frozenset[str]:
    """A body and everybody who belongs to it."""
    found, waiting = {name}, [name]
    while waiting:
        for member in made_of.get(waiting.pop(), ()):
            if member not in found:
                found.add(member)
                waiting.append(member)
    return frozenset(found)


def _way_back(start: str, judged: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """The shortest way from an assessor over others, each judged by the one before, to one who judges the first."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while waiting:
        way = waiting.pop(0)
        if start in judged[way[-1]]:
            return way
        further = [other for other in judged[way[-1]] if other not in seen]
        seen.update(further)
        waiting.extend((*way, other) for other in further)
    return ()
