"""Whether a count can only rise, or only fall, while one parameter rises: proved on the plan, whatever the rows.

The sign analysis of `testing/monotone` with one parameter that moves instead of a record that arrives. It is asked of a
document in which the parameter has the least and the greatest value at once, by date, so that all types hold for every
value between. What is not proved may still be so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from cityrules.compare.basis import varied
from cityrules.compare.questions.doubtful import stops, unsure
from cityrules.feel.tree import Binding, If, Logic
from cityrules.feel.types import Number
from cityrules.feel.walk import nodes
from cityrules.plan.model import (
    Bands,
    Choice,
    Consequence,
    Expr,
    Fold,
    Formula,
    Ledger,
    Measure,
    Overridden,
    Plan,
    Run,
    Step,
)
from cityrules.plan.names import Dial
from cityrules.plan.reading import Node, axes, expressions, parameters_read
from cityrules.scheme.load import Loaded
from cityrules.testing.monotone.analysis import Analysis, Followed
from cityrules.testing.monotone.expressions import Order
from cityrules.testing.monotone.measures import Seat, of_bands, seats
from cityrules.testing.monotone.moves import ANY, STILL, UP, Effect, Move, joined
from cityrules.testing.mutation.operators import operators
from cityrules.testing.mutation.sites import MapSite, TextSite, sites

Way = Literal["rises", "falls", "stays"]
Doubt = Literal["not_a_parameter", "used_otherwise", "not_for_all", "both_ways"]
_BOUNDS: Final = ("at_least", "above", "up_to", "below")
_DAYS: Final = ("1000-01-01", "1000-01-02", "1000-01-03")
"""Days before any scheme: the values between which the types have to hold."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: cells of a measure with a label (or a number on one side of a bound), or those in which a
    consequence (a `step` of it) follows."""

    name: str
    op: Literal["=", "<", "<=", ">", ">="] | None = None
    what: str | Fraction | None = None


def way_of(loaded: Loaded, path: str, values: tuple[str, str, str], counted: Counted) -> Way | Doubt:
    """How a count moves while a parameter goes from the first of the `values` (the least, the one after it, and the
    greatest) to the last; or why nothing is proved."""
    parts = path.split(".")
    if len(parts) != 3 or parts[0] != "parameters" or parts[2] != "value":
        return "not_a_parameter"
    name = parts[1]
    if _elsewhere(loaded.raw, name):
        return "used_otherwise"
    # Three values, so that the types have the digits of all, too.
    dated = dict(zip(_DAYS, values, strict=True))
    variant = varied(loaded, {path: None, f"parameters.{name}.values": dated})
    plan = variant.plan
    if plan is None or not isinstance(plan.parameters[name].type, Number):
        return "not_for_all"
    conditions = (each for record in plan.records.values() for each in record.accepted_if)
    if any(name in parameters_read(each) for each in conditions):
        return "used_otherwise"
    return _way(_Dialled(plan, name), counted) or "both_ways"


def _way(found: _Dialled, counted: Counted) -> Way | None:
    if counted.name in found.followed:
        rows = found.followed[counted.name]
        known = rows.rows if counted.what is None else rows.steps.get(str(counted.what))
        return None if known is None else _said(known.all)
    effect = found.effects.get(counted.name)
    if effect is None:
        return None
    move = effect.all
    if move.still or not move.steady:
        return "stays" if move.still else None
    if isinstance(counted.what, Fraction):
        return _said(move if counted.op in (">", ">=") else -move) if counted.op != "=" else None
    order = found.orders.get(counted.name)
    if order is None or counted.what not in order or len(order) < 2:
        return None
    if counted.what == order[-1]:
        return _said(move)
    return _said(-move) if counted.what == order[0] else None


def _said(move: Move) -> Way | None:
    if not move.up and not move.down:
        return "stays"
    if move.up and move.down:
        return None
    return "rises" if move.up else "falls"


def _elsewhere(raw: Mapping[str, Any], name: str) -> bool:
    """Whether a document names a parameter where something else than an expression or a bound of bands stands: a length
    of time, a date. What hangs on it there is not followed."""
    asked = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    known = operators()
    for site in sites(raw, known.sections, known.passed_over):
        if site.path[:2] == ("parameters", name):
            continue
        if isinstance(site, TextSite) and site.sort != "expression" and asked.search(site.text):
            return True
        if isinstance(site, MapSite) and site.key not in _BOUNDS and any(asked.search(key) for key in _keys(site)):
            return True
    return False


def _keys(site: MapSite) -> Iterator[str]:
    """The names in a map that could mean a parameter: not those that something is called."""
    return (str(key) for key in site.value) if site.named != "name" else iter(())


class _Dialled(Analysis):
    """An analysis in which a parameter rises. What reads it in a form that is not looked at here may do anything."""

    def __init__(self, plan: Plan, dial: str) -> None:
        self._dial = dial
        self._unsure = unsure(plan)
        super().__init__(plan)

    def _name(self, binding: Binding, seat: Seat) -> Move:
        if isinstance(binding, Dial) and binding.name == self._dial:
            return UP
        return super()._name(binding, seat)

    def _measure(self, measure: Measure) -> Effect:
        found = self._moved(measure)
        return Effect(ANY, ANY, found.paths) if not found.still and self._comes_to_doubt(measure) else found

    def _comes_to_doubt(self, node: Measure | Consequence) -> bool:
        """Whether what moves can decide that a cell cannot be determined: it lets in an element or a branch that cannot
        be."""
        runs = [*axes(node), None]
        here = [seat for axis in runs for seat in seats(axis, node.grain.kind)]
        every = [*expressions(node)]
        moves = {id(expr): joined(self.motion(expr, seat) for seat in here) for expr in every}
        gates: list[Expr | None] = []
        if isinstance(node, Fold):
            gates = [node.where, node.value if node.value is not None and not moves[id(node.value)].steady else None]
        elif isinstance(node, Ledger):
            gates = [rule.when for rule in node.rules]
        if any(not moves[id(gate)].still for gate in gates if gate is not None):
            return stops(node) or any(self._unsure.of(expr) for expr in every)
        lazy = (expr for expr in every if any(isinstance(part, (If, Logic)) for part in nodes(expr.tree)))
        return any(not moves[id(expr)].still and self._unsure.of(expr) for expr in lazy)

    def _moved(self, measure: Measure) -> Effect:
        if not self._reads(measure):
            return super()._measure(measure)
        if self._moves_cells(measure) or not self._known(measure):
            return Effect(ANY, ANY, self._paths(measure))
        if isinstance(measure, Bands):
            found, order = self._banded(measure)
            if order is not None:
                self.orders[measure.name] = order
            return found
        return super()._measure(measure)

    def _known(self, measure: Measure) -> bool:
        """Whether the analysis of a form is of a kind that holds for whatever moves its expressions."""
        if isinstance(measure, Ledger):
            plain = not (measure.caps or measure.items or measure.events or measure.carried)
            plain = plain and all(policy == "all" for policy in measure.groups.values())
            return plain and all(not rule.replaces and rule.discretion is None for rule in measure.rules)
        return type(measure) in (Formula, Choice, Overridden) or isinstance(measure, (Bands, Fold, Run))

    def _consequence(self, one: Consequence) -> Followed:
        ranged = any(act.between is not None or act.ends is not None for act in one.acts)
        if (self._reads(one) and ranged) or self._comes_to_doubt(one):
            nothing = Effect(ANY, ANY, self._paths(one))
            return Followed(nothing, nothing, nothing, False, {step.name: nothing for step in one.steps})
        return super()._consequence(one)

    def _step(self, step: Step, seat: Seat, level: Move) -> Move:
        if step.bound is not None and not self.motion(step.bound, seat).still:
            return ANY
        return super()._step(step, seat, level)

    def _banded(self, bands: Bands) -> tuple[Effect, Order | None]:
        """Bands whose bounds move: the band of a value rises with the value, and falls with each bound. In which order
        they stand is the same for all values, or the document would have failed."""
        still, order = of_bands(bands, self)
        both = []
        for seat in seats(None, bands.grain.kind):
            value = self.motion(bands.value, seat)
            bounds = joined(self.motion(bound, seat) for bound, _ in bands.bounds)
            place = value | -bounds
            both.append(_in_numbers(bands, place) if order is None else place)
            if not value.steady or not bounds.steady:
                both[-1] = ANY
        return Effect(both[0], both[1], still.paths), order

    def _reads(self, node: Node) -> bool:
        return self._dial in parameters_read(node)

    def _paths(self, node: Measure | Consequence) -> Any:
        return self.paths(None, list(expressions(node)), node.grain.kind)


def _in_numbers(bands: Bands, place: Move) -> Move:
    """How the results of bands move where they are numbers: with the band, or against it."""
    if place.still:
        return STILL
    given = [result for _, result in bands.bounds]
    upward = bands.word in ("up_to", "below")
    results = [*given, bands.otherwise] if upward else [bands.otherwise, *reversed(given)]
    numbers = [Fraction(one) for one in results if isinstance(one, (int, Fraction)) and not isinstance(one, bool)]
    if len(numbers) < len(results):
        return ANY
    if numbers == sorted(numbers):
        return place
    return -place if numbers == sorted(numbers, reverse=True) else ANY
