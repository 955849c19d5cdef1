"""Why a name that exists cannot be read at a place: it is finer, it belongs elsewhere, or several ways lead to it.

Finds the diagnostic; knows nothing of where in the file the name stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cityrules.calendar.kinds import PeriodKind
from cityrules.plan.meanings import Meaning, Place
from cityrules.plan.records import ways_of
from cityrules.plan.views import WHOLE, Ground, View
from cityrules.scheme.notation import Grain, parts_of

PERIOD_PARTS = ("start", "last_day", "number")
SEASON_PARTS = (*PERIOD_PARTS, "name")


@dataclass(frozen=True, slots=True)
class Refusal:
    """The code of a diagnostic and the values of its sentence."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


def why_not(place: Place, names: tuple[str, ...], found: list[Meaning]) -> Refusal | None:
    """Why a dotted name does not mean exactly one thing here; None for a name that nothing in the document has."""
    name = names[0]
    if len(found) > 1:
        return Refusal("CR443", {"found": name, "meanings": ", ".join(map(str, found))})
    if name in place.ground.periods:
        return _period(place, names)
    if torn := _torn(place, name):
        kind, fields = torn
        return Refusal("CR444", {"found": name, "kind": kind, "fields": ", ".join(fields)})
    grains = _grains(place.ground, name)
    if grains:
        return _elsewhere(place, name, grains)
    if name in place.ground.records or name == WHOLE:
        return Refusal("CR449", {"found": name})
    return None


def parts_of_period(kind: PeriodKind) -> tuple[str, ...]:
    """What can be read of a period: of seasons also which one it is."""
    return SEASON_PARTS if kind.form == "season" else PERIOD_PARTS


def _period(place: Place, names: tuple[str, ...]) -> Refusal | None:
    name = names[0]
    parts = parts_of_period(place.ground.periods[name])
    if len(names) == 1 or names[1] not in parts:
        found = ".".join(names)
        return Refusal("CR447", {"found": found, "expected": ", ".join(f"{name}.{part}" for part in parts)})
    here = place.element or place.cell
    if here.record is None and place.ground.torn(here.grain.period, name):
        return Refusal(place.ground.across(here.grain.period), {"found": here.grain.period, "longer": name})
    if place.period_side(name) is None:
        return Refusal("CR448", {"found": name, "grain": _here(place)})
    return None


def _torn(place: Place, name: str) -> tuple[str, tuple[str, ...]] | None:
    """The kind that several fields of the record lead to, if the name is found through it."""
    view = place.element if place.element is not None and place.element.torn else place.cell
    for kind, fields in view.torn.items():
        grain = place.ground.measures.get(name)
        if name == kind or name in place.ground.kinds[kind].fields or (grain is not None and grain.kind == kind):
            return kind, fields
    return None


def _grains(ground: Ground, name: str) -> list[Grain]:
    """The grain of everything of that name, wherever it is."""
    found = [ground.measures[name]] if name in ground.measures else []
    if name in ground.following:
        found.append(ground.following[name].grain)
    ways = ground.behind(name)
    for record in ground.records.values():
        if name in record.types or any(ground.referring(record, *one) for one in ways):
            found.append(record.one_per or Grain(record.name))
    for kind in ground.kinds.values():
        if name == kind.name or name in kind.fields:
            found.append(Grain(kind.name))
    return found


def _elsewhere(place: Place, name: str, grains: list[Grain]) -> Refusal:
    ground, here = place.ground, place.element or place.cell
    for grain in grains:
        if here.record is None and ground.torn(here.grain.period, grain.period):
            return Refusal(ground.across(here.grain.period), {"found": here.grain.period, "longer": grain.period})
        steps = _finer(ground, here, grain)
        if steps is not None:
            values = {"found": name, "grain": grain, "here": _here(place), "axis": "/".join(steps)}
            return Refusal("CR441", values)
    return Refusal("CR445", {"found": name, "grain": grains[0], "here": _here(place)})


def _finer(ground: Ground, here: View, grain: Grain) -> list[str] | None:
    """The axes over which values of `grain` come up to a cell, None where they cannot."""
    if grain.kind in ground.records:
        if here.record is not None:
            return None
        ways = ways_of(ground.records[grain.kind], ground.kinds)
        return [grain.kind] if here.grain.kind == WHOLE or here.grain.kind in ways else None
    steps = []
    if grain.kind != WHOLE and grain.kind not in here.kinds:
        if here.record is not None or not ground.below(grain.kind, here.grain.kind):
            return None
        steps += [part for part in parts_of(grain.kind) if part not in here.kinds]
    if grain.period is not None and grain.period not in here.periods:
        if not ground.within(grain.period, here.grain.period) or here.grain.period is None:
            return None
        steps.append(grain.period)
    return steps or None


def _here(place: Place) -> Grain:
    """The grain of the place, for messages: that of the element inside an axis."""
    return place.cell.grain if place.element is None else place.element.grain
