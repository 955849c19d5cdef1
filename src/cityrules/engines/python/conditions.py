"""Whether rows meet the conditions on which they are accepted (`docs/engines.md`, "Texts to typed values")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cityrules.engines.base import Question
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.grid import CellPlace, Grid
from cityrules.engines.python.intake import Values
from cityrules.engines.python.reading import Getter, Place, Reading
from cityrules.engines.python.registry import Registry
from cityrules.engines.python.world import Watch, World
from cityrules.feel.tree import Binding, Value
from cityrules.io import grammar
from cityrules.plan.model import Condition, Plan, RecordKind, Route
from cityrules.plan.names import Field


@dataclass(frozen=True, slots=True, eq=False)
class RowPlace(CellPlace):
    """A row `one_per` a cell that is not accepted yet, as a place to read names at: those of the cell, and its own."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def along(self, route: Route) -> str | None:
        """The target to which a way leads from a field of the row."""
        start = self.values[route.field]
        return self.registry.climb(route.start, start, route.kind, self.day) if isinstance(start, str) else None


def unmet_conditions(
    plan: Plan,
    record: RecordKind,
    question: Question,
    registry: Registry,
    place_of: Callable[[Values], Place],
    watch: Watch | None = None,
) -> Callable[[Values], list[str]]:
    """What gives a reason for each condition that a row does not meet, or of which that cannot be worked out."""
    # Nothing but the row itself and the targets is read: neither records nor results are there yet.
    world = World(plan, question, registry, Grid(plan, question, registry), {}, {}, watch=watch)
    own = _own_field if record.one_per is not None else None
    asked = [(one, Reading(world, one.that, one.name, own)) for one in record.accepted_if]

    def unmet(values: Values) -> list[str]:
        place = place_of(values)
        found = [(one.address, _against(one, reading, place)) for one, reading in asked]
        return [grammar.reason(name, code) for name, code in found if code]

    return unmet if asked else lambda _values: []


def _against(condition: Condition, reading: Reading, place: Place) -> str:
    """The reason against a row, empty where there is none."""
    doubts = Doubts()
    held = reading.at(place, doubts)
    if doubts:
        return grammar.OVERFLOW
    return "" if held is True or (held is None and condition.unknown == "yes") else grammar.NOT_MET


def _own_field(binding: Binding) -> Getter | None:
    if not isinstance(binding, Field):
        return None
    name = binding.name
    return lambda place: place.values[name]  # type: ignore[union-attr]  # The place is a row.
