"""Folds: many elements to one value. The contract is `docs/engines.md`, "Fold"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from cityrules.engines.python.beside import Beside
from cityrules.engines.python.cells import Solve
from cityrules.engines.python.doubts import Doubts
from cityrules.engines.python.elements import Elements, period_name
from cityrules.engines.python.formula import round_value, stand_in
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.reading import Place, Reading
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.plan.model import Fold, KindAxis, RecordAxis
from cityrules.results.format import as_text, with_stand_in
from cityrules.results.tables import Row

State = Literal["used", "missing", "replaced", "absent"]


@dataclass(slots=True)
class Folded:
    """What was found in one cell: the values that count, and the rows of `inputs` (name, value, state)."""

    values: list[Value] = field(default_factory=list)
    used: int = 0
    inputs: list[tuple[str, Value, State]] = field(default_factory=list)


class Folder:
    """A fold made ready. Rows of `inputs` go to the world."""

    def __init__(self, world: World, measure: Fold) -> None:
        self.measure = measure
        self._world, self._told = world, world.told(measure.name)
        self._elements = Elements(world, measure.axis, measure.grain, measure.window)
        self._where = Reading(world, measure.where, measure.name) if measure.where else None
        self._value = Reading(world, measure.value, measure.name) if measure.value else None
        # Means and portions tell what they were made of, and so have their elements listed.
        self._tells = measure.tells
        self._lists = self._tells and not isinstance(measure.axis, RecordAxis)
        beside = isinstance(measure.axis, KindAxis) and measure.axis.itself is not None
        self._beside = Beside(world, measure) if beside else None

    def solve(self, cell: Place, doubts: Doubts) -> Value:
        assert isinstance(cell, CellPlace)
        found, measure = Folded(), self.measure
        for element in self._elements.of(cell) if self._beside is None else self._beside.of(cell, doubts):
            self.take(cell, element, found, doubts)
        total = combined(measure, found.values)
        result = self.result(found.used + len(found.values), total, doubts)
        if self._tells and not doubts:
            self._told.inputs.extend(self._rows(cell, found))
        return result

    def take(self, cell: Place, element: Place, found: Folded, doubts: Doubts) -> None:
        """Look at one element: passed over, left out, or taken in with its value."""
        where, value = self._where, self._value
        if (where and not where.concerns(element)) or (value and not value.concerns(element)):
            self._list(found, element, None, "absent")
            return
        read_where = where.read(cell, element, doubts) if where else {}
        read_value = value.read(cell, element, doubts) if value else {}
        held: Value = where.compute(read_where, doubts) if where else True
        if held is False:
            return
        if held is None:
            # It is unknown whether the element belongs: left out, or an error.
            stand_in(None, self.measure.missing, self.measure.name, doubts)
            return
        if value is None:
            found.used += 1
            return
        result = value.compute(read_value, doubts)
        taken = stand_in(result, self.measure.missing, self.measure.name, doubts)
        state: State = "used" if result is not None else "missing" if taken is None else "replaced"
        self._list(found, element, taken, state)
        if taken is not None:
            found.values.append(taken)

    def _list(self, found: Folded, element: Place, value: Value, state: State) -> None:
        if self._lists:
            found.inputs.append((self._elements.name(element)[1], value, state))

    def result(self, count: int, total: Value, doubts: Doubts) -> Value:
        """The value of a cell over `count` elements that came to `total`: the sum, extreme or number of hits."""
        measure = self.measure
        if measure.op == "count":
            return count
        if not count and (measure.op not in ("sum", "distinct") or measure.empty is not None):
            self._world.decided(f"{measure.path}.empty")
            if measure.empty is None or measure.empty.error:
                doubts.add("empty", measure.name)
                return None
            return round_value(measure.empty.value, measure.round)
        if measure.op in ("mean", "portion"):
            assert isinstance(total, (int, Fraction))
            total = Fraction(total) * measure.times / count
        return round_value(total, measure.round)

    def _rows(self, cell: CellPlace, found: Folded) -> Iterator[Row]:
        measure = self.measure
        start = (cell.grain.kind, cell.name, period_name(cell), measure.name)
        assert self._value is not None
        type_ = with_stand_in(self._value.type, measure.missing)
        if self._lists:
            for name, value, state in found.inputs:
                yield (*start, name, as_text(value, type_), state)
            return
        if measure.op != "portion":
            yield (*start, "sum", as_text(_total(found.values), type_), "used")
        else:
            yield (*start, "hits", str(found.values.count(True)), "used")
        yield (*start, "count", str(len(found.values)), "used")


def solve_fold(world: World, measure: Fold) -> Solve:
    """The value of all elements together; rows of `inputs` for means and portions."""
    return Folder(world, measure).solve


def combined(measure: Fold, values: list[Value]) -> Value:
    """The sum, extreme or number of hits of some values."""
    match measure.op:
        case "min":
            return min(values, default=None)  # type: ignore[type-var]
        case "max":
            return max(values, default=None)  # type: ignore[type-var]
        case "first":
            return values[0] if values else None
        case "last":
            return values[-1] if values else None
        case "distinct":
            return len(set(values))
        case _:
            return _total(values)


def _total(values: list[Value]) -> int | Fraction:
    """The exact sum: added up over one denominator, for adding fractions one by one reduces each sum anew."""
    by_denominator: dict[int, int] = {}
    for value in values:
        # True and false count as one and nothing.
        assert isinstance(value, (int, Fraction))
        by_denominator[value.denominator] = by_denominator.get(value.denominator, 0) + value.numerator
    total = sum((Fraction(n, d) for d, n in by_denominator.items()), Fraction(0))
    return total.numerator if total.denominator == 1 else total
